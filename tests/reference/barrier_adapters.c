/*
 * Barriers: hd_barrier, the five of CK, and the POSIX barrier.
 *
 * CK's barriers live in libck.so, which ThreadSanitizer does not see, so the wait says what it
 * orders: all that each thread did before its wait happens before every return from that round. It
 * does so on two addresses in turn: a thread can be one round ahead of another that has not yet
 * returned, but not two, so no thread is taken to be ordered after a round that it has not passed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <limits.h>
#include <pthread.h>
#include <stdlib.h>

#include <ck_barrier.h>

#include <heddle/barrier.h>

#include "tests/reference/adapters.h"
#include "tests/reference/object.h"
#include "tests/reference/ordering.h"
#include "tests/reference/posix.h"

static void *hd_create(unsigned parties)
{
    struct hd_barrier *barrier = hd_object_new(1, sizeof(*barrier));

    if (hd_barrier_init(barrier, parties, NULL, NULL) != HD_OK) {
        abort();
    }
    return barrier;
}

static void hd_destroy(void *barrier)
{
    hd_barrier_destroy(barrier);
    free(barrier);
}

static enum hd_result hd_wait(void *barrier, unsigned self, uint32_t *index)
{
    (void)self;
    return hd_barrier_wait(barrier, index);
}

/* One of CK's, with the state that it keeps for each thread. */
struct ck_any_barrier {
    union {
        ck_barrier_centralized_t centralized;
        struct {
            ck_barrier_combining_t tree;
            ck_barrier_combining_group_t root;
            ck_barrier_combining_group_t groups[HD_THREADS_MAX / 2]; /* two threads each */
        } combining;
        struct {
            ck_barrier_dissemination_t threads[HD_THREADS_MAX];
            ck_barrier_dissemination_flag_t *flags[HD_THREADS_MAX];
        } dissemination;
        struct {
            ck_barrier_tournament_t tree;
            ck_barrier_tournament_round_t *rounds[HD_THREADS_MAX];
        } tournament;
        ck_barrier_mcs_t mcs[HD_THREADS_MAX];
    } shared;         /* libck.so only */
    unsigned parties; /* constant after create */
    struct {
        union {
            ck_barrier_centralized_state_t centralized;
            ck_barrier_combining_state_t combining;
            ck_barrier_dissemination_state_t dissemination;
            ck_barrier_tournament_state_t tournament;
            ck_barrier_mcs_state_t mcs;
        } state;
        unsigned round;        /* rounds that this thread has entered */
    } threads[HD_THREADS_MAX]; /* each that thread only */
    char order[2];             /* addresses for ThreadSanitizer: even rounds, odd rounds */
};

static struct ck_any_barrier *ck_new(unsigned parties)
{
    struct ck_any_barrier *barrier = hd_object_new(1, sizeof(*barrier));

    barrier->parties = parties;
    return barrier;
}

static void before_wait(struct ck_any_barrier *barrier, unsigned self)
{
    hd_order_release(&barrier->order[barrier->threads[self].round % 2]);
}

static enum hd_result after_wait(struct ck_any_barrier *barrier, unsigned self)
{
    hd_order_acquire(&barrier->order[barrier->threads[self].round % 2]);
    barrier->threads[self].round++;
    return HD_OK;
}

static void *centralized_create(unsigned parties)
{
    return ck_new(parties); /* CK_BARRIER_CENTRALIZED_INITIALIZER and its state are zeros */
}

static enum hd_result centralized_wait(void *object, unsigned self, uint32_t *index)
{
    struct ck_any_barrier *barrier = object;

    *index = 0;
    before_wait(barrier, self);
    ck_barrier_centralized(&barrier->shared.centralized, &barrier->threads[self].state.centralized,
                           barrier->parties);
    return after_wait(barrier, self);
}

static void *combining_create(unsigned parties)
{
    struct ck_any_barrier *barrier = ck_new(parties);

    ck_barrier_combining_init(&barrier->shared.combining.tree, &barrier->shared.combining.root);
    for (unsigned first = 0; first < parties; first += 2) {
        ck_barrier_combining_group_init(&barrier->shared.combining.tree,
                                        &barrier->shared.combining.groups[first / 2],
                                        parties - first < 2 ? 1 : 2);
    }
    for (unsigned thread = 0; thread < parties; thread++) {
        barrier->threads[thread].state.combining.sense = UINT_MAX; /* as CK's initializer */
    }
    return barrier;
}

static enum hd_result combining_wait(void *object, unsigned self, uint32_t *index)
{
    struct ck_any_barrier *barrier = object;

    *index = 0;
    before_wait(barrier, self);
    ck_barrier_combining(&barrier->shared.combining.tree,
                         &barrier->shared.combining.groups[self / 2],
                         &barrier->threads[self].state.combining);
    return after_wait(barrier, self);
}

static void *dissemination_create(unsigned parties)
{
    struct ck_any_barrier *barrier = ck_new(parties);

    for (unsigned thread = 0; thread < parties; thread++) {
        barrier->shared.dissemination.flags[thread] = hd_object_new(
            ck_barrier_dissemination_size(parties) + 1, sizeof(ck_barrier_dissemination_flag_t));
    }
    ck_barrier_dissemination_init(barrier->shared.dissemination.threads,
                                  barrier->shared.dissemination.flags, parties);
    for (unsigned thread = 0; thread < parties; thread++) {
        ck_barrier_dissemination_subscribe(barrier->shared.dissemination.threads,
                                           &barrier->threads[thread].state.dissemination);
    }
    return barrier;
}

static void dissemination_destroy(void *object)
{
    struct ck_any_barrier *barrier = object;

    for (unsigned thread = 0; thread < barrier->parties; thread++) {
        free(barrier->shared.dissemination.flags[thread]);
    }
    free(barrier);
}

static enum hd_result dissemination_wait(void *object, unsigned self, uint32_t *index)
{
    struct ck_any_barrier *barrier = object;

    *index = 0;
    before_wait(barrier, self);
    ck_barrier_dissemination(barrier->shared.dissemination.threads,
                             &barrier->threads[self].state.dissemination);
    return after_wait(barrier, self);
}

static void *tournament_create(unsigned parties)
{
    struct ck_any_barrier *barrier = ck_new(parties);

    for (unsigned thread = 0; thread < parties; thread++) {
        barrier->shared.tournament.rounds[thread] = hd_object_new(
            ck_barrier_tournament_size(parties) + 1, sizeof(ck_barrier_tournament_round_t));
    }
    ck_barrier_tournament_init(&barrier->shared.tournament.tree, barrier->shared.tournament.rounds,
                               parties);
    for (unsigned thread = 0; thread < parties; thread++) {
        ck_barrier_tournament_subscribe(&barrier->shared.tournament.tree,
                                        &barrier->threads[thread].state.tournament);
    }
    return barrier;
}

static void tournament_destroy(void *object)
{
    struct ck_any_barrier *barrier = object;

    for (unsigned thread = 0; thread < barrier->parties; thread++) {
        free(barrier->shared.tournament.rounds[thread]);
    }
    free(barrier);
}

static enum hd_result tournament_wait(void *object, unsigned self, uint32_t *index)
{
    struct ck_any_barrier *barrier = object;

    *index = 0;
    before_wait(barrier, self);
    ck_barrier_tournament(&barrier->shared.tournament.tree,
                          &barrier->threads[self].state.tournament);
    return after_wait(barrier, self);
}

static void *mcs_create(unsigned parties)
{
    struct ck_any_barrier *barrier = ck_new(parties);

    ck_barrier_mcs_init(barrier->shared.mcs, parties);
    for (unsigned thread = 0; thread < parties; thread++) {
        ck_barrier_mcs_subscribe(barrier->shared.mcs, &barrier->threads[thread].state.mcs);
    }
    return barrier;
}

static enum hd_result mcs_wait(void *object, unsigned self, uint32_t *index)
{
    struct ck_any_barrier *barrier = object;

    *index = 0;
    before_wait(barrier, self);
    ck_barrier_mcs(barrier->shared.mcs, &barrier->threads[self].state.mcs);
    return after_wait(barrier, self);
}

static void *posix_create(unsigned parties)
{
    pthread_barrier_t *barrier = hd_object_new(1, sizeof(*barrier));

    if (pthread_barrier_init(barrier, NULL, parties) != 0) {
        abort();
    }
    return barrier;
}

static void posix_destroy(void *barrier)
{
    if (pthread_barrier_destroy(barrier) != 0) {
        abort();
    }
    free(barrier);
}

static enum hd_result posix_wait(void *barrier, unsigned self, uint32_t *index)
{
    int status = pthread_barrier_wait(barrier);

    (void)self;
    *index = 0;
    return status == PTHREAD_BARRIER_SERIAL_THREAD ? HD_OK : hd_posix_result(status);
}

const struct hd_barrier_adapter hd_barrier_adapters[] = {
    {
        .name = "hd_barrier",
        .can = HD_CAN_EVERYTHING,
        .create = hd_create,
        .destroy = hd_destroy,
        .wait = hd_wait,
    },
    {
        .name = "ck_barrier_centralized",
        .create = centralized_create,
        .destroy = free,
        .wait = centralized_wait,
    },
    {
        .name = "ck_barrier_combining",
        .create = combining_create,
        .destroy = free,
        .wait = combining_wait,
    },
    {
        .name = "ck_barrier_dissemination",
        .create = dissemination_create,
        .destroy = dissemination_destroy,
        .wait = dissemination_wait,
    },
    {
        .name = "ck_barrier_tournament",
        .create = tournament_create,
        .destroy = tournament_destroy,
        .wait = tournament_wait,
    },
    {
        .name = "ck_barrier_mcs",
        .create = mcs_create,
        .destroy = free,
        .wait = mcs_wait,
    },
    {
        .name = "pthread_barrier",
        .can = HD_CAN_BLOCK,
        .create = posix_create,
        .destroy = posix_destroy,
        .wait = posix_wait,
    },
};
const size_t hd_barrier_adapters_count =
    sizeof(hd_barrier_adapters) / sizeof(hd_barrier_adapters[0]);
