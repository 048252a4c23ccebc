/*
 * Mutexes: released by who does not hold them, destroyed in use, used after that or without having
 * been initialized, kept; and what looks alike and is allowed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/engine/programs/misuse.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t errorcheck = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;

static void *lock(void *argument)
{
    (void)pthread_mutex_lock(argument);
    return NULL;
}

static void *unlock(void *argument)
{
    (void)pthread_mutex_unlock(argument);
    return NULL;
}

static void *lock_unlock(void *argument)
{
    (void)pthread_mutex_lock(argument);
    (void)pthread_mutex_unlock(argument);
    return NULL;
}

/* Run it on a thread of its own. */
static void let(void *(*function)(void *), pthread_mutex_t *argument)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, function, argument);
    (void)pthread_join(thread, NULL);
}

/* ---- Released -------------------------------------------------------------------------------- */

static void release_free(void) { (void)pthread_mutex_unlock(&mutex); }

static void release_twice(void)
{
    (void)lock_unlock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
}

static void release_for_another(void)
{
    (void)pthread_mutex_lock(&mutex);
    let(unlock, &mutex);
}

static void release_recursive_too_often(void)
{
    (void)pthread_mutex_lock(&recursive);
    (void)pthread_mutex_lock(&recursive);
    (void)pthread_mutex_unlock(&recursive);
    (void)pthread_mutex_unlock(&recursive);
    (void)pthread_mutex_unlock(&recursive);
}

static void release_recursive(void)
{
    (void)pthread_mutex_lock(&recursive);
    (void)lock_unlock(&recursive);
    (void)pthread_mutex_unlock(&recursive);
}

/* It is asked, and says no. */
static void ask_errorcheck(void)
{
    (void)pthread_mutex_unlock(&errorcheck);
    (void)pthread_mutex_lock(&errorcheck);
    let(unlock, &errorcheck);
    (void)pthread_mutex_unlock(&errorcheck);
}

static void release_in_any_order(void)
{
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_lock(&recursive);
    (void)pthread_mutex_unlock(&mutex);
    (void)pthread_mutex_unlock(&recursive);
}

/* ---- Destroyed in use ------------------------------------------------------------------------ */

static void *hold_for_a_while(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    (void)sched_yield();
    (void)pthread_mutex_unlock(&mutex);
    return NULL;
}

/* While another thread holds it, or before that one takes it. */
static void destroy_early(void)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, hold_for_a_while, NULL);
    (void)pthread_mutex_destroy(&mutex);
    (void)pthread_join(thread, NULL);
}

static void destroy_after_join(void)
{
    let(hold_for_a_while, NULL);
    (void)pthread_mutex_destroy(&mutex);
}

static void initialize_held(void)
{
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_init(&mutex, NULL);
}

static void initialize_again(void)
{
    (void)lock_unlock(&mutex);
    (void)pthread_mutex_destroy(&mutex);
    (void)pthread_mutex_init(&mutex, NULL);
    (void)lock_unlock(&mutex);
}

/* ---- After its end --------------------------------------------------------------------------- */

static void lock_destroyed(void)
{
    (void)pthread_mutex_destroy(&mutex);
    (void)pthread_mutex_lock(&mutex);
}

static void try_destroyed(void)
{
    (void)pthread_mutex_destroy(&mutex);
    let(lock, &mutex);
}

static void destroy_twice(void)
{
    (void)pthread_mutex_destroy(&mutex);
    (void)pthread_mutex_destroy(&mutex);
}

/* Waits for it, and it is gone. */
static void destroy_before_waiter(void)
{
    pthread_t thread;

    (void)pthread_mutex_lock(&mutex);
    (void)pthread_create(&thread, NULL, lock_unlock, &mutex);
    (void)pthread_mutex_unlock(&mutex);
    (void)pthread_mutex_destroy(&mutex);
    (void)pthread_join(thread, NULL);
}

static void assign_after_destroy(void)
{
    const pthread_mutex_t fresh = PTHREAD_MUTEX_INITIALIZER;

    (void)pthread_mutex_destroy(&mutex);
    mutex = fresh;
    (void)lock_unlock(&mutex);
    (void)pthread_mutex_destroy(&mutex);
    (void)memset(&mutex, 0, sizeof(mutex));
    (void)lock_unlock(&mutex);
}

static void allocate_again(void)
{
    for (unsigned i = 0; i < 3; i++) {
        pthread_mutex_t *allocated = malloc(sizeof(*allocated));

        (void)pthread_mutex_init(allocated, NULL);
        let(lock_unlock, allocated);
        (void)pthread_mutex_destroy(allocated);
        free(allocated);
    }
}

/* ---- Before its beginning -------------------------------------------------------------------- */

static void lock_fresh(void)
{
    pthread_mutex_t *allocated = malloc(sizeof(*allocated));

    (void)pthread_mutex_lock(allocated);
    free(allocated);
}

static void lock_zeroed(void)
{
    pthread_mutex_t *allocated = calloc(1, sizeof(*allocated));

    (void)lock_unlock(allocated);
    free(allocated);
}

static void lock_copied(void)
{
    pthread_mutex_t copy = errorcheck;

    (void)lock_unlock(&copy);
}

static void lock_with_all_attributes(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t made;

    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE);
    (void)pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_PROTECT);
    (void)pthread_mutexattr_setprioceiling(&attributes, 99);
    (void)pthread_mutex_init(&made, &attributes);
    (void)lock_unlock(&made);
    (void)pthread_mutex_destroy(&made);
    (void)pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&made, &attributes);
    (void)lock_unlock(&made);
    (void)pthread_mutex_destroy(&made);
    (void)pthread_mutexattr_destroy(&attributes);
}

/* ---- Kept ------------------------------------------------------------------------------------ */

static void keep(void) { let(lock, &mutex); }

static void keep_robust(void)
{
    pthread_mutexattr_t attributes;
    pthread_mutex_t robust;

    (void)pthread_mutexattr_init(&attributes);
    (void)pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
    (void)pthread_mutex_init(&robust, &attributes);
    let(lock, &robust);
    (void)pthread_mutex_lock(&robust);
    (void)pthread_mutex_consistent(&robust);
    (void)pthread_mutex_unlock(&robust);
    (void)pthread_mutex_destroy(&robust);
}

static void keep_in_main(void) { (void)pthread_mutex_lock(&mutex); }

static void *lock_and_stay(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    (void)nanosleep(&(const struct timespec){.tv_sec = 3600}, NULL);
    (void)pthread_mutex_unlock(&mutex);
    return NULL;
}

/* The process ends and stops it. */
static void leave_behind(void)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, lock_and_stay, NULL);
    (void)pthread_detach(thread);
    (void)sched_yield();
}

const struct misuse_program misuse_mutex_programs[] = {
    {.name = "free mutex released", .class = HDE_CLASS_NOT_HELD, .run = release_free},
    {.name = "mutex released twice", .class = HDE_CLASS_NOT_HELD, .run = release_twice},
    {.name = "mutex released for another",
     .class = HDE_CLASS_NOT_HELD,
     .has_cause = true,
     .run = release_for_another},
    {.name = "recursive mutex released too often",
     .class = HDE_CLASS_NOT_HELD,
     .run = release_recursive_too_often},
    {.name = "recursive mutex released", .class = HDE_CLASS_NONE, .run = release_recursive},
    {.name = "error-checking mutex asked", .class = HDE_CLASS_NONE, .run = ask_errorcheck},
    {.name = "mutexes released in any order", .class = HDE_CLASS_NONE, .run = release_in_any_order},
    {.name = "mutex destroyed early",
     .class = HDE_CLASS_IN_USE,
     .also = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_early},
    {.name = "mutex destroyed after join", .class = HDE_CLASS_NONE, .run = destroy_after_join},
    {.name = "mutex initialized while held",
     .class = HDE_CLASS_IN_USE,
     .has_cause = true,
     .run = initialize_held},
    {.name = "mutex initialized again", .class = HDE_CLASS_NONE, .run = initialize_again},
    {.name = "mutex locked after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = lock_destroyed},
    {.name = "mutex locked by another after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = try_destroyed},
    {.name = "mutex destroyed twice",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_twice},
    {.name = "mutex destroyed before a waiter",
     .class = HDE_CLASS_DESTROYED,
     .also = HDE_CLASS_IN_USE,
     .has_cause = true,
     .run = destroy_before_waiter},
    {.name = "mutex assigned after destroy", .class = HDE_CLASS_NONE, .run = assign_after_destroy},
    {.name = "mutexes in the same memory", .class = HDE_CLASS_NONE, .run = allocate_again},
    {.name = "mutex fresh from the heap", .class = HDE_CLASS_UNINITIALIZED, .run = lock_fresh},
    {.name = "mutex of zeroes", .class = HDE_CLASS_NONE, .run = lock_zeroed},
    {.name = "mutex copied", .class = HDE_CLASS_NONE, .run = lock_copied},
    {.name = "mutex with all attributes", .class = HDE_CLASS_NONE, .run = lock_with_all_attributes},
    {.name = "mutex kept", .class = HDE_CLASS_HELD_AT_END, .run = keep},
    {.name = "robust mutex kept", .class = HDE_CLASS_NONE, .run = keep_robust},
    {.name = "mutex kept by main", .class = HDE_CLASS_NONE, .run = keep_in_main},
    {.name = "mutex kept by a thread that is stopped",
     .class = HDE_CLASS_NONE,
     .run = leave_behind},
    {.name = NULL},
};
