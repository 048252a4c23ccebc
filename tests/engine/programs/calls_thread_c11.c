/*
 * Calls of C11's threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>
#include <stddef.h>
#include <threads.h>
#include <time.h>

#include "tests/engine/programs/calls.h"

static const struct timespec long_ago = {.tv_sec = 1};
static const struct timespec invalid = {.tv_sec = 1, .tv_nsec = -1};

struct guest {
    mtx_t mutex;
    cnd_t condition;
    int is_set; /* under mutex */
    struct call_log *log;
    thrd_t self;
};

/* ---- Threads --------------------------------------------------------------------------------- */

static int return_negative(void *argument)
{
    struct guest *guest = argument;

    guest->self = thrd_current();
    return -5;
}

static int exit_with(void *log)
{
    call_note(log, 1);
    thrd_exit(17);
}

static int pass(void *mutex)
{
    (void)mtx_lock(mutex);
    (void)mtx_unlock(mutex);
    return 3;
}

static void call_threads(struct call_log *log)
{
    static mtx_t gate; /* outlives the call */
    struct guest guest = {.log = log};
    thrd_t thread;
    int result = 0;

    call_note(log, mtx_init(&gate, mtx_plain));
    call_note(log, thrd_create(&thread, return_negative, &guest));
    call_note(log, thrd_join(thread, &result));
    call_note(log, result);
    call_note(log, thrd_equal(thread, guest.self) != 0);
    call_note(log, thrd_equal(thrd_current(), guest.self) != 0);
    call_note(log, thrd_equal(thrd_current(), thrd_current()) != 0);
    int error = thrd_create(&thread, exit_with, log);

    call_note(log, thrd_join(thread, &result));
    call_note(log, error);
    call_note(log, result);
    thrd_yield();
    call_note(log, mtx_lock(&gate));
    call_note(log, thrd_create(&thread, pass, &gate));
    call_note(log, thrd_detach(thread));
    call_note(log, thrd_detach(thread));
    call_note(log, thrd_join(thread, NULL));
    call_note(log, thrd_join(thrd_current(), NULL));
    call_note(log, mtx_unlock(&gate));
}

/* ---- Locks ----------------------------------------------------------------------------------- */

static int try_mutex(void *argument)
{
    struct guest *guest = argument;
    int result = mtx_trylock(&guest->mutex);

    call_note(guest->log, result);
    call_note(guest->log, mtx_timedlock(&guest->mutex, &long_ago));
    call_note(guest->log, mtx_timedlock(&guest->mutex, &invalid));
    return 0;
}

static void call_with_type(struct call_log *log, int type)
{
    struct guest guest = {.log = log};
    thrd_t thread;

    call_note(log, mtx_init(&guest.mutex, type));
    call_note(log, mtx_lock(&guest.mutex));
    call_note(log, mtx_trylock(&guest.mutex)); /* again if it is recursive */
    int error = thrd_create(&thread, try_mutex, &guest);

    call_note(log, thrd_join(thread, NULL)); /* the log is ours again */
    call_note(log, error);
    call_note(log, mtx_unlock(&guest.mutex));
    if ((type & mtx_recursive) != 0) {
        call_note(log, mtx_unlock(&guest.mutex));
        call_note(log, mtx_unlock(&guest.mutex)); /* not its owner any more */
    }
    call_note(log, mtx_timedlock(&guest.mutex, &long_ago));
    call_note(log, mtx_unlock(&guest.mutex));
    mtx_destroy(&guest.mutex);
}

static void call_mutexes(struct call_log *log)
{
    call_with_type(log, mtx_plain);
    call_with_type(log, mtx_timed);
    call_with_type(log, mtx_plain | mtx_recursive);
    call_with_type(log, mtx_timed | mtx_recursive);
}

static int await(void *argument)
{
    struct guest *guest = argument;

    (void)mtx_lock(&guest->mutex);
    while (guest->is_set == 0) {
        (void)cnd_wait(&guest->condition, &guest->mutex);
    }
    call_note(guest->log, 1);
    (void)mtx_unlock(&guest->mutex);
    return 0;
}

static void call_conditions(struct call_log *log)
{
    struct guest guest = {.log = log};
    thrd_t threads[2];

    call_note(log, mtx_init(&guest.mutex, mtx_plain));
    call_note(log, cnd_init(&guest.condition));
    call_note(log, cnd_signal(&guest.condition));
    call_note(log, mtx_lock(&guest.mutex));
    call_note(log, cnd_timedwait(&guest.condition, &guest.mutex, &long_ago));
    call_note(log, cnd_timedwait(&guest.condition, &guest.mutex, &invalid));
    call_note(log, mtx_unlock(&guest.mutex));
    for (unsigned i = 0; i < 2; i++) {
        (void)thrd_create(&threads[i], await, &guest);
    }
    (void)mtx_lock(&guest.mutex);
    guest.is_set = 1;
    (void)mtx_unlock(&guest.mutex);
    int error = cnd_broadcast(&guest.condition);

    for (unsigned i = 0; i < 2; i++) {
        (void)thrd_join(threads[i], NULL);
    }
    call_note(log, error);
    cnd_destroy(&guest.condition);
    mtx_destroy(&guest.mutex);
}

/* ---- Once, and values of threads ------------------------------------------------------------- */

static struct call_log *the_log;
static tss_t the_key;

static void do_once(void) { call_note(the_log, 1); }
static void leave_once(void)
{
    call_note(the_log, 2);
    thrd_exit(2);
}

static int run_leave_once(void *flag)
{
    call_once(flag, leave_once);
    return 0;
}

static void call_call_once(struct call_log *log)
{
    once_flag flag = ONCE_FLAG_INIT;
    thrd_t thread;
    int result = 0;

    the_log = log;
    (void)thrd_create(&thread, run_leave_once, &flag);
    (void)thrd_join(thread, &result);
    call_note(log, result);
    call_once(&flag, do_once);
    call_once(&flag, do_once);
}

/* Sets it again, so it is called TSS_DTOR_ITERATIONS times. */
static void destroy_value(void *value)
{
    call_note(the_log, *(const int *)value);
    (void)tss_set(the_key, value);
}

static int set_value(void *value)
{
    call_note(the_log, tss_get(the_key) == NULL);
    call_note(the_log, tss_set(the_key, value));
    call_note(the_log, tss_get(the_key) == value);
    return 0;
}

static void call_values(struct call_log *log)
{
    static int values[2] = {11, 12}; /* outlive the call: libc may call a destructor late */
    thrd_t thread;

    the_log = log;
    call_note(log, tss_create(&the_key, destroy_value));
    call_note(log, tss_set(the_key, &values[0]));
    (void)thrd_create(&thread, set_value, &values[1]);
    (void)thrd_join(thread, NULL);
    call_note(log, tss_get(the_key) == &values[0]);
    call_note(log, tss_set(the_key, NULL));
    tss_delete(the_key);
    call_note(log, tss_set(the_key, &values[0]));
}

const struct call_sequence call_thread_c11_sequences[] = {
    {"C11 threads", call_threads},       {"C11 mutexes", call_mutexes},
    {"C11 conditions", call_conditions}, {"call_once", call_call_once},
    {"C11 values", call_values},         {NULL, NULL},
};
