/*
 * Callback under a lock: a subject tells its observer while it holds its own lock.
 *
 * Bug      The callback takes the observer's lock. The observer's own thread holds that lock and
 *          calls the subject. Neither file shows two locks: the order is made of a function
 *          pointer.
 * Needs    2 threads, 1 preemption: after one thread's first lock.
 * Fix      Copy what the callback is to be told, release the lock, then call.
 * Source   Textbook; Sutter, "Avoid calling unknown code while inside a critical section", 2007.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct subject {
    pthread_mutex_t lock;
    int value;                                   /* under lock */
    void (*callback)(void *observer, int value); /* constant after setup */
    void *observer;                              /* constant after setup */
};

struct observer {
    pthread_mutex_t lock;
    int told; /* under lock */
    int read; /* under lock */
};

struct shared {
    struct subject subject;
    struct observer observer;
};

/* ---- The observer ---------------------------------------------------------------------------- */

static void on_change(void *argument, int value)
{
    struct observer *observer = argument;

    (void)pthread_mutex_lock(&observer->lock); /* finding */
    observer->told = value;
    (void)pthread_mutex_unlock(&observer->lock);
}

/* ---- The subject ----------------------------------------------------------------------------- */

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->subject.lock, NULL) == 0);
    HD_EXPECT(pthread_mutex_init(&shared->observer.lock, NULL) == 0);
    shared->subject.callback = on_change;
    shared->subject.observer = &shared->observer;
}

static int subject_value(struct subject *subject)
{
    (void)pthread_mutex_lock(&subject->lock); /* finding */
    int value = subject->value;

    (void)pthread_mutex_unlock(&subject->lock);
    return value;
}

static void change(void *state)
{
    struct subject *subject = &((struct shared *)state)->subject;

    (void)pthread_mutex_lock(&subject->lock);
    subject->value = 1;
    subject->callback(subject->observer, subject->value);
    (void)pthread_mutex_unlock(&subject->lock);
}

static void change_then_call(void *state)
{
    struct subject *subject = &((struct shared *)state)->subject;

    (void)pthread_mutex_lock(&subject->lock);
    subject->value = 1;
    int value = subject->value;

    (void)pthread_mutex_unlock(&subject->lock);
    subject->callback(subject->observer, value);
}

static void refresh(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->observer.lock);
    shared->observer.read = subject_value(&shared->subject);
    (void)pthread_mutex_unlock(&shared->observer.lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->observer.told == 1);
}

const struct hd_scenario hd_scenario_callback_under_lock = {
    .summary = "a callback is called under a lock, and takes one itself",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {change, refresh},
    .fixed = {change_then_call, refresh},
    .check = check,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};
