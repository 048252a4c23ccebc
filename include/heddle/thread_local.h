/*
 * Thread-local: one variable with a value of its own in each thread.
 *
 *     static struct hd_thread_local buffer = HD_THREAD_LOCAL_INITIALIZER(free);
 *
 *     if (hd_thread_local_get(&buffer) == NULL) {
 *         result = hd_thread_local_set(&buffer, malloc(4096)); // freed when this thread ends
 *     }
 *
 * Concurrency   Which calls may run at the same time on one object ("-" may, "X" may not):
 *
 *                            init  get  set  destroy
 *                 init        X     X    X      X
 *                 get         X     -    -      X
 *                 set         X     -    -      X
 *                 destroy     X     X    X      X
 *
 * Lifetime      It must outlive every thread that has set a value and not ended, or be destroyed
 *               first.
 * Ordering      None between threads: no thread sees another's value.
 * Destructor    Runs when a thread ends, with its value, unless that is NULL; never for the thread
 *               that ends the process by returning from main. A value set by a destructor is
 *               destroyed in turn, up to 4 rounds.
 * Fork          The child may use it; the values of other threads are not destroyed in the child.
 * Source        Semantics of Python's threading.local, for one attribute; POSIX keys underneath, of
 *               which a process has 1024 (PTHREAD_KEYS_MAX). One is taken at the first set.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_THREAD_LOCAL_H
#define HEDDLE_THREAD_LOCAL_H

#include <stddef.h>
#include <stdint.h>

#include <heddle/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Disposes of a thread's last value. Runs in that thread. */
typedef void hd_thread_local_destructor(void *value);

struct hd_thread_local {
    uint32_t key;                           /* atomic: 0, or 1 + the POSIX key; set once */
    hd_thread_local_destructor *destructor; /* constant after init; may be NULL */
};

/* `destructor` may be NULL. */
#define HD_THREAD_LOCAL_INITIALIZER(destructor) {0, (destructor)}

/*
 * Make `local` a variable that is NULL in every thread. HD_THREAD_LOCAL_INITIALIZER does the same.
 *
 * Requires    Nobody uses *local. `destructor` may be NULL.
 * Blocks      No.
 * Ordering    None; publish the variable to other threads by other means.
 */
void hd_thread_local_init(struct hd_thread_local *local, hd_thread_local_destructor *destructor);

/*
 * End the life of `local`. Values that threads still have are forgotten, not destroyed.
 *
 * Requires    Nobody is calling into *local.
 * Blocks      No.
 * Ordering    None.
 */
void hd_thread_local_destroy(struct hd_thread_local *local);

/*
 * The calling thread's value.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     What this thread set last; NULL if it has set nothing.
 * Ownership   The value stays where it is.
 * Ordering    None.
 */
void *hd_thread_local_get(const struct hd_thread_local *local);

/*
 * Give the calling thread another value. The destructor is not called for the old one.
 *
 * Requires    Initialised.
 * Blocks      No.
 * Returns     HD_OK         this thread's value is `value`.
 *             HD_NO_MEMORY  the process has run out of keys or memory; nothing has changed.
 * Ownership   On HD_OK the destructor, if there is one, gets the value when the thread ends.
 * Ordering    None.
 */
HD_MUST_CHECK enum hd_result hd_thread_local_set(struct hd_thread_local *local, void *value);

#ifdef __cplusplus
}
#endif

#endif
