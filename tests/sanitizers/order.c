/*
 * Orders that ThreadSanitizer has to be told of: by fences, which it ignores, and by barriers,
 * whose last thread orders all others. If it were not told, the repaired twins would be data races
 * to it.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdatomic.h>

#include <heddle/check.h>

/* ---- Fences ---------------------------------------------------------------------------------- */

struct message {
    int text; /* written before is_there */
    int read; /* by the receiver only */
    _Atomic int is_there;
};

static void send(void *state)
{
    struct message *message = state;

    message->text = 1; /* finding */
    /* Release: publishes the text. Pairs with the acquire fence in receive_fenced(). */
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&message->is_there, 1, memory_order_relaxed);
}

static void receive(void *state)
{
    struct message *message = state;

    if (atomic_load_explicit(&message->is_there, memory_order_relaxed) != 0) {
        message->read = message->text; /* finding */
    }
}

static void receive_fenced(void *state)
{
    struct message *message = state;

    if (atomic_load_explicit(&message->is_there, memory_order_relaxed) != 0) {
        /* Acquire: pairs with the release fence in send(). */
        atomic_thread_fence(memory_order_acquire);
        message->read = message->text;
    }
}

const struct hd_scenario hd_scenario_fence_missing = {
    .summary = "a message behind a flag, with a fence on one side only",
    .state_size = sizeof(struct message),
    .threads = {send, receive},
    .fixed = {send, receive_fenced},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};

/* ---- Barriers -------------------------------------------------------------------------------- */

#define PARTIES 3

struct phases {
    pthread_barrier_t all_wrote;
    int written[PARTIES]; /* each by one thread, before the barrier */
    int seen[PARTIES];    /* the same, after it */
};

static void begin_phases(void *state)
{
    struct phases *phases = state;

    HD_EXPECT(pthread_barrier_init(&phases->all_wrote, NULL, PARTIES) == 0);
}

static void write_and_look(struct phases *phases, unsigned self)
{
    unsigned next = (self + 1) % PARTIES;

    phases->written[self] = 1;                  /* finding */
    phases->seen[self] = phases->written[next]; /* finding */
    (void)pthread_barrier_wait(&phases->all_wrote);
}

static void write_wait_and_look(struct phases *phases, unsigned self)
{
    unsigned next = (self + 1) % PARTIES;

    phases->written[self] = 1;
    (void)pthread_barrier_wait(&phases->all_wrote);
    phases->seen[self] = phases->written[next];
}

static void look_early_0(void *state) { write_and_look(state, 0); }
static void look_early_1(void *state) { write_and_look(state, 1); }
static void look_early_2(void *state) { write_and_look(state, 2); }
static void look_late_0(void *state) { write_wait_and_look(state, 0); }
static void look_late_1(void *state) { write_wait_and_look(state, 1); }
static void look_late_2(void *state) { write_wait_and_look(state, 2); }

const struct hd_scenario hd_scenario_look_before_barrier = {
    .summary = "what all write before a barrier is read before it",
    .state_size = sizeof(struct phases),
    .setup = begin_phases,
    .threads = {look_early_0, look_early_1, look_early_2},
    .fixed = {look_late_0, look_late_1, look_late_2},
    .sc = HD_DATA_RACE,
    .c11 = HD_DATA_RACE,
};
