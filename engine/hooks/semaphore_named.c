/*
 * sem_open(), sem_close() and sem_unlink(): names of semaphores that only this execution knows.
 *
 * An execution begins without any; those that there are in the system are neither seen nor made. A
 * name means one semaphore until it is unlinked; each open counts, and who closes it last or
 * unlinks it later than that ends it. Permissions mean nothing. Results are glibc's: leading
 * slashes do not count, and what is left is not empty, has no slash, and is as short as the name
 * of a file that begins with "sem.".
 *
 * Departures: a semaphore has one address, however its name is spelled; at most SEMAPHORES_MAX are
 * there at a time, and more are refused with ENFILE. One that is closed everywhere but
 * not unlinked keeps its units; its use is told of as misuse.
 *
 * Modelled   sem_open sem_close sem_unlink
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/globals.h"
#include "engine/hooks/life.h"
#include "engine/hooks/real.h"
#include "engine/hooks/semaphore.h"

#define SEMAPHORES_MAX 64U
#define NAME_SIZE ((size_t)NAME_MAX + 1)
#define NAME_LENGTH_MAX ((size_t)NAME_MAX - 4) /* "sem." goes before it */

/* One that is neither linked nor open is free. */
struct named {
    sem_t semaphore;
    char name[NAME_SIZE];
    bool is_linked; /* the name means it */
    unsigned opens; /* that were not closed */
};

static struct named named_semaphores[SEMAPHORES_MAX];
static unsigned used;            /* of it, in this execution */
static uint32_t used_generation; /* of `used' */

/* All touch the names. */
static void step(enum hde_event_kind kind, uint32_t pc)
{
    hde_life_step((uintptr_t)named_semaphores, kind, pc);
    if (used_generation != hde_execution.generation) {
        used_generation = hde_execution.generation;
        used = 0;
    }
}

/* Without leading slashes; *error is 0, or says what is wrong with it. */
static const char *strip(const char *name, int *error)
{
    size_t length = 0;

    while (*name == '/') {
        name++;
    }
    while (name[length] != '\0' && name[length] != '/') {
        length++;
    }
    if (length == 0 || name[length] == '/' || length > NAME_MAX) {
        *error = EINVAL;
    } else {
        *error = length > NAME_LENGTH_MAX ? ENAMETOOLONG : 0;
    }
    return name;
}

static bool is_equal(const char *a, const char *b)
{
    while (*a == *b && *a != '\0') {
        a++;
        b++;
    }
    return *a == *b;
}

static struct named *find(const char *name)
{
    for (unsigned i = 0; i < used; i++) {
        if (named_semaphores[i].is_linked && is_equal(named_semaphores[i].name, name)) {
            return &named_semaphores[i];
        }
    }
    return NULL;
}

static struct named *find_free(void)
{
    for (unsigned i = 0; i < used; i++) {
        if (!named_semaphores[i].is_linked && named_semaphores[i].opens == 0) {
            return &named_semaphores[i];
        }
    }
    return used < SEMAPHORES_MAX ? &named_semaphores[used++] : NULL;
}

/* Returns 0 or an error. */
static int create(const char *name, unsigned value, struct named **created)
{
    if (value > SEM_VALUE_MAX) {
        return EINVAL;
    }
    struct named *named = find_free();

    if (named == NULL) {
        return ENFILE;
    }
    size_t length = 0;

    do {
        named->name[length] = name[length];
    } while (name[length++] != '\0');
    named->is_linked = true;
    named->opens = 0;
    (void)HDE_REAL(sem_init)(&named->semaphore, 1, value);
    hde_object_at(HDE_OBJECT_SEMAPHORE, (uintptr_t)&named->semaphore)->clock.size = 0;
    *created = named;
    return 0;
}

static int open_named(const char *name, int flags, unsigned value, struct named **opened)
{
    int error;

    name = strip(name, &error);
    if (error != 0) {
        return error;
    }
    *opened = find(name);
    if (*opened != NULL) {
        return (flags & O_CREAT) != 0 && (flags & O_EXCL) != 0 ? EEXIST : 0;
    }
    return (flags & O_CREAT) != 0 ? create(name, value, opened) : ENOENT;
}

sem_t *sem_open(const char *name, int flags, ...)
{
    unsigned mode = 0;
    unsigned value = 0;
    struct named *named = NULL;

    if ((flags & O_CREAT) != 0) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, unsigned);
        value = va_arg(arguments, unsigned);
        va_end(arguments);
    }
    if (hde_self == NULL) {
        return HDE_REAL(sem_open)(name, flags, mode, value);
    }
    step(HDE_EVENT_INITIALIZE, HDE_CALLER());
    int error = open_named(name, flags, value, &named);

    if (error != 0) {
        errno = error;
        return SEM_FAILED;
    }
    named->opens++;
    hde_semaphore_begins(&named->semaphore);
    return &named->semaphore;
}

/* The one that is open there, or NULL. */
static struct named *find_open(const sem_t *semaphore)
{
    for (unsigned i = 0; i < used; i++) {
        if (&named_semaphores[i].semaphore == semaphore && named_semaphores[i].opens > 0) {
            return &named_semaphores[i];
        }
    }
    return NULL;
}

int sem_close(sem_t *semaphore)
{
    uint32_t pc = HDE_CALLER();

    if (hde_self == NULL) {
        return HDE_REAL(sem_close)(semaphore);
    }
    step(HDE_EVENT_DESTROY, pc);
    struct named *named = find_open(semaphore);

    if (named == NULL) {
        return hde_semaphore_status(EINVAL);
    }
    named->opens--;
    if (named->opens == 0) {
        hde_semaphore_ends(semaphore, pc);
    }
    return 0;
}

int sem_unlink(const char *name)
{
    int error;

    if (hde_self == NULL) {
        return HDE_REAL(sem_unlink)(name);
    }
    step(HDE_EVENT_DESTROY, HDE_CALLER());
    name = strip(name, &error);
    struct named *named = error == 0 ? find(name) : NULL;

    if (named == NULL) {
        return hde_semaphore_status(error == ENAMETOOLONG ? ENAMETOOLONG : ENOENT);
    }
    named->is_linked = false;
    return 0;
}
