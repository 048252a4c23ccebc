/*
 * Deadlocks of mutexes and condition variables, and their look-alikes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/deadlocks.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <time.h>

static pthread_mutex_t a = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t b = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t c = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t recursive = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t errorcheck = PTHREAD_ERRORCHECK_MUTEX_INITIALIZER_NP;
static pthread_mutex_t adaptive = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static const struct timespec year_2030 = {.tv_sec = 1893456000};
static int number;

static void lock(pthread_mutex_t *mutex) { (void)pthread_mutex_lock(mutex); }
static void unlock(pthread_mutex_t *mutex) { (void)pthread_mutex_unlock(mutex); }

static void lock_both(pthread_mutex_t *first, pthread_mutex_t *second)
{
    lock(first);
    lock(second);
    unlock(second);
    unlock(first);
}

/* ---- Cycles ---------------------------------------------------------------------------------- */

static void take_ab(void *unused)
{
    (void)unused;
    lock_both(&a, &b);
}

static void take_ba(void *unused)
{
    (void)unused;
    lock_both(&b, &a);
}

static void take_bc(void *unused)
{
    (void)unused;
    lock_both(&b, &c);
}

static void take_ca(void *unused)
{
    (void)unused;
    lock_both(&c, &a);
}

static void take_ac(void *unused)
{
    (void)unused;
    lock_both(&a, &c);
}

static void yield_for_ever(void *unused)
{
    (void)unused;
    for (;;) {
        (void)sched_yield();
    }
}

static void take_gated_ab(void *unused)
{
    (void)unused;
    lock(&gate);
    lock_both(&a, &b);
    unlock(&gate);
}

static void take_gated_ba(void *unused)
{
    (void)unused;
    lock(&gate);
    lock_both(&b, &a);
    unlock(&gate);
}

static void take_b_then_try_a(void *unused)
{
    (void)unused;
    lock(&b);
    if (pthread_mutex_trylock(&a) == 0) {
        unlock(&a);
    }
    unlock(&b);
}

static void take_b_then_a_in_time(void *unused)
{
    (void)unused;
    lock(&b);
    if (pthread_mutex_timedlock(&a, &year_2030) == 0) {
        unlock(&a);
    }
    unlock(&b);
}

/* Gives a up before it takes b. */
static void take_a_then_b(void *unused)
{
    (void)unused;
    lock(&a);
    unlock(&a);
    lock(&b);
    unlock(&b);
}

/* ---- One lock -------------------------------------------------------------------------------- */

static void take_twice(void *unused)
{
    (void)unused;
    lock_both(&a, &a);
}

static void take_adaptive_twice(void *unused)
{
    (void)unused;
    lock_both(&adaptive, &adaptive);
}

static void take_recursive_twice(void *unused)
{
    (void)unused;
    lock_both(&recursive, &recursive);
}

static void take_errorcheck_twice(void *unused)
{
    (void)unused;
    lock_both(&errorcheck, &errorcheck);
}

static void take_and_end(void *unused)
{
    (void)unused;
    lock(&a);
}

static void take_a(void *unused)
{
    (void)unused;
    lock(&a);
    unlock(&a);
}

static void release_recursive_once(void *unused)
{
    (void)unused;
    lock(&recursive);
    lock(&recursive);
    unlock(&recursive);
}

static void take_recursive(void *unused)
{
    (void)unused;
    lock(&recursive);
    unlock(&recursive);
}

/* ---- Conditions ------------------------------------------------------------------------------ */

static void wait_without_predicate(void *unused)
{
    (void)unused;
    lock(&a);
    (void)pthread_cond_wait(&condition, &a);
    unlock(&a);
}

static void wait_in_time(void *unused)
{
    (void)unused;
    lock(&a);
    (void)pthread_cond_timedwait(&condition, &a, &year_2030);
    unlock(&a);
}

static void notify(void *unused)
{
    (void)unused;
    lock(&a);
    (void)pthread_cond_signal(&condition);
    unlock(&a);
}

static void notify_all(void *unused)
{
    (void)unused;
    lock(&a);
    number = 1;
    (void)pthread_cond_broadcast(&condition);
    unlock(&a);
}

static void wait_for_number(void *unused)
{
    (void)unused;
    lock(&a);
    while (number == 0) {
        (void)pthread_cond_wait(&condition, &a);
    }
    unlock(&a);
}

/* Notifies one of two that wait, once both do. */
static void count_and_wait(void *unused)
{
    (void)unused;
    lock(&a);
    number++;
    (void)pthread_cond_wait(&condition, &a);
    unlock(&a);
}

static void notify_one_of_two(void *unused)
{
    (void)unused;
    for (;;) {
        lock(&a);
        if (number == 2) {
            break;
        }
        unlock(&a);
        (void)sched_yield();
    }
    (void)pthread_cond_signal(&condition);
    unlock(&a);
}

/* Waits for a notify with a lock that the notifier needs. */
static void wait_holding_b(void *unused)
{
    (void)unused;
    lock(&b);
    wait_for_number(NULL);
    unlock(&b);
}

static void notify_holding_b(void *unused)
{
    (void)unused;
    lock(&b);
    notify_all(NULL);
    unlock(&b);
}

const struct deadlock_program deadlock_programs[] = {
    {"AB-BA", HDE_CLASS_LOCK_CYCLE, 2, false, false, {take_ab, take_ba}},
    {"AB-BA while another goes on",
     HDE_CLASS_LOCK_CYCLE,
     2,
     false,
     true,
     {take_ab, take_ba, yield_for_ever}},
    {"AB-BC-CA", HDE_CLASS_LOCK_CYCLE, 3, false, false, {take_ab, take_bc, take_ca}},
    {"AB-BC-AC", HDE_CLASS_NONE, 0, false, false, {take_ab, take_bc, take_ac}},
    {"AB-BA behind a gate", HDE_CLASS_NONE, 0, false, false, {take_gated_ab, take_gated_ba}},
    {"AB, then B and a try", HDE_CLASS_NONE, 0, false, false, {take_ab, take_b_then_try_a}},
    {"AB, then BA in time", HDE_CLASS_NONE, 0, false, false, {take_ab, take_b_then_a_in_time}},
    {"A, B, then BA", HDE_CLASS_NONE, 0, false, false, {take_a_then_b, take_ba}},
    {"twice", HDE_CLASS_SELF, 1, false, false, {take_twice}},
    {"twice while another waits", HDE_CLASS_SELF, 1, false, false, {take_twice, take_a}},
    {"adaptive twice", HDE_CLASS_SELF, 1, false, false, {take_adaptive_twice}},
    {"recursive twice", HDE_CLASS_NONE, 0, false, false, {take_recursive_twice, take_recursive}},
    {"error-checking twice", HDE_CLASS_NONE, 0, false, false, {take_errorcheck_twice}},
    {"holder ended", HDE_CLASS_HOLDER_ENDED, 1, true, false, {take_and_end, take_a}},
    {"recursive released once",
     HDE_CLASS_HOLDER_ENDED,
     1,
     true,
     false,
     {release_recursive_once, take_recursive}},
    {"notify before wait",
     HDE_CLASS_LOST_WAKE_UP,
     1,
     true,
     false,
     {wait_without_predicate, notify}},
    {"no notify", HDE_CLASS_NEVER_NOTIFIED, 1, false, false, {wait_without_predicate, take_a}},
    {"no notify, in time", HDE_CLASS_NONE, 0, false, false, {wait_in_time, take_a}},
    {"predicate", HDE_CLASS_NONE, 0, false, false, {wait_for_number, wait_for_number, notify_all}},
    {"one of two notified",
     HDE_CLASS_NEVER_NOTIFIED,
     1,
     false,
     false,
     {count_and_wait, count_and_wait, notify_one_of_two}},
    {"waits with the notifier's lock",
     HDE_CLASS_NEVER_NOTIFIED,
     1,
     false,
     false,
     {wait_holding_b, notify_holding_b}},
    {NULL, HDE_CLASS_NONE, 0, false, false, {NULL}},
};
