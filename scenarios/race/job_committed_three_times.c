/*
 * Job committed three times: a job whose confirmation is lost goes through its stages again.
 *
 * Bug      Three workers each look a few times for a job that is at their stage, and move it on.
 *          The last one commits it, but what says so is lost, and so the job is put back to the
 *          first stage, to be committed once more each time round.
 * Needs    3 threads, 6 preemptions: each worker looks three times, and each time the job must have
 *          come to its stage.
 * Fix      What was committed is not committed again.
 * Source   At-least-once delivery of message queues, which asks for idempotent consumers: Hohpe and
 *          Woolf, Enterprise Integration Patterns, 2003.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>

#include <heddle/check.h>

#define LOOKS 3

enum stage { QUEUED, FETCHED, PARSED };

struct shared {
    pthread_mutex_t lock;
    enum stage stage; /* under lock */
    int commits;      /* under lock */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
}

static void move_on(struct shared *shared, enum stage from, enum stage to)
{
    for (int i = 0; i < LOOKS; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        if (shared->stage == from) {
            shared->stage = to;
        }
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void fetch(void *state) { move_on(state, QUEUED, FETCHED); }

static void parse(void *state) { move_on(state, FETCHED, PARSED); }

static void commit_if(struct shared *shared, bool may_repeat)
{
    for (int i = 0; i < LOOKS; i++) {
        (void)pthread_mutex_lock(&shared->lock);
        if (shared->stage == PARSED) {
            shared->commits += may_repeat || shared->commits == 0;
            shared->stage = QUEUED;
        }
        (void)pthread_mutex_unlock(&shared->lock);
    }
}

static void commit(void *state) { commit_if(state, true); }

static void commit_once(void *state) { commit_if(state, false); }

/* Twice is what the customer may not notice. */
static void check(const void *state)
{
    HD_EXPECT(((const struct shared *)state)->commits < LOOKS); /* finding */
}

const struct hd_scenario hd_scenario_job_committed_three_times = {
    .summary = "a job that comes round to be committed again",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {fetch, parse, commit},
    .fixed = {fetch, parse, commit_once},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
