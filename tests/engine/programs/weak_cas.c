/*
 * Compare-and-exchange in each of its forms: those of C11, and GCC's builtins; of a byte, a word
 * and a pointer.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/weak_cas.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/check.h>

static _Atomic uint8_t byte;
static atomic_int word;
static int *_Atomic pointer;
static uint64_t plain;

/* The operand's side effect happens once, whatever becomes of the exchange. */
static void weak_word(void *unused)
{
    int expected = 0;
    int operands = 0;

    (void)unused;
    bool is_done = atomic_compare_exchange_weak_explicit(
        &word, &expected, (operands++, 1), memory_order_acq_rel, memory_order_acquire);

    HD_EXPECT(operands == 1);
    HD_EXPECT(expected == 0);
    HD_EXPECT(atomic_load_explicit(&word, memory_order_relaxed) == (is_done ? 1 : 0));
    HD_EXPECT(is_done);
}

static void weak_byte(void *unused)
{
    uint8_t expected = 0;

    (void)unused;
    HD_EXPECT(atomic_compare_exchange_weak(&byte, &expected, 7));
}

static void weak_pointer(void *unused)
{
    static int somewhere;
    int *expected = NULL;

    (void)unused;
    HD_EXPECT(atomic_compare_exchange_weak(&pointer, &expected, &somewhere));
}

static void weak_builtin(void *unused)
{
    uint64_t expected = 0;

    (void)unused;
    HD_EXPECT(
        __atomic_compare_exchange_n(&plain, &expected, 1, 1, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
}

static void weak_generic_builtin(void *unused)
{
    uint64_t expected = 0;
    uint64_t desired = 1;

    (void)unused;
    HD_EXPECT(__atomic_compare_exchange(&plain, &expected, &desired, 1, __ATOMIC_SEQ_CST,
                                        __ATOMIC_RELAXED));
}

static void strong_word(void *unused)
{
    int expected = 0;

    (void)unused;
    HD_EXPECT(atomic_compare_exchange_strong(&word, &expected, 1));
}

static void strong_builtin(void *unused)
{
    uint64_t expected = 0;

    (void)unused;
    HD_EXPECT(
        __atomic_compare_exchange_n(&plain, &expected, 1, 0, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED));
}

/* An exchange that fails for a reason says what it found, by whichever way it fails. */
static void weak_mismatch(void *unused)
{
    int expected = 5;

    (void)unused;
    HD_EXPECT(!atomic_compare_exchange_weak(&word, &expected, 1));
    HD_EXPECT(expected == 0);
}

void hd_weak_cas_retried(void *unused)
{
    int expected = 0;

    (void)unused;
    while (!atomic_compare_exchange_weak(&word, &expected, expected + 1)) {
        /* look again */
    }
    HD_EXPECT(atomic_load(&word) == 1);
}

const struct weak_cas_program weak_cas_programs[] = {
    {"weak, of a word", true, weak_word},
    {"weak, of a byte", true, weak_byte},
    {"weak, of a pointer", true, weak_pointer},
    {"weak, GCC's of values", true, weak_builtin},
    {"weak, GCC's of any type", true, weak_generic_builtin},
    {"strong, of a word", false, strong_word},
    {"strong, GCC's", false, strong_builtin},
    {"weak, of another value", false, weak_mismatch},
    {"weak, tried again", false, hd_weak_cas_retried},
    {NULL, false, NULL},
};
