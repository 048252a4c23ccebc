/*
 * Two accesses to `data', and calls between them that order them or do not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/orders.h"

#include <linux/futex.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>
#include <semaphore.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const struct timespec year_2030 = {.tv_sec = 1893456000};
int order_sink; /* not static: else nothing would be read into it */
static int data;

static void write_data(void) { data = 1; }

/* Only `data' may race. */
static void read_data(void) { __atomic_store_n(&order_sink, data, __ATOMIC_RELAXED); }

/* ---- Mutexes --------------------------------------------------------------------------------- */

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void write_locked(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    write_data();
    (void)pthread_mutex_unlock(&mutex);
}

static void read_if_free(void *unused)
{
    (void)unused;
    if (pthread_mutex_trylock(&mutex) == 0) {
        read_data();
        (void)pthread_mutex_unlock(&mutex);
    }
}

static void read_if_busy(void *unused)
{
    (void)unused;
    if (pthread_mutex_trylock(&mutex) == 0) {
        (void)pthread_mutex_unlock(&mutex);
    } else {
        read_data();
    }
}

static void read_locked_in_time(void *unused)
{
    (void)unused;
    if (pthread_mutex_timedlock(&mutex, &year_2030) == 0) {
        read_data();
        (void)pthread_mutex_unlock(&mutex);
    }
}

static void read_after_unlock(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    (void)pthread_mutex_unlock(&mutex);
    read_data();
}

static void initialize(void *unused)
{
    (void)unused;
    (void)pthread_mutex_init(&mutex, NULL);
}

/* ---- Conditions ------------------------------------------------------------------------------ */

static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;

static void write_then_signal(void *unused)
{
    (void)unused;
    write_data();
    (void)pthread_cond_signal(&condition);
}

/* A notify alone orders nothing. */
static void wait_then_read(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    if (pthread_cond_timedwait(&condition, &mutex, &year_2030) == 0) {
        read_data();
    }
    (void)pthread_mutex_unlock(&mutex);
}

static void write_and_signal_locked(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    write_data();
    (void)pthread_cond_broadcast(&condition);
    (void)pthread_mutex_unlock(&mutex);
}

static void wait_for_data(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&mutex);
    while (data == 0) {
        (void)pthread_cond_wait(&condition, &mutex);
    }
    (void)pthread_mutex_unlock(&mutex);
}

/* ---- Threads --------------------------------------------------------------------------------- */

static pthread_t handle;

static void *write_in_thread(void *unused)
{
    (void)unused;
    write_data();
    return NULL;
}

static void create_then_join(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, write_in_thread, NULL);
    (void)pthread_join(thread, NULL);
    read_data();
}

static void write_then_create(void *unused)
{
    pthread_t thread;

    (void)unused;
    write_data();
    (void)pthread_create(&thread, NULL, write_in_thread, NULL);
    (void)pthread_detach(thread);
}

static void create_then_read(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, write_in_thread, NULL);
    read_data();
    (void)pthread_join(thread, NULL);
}

static void create_then_try_to_join(void *unused)
{
    pthread_t thread;

    (void)unused;
    (void)pthread_create(&thread, NULL, write_in_thread, NULL);
    if (pthread_tryjoin_np(thread, NULL) == 0) {
        read_data();
    } else {
        (void)pthread_detach(thread);
    }
}

static void *read_handle(void *unused)
{
    (void)unused;
    return pthread_equal(handle, pthread_self()) != 0 ? &handle : NULL;
}

static void create_into_handle(void *unused)
{
    (void)unused;
    (void)pthread_create(&handle, NULL, read_handle, NULL);
}

static void read_others_handle(void *unused)
{
    (void)unused;
    __atomic_store_n(&order_sink, pthread_equal(handle, pthread_self()), __ATOMIC_RELAXED);
}

/* ---- Other locks ----------------------------------------------------------------------------- */

static sem_t semaphore; /* zeroes are a semaphore without units */
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void write_then_post(void *unused)
{
    (void)unused;
    write_data();
    (void)sem_post(&semaphore);
}

static void await_then_read(void *unused)
{
    (void)unused;
    (void)sem_wait(&semaphore);
    read_data();
}

static void write_exclusively(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_wrlock(&rwlock);
    write_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void read_shared(void *unused)
{
    (void)unused;
    (void)pthread_rwlock_rdlock(&rwlock);
    read_data();
    (void)pthread_rwlock_unlock(&rwlock);
}

static void write_once(void *unused)
{
    (void)unused;
    (void)pthread_once(&once, write_data);
}

static void write_once_then_read(void *unused)
{
    (void)unused;
    (void)pthread_once(&once, write_data);
    read_data();
}

/* ---- Futexes and annotations ----------------------------------------------------------------- */

static uint32_t word;

static void write_then_wake(void *unused)
{
    (void)unused;
    write_data();
    (void)syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* The kernel orders nothing; programs order by the word. */
static void sleep_then_read(void *unused)
{
    static const struct timespec an_hour = {.tv_sec = 3600};

    (void)unused;
    if (syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &an_hour, NULL, 0) == 0) {
        read_data();
    }
}

static void write_then_release(void *unused)
{
    (void)unused;
    write_data();
    __tsan_release(&data);
    __atomic_store_n(&word, 1U, __ATOMIC_RELAXED);
}

static void acquire_then_read(void *unused)
{
    (void)unused;
    if (__atomic_load_n(&word, __ATOMIC_RELAXED) == 1) {
        __tsan_acquire(&data);
        read_data();
    }
}

static void read_without_acquire(void *unused)
{
    (void)unused;
    if (__atomic_load_n(&word, __ATOMIC_RELAXED) == 1) {
        read_data();
    }
}

/* Who counts down to nothing acquires what the others released: the call in place of a fence. */
static unsigned owners = 2;

static void read_then_count_down(int order)
{
    read_data();
    if (__atomic_fetch_sub(&owners, 1U, order) == 1) {
        __tsan_acquire(&owners);
        write_data();
    }
}

static void give_up(void *unused)
{
    (void)unused;
    read_then_count_down(__ATOMIC_RELEASE);
}

static void give_up_relaxed(void *unused)
{
    (void)unused;
    read_then_count_down(__ATOMIC_RELAXED);
}

/* A lock that only says that it is one. */
static void write_annotated(void *unused)
{
    (void)unused;
    __tsan_mutex_pre_lock(&word, 0);
    __tsan_mutex_post_lock(&word, 0, 0);
    write_data();
    (void)__tsan_mutex_pre_unlock(&word, 0);
    __tsan_mutex_post_unlock(&word, 0);
}

const struct race_program order_programs[] = {
    {"mutex, try that succeeds", false, {write_locked, read_if_free}},
    {"mutex, try that fails", true, {write_locked, read_if_busy}},
    {"mutex, in time", false, {write_locked, read_locked_in_time}},
    {"mutex, after unlock", true, {write_locked, read_after_unlock}},
    {"mutex initialized twice", true, {initialize, initialize}},
    {"signal alone", true, {write_then_signal, wait_then_read}},
    {"condition", false, {write_and_signal_locked, wait_for_data, wait_for_data}},
    {"create and join", false, {create_then_join}},
    {"write before create", false, {write_then_create}},
    {"read before join", true, {create_then_read}},
    {"try to join", false, {create_then_try_to_join}},
    {"handle read by its thread", false, {create_into_handle}},
    {"handle read by another", true, {create_into_handle, read_others_handle}},
    {"semaphore", false, {write_then_post, await_then_read}},
    {"readers and writers", false, {write_exclusively, read_shared, read_shared}},
    {"once", false, {write_once, write_once_then_read, write_once_then_read}},
    {"futex alone", true, {write_then_wake, sleep_then_read}},
    {"annotated release and acquire", false, {write_then_release, acquire_then_read}},
    {"annotated release alone", true, {write_then_release, read_without_acquire}},
    {"count down, annotated acquire", false, {give_up, give_up}},
    {"count down, nothing released", true, {give_up_relaxed, give_up_relaxed}},
    {"annotated lock", true, {write_annotated, write_annotated}},
    {NULL, false, {NULL}},
};
