/*
 * Raw memory functions: each jumps to libc's, whose address is looked up when the process starts.
 *
 * Libraries that are initialized before that call the hooks, and these the raw functions: until
 * then they are served by the plain loops here, which count in volatile memory so that no compiler
 * makes a call of memcpy() of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/raw_memory.h"

#include <dlfcn.h>

#include "engine/fatal.h"

static void *early_memmove(void *to, const void *from, size_t size)
{
    volatile unsigned char *target = to;
    const volatile unsigned char *source = from;

    if ((size_t)((const unsigned char *)to - (const unsigned char *)from) < size) {
        for (size_t i = size; i > 0; i--) {
            target[i - 1] = source[i - 1];
        }
    } else {
        for (size_t i = 0; i < size; i++) {
            target[i] = source[i];
        }
    }
    return to;
}

static void *early_memset(void *memory, int byte, size_t size)
{
    volatile unsigned char *target = memory;

    for (size_t i = 0; i < size; i++) {
        target[i] = (unsigned char)byte;
    }
    return memory;
}

static int early_memcmp(const void *a, const void *b, size_t size)
{
    const volatile unsigned char *left = a;
    const volatile unsigned char *right = b;

    for (size_t i = 0; i < size; i++) {
        int difference = left[i] - right[i];

        if (difference != 0) {
            return difference;
        }
    }
    return 0;
}

/* How far it is to the first `byte`, or to the end of `size` bytes. */
static size_t distance_to(const void *memory, int byte, size_t size)
{
    const volatile unsigned char *at = memory;
    size_t i = 0;

    while (i < size && at[i] != (unsigned char)byte) {
        i++;
    }
    return i;
}

/* Search functions of libc give away the const of what they search; so does this, for them. */
static void *without_const(const void *pointer)
{
    union {
        const void *given;
        void *taken;
    } same = {.given = pointer};

    return same.taken;
}

static void *early_memchr(const void *memory, int byte, size_t size)
{
    size_t distance = distance_to(memory, byte, size);

    return distance == size ? NULL : (unsigned char *)without_const(memory) + distance;
}

static size_t early_strnlen(const char *string, size_t size_max)
{
    return distance_to(string, 0, size_max);
}

static size_t early_strlen(const char *string) { return distance_to(string, 0, (size_t)-1); }

static int early_strncmp(const char *a, const char *b, size_t size_max)
{
    size_t size = distance_to(a, 0, size_max);

    return early_memcmp(a, b, size < size_max ? size + 1 : size);
}

static int early_strcmp(const char *a, const char *b) { return early_strncmp(a, b, (size_t)-1); }

static char *early_strchr(const char *string, int character)
{
    return early_memchr(string, character, early_strlen(string) + 1);
}

static char *early_strrchr(const char *string, int character)
{
    for (size_t i = early_strlen(string) + 1; i > 0; i--) {
        if (string[i - 1] == (char)character) {
            return (char *)without_const(string) + i - 1;
        }
    }
    return NULL;
}

/* What is in use: the early ones, then libc's. Constant once the process has started. */
static struct {
    void *(*memmove)(void *, const void *, size_t);
    void *(*memcpy)(void *, const void *, size_t);
    void *(*memset)(void *, int, size_t);
    int (*memcmp)(const void *, const void *, size_t);
    void *(*memchr)(const void *, int, size_t);
    size_t (*strlen)(const char *);
    size_t (*strnlen)(const char *, size_t);
    int (*strcmp)(const char *, const char *);
    int (*strncmp)(const char *, const char *, size_t);
    char *(*strchr)(const char *, int);
    char *(*strrchr)(const char *, int);
    int (*vsnprintf)(char *, size_t, const char *, va_list); /* NULL: early, nobody formats */
} used = {
    .memmove = early_memmove,
    .memcpy = early_memmove,
    .memset = early_memset,
    .memcmp = early_memcmp,
    .memchr = early_memchr,
    .strlen = early_strlen,
    .strnlen = early_strnlen,
    .strcmp = early_strcmp,
    .strncmp = early_strncmp,
    .strchr = early_strchr,
    .strrchr = early_strrchr,
};

/* dlsym() returns a function as a pointer to data, which C cannot convert: it is stored as one. */
static void look_up(void *function, const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);

    if (found == NULL) {
        hde_fatal("libc lacks a memory function");
    }
    (void)early_memmove(function, (const void *)&found, sizeof(found));
}

__attribute__((constructor)) static void look_up_all(void)
{
    look_up((void *)&used.memmove, "memmove");
    look_up((void *)&used.memcpy, "memcpy");
    look_up((void *)&used.memset, "memset");
    look_up((void *)&used.memcmp, "memcmp");
    look_up((void *)&used.memchr, "memchr");
    look_up((void *)&used.strlen, "strlen");
    look_up((void *)&used.strnlen, "strnlen");
    look_up((void *)&used.strcmp, "strcmp");
    look_up((void *)&used.strncmp, "strncmp");
    look_up((void *)&used.strchr, "strchr");
    look_up((void *)&used.strrchr, "strrchr");
    look_up((void *)&used.vsnprintf, "vsnprintf");
}

void *hde_raw_memcpy(void *to, const void *from, size_t size)
{
    return used.memcpy(to, from, size);
}

void *hde_raw_memmove(void *to, const void *from, size_t size)
{
    return used.memmove(to, from, size);
}

void *hde_raw_memset(void *memory, int byte, size_t size)
{
    return used.memset(memory, byte, size);
}

int hde_raw_memcmp(const void *a, const void *b, size_t size) { return used.memcmp(a, b, size); }

void *hde_raw_memchr(const void *memory, int byte, size_t size)
{
    return used.memchr(memory, byte, size);
}

size_t hde_raw_strlen(const char *string) { return used.strlen(string); }

size_t hde_raw_strnlen(const char *string, size_t size_max)
{
    return used.strnlen(string, size_max);
}

int hde_raw_strcmp(const char *a, const char *b) { return used.strcmp(a, b); }

int hde_raw_strncmp(const char *a, const char *b, size_t size_max)
{
    return used.strncmp(a, b, size_max);
}

char *hde_raw_strchr(const char *string, int character) { return used.strchr(string, character); }

char *hde_raw_strrchr(const char *string, int character) { return used.strrchr(string, character); }

int hde_raw_vsnprintf(char *to, size_t size, const char *format, va_list arguments)
{
    return used.vsnprintf(to, size, format, arguments);
}

int hde_raw_snprintf(char *to, size_t size, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int length = used.vsnprintf(to, size, format, arguments);

    va_end(arguments);
    return length;
}
