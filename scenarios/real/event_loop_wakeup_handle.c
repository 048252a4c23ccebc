/*
 * Event loop's wake-up handle: a sender touches the handle after the loop has closed it.
 *
 * Bug      A send sets the handle's pending flag, and reads then which loop it has to wake. A loop
 *          that is awake already finds the flag, calls the handle's callback, and the callback
 *          closes and frees the handle.
 * Needs    2 threads, 1 preemption: between setting the flag and reading the loop.
 * Fix      Read the loop first; the handle is not touched once the flag is set.
 * Source   libuv issue 2226, uv_async_send(). libuv's own fix makes the loop wait for the sender,
 *          as there a loop may be freed as well.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>
#include <heddle/semaphore.h>

#define HANDLES 2

struct loop {
    struct hd_semaphore wake_ups;
};

struct handle {
    struct loop *loop; /* constant after setup */
    bool is_pending;   /* atomic */
};

struct shared {
    struct loop loop;
    struct handle *handles[HANDLES]; /* each constant until the loop closes it */
    struct handle *known[HANDLES];   /* constant after setup: the sender's */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_semaphore_init(&shared->loop.wake_ups, 0) == HD_OK);
    for (int i = 0; i < HANDLES; i++) {
        shared->handles[i] = calloc(1, sizeof(struct handle));
        HD_EXPECT(shared->handles[i] != NULL);
        shared->handles[i]->loop = &shared->loop;
        shared->known[i] = shared->handles[i];
    }
}

/* ---- The loop -------------------------------------------------------------------------------- */

/* Closes the handle if there was a send. */
static bool serve(struct handle **handle)
{
    if (*handle == NULL || !__atomic_exchange_n(&(*handle)->is_pending, false, __ATOMIC_SEQ_CST)) {
        return false;
    }
    free(*handle); /* finding */
    *handle = NULL;
    return true;
}

static void run_loop(void *state)
{
    struct shared *shared = state;
    int open = HANDLES;

    while (open > 0) {
        hd_semaphore_acquire(&shared->loop.wake_ups);
        for (int i = 0; i < HANDLES; i++) {
            open -= serve(&shared->handles[i]) ? 1 : 0;
        }
    }
}

/* ---- The sender ------------------------------------------------------------------------------ */

static bool set_pending(struct handle *handle)
{
    return !__atomic_exchange_n(&handle->is_pending, true, __ATOMIC_SEQ_CST);
}

static void wake(struct loop *loop)
{
    HD_EXPECT(hd_semaphore_release(&loop->wake_ups, 1) == HD_OK);
}

static void send(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < HANDLES; i++) {
        struct handle *handle = shared->known[i];

        if (set_pending(handle)) {
            wake(handle->loop); /* finding */
        }
    }
}

static void send_with_loop(void *state)
{
    struct shared *shared = state;

    for (int i = 0; i < HANDLES; i++) {
        struct handle *handle = shared->known[i];
        struct loop *loop = handle->loop;

        if (set_pending(handle)) {
            wake(loop);
        }
    }
}

const struct hd_scenario hd_scenario_event_loop_wakeup_handle = {
    .summary = "a sender reads a handle that the loop's callback has freed",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {send, run_loop},
    .fixed = {send_with_loop, run_loop},
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
