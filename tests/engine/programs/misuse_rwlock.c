/*
 * Readers-writer locks and spin locks: released by who does not hold them, destroyed in use, used
 * after that or without having been initialized, kept; and what looks alike and is allowed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>

#include "tests/engine/programs/misuse.h"

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;

/* Run it on a thread of its own. */
static void let(void *(*function)(void *))
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, function, NULL);
    (void)pthread_join(thread, NULL);
}

/* ---- Readers and writers --------------------------------------------------------------------- */

static void *release(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_unlock(&rwlock);
    return NULL;
}

static void *read_for_a_while(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    (void)sched_yield();
    (void)pthread_rwlock_unlock(&rwlock);
    return NULL;
}

static void *read_and_keep(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    return NULL;
}

static void *write_and_keep(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&rwlock);
    return NULL;
}

static void release_free(void) { (void)pthread_rwlock_unlock(&rwlock); }

static void release_for_reader(void)
{
    (void)pthread_rwlock_rdlock(&rwlock);
    let(release);
}

static void release_for_writer(void)
{
    (void)pthread_rwlock_wrlock(&rwlock);
    let(release);
    (void)pthread_rwlock_unlock(&rwlock);
}

static void release_too_often(void)
{
    (void)pthread_rwlock_rdlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
}

static void read_deeply(void)
{
    for (unsigned i = 0; i < 100; i++) {
        (void)pthread_rwlock_rdlock(&rwlock);
    }
    let(read_for_a_while);
    for (unsigned i = 0; i < 100; i++) {
        (void)pthread_rwlock_unlock(&rwlock);
    }
    (void)pthread_rwlock_wrlock(&rwlock);
    (void)pthread_rwlock_unlock(&rwlock);
    (void)pthread_rwlock_destroy(&rwlock);
}

static void destroy_early(void)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, read_for_a_while, NULL);
    (void)pthread_rwlock_destroy(&rwlock);
    (void)pthread_join(thread, NULL);
}

static void destroy_after_join(void)
{
    let(read_for_a_while);
    (void)pthread_rwlock_destroy(&rwlock);
}

static void initialize_held(void)
{
    (void)pthread_rwlock_wrlock(&rwlock);
    (void)pthread_rwlock_init(&rwlock, NULL);
}

static void use_destroyed(void)
{
    (void)pthread_rwlock_destroy(&rwlock);
    let(read_for_a_while);
}

static void destroy_twice(void)
{
    (void)pthread_rwlock_destroy(&rwlock);
    (void)pthread_rwlock_destroy(&rwlock);
}

static void use_again(void)
{
    const pthread_rwlock_t fresh = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

    (void)pthread_rwlock_destroy(&rwlock);
    rwlock = fresh;
    let(read_for_a_while);
    (void)pthread_rwlock_destroy(&rwlock);
    (void)pthread_rwlock_init(&rwlock, NULL);
    let(read_for_a_while);
}

static void use_fresh(void)
{
    pthread_rwlock_t *allocated = malloc(sizeof(*allocated));

    (void)pthread_rwlock_rdlock(allocated);
    (void)pthread_rwlock_unlock(allocated);
    free(allocated);
}

static void use_zeroes(void)
{
    pthread_rwlock_t *allocated = calloc(1, sizeof(*allocated));

    (void)pthread_rwlock_wrlock(allocated);
    (void)pthread_rwlock_unlock(allocated);
    free(allocated);
}

static void keep_reading(void) { let(read_and_keep); }

/* Where the first one did is not known any more, and the other one is not to blame. */
static void keep_reading_first(void)
{
    let(read_and_keep);
    let(read_for_a_while);
}

static void keep_writing(void) { let(write_and_keep); }

/* ---- Spin locks ------------------------------------------------------------------------------ */

static void *spin_for_a_while(void *unused)
{
    (void)unused;
    (void)pthread_spin_lock(&spin);
    (void)sched_yield();
    (void)pthread_spin_unlock(&spin);
    return NULL;
}

static void *spin_and_keep(void *unused)
{
    (void)unused;
    (void)pthread_spin_lock(&spin);
    return NULL;
}

static void *release_spin(void *unused)
{
    (void)unused;
    (void)pthread_spin_unlock(&spin);
    return NULL;
}

static void release_free_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_unlock(&spin);
}

static void release_others_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_lock(&spin);
    let(release_spin);
}

static void destroy_spin_early(void)
{
    pthread_t thread;

    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_create(&thread, NULL, spin_for_a_while, NULL);
    (void)pthread_spin_destroy(&spin);
    (void)pthread_join(thread, NULL);
}

static void initialize_held_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_lock(&spin);
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
}

static void use_destroyed_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_destroy(&spin);
    let(spin_for_a_while);
}

static void release_destroyed_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_destroy(&spin);
    (void)pthread_spin_unlock(&spin);
}

static void destroy_spin_twice(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    (void)pthread_spin_destroy(&spin);
    (void)pthread_spin_destroy(&spin);
}

static void use_spin_again(void)
{
    for (unsigned i = 0; i < 3; i++) {
        (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
        let(spin_for_a_while);
        (void)pthread_spin_destroy(&spin);
    }
}

static void use_fresh_spin(void)
{
    int *allocated = malloc(sizeof(*allocated));

    (void)pthread_spin_lock(allocated);
    (void)pthread_spin_unlock(allocated);
    free(allocated);
}

static void keep_spin(void)
{
    (void)pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
    let(spin_and_keep);
}

const struct misuse_program misuse_rwlock_programs[] = {
    {.name = "free rwlock released", .class = HDE_CLASS_NOT_HELD, .run = release_free},
    {.name = "rwlock released for a reader",
     .class = HDE_CLASS_NOT_HELD,
     .has_cause = true,
     .run = release_for_reader},
    {.name = "rwlock released for a writer",
     .class = HDE_CLASS_NOT_HELD,
     .has_cause = true,
     .run = release_for_writer},
    {.name = "rwlock released too often", .class = HDE_CLASS_NOT_HELD, .run = release_too_often},
    {.name = "rwlock read deeply", .class = HDE_CLASS_NONE, .run = read_deeply},
    {.name = "rwlock destroyed early",
     .class = HDE_CLASS_IN_USE,
     .also = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_early},
    {.name = "rwlock destroyed after join", .class = HDE_CLASS_NONE, .run = destroy_after_join},
    {.name = "rwlock initialized while held",
     .class = HDE_CLASS_IN_USE,
     .has_cause = true,
     .run = initialize_held},
    {.name = "rwlock used after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = use_destroyed},
    {.name = "rwlock destroyed twice",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_twice},
    {.name = "rwlock used again", .class = HDE_CLASS_NONE, .run = use_again},
    {.name = "rwlock fresh from the heap", .class = HDE_CLASS_UNINITIALIZED, .run = use_fresh},
    {.name = "rwlock of zeroes", .class = HDE_CLASS_NONE, .run = use_zeroes},
    {.name = "rwlock kept by a reader", .class = HDE_CLASS_HELD_AT_END, .run = keep_reading},
    {.name = "rwlock kept by the first reader", .class = HDE_CLASS_NONE, .run = keep_reading_first},
    {.name = "rwlock kept by a writer", .class = HDE_CLASS_HELD_AT_END, .run = keep_writing},
    {.name = "free spin lock released", .class = HDE_CLASS_NOT_HELD, .run = release_free_spin},
    {.name = "spin lock released for another",
     .class = HDE_CLASS_NOT_HELD,
     .has_cause = true,
     .run = release_others_spin},
    {.name = "spin lock destroyed early",
     .class = HDE_CLASS_IN_USE,
     .also = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_spin_early},
    {.name = "spin lock initialized while held",
     .class = HDE_CLASS_IN_USE,
     .has_cause = true,
     .run = initialize_held_spin},
    {.name = "spin lock used after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = use_destroyed_spin},
    {.name = "spin lock released after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = release_destroyed_spin},
    {.name = "spin lock destroyed twice",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_spin_twice},
    {.name = "spin lock used again", .class = HDE_CLASS_NONE, .run = use_spin_again},
    {.name = "spin lock fresh from the heap",
     .class = HDE_CLASS_UNINITIALIZED,
     .run = use_fresh_spin},
    {.name = "spin lock kept", .class = HDE_CLASS_HELD_AT_END, .run = keep_spin},
    {.name = NULL},
};
