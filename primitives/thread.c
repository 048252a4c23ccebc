/*
 * Thread: a POSIX thread and a record that it shares with its handle.
 *
 * The record is freed by whichever of the two lets go of it last. The handle's state decides who
 * may join: a join takes it from joinable to joining, and back if its deadline comes first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/thread.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "primitives/fatal.h"
#include "primitives/futex.h"

enum state {
    STATE_NONE = 0, /* never spawned, or joined or detached */
    STATE_JOINABLE,
    STATE_CLAIMED, /* a join or a detach is under way */
};

struct hd_thread_record {
    pthread_t thread;               /* constant after spawn; the handle's */
    hd_thread_function *function;   /* constant after spawn */
    void *argument;                 /* constant after spawn */
    void *result;                   /* the thread's until has_ended, then the joiner's */
    uint64_t id;                    /* constant after spawn */
    uint32_t has_ended;             /* atomic; 1 once the function has returned */
    uint32_t references;            /* atomic; 2, 1 or 0: the handle and the running thread */
    char name[HD_THREAD_NAME_SIZE]; /* constant after spawn */
};

/* The name of a thread whose spawn gave none: its id fits, however large. */
_Static_assert(sizeof("thread-18446744073709551615") <= HD_THREAD_NAME_SIZE, "names too short");

static uint64_t ids_given; /* atomic; the last id given to a thread */

/* Of the running thread: 0 until asked for or spawned, and "" unless spawned. */
static _Thread_local uint64_t current_id;
static _Thread_local char current_name[HD_THREAD_NAME_SIZE];

static uint64_t next_id(void) { return __atomic_add_fetch(&ids_given, 1, __ATOMIC_RELAXED); }

static void let_go(struct hd_thread_record *record)
{
    /* Release what this side did, acquire what the other did. Pairs with itself. */
    if (__atomic_sub_fetch(&record->references, 1, __ATOMIC_ACQ_REL) == 0) {
        free(record);
    }
}

/* The kernel keeps 15 bytes of a name; a longer one is cut there, which is what it is for. */
static void name_current(const char *name)
{
    char kernel_name[16] = {0};

    memcpy(current_name, name, sizeof(current_name));
    memcpy(kernel_name, name, sizeof(kernel_name) - 1);
    (void)pthread_setname_np(pthread_self(), kernel_name); /* a name is not worth failing for */
}

static void end(void *argument)
{
    struct hd_thread_record *record = argument;

    /* Release: publishes the result. Pairs with the acquire in has_ended(). */
    __atomic_store_n(&record->has_ended, 1U, __ATOMIC_RELEASE);
    hd_futex_wake(&record->has_ended, HD_FUTEX_ALL);
    let_go(record);
}

/* NOLINTNEXTLINE(readability-function-size): the clean-up macros open blocks of their own. */
static void *run(void *argument)
{
    struct hd_thread_record *record = argument;

    current_id = record->id;
    name_current(record->name);
    /* As a clean-up handler, so that a function that calls pthread_exit() is joined as well. */
    pthread_cleanup_push(end, record);
    record->result = record->function(record->argument);
    pthread_cleanup_pop(1);
    return NULL;
}

/* A record for a thread to be; NULL if there is no memory. */
static struct hd_thread_record *
make_record(const char *name, hd_thread_function *function, void *argument)
{
    struct hd_thread_record *record = calloc(1, sizeof(*record));

    if (record == NULL) {
        return NULL;
    }
    record->function = function;
    record->argument = argument;
    record->id = next_id();
    record->references = 2;
    if (name != NULL) {
        memcpy(record->name, name, strlen(name));
    } else if (snprintf(record->name, sizeof(record->name), "thread-%" PRIu64, record->id) < 0) {
        hd_fatal("snprintf", 0);
    }
    return record;
}

static void store_state(struct hd_thread *thread, enum state state)
{
    /* Release: publishes the record. Pairs with the acquires in claim() and load_state(). */
    __atomic_store_n(&thread->state, (uint32_t)state, __ATOMIC_RELEASE);
}

/* Start record->thread; false if threads or memory have run out. */
static bool start(struct hd_thread_record *record)
{
    int error = pthread_create(&record->thread, NULL, run, record);

    if (error != 0 && error != EAGAIN && error != ENOMEM) {
        hd_fatal("pthread_create", error);
    }
    return error == 0;
}

enum hd_result hd_thread_spawn(struct hd_thread *thread,
                               const char *name,
                               hd_thread_function *function,
                               void *argument)
{
    if (name != NULL && strlen(name) >= HD_THREAD_NAME_SIZE) {
        return HD_INVALID;
    }
    struct hd_thread_record *record = make_record(name, function, argument);

    if (record == NULL) {
        return HD_NO_MEMORY;
    }
    if (!start(record)) {
        free(record);
        return HD_NO_MEMORY;
    }
    thread->record = record;
    thread->id = record->id;
    store_state(thread, STATE_JOINABLE);
    return HD_OK;
}

/* Claim a joinable handle; what is wrong, if it cannot be claimed. */
static enum hd_result claim(struct hd_thread *thread)
{
    uint32_t before = STATE_JOINABLE;

    /* Acquire: pairs with the release in store_state(). */
    if (__atomic_compare_exchange_n(&thread->state, &before, (uint32_t)STATE_CLAIMED, false,
                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
        return HD_OK;
    }
    return before == STATE_CLAIMED ? HD_BUSY : HD_INVALID;
}

static uint32_t load_state(const struct hd_thread *thread)
{
    /* Acquire: pairs with the release in store_state(). */
    return __atomic_load_n(&thread->state, __ATOMIC_ACQUIRE);
}

static bool has_ended(const struct hd_thread_record *record)
{
    /* Acquire: pairs with the release in end(). */
    return __atomic_load_n(&record->has_ended, __ATOMIC_ACQUIRE) != 0;
}

/* Wait until the thread's function has returned; false if `deadline_ns` came first. */
static bool await_end(const struct hd_thread_record *record, uint64_t deadline_ns)
{
    bool is_in_time = true;

    while (!has_ended(record)) {
        if (!is_in_time) {
            return false;
        }
        is_in_time = hd_futex_wait(&record->has_ended, 0, deadline_ns);
    }
    return true;
}

enum hd_result hd_thread_join(struct hd_thread *thread, void **result)
{
    return hd_thread_join_until(thread, result, HD_FOREVER);
}

/* pthread_join(), which must not be cancelled: the handle would stay claimed for ever. */
static void join_uncancelled(pthread_t thread)
{
    int cancel_state = 0;

    (void)pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_state); /* cannot fail */
    int error = pthread_join(thread, NULL);

    (void)pthread_setcancelstate(cancel_state, NULL); /* cannot fail */
    if (error != 0) {
        hd_fatal("pthread_join", error);
    }
}

enum hd_result hd_thread_join_until(struct hd_thread *thread, void **result, uint64_t deadline_ns)
{
    if (load_state(thread) != STATE_NONE && thread->id == current_id) {
        return HD_WOULD_DEADLOCK;
    }
    enum hd_result claimed = claim(thread);

    if (claimed != HD_OK) {
        return claimed;
    }
    struct hd_thread_record *record = thread->record;

    if (!await_end(record, deadline_ns)) {
        store_state(thread, STATE_JOINABLE);
        return HD_TIMEOUT;
    }
    join_uncancelled(record->thread);
    if (result != NULL) {
        *result = record->result;
    }
    let_go(record);
    store_state(thread, STATE_NONE);
    return HD_OK;
}

enum hd_result hd_thread_detach(struct hd_thread *thread)
{
    enum hd_result claimed = claim(thread);

    if (claimed != HD_OK) {
        return claimed;
    }
    int error = pthread_detach(thread->record->thread);

    if (error != 0) {
        hd_fatal("pthread_detach", error);
    }
    let_go(thread->record);
    store_state(thread, STATE_NONE);
    return HD_OK;
}

bool hd_thread_is_alive(const struct hd_thread *thread)
{
    return load_state(thread) != STATE_NONE && !has_ended(thread->record);
}

uint64_t hd_thread_id(const struct hd_thread *thread)
{
    return load_state(thread) != STATE_NONE ? thread->id : 0;
}

uint64_t hd_thread_current_id(void)
{
    if (current_id == 0) {
        current_id = next_id();
    }
    return current_id;
}

const char *hd_thread_current_name(void) { return current_name; }
