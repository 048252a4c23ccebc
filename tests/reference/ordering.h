/*
 * Ordering: says to ThreadSanitizer what happens in code that it does not see.
 *
 * The barriers live in libck.so, which is not instrumented: its atomics order the threads, and
 * ThreadSanitizer does not know. An adapter around such a call says what the call does:
 * hd_order_release() before it gives away what the thread has done so far, and hd_order_acquire()
 * after it takes what others gave away on the same address. Both are empty without ThreadSanitizer.
 *
 * What must hold: state no more than the call guarantees, or races of our own go unseen.
 *
 * Source: sanitizer/tsan_interface.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_ORDERING_H
#define HEDDLE_TESTS_REFERENCE_ORDERING_H

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define HD_TSAN 1
#endif
#elif defined(__SANITIZE_THREAD__)
#define HD_TSAN 1
#endif

#ifdef HD_TSAN

#include <sanitizer/tsan_interface.h>

/* Whether this is compiled for ThreadSanitizer, for tables that say what a reference can do. */
enum { HD_UNDER_TSAN = 1 };

static inline void hd_order_release(void *address) { __tsan_release(address); }

static inline void hd_order_acquire(void *address) { __tsan_acquire(address); }

#else

enum { HD_UNDER_TSAN = 0 };

static inline void hd_order_release(void *address) { (void)address; }

static inline void hd_order_acquire(void *address) { (void)address; }

#endif

#endif
