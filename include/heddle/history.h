/*
 * History: what the operations on an object returned, to be compared with what it should do.
 *
 *     hd_fifo_queue_init(&queue, 1);
 *     hd_history_begin(&queue, &hd_specification_fifo_queue, 1);
 *     ...
 *     hd_history_call(&queue, HD_OP_PUT, 7);
 *     enum hd_result result = hd_fifo_queue_put(&queue, &item);
 *     hd_history_return(&queue, result, 0);
 *
 * After each execution the engine looks for an order of the operations in which each of them takes
 * effect between its call and its return and gives what it gave, by the specification. If there is
 * none, that is the finding HD_NOT_LINEARIZABLE: at the return of the first operation that nothing
 * explains, once it has returned. If threads wait for ever, the deadlock also says whether the
 * specification lets them wait.
 *
 * Recording changes nothing: it is no event, orders nothing, takes no time. A call counts from the
 * moment at which its thread first does something that others can see, or else from its return: as
 * the thread could have called it only then. After a data race this is not known, and it counts
 * from where it stands.
 *
 * Limits: HD_HISTORIES_MAX histories and HD_HISTORY_OPERATIONS_MAX operations in an execution; one
 * more is the finding HD_FAILURE.
 *
 * Concurrency   All three may be called by any thread of an execution, at any time; a thread has at
 *               most one operation on one object that has not returned. Outside executions all
 *               three do nothing.
 * Ordering      None, on purpose.
 * Source        Herlihy, Wing, Linearizability, TOPLAS 1990; Burckhardt et al., Line-Up, PLDI 2010.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_HISTORY_H
#define HEDDLE_HISTORY_H

#include <stdint.h>

#include <heddle/specification.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HD_HISTORIES_MAX 16
#define HD_HISTORY_OPERATIONS_MAX 1024

/*
 * From now on operations on `object` are recorded. The object is only a name: its memory is not
 * touched. Of an object that has a history, a new one begins.
 *
 * Requires    A complete specification. No operation on the object runs.
 * Blocks      No.
 * Ownership   The specification stays the caller's, and valid until the process ends.
 * Ordering    None.
 */
void hd_history_begin(const void *object,
                      const struct hd_specification *specification,
                      uint64_t parameter);

/*
 * The calling thread is about to begin the operation `code` on `object`.
 *
 * Requires    hd_history_begin() of the object, in this execution.
 * Blocks      No.
 * Ownership   The object is only a name.
 * Ordering    None.
 */
void hd_history_call(const void *object, uint32_t code, uint64_t argument);

/*
 * The same, of an operation with a key or, in a priority queue, a priority.
 *
 * Requires    As above.
 * Blocks      No.
 * Ownership   The object is only a name.
 * Ordering    None.
 */
void hd_history_call_key(const void *object, uint32_t code, uint64_t key, uint64_t argument);

/*
 * The calling thread's operation on `object` has returned `outcome`, and `value` beside it; what it
 * has not is 0. An operation without it is pending: it may have taken effect or not.
 *
 * Requires    hd_history_call() of this object by this thread.
 * Blocks      No.
 * Ownership   The object is only a name.
 * Ordering    None.
 */
void hd_history_return(const void *object, int outcome, uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
