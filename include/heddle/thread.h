/*
 * Thread: a named thread that can be joined with a deadline.
 *
 *     struct hd_thread thread = HD_THREAD_INITIALIZER;
 *
 *     if (hd_thread_spawn(&thread, "reader", read_all, source) == HD_OK) {
 *         result = hd_thread_join_until(&thread, &bytes, deadline_ns);
 *     }
 *
 * The struct is a handle: the thread does not touch it, so it may live shorter than the thread if
 * it was detached.
 *
 * Concurrency   Which calls may run at the same time on one handle ("-" may, "X" may not):
 *
 *                            spawn  join*  detach  is_alive  id
 *                 spawn        X      X      X        X       X
 *                 join*        X      -      -        X       X
 *                 detach       X      -      -        X       X
 *                 is_alive     X      X      X        -       -
 *                 id           X      X      X        -       -
 *
 * Ordering      The spawn happens before the first step of the thread; its last step happens before
 *               the return of the join.
 * Memory        A spawn allocates; a join, or the later of detach and the thread's end, frees.
 * Fork          The child has only the thread that forked, which keeps its name and id. The child
 *               must not join the others.
 * Source        Semantics of Python's threading.Thread; departure: a second join is an error.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_THREAD_H
#define HEDDLE_THREAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/clock.h>
#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a thread's name, the final 0 included. The kernel shows the first 15. */
#define HD_THREAD_NAME_SIZE 32

/*
 * What a thread runs: it gets the argument of the spawn, and returns the result of the join. One
 * that ends by pthread_exit() or by being cancelled has the result NULL.
 */
typedef void *hd_thread_function(void *argument);

struct hd_thread_record; /* shared by the handle and the running thread */

struct hd_thread {
    uint32_t state;                  /* atomic: none, joinable, or being joined or detached */
    uint64_t id;                     /* constant after spawn */
    struct hd_thread_record *record; /* constant after spawn; freed once joined or detached */
};

#define HD_THREAD_INITIALIZER {0, 0, NULL}

/*
 * Start a thread that runs function(argument).
 *
 * Requires    Nobody uses *thread, and it is no handle of a thread still to be joined. `name` may
 *             be NULL: the thread is then called "thread-" and its id.
 * Blocks      No.
 * Returns     HD_OK         the thread runs; it is to be joined or detached.
 *             HD_NO_MEMORY  memory or threads have run out; nothing has changed.
 *             HD_INVALID    name does not fit in HD_THREAD_NAME_SIZE bytes; nothing has changed.
 * Ownership   The name is copied. `argument` stays the caller's.
 * Ordering    On HD_OK, release: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_thread_spawn(struct hd_thread *thread,
                                             const char *name,
                                             hd_thread_function *function,
                                             void *argument);

/*
 * Wait for the thread to end, and take its result.
 *
 * Requires    *thread was initialised. `result` may be NULL.
 * Blocks      Yes, until the function has returned and the thread-local destructors have run.
 * Returns     HD_OK              the thread has ended; *result is what its function returned.
 *             HD_INVALID         the thread was joined or detached already, or never spawned.
 *             HD_BUSY            another thread is joining or detaching it.
 *             HD_WOULD_DEADLOCK  the caller is that thread.
 *             On all but HD_OK nothing has changed.
 * Ownership   *result belongs to the caller.
 * Ordering    On HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result hd_thread_join(struct hd_thread *thread, void **result);

/*
 * Like hd_thread_join(), but give up at `deadline_ns`; the thread can then be joined again.
 *
 * Requires    *thread was initialised. `result` may be NULL.
 * Blocks      Yes, until the function has returned, or the deadline; then until the thread-local
 *             destructors have run. HD_FOREVER waits without a deadline.
 * Units       deadline_ns is absolute, in nanoseconds of hd_clock_ns().
 * Returns     HD_OK              the thread has ended; *result is what its function returned.
 *             HD_TIMEOUT         the function has not returned in time.
 *             HD_INVALID         the thread was joined or detached already, or never spawned.
 *             HD_BUSY            another thread is joining or detaching it.
 *             HD_WOULD_DEADLOCK  the caller is that thread.
 *             On all but HD_OK nothing has changed.
 * Ownership   *result belongs to the caller.
 * Ordering    On HD_OK, acquire: see "Ordering" above.
 */
HD_MUST_CHECK enum hd_result
hd_thread_join_until(struct hd_thread *thread, void **result, uint64_t deadline_ns);

/*
 * Let the thread end on its own: nobody will join it.
 *
 * Requires    *thread was initialised.
 * Blocks      No.
 * Returns     HD_OK       the handle may be re-used.
 *             HD_INVALID  the thread was joined or detached already, or never spawned.
 *             HD_BUSY     another thread is joining or detaching it.
 * Ordering    None.
 */
HD_MUST_CHECK enum hd_result hd_thread_detach(struct hd_thread *thread);

/*
 * Whether the thread's function is still running.
 *
 * Requires    *thread was initialised.
 * Blocks      No.
 * Returns     True from the spawn until the function has returned; false for a thread that was
 *             joined, detached or never spawned.
 * Ordering    On false for a joinable thread, acquire: after the function's last step.
 */
bool hd_thread_is_alive(const struct hd_thread *thread);

/*
 * The thread's number: unique in the process, never used again, never 0.
 *
 * Requires    *thread was initialised.
 * Blocks      No.
 * Returns     The id; 0 for a thread that was joined, detached or never spawned.
 * Ordering    None.
 */
uint64_t hd_thread_id(const struct hd_thread *thread);

/*
 * The number of the calling thread; threads that hd_thread_spawn() did not make have one as well.
 *
 * Requires    Nothing.
 * Blocks      No.
 * Returns     The id; never 0.
 * Ordering    None.
 */
uint64_t hd_thread_current_id(void);

/*
 * The name of the calling thread.
 *
 * Requires    Nothing.
 * Blocks      No.
 * Returns     The name given to hd_thread_spawn(); "" for threads that it did not make.
 * Ownership   The string lives as long as the calling thread.
 * Ordering    None.
 */
const char *hd_thread_current_name(void);

#ifdef __cplusplus
}
#endif

#endif
