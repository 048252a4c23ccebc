/*
 * Result: what an operation of this library can report to a correct program.
 *
 *     enum hd_result result = hd_lock_try_acquire(&lock);
 *
 *     if (result != HD_OK) {
 *         fprintf(stderr, "lock: %s\n", hd_result_name(result));
 *     }
 *
 * A result is never ignored silently: every function that returns one is marked HD_MUST_CHECK. What
 * only a bug inside Heddle could cause is no result: it stops the process, in every build.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_RESULT_H
#define HEDDLE_RESULT_H

#ifdef __cplusplus
extern "C" {
#endif

/* The compiler warns where a result marked so is dropped. */
#define HD_MUST_CHECK __attribute__((warn_unused_result))

/* The values are part of the ABI: they are never renumbered, new ones are added at the end. */
enum hd_result {
    HD_OK = 0,              /* done */
    HD_BUSY = 1,            /* a try found the object taken */
    HD_TIMEOUT = 2,         /* the deadline passed first */
    HD_NOT_OWNER = 3,       /* the caller does not hold what it releases or uses */
    HD_OVERFLOW = 4,        /* one release, task_done or recursion too many */
    HD_SHUTDOWN = 5,        /* the queue was shut down */
    HD_BROKEN = 6,          /* the barrier was aborted, reset, or one of its parties timed out */
    HD_EMPTY = 7,           /* a try found nothing to get */
    HD_FULL = 8,            /* a try found no room to put */
    HD_NO_MEMORY = 9,       /* memory, threads or keys have run out */
    HD_INVALID = 10,        /* an argument is outside what the function accepts */
    HD_WOULD_DEADLOCK = 11, /* waiting would wait for the caller itself */
};

/*
 * The name of a result as it stands in the source, for messages: "HD_TIMEOUT".
 *
 * Requires    Nothing; a value that is no result gives "HD_UNKNOWN".
 * Blocks      No.
 * Returns     A string constant.
 * Ownership   The string belongs to the library and lives for ever.
 * Ordering    None.
 */
const char *hd_result_name(enum hd_result result);

#ifdef __cplusplus
}
#endif

#endif
