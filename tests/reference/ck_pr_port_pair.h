/*
 * Pairs for ck_pr_port.h: 16 bytes that are compared and swapped as one, under the names that CK
 * gives them by what they hold (two pointers, four ints, 16 chars ...).
 *
 * A target must be aligned to 16 bytes, also where CK's type does not say so (struct ck_stack).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_CK_PR_PORT_PAIR_H
#define HEDDLE_TESTS_REFERENCE_CK_PR_PORT_PAIR_H

#ifndef HEDDLE_TESTS_REFERENCE_CK_PR_PORT_H
#error "include ck_pr_port.h"
#endif

#include <string.h>

/* Any 16 bytes of CK's, in a form that the builtins take. */
struct hd_ck_pr_pair {
    uint64_t half[2];
} __attribute__((aligned(16), may_alias));

/*
 * Puts what the target held into *previous, also when it equals `compare`.
 *
 * Never inlined: where the target is on the stack and that stack is addressed through rbx, as under
 * AddressSanitizer, clang 19 loads an operand of cmpxchg16b into rbx before it uses the address.
 */
__attribute__((noinline, unused)) static bool
hd_ck_pr_cas_pair(void *target, const void *compare, const void *value, void *previous)
{
    struct hd_ck_pr_pair expected;
    struct hd_ck_pr_pair update;
    bool is_set;

    memcpy(&expected, compare, sizeof(expected));
    memcpy(&update, value, sizeof(update));
    is_set = __atomic_compare_exchange((struct hd_ck_pr_pair *)target, &expected, &update, false,
                                       __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    memcpy(previous, &expected, sizeof(expected));
    return is_set;
}

/* There is no 16-byte load on all machines: swap zeros for zeros, and look. */
static inline void hd_ck_pr_load_pair(const void *target, void *value)
{
    const struct hd_ck_pr_pair zero = {{0, 0}};

    (void)hd_ck_pr_cas_pair((void *)(uintptr_t)target, &zero, &zero, value);
}

/* The names CK gives a pair of `count` values of `type`. */
#define HD_CK_PR_PAIR(width, count, type)                                                          \
    static inline void ck_pr_load_##width##_##count(const type *target, type *value)               \
    {                                                                                              \
        hd_ck_pr_load_pair(target, value);                                                         \
    }                                                                                              \
    static inline bool ck_pr_cas_##width##_##count##_value(type *target, const type *compare,      \
                                                           const type *value, type *previous)      \
    {                                                                                              \
        return hd_ck_pr_cas_pair(target, compare, value, previous);                                \
    }                                                                                              \
    static inline bool ck_pr_cas_##width##_##count(type *target, const type *compare,              \
                                                   const type *value)                              \
    {                                                                                              \
        struct hd_ck_pr_pair previous;                                                             \
        return hd_ck_pr_cas_pair(target, compare, value, &previous);                               \
    }

HD_CK_PR_PAIR(ptr, 2, void)
HD_CK_PR_PAIR(64, 2, uint64_t)
HD_CK_PR_PAIR(32, 4, uint32_t)
HD_CK_PR_PAIR(16, 8, uint16_t)
HD_CK_PR_PAIR(8, 16, uint8_t)
HD_CK_PR_PAIR(char, 16, char)
HD_CK_PR_PAIR(int, 4, int)
HD_CK_PR_PAIR(uint, 4, unsigned int)
HD_CK_PR_PAIR(double, 2, double)

#undef HD_CK_PR_PAIR

#endif
