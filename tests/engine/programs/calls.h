/*
 * Calls: sequences of libc calls that do the same natively and in an execution, whatever the
 * interleaving.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_CALLS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_CALLS_H

#define CALL_RESULTS_MAX 512

/* What the calls of a sequence returned, in order. */
struct call_log {
    unsigned count;
    long results[CALL_RESULTS_MAX];
};

struct call_sequence {
    const char *name;
    void (*run)(struct call_log *log);
};

/* The last of each has no name. */
extern const struct call_sequence call_mutex_sequences[];
extern const struct call_sequence call_condition_sequences[];
extern const struct call_sequence call_thread_sequences[];
extern const struct call_sequence call_thread_attributes_sequences[];
extern const struct call_sequence call_thread_c11_sequences[];
extern const struct call_sequence call_thread_cancel_sequences[];
extern const struct call_sequence call_once_sequences[];
extern const struct call_sequence call_unwind_sequences[];
extern const struct call_sequence call_futex_sequences[];
extern const struct call_sequence call_time_sequences[];
extern const struct call_sequence call_lock_sequences[];
extern const struct call_sequence call_rwlock_sequences[];
extern const struct call_sequence call_semaphore_sequences[];
extern const struct call_sequence call_robust_sequences[];

/* End the thread, in functions that clean up by unwinding. */
void call_end_in_depth(struct call_log *log);

/* End the thread in functions that do not clean up. */
void call_exit_plainly(void *log);

/* Append a result. Requires that there is room. */
static inline void call_note(struct call_log *log, long result)
{
    log->results[log->count++] = result;
}

#endif
