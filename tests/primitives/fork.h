/*
 * Fork: run a function in a child process, and see that it returns.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_FORK_H
#define HEDDLE_TESTS_PRIMITIVES_FORK_H

/* What the child runs. A check that fails in it ends it, and then fails the test. */
typedef void hd_fork_child(void *shared);

/* Run child(shared) in a forked process, and fail unless it returns. */
void hd_fork(hd_fork_child *child, void *shared);

/* The same while the parent has other threads, which sleep in an event of their own. */
void hd_fork_among_threads(hd_fork_child *child, void *shared);

#endif
