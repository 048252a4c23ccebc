/*
 * Torn point: a reader sees the x of one point and the y of another.
 *
 * Bug      Data races on `x` and `y`: they are set one after the other, and read in between.
 * Needs    2 threads; 0 preemptions for the race, 1 for check to fail: between the two writes, or
 *          between the two reads.
 * Fix      Hold `lock` while the point is set, and while it is read.
 * Source   Textbook.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

#include <heddle/check.h>

struct point {
    int x;
    int y;
};

struct shared {
    pthread_mutex_t lock;
    struct point point; /* under lock, in the repaired twin; x and y are equal */
    struct point seen;  /* written by the reader only */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
}

static void move(void *state)
{
    struct shared *shared = state;

    shared->point.x = 1; /* finding */
    shared->point.y = 1; /* finding */
}

static void look(void *state)
{
    struct shared *shared = state;

    shared->seen.x = shared->point.x; /* finding */
    shared->seen.y = shared->point.y; /* finding */
}

static void move_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->point.x = 1;
    shared->point.y = 1;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void look_locked(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    shared->seen.x = shared->point.x;
    shared->seen.y = shared->point.y;
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->seen.x == shared->seen.y);
}

const struct hd_scenario hd_scenario_torn_point = {
    .summary = "x and y are set apart, and read in between",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {move, look},
    .fixed = {move_locked, look_locked},
    .check = check,
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
