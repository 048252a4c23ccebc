/*
 * Statistics without a lock: the work is done under the lock, the counting after it.
 *
 * Bug      Data races on `count` and `sum`: they are "only statistics", but the reporter divides
 *          one by the other and may see a job in one and not in the other; and workers lose jobs.
 * Needs    3 threads; 0 preemptions for the race, 1 for check to fail: a worker stops between
 *          counting a job and adding its duration.
 * Fix      Count, and read the counts, under the lock.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

#define DURATION 10

struct shared {
    pthread_mutex_t lock;
    int jobs;       /* under lock */
    int count;      /* under lock, in the repaired twin: jobs done */
    int sum;        /* under lock, in the repaired twin: DURATION for each of them */
    int seen_count; /* written by the reporter only */
    int seen_sum;   /* written by the reporter only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    shared->jobs = 2;
}

static void work(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->jobs--;
    (void)pthread_mutex_unlock(&shared->lock);
    shared->count++;         /* finding */
    shared->sum += DURATION; /* finding */
}

static void report(void *state)
{
    struct shared *shared = state;

    shared->seen_count = shared->count; /* finding */
    shared->seen_sum = shared->sum;     /* finding */
}

static void work_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->jobs--;
    shared->count++;
    shared->sum += DURATION;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void report_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->seen_count = shared->count;
    shared->seen_sum = shared->sum;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->count == 2 && shared->sum == 2 * DURATION);
    HD_EXPECT(shared->seen_sum == shared->seen_count * DURATION);
}

const struct hd_scenario hd_scenario_statistics_without_lock = {
    .summary = "jobs are done under a lock and counted without it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {work, work, report},
    .fixed = {work_locked, work_locked, report_locked},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
