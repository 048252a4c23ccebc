/*
 * Allocation: programs whose allocations fail when a choice says so.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_ALLOCATION_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_ALLOCATION_H

/* The functions that allocate, each of which may fail. */
#define ALLOCATION_CALLS 9

/* Calls each, expects what it promises if it fails, and tells an uninstrumented function so. */
void hd_allocation_call_all(void *unused);
void hd_test_allocation_failed(unsigned call);

/* Fails if the second of its allocations does. */
void hd_allocation_forget(void *unused);

/* Fails if two threads are in it at once, whatever its allocations do. */
void hd_allocation_overlap(void *unused);

#endif
