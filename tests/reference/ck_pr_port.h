/*
 * ck_pr on __atomic builtins: Concurrency Kit's atomics in a form that race detectors can see.
 *
 * CK's own ck_pr.h is inline assembly, or volatile accesses between fences. ThreadSanitizer sees no
 * atomics in the first and takes no order from fences in the second, so it calls CK's algorithms
 * racy where they are not. This header takes the include guard of ck_pr.h and provides the
 * interface of ck_pr(3) itself; it must come before any CK header, and CK's algorithms are then
 * compiled with it.
 *
 * Orders. CK surrounds relaxed accesses with fences. A detector that ignores fences must find the
 * order on the access, so here every load acquires, every store releases and every
 * read-modify-write does both; each pairs with any such access of the same word by another thread.
 * The fences are issued as well: they alone order a store before a later load of another word,
 * which ck_rwlock and ck_bytelock need.
 *
 * Misses. These orders are at least as strong as CK's own, so a fence that CK should have and has
 * not goes unnoticed here.
 *
 * Macros that generate functions. The interface is a product: 34 operations by 10 types, in names
 * that CK's headers spell out. Written out it would be 300 copies of these bodies, which nobody
 * would compare; a table of function pointers cannot stand behind names with 10 types. So this is
 * the place where one macro makes the operations of one type.
 *
 * Differences. ck_pr_stall() gives the processor away: threads that spin for one another share two
 * cores here. Stores are functions without CK's check that the value's type fits. Restricted
 * transactional memory is not offered, and `short` is on every machine.
 *
 * Source: ck_pr(3) and the manual pages it names, Concurrency Kit 0.7.1.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_CK_PR_PORT_H
#define HEDDLE_TESTS_REFERENCE_CK_PR_PORT_H

#ifdef CK_PR_H
#error "ck_pr_port.h must come before every header of Concurrency Kit"
#endif
#define CK_PR_H

#if defined(__clang__) && defined(__x86_64__) && !defined(__GCC_HAVE_SYNC_COMPARE_AND_SWAP_16)
#error "compile with -mcx16: a pair is otherwise swapped in libatomic, unseen by ThreadSanitizer"
#endif

#include <sched.h>
#include <stdbool.h>
#include <stdint.h>

#include <ck_cc.h>
#include <ck_limits.h>
#include <ck_md.h>
#include <ck_stdbool.h>
#include <ck_stdint.h>

/* CK's headers ask for these features before they offer what needs them. */
#define CK_F_PR
#define CK_F_PR_AND_UINT
#define CK_F_PR_CAS_32
#define CK_F_PR_CAS_64
#define CK_F_PR_CAS_PTR_2
#define CK_F_PR_CAS_PTR_2_VALUE
#define CK_F_PR_FAA_8
#define CK_F_PR_FAA_32
#define CK_F_PR_FAA_64
#define CK_F_PR_INC_16
#define CK_F_PR_INC_32
#define CK_F_PR_LOAD_32
#define CK_F_PR_LOAD_64
#define CK_F_PR_LOAD_UINT
#define CK_F_PR_OR_UINT
#define CK_F_PR_STORE_64
#define CK_F_PR_STORE_UINT
#define CK_F_PR_RFO

/* Keeps the compiler from moving memory accesses across it. */
static inline void ck_pr_barrier(void) { __atomic_signal_fence(__ATOMIC_SEQ_CST); }

/* Called in each turn of a loop that waits for another thread. */
static inline void ck_pr_stall(void) { (void)sched_yield(); }

/* A hint that the caller is about to write to `target`. */
static inline void ck_pr_rfo(const void *target) { __builtin_prefetch(target, 1); }

/*
 * A fence's name says which accesses before it stay ahead of which after it; "atomic" stands for a
 * read-modify-write. The "strict" form is one that CK issues on every machine.
 */
#define HD_CK_PR_FENCE(kind, order)                                                                \
    static inline void ck_pr_fence_strict_##kind(void) { __atomic_thread_fence(order); }           \
    static inline void ck_pr_fence_##kind(void) { __atomic_thread_fence(order); }

/* Pair with each other: what a thread did before a release is seen by one that reads after it. */
HD_CK_PR_FENCE(load, __ATOMIC_ACQUIRE)
HD_CK_PR_FENCE(load_load, __ATOMIC_ACQUIRE)
HD_CK_PR_FENCE(load_depends, __ATOMIC_ACQUIRE)
HD_CK_PR_FENCE(acquire, __ATOMIC_ACQUIRE)
HD_CK_PR_FENCE(store, __ATOMIC_RELEASE)
HD_CK_PR_FENCE(store_store, __ATOMIC_RELEASE)
HD_CK_PR_FENCE(release, __ATOMIC_RELEASE)
HD_CK_PR_FENCE(acqrel, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(lock, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(unlock, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(load_store, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(load_atomic, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(store_atomic, __ATOMIC_ACQ_REL)
HD_CK_PR_FENCE(atomic_store, __ATOMIC_ACQ_REL)

/*
 * Only this order keeps a store before a later load. Pairs with the same fence in the other thread.
 */
HD_CK_PR_FENCE(atomic, __ATOMIC_SEQ_CST)
HD_CK_PR_FENCE(atomic_atomic, __ATOMIC_SEQ_CST)
HD_CK_PR_FENCE(atomic_load, __ATOMIC_SEQ_CST)
HD_CK_PR_FENCE(store_load, __ATOMIC_SEQ_CST)
HD_CK_PR_FENCE(memory, __ATOMIC_SEQ_CST)

#undef HD_CK_PR_FENCE

/*
 * Load, fetch-and-store, compare-and-swap. `object` is what the caller's pointer points to: void
 * for pointers, which may be of any type; else `type`. CK reads one word as several types (the
 * halves of a ticket, the bytes of a bytelock), hence may_alias.
 */
#define HD_CK_PR_ACCESS(width, object, type)                                                       \
    typedef type hd_ck_pr_##width __attribute__((may_alias));                                      \
    static inline type ck_pr_load_##width(const object *target)                                    \
    {                                                                                              \
        const hd_ck_pr_##width *word = (const hd_ck_pr_##width *)target;                           \
        hd_ck_pr_##width value;                                                                    \
        __atomic_load(word, &value, __ATOMIC_ACQUIRE);                                             \
        return value;                                                                              \
    }                                                                                              \
    static inline type ck_pr_fas_##width(object *target, type value)                               \
    {                                                                                              \
        hd_ck_pr_##width *word = (hd_ck_pr_##width *)target;                                       \
        hd_ck_pr_##width update = value;                                                           \
        hd_ck_pr_##width previous;                                                                 \
        __atomic_exchange(word, &update, &previous, __ATOMIC_ACQ_REL);                             \
        return previous;                                                                           \
    }                                                                                              \
    static inline bool ck_pr_cas_##width##_value(object *target, type compare, type value,         \
                                                 object *previous)                                 \
    {                                                                                              \
        hd_ck_pr_##width *word = (hd_ck_pr_##width *)target;                                       \
        hd_ck_pr_##width *found = (hd_ck_pr_##width *)previous;                                    \
        hd_ck_pr_##width expected = compare;                                                       \
        hd_ck_pr_##width update = value;                                                           \
        bool is_set = __atomic_compare_exchange(word, &expected, &update, false, __ATOMIC_ACQ_REL, \
                                                __ATOMIC_ACQUIRE);                                 \
        *found = expected;                                                                         \
        return is_set;                                                                             \
    }                                                                                              \
    static inline bool ck_pr_cas_##width(object *target, type compare, type value)                 \
    {                                                                                              \
        hd_ck_pr_##width previous;                                                                 \
        return ck_pr_cas_##width##_value(target, compare, value, (object *)&previous);             \
    }

/* Stores of everything but pointers, which may be stored as const. */
#define HD_CK_PR_STORE(width, type)                                                                \
    static inline void ck_pr_store_##width(type *target, type value)                               \
    {                                                                                              \
        hd_ck_pr_##width *word = (hd_ck_pr_##width *)target;                                       \
        hd_ck_pr_##width update = value;                                                           \
        __atomic_store(word, &update, __ATOMIC_RELEASE);                                           \
    }

/* One operation with one operand, whose result CK does not return. */
#define HD_CK_PR_BINARY(operation, builtin, width, object, type)                                   \
    static inline void ck_pr_##operation##_##width(object *target, type value)                     \
    {                                                                                              \
        hd_ck_pr_word_##width *word = (hd_ck_pr_word_##width *)target;                             \
        (void)builtin(word, value, __ATOMIC_ACQ_REL);                                              \
    }

/* One operation without operand, in CK's three forms: does the word become zero? */
#define HD_CK_PR_UNARY(operation, width, object)                                                   \
    static inline void ck_pr_##operation##_##width(object *target)                                 \
    {                                                                                              \
        (void)ck_pr_##operation##_##width##_is_zero(target);                                       \
    }                                                                                              \
    static inline void ck_pr_##operation##_##width##_zero(object *target, bool *is_zero)           \
    {                                                                                              \
        *is_zero = ck_pr_##operation##_##width##_is_zero(target);                                  \
    }

/* One change of one bit; the result is the bit before. `bits` is the operand for that bit. */
#define HD_CK_PR_BIT(operation, builtin, bits, width, object, type)                                \
    static inline bool ck_pr_##operation##_##width(object *target, unsigned int offset)            \
    {                                                                                              \
        const uint64_t bit = UINT64_C(1) << offset;                                                \
        hd_ck_pr_word_##width *word = (hd_ck_pr_word_##width *)target;                             \
        return ((uint64_t)builtin(word, (type)(bits), __ATOMIC_ACQ_REL) & bit) != 0;               \
    }

/* Arithmetic. `type` is an integer: uintptr_t where the word is a pointer. */
#define HD_CK_PR_ARITHMETIC(width, object, type)                                                   \
    typedef type hd_ck_pr_word_##width __attribute__((may_alias));                                 \
    static inline type ck_pr_faa_##width(object *target, type delta)                               \
    {                                                                                              \
        hd_ck_pr_word_##width *word = (hd_ck_pr_word_##width *)target;                             \
        return __atomic_fetch_add(word, delta, __ATOMIC_ACQ_REL);                                  \
    }                                                                                              \
    HD_CK_PR_BINARY(add, __atomic_fetch_add, width, object, type)                                  \
    HD_CK_PR_BINARY(sub, __atomic_fetch_sub, width, object, type)                                  \
    HD_CK_PR_BINARY(and, __atomic_fetch_and, width, object, type)                                  \
    HD_CK_PR_BINARY(or, __atomic_fetch_or, width, object, type)                                    \
    HD_CK_PR_BINARY(xor, __atomic_fetch_xor, width, object, type)                                  \
    HD_CK_PR_BIT(btc, __atomic_fetch_xor, bit, width, object, type)                                \
    HD_CK_PR_BIT(btr, __atomic_fetch_and, ~bit, width, object, type)                               \
    HD_CK_PR_BIT(bts, __atomic_fetch_or, bit, width, object, type)                                 \
    static inline void ck_pr_not_##width(object *target)                                           \
    {                                                                                              \
        ck_pr_xor_##width(target, (type)UINT64_MAX);                                               \
    }                                                                                              \
    static inline bool ck_pr_inc_##width##_is_zero(object *target)                                 \
    {                                                                                              \
        return ck_pr_faa_##width(target, (type)1) == (type)UINT64_MAX;                             \
    }                                                                                              \
    static inline bool ck_pr_dec_##width##_is_zero(object *target)                                 \
    {                                                                                              \
        return ck_pr_faa_##width(target, (type)UINT64_MAX) == (type)1;                             \
    }                                                                                              \
    static inline bool ck_pr_neg_##width##_is_zero(object *target)                                 \
    {                                                                                              \
        hd_ck_pr_word_##width *word = (hd_ck_pr_word_##width *)target;                             \
        hd_ck_pr_word_##width previous = __atomic_load_n(word, __ATOMIC_ACQUIRE);                  \
        hd_ck_pr_word_##width update;                                                              \
        do {                                                                                       \
            update = (type)(UINT64_C(0) - (uint64_t)previous);                                     \
        } while (!__atomic_compare_exchange_n(word, &previous, update, true, __ATOMIC_ACQ_REL,     \
                                              __ATOMIC_ACQUIRE));                                  \
        return previous == (type)0;                                                                \
    }                                                                                              \
    HD_CK_PR_UNARY(inc, width, object)                                                             \
    HD_CK_PR_UNARY(dec, width, object)                                                             \
    HD_CK_PR_UNARY(neg, width, object)

#define HD_CK_PR_INTEGER(width, type)                                                              \
    HD_CK_PR_ACCESS(width, type, type)                                                             \
    HD_CK_PR_STORE(width, type)                                                                    \
    HD_CK_PR_ARITHMETIC(width, type, type)

HD_CK_PR_INTEGER(char, char)
HD_CK_PR_INTEGER(short, short)
HD_CK_PR_INTEGER(int, int)
HD_CK_PR_INTEGER(uint, unsigned int)
HD_CK_PR_INTEGER(8, uint8_t)
HD_CK_PR_INTEGER(16, uint16_t)
HD_CK_PR_INTEGER(32, uint32_t)
HD_CK_PR_INTEGER(64, uint64_t)

HD_CK_PR_ACCESS(ptr, void, void *)
HD_CK_PR_ARITHMETIC(ptr, void, uintptr_t)

/* `target` is the address of a pointer of any type. */
static inline void ck_pr_store_ptr(void *target, const void *value)
{
    hd_ck_pr_word_ptr *word = (hd_ck_pr_word_ptr *)target;

    __atomic_store_n(word, (uintptr_t)value, __ATOMIC_RELEASE);
}

/* The same; in CK the other one also checks types. */
static inline void ck_pr_store_ptr_unsafe(void *target, const void *value)
{
    ck_pr_store_ptr(target, value);
}

HD_CK_PR_ACCESS(double, double, double)
HD_CK_PR_STORE(double, double)

/* The builtins add no floating-point numbers. */
static inline double ck_pr_faa_double(double *target, double delta)
{
    double previous = ck_pr_load_double(target);

    while (!ck_pr_cas_double_value(target, previous, previous + delta, &previous)) {
    }
    return previous;
}

static inline void ck_pr_add_double(double *target, double value)
{
    (void)ck_pr_faa_double(target, value);
}

static inline void ck_pr_sub_double(double *target, double value)
{
    (void)ck_pr_faa_double(target, -value);
}

static inline void ck_pr_inc_double(double *target) { (void)ck_pr_faa_double(target, 1.0); }

static inline void ck_pr_dec_double(double *target) { (void)ck_pr_faa_double(target, -1.0); }

static inline void ck_pr_neg_double(double *target)
{
    double previous = ck_pr_load_double(target);

    while (!ck_pr_cas_double_value(target, previous, -previous, &previous)) {
    }
}

#undef HD_CK_PR_INTEGER
#undef HD_CK_PR_ARITHMETIC
#undef HD_CK_PR_BIT
#undef HD_CK_PR_UNARY
#undef HD_CK_PR_BINARY
#undef HD_CK_PR_STORE
#undef HD_CK_PR_ACCESS

#include "tests/reference/ck_pr_port_pair.h" /* IWYU pragma: export */

#endif
