/*
 * Freed while used: one thread closes a session that another still serves.
 *
 * Bug      Use after free: nothing orders the free and the last use. Whichever comes first in an
 *          execution, it is the same mistake.
 * Needs    2 threads, 0 preemptions: whoever comes first, nothing orders the two.
 * Fix      Count the references; whoever drops the last one frees.
 * Source   Textbook: who owns it?
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>

struct session {
    int references; /* atomic; in the repaired twin */
    int requests;   /* written by the server only */
};

struct shared {
    struct session *session; /* constant after setup */
};

static void setup(void *state)
{
    struct shared *shared = state;
    struct session *session = malloc(sizeof(*session));

    HD_EXPECT(session != NULL);
    session->references = 2;
    session->requests = 0;
    shared->session = session;
}

static void serve(void *state)
{
    struct shared *shared = state;

    shared->session->requests++; /* finding */
}

static void close_session(void *state)
{
    struct shared *shared = state;

    free(shared->session);
}

static void drop(struct session *session)
{
    /* Both: pairs with itself in the other thread, whose uses end before the free. */
    if (__atomic_sub_fetch(&session->references, 1, __ATOMIC_ACQ_REL) == 0) {
        free(session);
    }
}

static void serve_and_drop(void *state)
{
    struct shared *shared = state;

    shared->session->requests++;
    drop(shared->session);
}

static void drop_session(void *state)
{
    struct shared *shared = state;

    drop(shared->session);
}

const struct hd_scenario hd_scenario_freed_while_used = {
    .summary = "a session is freed by one thread and used by the other",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {serve, close_session},
    .fixed = {serve_and_drop, drop_session},
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
