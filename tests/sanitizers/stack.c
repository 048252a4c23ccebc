/*
 * Memory on stacks that only AddressSanitizer knows: what lies beside a local variable, and one
 * whose scope was left. Shared fields are atomics, relaxed, so that no data race is found first.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdatomic.h>
#include <string.h>

#include <heddle/check.h>

#define ROOM 8U

/* ---- A length that is read twice ------------------------------------------------------------- */

struct message {
    _Atomic unsigned length; /* at most sizeof(text) */
    char text[4 * ROOM];     /* constant */
};

static void set_short(void *state)
{
    struct message *message = state;

    atomic_store_explicit(&message->length, ROOM, memory_order_relaxed);
}

static void lengthen(void *state)
{
    struct message *message = state;

    atomic_store_explicit(&message->length, ROOM + 1, memory_order_relaxed);
}

/* Compiled as a call of memcpy(), which a hook answers. */
static void copy(void *state)
{
    struct message *message = state;
    char copied[ROOM];

    if (atomic_load_explicit(&message->length, memory_order_relaxed) <= sizeof(copied)) {
        unsigned length = atomic_load_explicit(&message->length, memory_order_relaxed);

        memcpy(copied, message->text, length); /* finding */
        HD_EXPECT(copied[0] == 0);
    }
}

static void copy_once_read(void *state)
{
    struct message *message = state;
    char copied[ROOM];
    unsigned length = atomic_load_explicit(&message->length, memory_order_relaxed);

    if (length <= sizeof(copied)) {
        memcpy(copied, message->text, length);
        HD_EXPECT(copied[0] == 0);
    }
}

const struct hd_scenario hd_scenario_copied_beyond_stack = {
    .summary = "a length is tested, then read again for the copy to a local array",
    .state_size = sizeof(struct message),
    .setup = set_short,
    .threads = {lengthen, copy},
    .fixed = {lengthen, copy_once_read},
    .sc = HD_OUT_OF_BOUNDS,
    .c11 = HD_OUT_OF_BOUNDS,
};

/* ---- The same, written by the program itself ------------------------------------------------- */

static void mark(void *state)
{
    struct message *message = state;
    volatile char marks[ROOM] = {0};

    if (atomic_load_explicit(&message->length, memory_order_relaxed) <= sizeof(marks)) {
        unsigned last = atomic_load_explicit(&message->length, memory_order_relaxed);

        ((volatile char *)marks)[last - 1] = 1; /* finding */
    }
}

static void mark_once_read(void *state)
{
    struct message *message = state;
    volatile char marks[ROOM] = {0};
    unsigned last = atomic_load_explicit(&message->length, memory_order_relaxed);

    if (last <= sizeof(marks)) {
        ((volatile char *)marks)[last - 1] = 1;
    }
}

const struct hd_scenario hd_scenario_marked_beyond_stack = {
    .summary = "a length is tested, then read again for an index into a local array",
    .state_size = sizeof(struct message),
    .setup = set_short,
    .threads = {lengthen, mark},
    .fixed = {lengthen, mark_once_read},
    .sc = HD_OUT_OF_BOUNDS,
    .c11 = HD_OUT_OF_BOUNDS,
};

/* ---- A job on the stack that is not waited for ----------------------------------------------- */

struct job {
    _Atomic int result;
};

struct desk {
    _Atomic(struct job *) job; /* NULL: none yet, or done */
};

/* Acquire: pairs with the release store of done(), or of offer(). */
static struct job *job_of(struct desk *desk)
{
    return atomic_load_explicit(&desk->job, memory_order_acquire);
}

static void offer(struct desk *desk, bool waits)
{
    {
        struct job job = {.result = 0};

        /* Release: pairs with the acquire load of job_of(). */
        atomic_store_explicit(&desk->job, &job, memory_order_release);
        while (waits && job_of(desk) != NULL) {
        }
    }
    /* The frame is still there. */
    HD_EXPECT(job_of(desk) == NULL || !waits);
}

static void done(struct desk *desk, struct job *job)
{
    atomic_store_explicit(&job->result, 1, memory_order_relaxed); /* finding */
    /* Release: pairs with the acquire load of job_of(). */
    atomic_store_explicit(&desk->job, NULL, memory_order_release);
}

static void leave(void *state) { offer(state, false); }

static void wait(void *state) { offer(state, true); }

static void work(void *state)
{
    struct desk *desk = state;
    struct job *job = job_of(desk);

    if (job != NULL) {
        done(desk, job);
    }
}

static void work_until_done(void *state)
{
    struct desk *desk = state;
    struct job *job = NULL;

    while ((job = job_of(desk)) == NULL) {
    }
    done(desk, job);
}

const struct hd_scenario hd_scenario_job_out_of_scope = {
    .summary = "a job lies in a scope that is left before the job is done",
    .state_size = sizeof(struct desk),
    .threads = {leave, work},
    .fixed = {wait, work_until_done},
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
