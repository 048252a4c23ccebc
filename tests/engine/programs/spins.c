/*
 * Spins: loops that end when somebody else does something, loops that give up, loops for ever.
 *
 * Loops are strictly bounded by what they wait for, so an execution that ends by the step limit is
 * a mistake of the engine's fairness.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/spins.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

static atomic_int first_flag;
static atomic_int second_flag;
static atomic_flag spin_lock = ATOMIC_FLAG_INIT;
static atomic_uint tickets;
static atomic_uint serving;
static volatile int plain_flag;
static int counter; /* under whichever lock the program uses */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void set_first(void *unused)
{
    (void)unused;
    atomic_store_explicit(&first_flag, 1, memory_order_release);
}

static void await_first(void *unused)
{
    (void)unused;
    while (atomic_load_explicit(&first_flag, memory_order_acquire) == 0) {
        /* look again */
    }
}

static void await_first_yielding(void *unused)
{
    (void)unused;
    while (atomic_load_explicit(&first_flag, memory_order_acquire) == 0) {
        (void)sched_yield();
    }
}

static void await_first_sleeping(void *unused)
{
    (void)unused;
    while (atomic_load_explicit(&first_flag, memory_order_acquire) == 0) {
        (void)usleep(10);
    }
}

static void await_second_set_first(void *unused)
{
    (void)unused;
    while (atomic_load_explicit(&second_flag, memory_order_acquire) == 0) {
        /* look again */
    }
    set_first(NULL);
}

static void await_first_set_second(void *unused)
{
    await_first(unused);
    atomic_store_explicit(&second_flag, 1, memory_order_release);
}

static void look_fifty_times(void *unused)
{
    (void)unused;
    for (int i = 0; i < 50; i++) {
        if (atomic_load_explicit(&first_flag, memory_order_acquire) != 0) {
            return;
        }
    }
}

static void count_under_spin_lock(void *unused)
{
    (void)unused;
    while (atomic_flag_test_and_set_explicit(&spin_lock, memory_order_acquire)) {
        /* look again */
    }
    counter++;
    atomic_flag_clear_explicit(&spin_lock, memory_order_release);
}

static void count_under_ticket_lock(void *unused)
{
    unsigned mine = atomic_fetch_add_explicit(&tickets, 1, memory_order_relaxed);

    (void)unused;
    while (atomic_load_explicit(&serving, memory_order_acquire) != mine) {
        /* look again */
    }
    counter++;
    (void)atomic_fetch_add_explicit(&serving, 1, memory_order_release);
}

static void count_by_compare(void *unused)
{
    int seen = atomic_load_explicit(&first_flag, memory_order_relaxed);

    (void)unused;
    while (!atomic_compare_exchange_weak_explicit(&first_flag, &seen, seen + 1,
                                                  memory_order_relaxed, memory_order_relaxed)) {
        /* look again */
    }
}

static void count_under_tried_mutex(void *unused)
{
    (void)unused;
    while (pthread_mutex_trylock(&mutex) != 0) {
        /* look again */
    }
    counter++;
    (void)pthread_mutex_unlock(&mutex);
}

static void keep_mutex(void *unused)
{
    (void)unused;
    while (pthread_mutex_trylock(&mutex) != 0) {
        /* look again */
    }
}

static void await_plain_flag(void *unused)
{
    (void)unused;
    while (plain_flag == 0) {
        /* look again */
    }
}

static void set_plain_flag(void *unused)
{
    (void)unused;
    plain_flag = 1;
}

static void sum_until_first(void *unused)
{
    static unsigned sum;

    (void)unused;
    for (unsigned i = 0; i < 10000 && atomic_load_explicit(&first_flag, memory_order_relaxed) == 0;
         i++) {
        sum += i;
    }
    HD_EXPECT(sum == 10000U * 9999 / 2);
}

const struct spin_program spin_sum = {"sum", HD_CLEAN, {sum_until_first}};

static void await_counter(void *unused)
{
    bool is_done = false;

    (void)unused;
    while (!is_done) {
        (void)pthread_mutex_lock(&mutex);
        is_done = counter != 0;
        (void)pthread_mutex_unlock(&mutex);
    }
}

static void look_then_count(void *unused)
{
    static volatile int looks = 3; /* so that the loop stays one */
    static struct {
        _Alignas(64) volatile atomic_int flag; /* nobody sets it, and the compiler does not know */
        char unused[60];                       /* nothing that others change lies beside it */
    } far;

    (void)unused;
    for (int i = 0; i < looks; i++) {
        HD_EXPECT(atomic_load_explicit(&far.flag, memory_order_acquire) == 0);
    }
    (void)pthread_mutex_lock(&mutex);
    counter++;
    (void)pthread_mutex_unlock(&mutex);
}

const struct spin_program spin_starved = {"starved", HD_CLEAN, {await_counter, look_then_count}};

/* ---- Spin, then park ------------------------------------------------------------------------- */

static pthread_cond_t unparked = PTHREAD_COND_INITIALIZER;
static atomic_int is_set;
static atomic_int is_parked;

static bool look_for_a_while(void)
{
    bool is_seen = false;

    for (int looks = 0; looks < 20 && !is_seen; looks++) {
        is_seen = atomic_load_explicit(&is_set, memory_order_acquire) != 0;
    }
    return is_seen;
}

static void park(void)
{
    (void)pthread_mutex_lock(&mutex);
    while (atomic_load_explicit(&is_parked, memory_order_relaxed) == 1) {
        (void)pthread_cond_wait(&unparked, &mutex);
    }
    (void)pthread_mutex_unlock(&mutex);
}

static void look_then_park(void *unused)
{
    (void)unused;
    if (!look_for_a_while()) {
        atomic_store_explicit(&is_parked, 1, memory_order_seq_cst);
        park();
    }
}

static void look_then_park_fixed(void *unused)
{
    (void)unused;
    if (!look_for_a_while()) {
        atomic_store_explicit(&is_parked, 1, memory_order_seq_cst);
        if (atomic_load_explicit(&is_set, memory_order_seq_cst) == 0) {
            park();
        }
    }
}

static void set_and_unpark(void *unused)
{
    (void)unused;
    atomic_store_explicit(&is_set, 1, memory_order_seq_cst);
    if (atomic_load_explicit(&is_parked, memory_order_seq_cst) == 1) {
        (void)pthread_mutex_lock(&mutex);
        atomic_store_explicit(&is_parked, 0, memory_order_relaxed);
        (void)pthread_cond_signal(&unparked);
        (void)pthread_mutex_unlock(&mutex);
    }
}

const struct spin_program spin_parking = {"parking", HD_DEADLOCK, {look_then_park, set_and_unpark}};
const struct spin_program spin_parking_fixed = {
    "parking, with a last look", HD_CLEAN, {look_then_park_fixed, set_and_unpark}};

/* ---- Loops that change something at each turn ------------------------------------------------ */

static int is_over; /* under mutex */

static void set_over(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    is_over = 1;
    (void)pthread_mutex_unlock(&mutex);
}

/* Counts a turn, unless it is over. */
static bool count_turn(void)
{
    (void)pthread_mutex_lock(&mutex);
    bool goes_on = is_over == 0;

    counter += goes_on ? 1 : 0;
    (void)pthread_mutex_unlock(&mutex);
    return goes_on;
}

static void count_turns(void *unused)
{
    (void)unused;
    while (count_turn()) {
    }
}

static void count_turns_sleeping(void *unused)
{
    (void)unused;
    while (count_turn()) {
        (void)usleep(10);
    }
}

static void count_turns_waiting(void *unused)
{
    static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
    struct timespec until = {.tv_sec = 0};

    (void)unused;
    while (count_turn()) {
        until.tv_sec++;
        (void)pthread_mutex_lock(&mutex);
        (void)pthread_cond_timedwait(&never, &mutex, &until);
        (void)pthread_mutex_unlock(&mutex);
    }
}

static void sleep_and_set_over(void *unused)
{
    (void)usleep(20);
    set_over(unused);
}

const struct spin_program spin_programs[] = {
    {"flag", HD_CLEAN, {await_first, await_first, set_first}},
    {"flag, yielding", HD_CLEAN, {await_first_yielding, set_first}},
    {"flag, sleeping", HD_CLEAN, {await_first_sleeping, set_first}},
    {"flag that nobody sets", HD_LIVELOCK, {await_first, await_first_yielding}},
    {"flag that nobody sets, sleeping", HD_LIVELOCK, {await_first_sleeping}},
    {"each waits for the other", HD_LIVELOCK, {await_second_set_first, await_first_set_second}},
    {"gives up", HD_CLEAN, {look_fifty_times, look_fifty_times}},
    {"spin lock", HD_CLEAN, {count_under_spin_lock, count_under_spin_lock, count_under_spin_lock}},
    {"ticket lock",
     HD_CLEAN,
     {count_under_ticket_lock, count_under_ticket_lock, count_under_ticket_lock}},
    {"compare and exchange", HD_CLEAN, {count_by_compare, count_by_compare, count_by_compare}},
    {"mutex that is tried",
     HD_CLEAN,
     {count_under_tried_mutex, count_under_tried_mutex, count_under_tried_mutex}},
    {"turns", HD_CLEAN, {count_turns, count_turns, set_over}},
    {"turns, sleeping", HD_CLEAN, {count_turns_sleeping, count_turns_sleeping, set_over}},
    {"turns, waiting", HD_CLEAN, {count_turns_waiting, sleep_and_set_over}},
    {"mutex that is kept", HD_LIVELOCK, {keep_mutex, count_under_tried_mutex}},
    {"plain flag", HD_DATA_RACE, {await_plain_flag, set_plain_flag}},
    {NULL, HD_CLEAN, {NULL}},
};
