/*
 * Semaphores and barriers: destroyed in use, used after that or without having been initialized;
 * and what looks alike and is allowed.
 *
 * SPDX-License-Identifier: MIT
 */
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdlib.h>

#include "tests/engine/programs/misuse.h"

static sem_t semaphore;
static pthread_barrier_t barrier;

static void *await_unit(void *unused)
{
    (void)unused;
    (void)sem_wait(&semaphore);
    return NULL;
}

static void *post(void *unused)
{
    (void)unused;
    (void)sem_post(&semaphore);
    return NULL;
}

/* ---- Semaphores ------------------------------------------------------------------------------ */

/* They are one without units; but nobody has said so. */
static void post_to_zeroes(void) { (void)sem_post(&semaphore); }

static void await_zeroes(void) { (void)sem_wait(&semaphore); }

static void post_to_fresh(void)
{
    sem_t *allocated = malloc(sizeof(*allocated));

    (void)sem_post(allocated);
    free(allocated);
}

static void use_destroyed(void)
{
    (void)sem_init(&semaphore, 0, 1);
    (void)sem_destroy(&semaphore);
    (void)sem_trywait(&semaphore);
}

static void destroy_twice(void)
{
    (void)sem_init(&semaphore, 0, 1);
    (void)sem_destroy(&semaphore);
    (void)sem_destroy(&semaphore);
}

static void destroy_awaited(void)
{
    pthread_t thread;

    (void)sem_init(&semaphore, 0, 0);
    (void)pthread_create(&thread, NULL, await_unit, NULL);
    (void)sem_destroy(&semaphore);
    (void)sem_post(&semaphore);
    (void)pthread_join(thread, NULL);
}

/* Who has waited may destroy it: the post is over. */
static void destroy_after_wait(void)
{
    pthread_t thread;

    (void)sem_init(&semaphore, 0, 0);
    (void)pthread_create(&thread, NULL, post, NULL);
    (void)sem_wait(&semaphore);
    (void)sem_destroy(&semaphore);
    (void)pthread_join(thread, NULL);
    (void)sem_init(&semaphore, 0, 0);
    (void)sem_post(&semaphore);
    (void)sem_wait(&semaphore);
    (void)sem_destroy(&semaphore);
}

static void use_closed(void)
{
    sem_t *named = sem_open("/closed", O_CREAT, 0600, 1);

    (void)sem_close(named);
    (void)sem_post(named);
}

static void open_again(void)
{
    sem_t *named = sem_open("/again", O_CREAT, 0600, 1);

    (void)sem_close(named);
    named = sem_open("/again", 0);
    (void)sem_wait(named);
    (void)sem_unlink("/again");
    (void)sem_post(named);
    (void)sem_close(named);
}

/* ---- Barriers -------------------------------------------------------------------------------- */

static void *come(void *unused)
{
    (void)unused;
    (void)pthread_barrier_wait(&barrier);
    return NULL;
}

static void *come_and_end_it(void *unused)
{
    (void)unused;
    if (pthread_barrier_wait(&barrier) != 0) { /* PTHREAD_BARRIER_SERIAL_THREAD */
        (void)pthread_barrier_destroy(&barrier);
    }
    return NULL;
}

static void let_two(void *(*function)(void *))
{
    pthread_t threads[2];

    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_create(&threads[i], NULL, function, NULL);
    }
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void come_to_zeroes(void) { (void)pthread_barrier_wait(&barrier); }

static void come_to_fresh(void)
{
    pthread_barrier_t *allocated = malloc(sizeof(*allocated));

    (void)pthread_barrier_wait(allocated);
    free(allocated);
}

static void come_to_destroyed(void)
{
    (void)pthread_barrier_init(&barrier, NULL, 2);
    (void)pthread_barrier_destroy(&barrier);
    let_two(come);
}

static void destroy_barrier_twice(void)
{
    (void)pthread_barrier_init(&barrier, NULL, 2);
    (void)pthread_barrier_destroy(&barrier);
    (void)pthread_barrier_destroy(&barrier);
}

static void destroy_barrier_early(void)
{
    pthread_t threads[2];

    (void)pthread_barrier_init(&barrier, NULL, 2);
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_create(&threads[i], NULL, come, NULL);
    }
    (void)pthread_barrier_destroy(&barrier);
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_join(threads[i], NULL);
    }
}

static void initialize_awaited(void)
{
    pthread_t thread;

    (void)pthread_barrier_init(&barrier, NULL, 2);
    (void)pthread_create(&thread, NULL, come, NULL);
    (void)pthread_detach(thread);
    (void)pthread_barrier_init(&barrier, NULL, 1);
}

/* glibc lets who comes last destroy it at once. */
static void end_it_at_once(void)
{
    for (unsigned round = 0; round < 2; round++) {
        (void)pthread_barrier_init(&barrier, NULL, 2);
        let_two(come_and_end_it);
    }
}

const struct misuse_program misuse_semaphore_programs[] = {
    {.name = "semaphore of zeroes", .class = HDE_CLASS_UNINITIALIZED, .run = post_to_zeroes},
    {.name = "semaphore of zeroes awaited",
     .class = HDE_CLASS_UNINITIALIZED,
     .gets_stuck = true,
     .run = await_zeroes},
    {.name = "semaphore fresh from the heap",
     .class = HDE_CLASS_UNINITIALIZED,
     .run = post_to_fresh},
    {.name = "semaphore used after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = use_destroyed},
    {.name = "semaphore destroyed twice",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_twice},
    {.name = "semaphore destroyed while awaited",
     .class = HDE_CLASS_IN_USE,
     .also = HDE_CLASS_DESTROYED,
     .run = destroy_awaited},
    {.name = "semaphore destroyed after the wait",
     .class = HDE_CLASS_NONE,
     .run = destroy_after_wait},
    {.name = "semaphore used after close",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = use_closed},
    {.name = "semaphore opened again", .class = HDE_CLASS_NONE, .run = open_again},
    {.name = "barrier of zeroes", .class = HDE_CLASS_UNINITIALIZED, .run = come_to_zeroes},
    {.name = "barrier fresh from the heap", .class = HDE_CLASS_UNINITIALIZED, .run = come_to_fresh},
    {.name = "barrier used after destroy",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = come_to_destroyed},
    {.name = "barrier destroyed twice",
     .class = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_barrier_twice},
    {.name = "barrier destroyed early",
     .class = HDE_CLASS_IN_USE,
     .also = HDE_CLASS_DESTROYED,
     .has_cause = true,
     .run = destroy_barrier_early},
    {.name = "barrier initialized while awaited",
     .class = HDE_CLASS_IN_USE,
     .has_cause = true,
     .run = initialize_awaited},
    {.name = "barrier ended at once", .class = HDE_CLASS_NONE, .run = end_it_at_once},
    {.name = NULL},
};
