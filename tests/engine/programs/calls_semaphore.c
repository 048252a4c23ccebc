/*
 * Calls on semaphores, without and with names.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/engine/programs/calls.h"

#define NAME_SIZE 64

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec before_all = {.tv_sec = -1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = 1000000000};

static void note_status(struct call_log *log, int status)
{
    call_note(log, status);
    call_note(log, status == -1 ? errno : 0);
    errno = 0;
}

static void note_value(struct call_log *log, sem_t *semaphore)
{
    int value = -1;

    note_status(log, sem_getvalue(semaphore, &value));
    call_note(log, value);
}

static struct timespec soon(clockid_t clock)
{
    struct timespec time;

    (void)clock_gettime(clock, &time);
    time.tv_nsec += 2000000;
    if (time.tv_nsec >= 1000000000) {
        time.tv_nsec -= 1000000000;
        time.tv_sec++;
    }
    return time;
}

/* ---- Without names ------------------------------------------------------------------------- */

static void call_empty(struct call_log *log)
{
    sem_t semaphore;
    struct timespec deadline;

    note_status(log, sem_init(&semaphore, 0, 0));
    note_value(log, &semaphore);
    note_status(log, sem_trywait(&semaphore));
    note_status(log, sem_timedwait(&semaphore, &long_ago));
    note_status(log, sem_timedwait(&semaphore, &before_all));
    note_status(log, sem_timedwait(&semaphore, &invalid));
    deadline = soon(CLOCK_REALTIME);
    note_status(log, sem_timedwait(&semaphore, &deadline));
    deadline = soon(CLOCK_MONOTONIC);
    note_status(log, sem_clockwait(&semaphore, CLOCK_MONOTONIC, &deadline));
    note_status(log, sem_clockwait(&semaphore, CLOCK_MONOTONIC, &long_ago));
    note_status(log, sem_clockwait(&semaphore, CLOCK_MONOTONIC, &invalid));
    note_status(log, sem_clockwait(&semaphore, CLOCK_BOOTTIME, &long_ago));
    note_value(log, &semaphore);
    note_status(log, sem_destroy(&semaphore));
}

static void call_with_units(struct call_log *log)
{
    sem_t semaphore;

    note_status(log, sem_init(&semaphore, 1, 5));
    note_status(log, sem_wait(&semaphore));
    note_status(log, sem_trywait(&semaphore));
    note_status(log, sem_timedwait(&semaphore, &long_ago));
    note_status(log, sem_timedwait(&semaphore, &invalid)); /* a unit is no help */
    note_status(log, sem_clockwait(&semaphore, CLOCK_REALTIME, &long_ago));
    note_status(log, sem_clockwait(&semaphore, CLOCK_BOOTTIME, &long_ago));
    note_value(log, &semaphore);
    note_status(log, sem_post(&semaphore));
    note_value(log, &semaphore);
    note_status(log, sem_init(&semaphore, 0, 7)); /* made anew */
    note_value(log, &semaphore);
    note_status(log, sem_destroy(&semaphore));
}

static void call_full(struct call_log *log)
{
    sem_t semaphore;

    note_status(log, sem_init(&semaphore, 0, (unsigned)SEM_VALUE_MAX + 1));
    note_status(log, sem_init(&semaphore, 0, SEM_VALUE_MAX));
    note_status(log, sem_post(&semaphore));
    note_value(log, &semaphore);
    note_status(log, sem_wait(&semaphore));
    note_status(log, sem_post(&semaphore));
    note_status(log, sem_destroy(&semaphore));
}

static void *post(void *semaphore)
{
    (void)sem_post(semaphore);
    return NULL;
}

/* Three waits of three kinds for what others post. */
static void call_with_posters(struct call_log *log)
{
    pthread_t threads[3];
    sem_t semaphore;
    const struct timespec year_2100 = {.tv_sec = 4102444800};

    note_status(log, sem_init(&semaphore, 0, 0));
    for (unsigned i = 0; i < 3; i++) {
        call_note(log, pthread_create(&threads[i], NULL, post, &semaphore));
    }
    note_status(log, sem_wait(&semaphore));
    note_status(log, sem_wait(&semaphore));
    for (unsigned i = 0; i < 3; i++) {
        call_note(log, pthread_join(threads[i], NULL));
    }
    note_status(log, sem_timedwait(&semaphore, &year_2100));
    note_value(log, &semaphore);
    note_status(log, sem_destroy(&semaphore));
}

/* ---- With names ---------------------------------------------------------------------------- */

/* Of this process only, for natively it is the system's. */
static void make_name(char *name, const char *slashes)
{
    (void)snprintf(name, NAME_SIZE, "%sheddle.calls.%d", slashes, (int)getpid());
}

static void note_open(struct call_log *log, const sem_t *semaphore)
{
    call_note(log, semaphore != SEM_FAILED);
    call_note(log, semaphore == SEM_FAILED ? errno : 0);
    errno = 0;
}

static void call_named(struct call_log *log)
{
    char name[NAME_SIZE];
    char plain[NAME_SIZE];
    sem_t *first;
    sem_t *second;

    make_name(name, "/");
    make_name(plain, "");
    note_open(log, sem_open(name, 0));
    first = sem_open(name, O_CREAT | O_EXCL, 0600, 2);
    note_open(log, first);
    second = sem_open(name, 0);
    note_open(log, second);
    call_note(log, first == second);
    note_open(log, sem_open(name, O_CREAT | O_EXCL, 0600, 2));
    note_open(log, sem_open(name, O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1)); /* not looked at */
    note_value(log, first);
    note_status(log, sem_wait(second));
    note_value(log, first);
    note_status(log, sem_close(first));
    note_status(log, sem_close(first));
    note_status(log, sem_close(second));
    second = sem_open(plain, O_CREAT, 0600, 9); /* the same name; what it had is kept */
    note_open(log, second);
    note_value(log, second);
    note_status(log, sem_unlink(name));
    note_status(log, sem_unlink(name));
    note_value(log, second); /* still open */
    note_status(log, sem_close(second));
    note_open(log, sem_open(name, 0));
}

/* A name that was unlinked is free for another one, while the first is still open. */
static void call_unlinked(struct call_log *log)
{
    char name[NAME_SIZE];
    sem_t *first;
    sem_t *second;

    make_name(name, "//");
    first = sem_open(name, O_CREAT, 0600, 1);
    note_open(log, first);
    note_status(log, sem_unlink(name));
    second = sem_open(name, O_CREAT | O_EXCL, 0600, 5);
    note_open(log, second);
    call_note(log, first == second);
    note_value(log, first);
    note_value(log, second);
    note_status(log, sem_post(first));
    note_value(log, second);
    note_status(log, sem_unlink(name));
    note_status(log, sem_close(first));
    note_status(log, sem_close(second));
}

static void call_with_name(struct call_log *log, const char *name)
{
    note_open(log, sem_open(name, 0));
    note_open(log, sem_open(name, O_CREAT, 0600, (unsigned)SEM_VALUE_MAX + 1));
    note_status(log, sem_unlink(name));
}

static void call_with_bad_names(struct call_log *log)
{
    char name[2 * NAME_MAX];
    sem_t semaphore;

    call_with_name(log, "");
    call_with_name(log, "/");
    call_with_name(log, "///");
    call_with_name(log, "/heddle/calls");
    call_with_name(log, "heddle/");
    for (size_t length = NAME_MAX - 5; length <= NAME_MAX + 2; length++) {
        (void)memset(name, 'h', length);
        name[length] = '\0';
        call_with_name(log, name);
    }
    note_status(log, sem_init(&semaphore, 0, 0));
    note_status(log, sem_close(&semaphore));
}

const struct call_sequence call_semaphore_sequences[] = {
    {"empty semaphore", call_empty},
    {"semaphore with units", call_with_units},
    {"full semaphore", call_full},
    {"semaphore that others post", call_with_posters},
    {"named semaphore", call_named},
    {"unlinked semaphore", call_unlinked},
    {"bad names of semaphores", call_with_bad_names},
    {NULL, NULL},
};
