/*
 * Trace: random operations on every type of ck_pr, and all that they did.
 *
 * Two files include this, one after ck_pr_port.h and one after CK's own ck_pr.h, so the same
 * operations are compiled with each; their traces must be equal. Left out is what CK has on some
 * machines only: short, and neg with a test for zero.
 *
 * As in ck_pr_port.h a macro makes the functions of one type, for the same reason.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_REFERENCE_CK_PR_TRACE_BODY_H
#define HEDDLE_TESTS_REFERENCE_CK_PR_TRACE_BODY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "tests/reference/ck_pr_trace.h"
#include "tests/reference/suite.h"

struct trace {
    uint64_t random;
    uint64_t *log;
    size_t count;
};

static void note(struct trace *trace, uint64_t value) { trace->log[trace->count++] = value; }

/* Often one of those next to zero, where carries and tests for zero happen. */
static uint64_t draw_value(struct trace *trace)
{
    static const uint64_t edges[] = {0, 1, 2, UINT64_MAX, 0x7f, 0x80, 0xff};
    unsigned edge = hd_suite_draw(&trace->random, 2 * sizeof(edges) / sizeof(edges[0]));

    if (edge < sizeof(edges) / sizeof(edges[0])) {
        return edges[edge];
    }
    return (uint64_t)hd_suite_draw(&trace->random, UINT32_MAX) << 32 |
           hd_suite_draw(&trace->random, UINT32_MAX);
}

/*
 * `type` is that of the word and of operands; `value_type` that of values stored: void * for
 * pointers, whose word is a uintptr_t here.
 */
#define TRACE_EXCHANGES(width, type, value_type, store)                                            \
    static uint64_t exchange_##width(type *word, unsigned operation, type compare, type value)     \
    {                                                                                              \
        type previous = 0;                                                                         \
        bool is_set;                                                                               \
        switch (operation) {                                                                       \
        case 0:                                                                                    \
            return (uint64_t)(type)ck_pr_load_##width(word);                                       \
        case 1:                                                                                    \
            store(word, (value_type)value);                                                        \
            return 0;                                                                              \
        case 2:                                                                                    \
            return (uint64_t)(type)ck_pr_fas_##width(word, (value_type)value);                     \
        case 3:                                                                                    \
            return ck_pr_cas_##width(word, (value_type)compare, (value_type)value);                \
        default:                                                                                   \
            is_set = ck_pr_cas_##width##_value(word, (value_type)compare, (value_type)value,       \
                                               &previous);                                         \
            return (uint64_t)previous * 2 + is_set;                                                \
        }                                                                                          \
    }

#define TRACE_BINARIES(width, type)                                                                \
    static uint64_t combine_##width(type *word, unsigned operation, type value)                    \
    {                                                                                              \
        switch (operation) {                                                                       \
        case 0:                                                                                    \
            return (uint64_t)ck_pr_faa_##width(word, value);                                       \
        case 1:                                                                                    \
            ck_pr_add_##width(word, value);                                                        \
            return 0;                                                                              \
        case 2:                                                                                    \
            ck_pr_sub_##width(word, value);                                                        \
            return 0;                                                                              \
        case 3:                                                                                    \
            ck_pr_and_##width(word, value);                                                        \
            return 0;                                                                              \
        case 4:                                                                                    \
            ck_pr_or_##width(word, value);                                                         \
            return 0;                                                                              \
        default:                                                                                   \
            ck_pr_xor_##width(word, value);                                                        \
            return 0;                                                                              \
        }                                                                                          \
    }

#define TRACE_UNARIES(width, object)                                                               \
    static uint64_t change_##width(object *word, unsigned operation)                               \
    {                                                                                              \
        bool is_zero = false;                                                                      \
        switch (operation) {                                                                       \
        case 0:                                                                                    \
            ck_pr_not_##width(word);                                                               \
            return 0;                                                                              \
        case 1:                                                                                    \
            ck_pr_neg_##width(word);                                                               \
            return 0;                                                                              \
        case 2:                                                                                    \
            ck_pr_inc_##width(word);                                                               \
            return 0;                                                                              \
        case 3:                                                                                    \
            ck_pr_dec_##width(word);                                                               \
            return 0;                                                                              \
        case 4:                                                                                    \
            return ck_pr_inc_##width##_is_zero(word);                                              \
        case 5:                                                                                    \
            return ck_pr_dec_##width##_is_zero(word);                                              \
        case 6:                                                                                    \
            ck_pr_inc_##width##_zero(word, &is_zero);                                              \
            return is_zero;                                                                        \
        default:                                                                                   \
            ck_pr_dec_##width##_zero(word, &is_zero);                                              \
            return is_zero;                                                                        \
        }                                                                                          \
    }

#define TRACE_BITS(width, object)                                                                  \
    static uint64_t touch_bit_##width(object *word, unsigned operation, unsigned offset)           \
    {                                                                                              \
        switch (operation) {                                                                       \
        case 0:                                                                                    \
            return ck_pr_btc_##width(word, offset);                                                \
        case 1:                                                                                    \
            return ck_pr_btr_##width(word, offset);                                                \
        default:                                                                                   \
            return ck_pr_bts_##width(word, offset);                                                \
        }                                                                                          \
    }

/* CK changes no single bits of char and 8. */
#define TRACE_NO_BITS(width, object)                                                               \
    static uint64_t touch_bit_##width(const object *word, unsigned operation, unsigned offset)     \
    {                                                                                              \
        (void)word;                                                                                \
        return operation + offset;                                                                 \
    }

#define TRACE_TYPE(width, type, value_type, store, bits)                                           \
    TRACE_EXCHANGES(width, type, value_type, store)                                                \
    TRACE_BINARIES(width, type)                                                                    \
    TRACE_UNARIES(width, type)                                                                     \
    bits(width, type) static void trace_##width(struct trace *trace)                               \
    {                                                                                              \
        type word = 0;                                                                             \
        for (unsigned step = 0; step < HD_CK_PR_TRACE_STEPS; step++) {                             \
            type value = (type)draw_value(trace);                                                  \
            unsigned operation = hd_suite_draw(&trace->random, 22);                                \
            unsigned offset = hd_suite_draw(&trace->random, 8 * sizeof(type));                     \
            type compare = operation % 2 == 0 ? word : value;                                      \
            if (operation < 5) {                                                                   \
                note(trace, exchange_##width(&word, operation, compare, value));                   \
            } else if (operation < 11) {                                                           \
                note(trace, combine_##width(&word, operation - 5, value));                         \
            } else if (operation < 19) {                                                           \
                note(trace, change_##width(&word, operation - 11));                                \
            } else {                                                                               \
                note(trace, touch_bit_##width(&word, operation - 19, offset));                     \
            }                                                                                      \
            note(trace, (uint64_t)word);                                                           \
        }                                                                                          \
    }

TRACE_TYPE(char, char, char, ck_pr_store_char, TRACE_NO_BITS)
TRACE_TYPE(int, int, int, ck_pr_store_int, TRACE_BITS)
TRACE_TYPE(uint, unsigned int, unsigned int, ck_pr_store_uint, TRACE_BITS)
TRACE_TYPE(8, uint8_t, uint8_t, ck_pr_store_8, TRACE_NO_BITS)
TRACE_TYPE(16, uint16_t, uint16_t, ck_pr_store_16, TRACE_BITS)
TRACE_TYPE(32, uint32_t, uint32_t, ck_pr_store_32, TRACE_BITS)
TRACE_TYPE(64, uint64_t, uint64_t, ck_pr_store_64, TRACE_BITS)
TRACE_TYPE(ptr, uintptr_t, void *, ck_pr_store_ptr_unsafe, TRACE_BITS)

static uint64_t bits_of(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

/* The result; 0 where there is none. */
static double change_double(double *word, unsigned operation, double value)
{
    double previous = 0;

    switch (operation) {
    case 0:
        return ck_pr_load_double(word);
    case 1:
        ck_pr_store_double(word, value);
        return 0;
    case 2:
        return ck_pr_fas_double(word, value);
    case 3:
        return ck_pr_faa_double(word, value);
    case 4:
        ck_pr_add_double(word, value);
        return 0;
    case 5:
        ck_pr_sub_double(word, value);
        return 0;
    case 6:
        ck_pr_inc_double(word);
        return 0;
    case 7:
        ck_pr_dec_double(word);
        return 0;
    case 8:
        ck_pr_neg_double(word);
        return 0;
    case 9:
        return ck_pr_cas_double(word, *word, value);
    default:
        return ck_pr_cas_double_value(word, value, 1.0, &previous) ? -previous : previous;
    }
}

static void trace_double(struct trace *trace)
{
    double word = 0;

    for (unsigned step = 0; step < HD_CK_PR_TRACE_STEPS; step++) {
        double value = (double)hd_suite_draw(&trace->random, 1000) / 8.0;
        unsigned operation = hd_suite_draw(&trace->random, 11);

        note(trace, bits_of(change_double(&word, operation, value)));
        note(trace, bits_of(word));
    }
}

/* A pair of 8 bytes each, as two integers and as two pointers. */
static void trace_pair(struct trace *trace)
{
    uint64_t word[2] __attribute__((aligned(16))) = {0, 0};

    for (unsigned step = 0; step < HD_CK_PR_TRACE_STEPS / 2; step++) {
        uint64_t value[2] = {draw_value(trace), draw_value(trace)};
        uint64_t compare[2] = {word[0], word[1]};
        uint64_t previous[2] = {0, 0};

        if (hd_suite_draw(&trace->random, 3) == 0) {
            compare[hd_suite_draw(&trace->random, 2)]++;
        }
        switch (hd_suite_draw(&trace->random, 5)) {
        case 0:
            note(trace, ck_pr_cas_64_2(word, compare, value));
            break;
        case 1:
            note(trace, ck_pr_cas_64_2_value(word, compare, value, previous));
            break;
        case 2:
            note(trace, ck_pr_cas_ptr_2(word, compare, value));
            break;
        case 3:
            note(trace, ck_pr_cas_ptr_2_value(word, compare, value, previous));
            break;
        default:
            ck_pr_load_64_2(word, previous);
            note(trace, 0);
            break;
        }
        note(trace, previous[0] ^ previous[1]);
        note(trace, word[0]);
        note(trace, word[1]);
    }
}

/* All of them into `log`; the number of entries. */
static size_t trace_all(uint64_t *log)
{
    struct trace trace = {.random = hd_suite_random(0), .log = log};

    trace_char(&trace);
    trace_int(&trace);
    trace_uint(&trace);
    trace_8(&trace);
    trace_16(&trace);
    trace_32(&trace);
    trace_64(&trace);
    trace_ptr(&trace);
    trace_double(&trace);
    trace_pair(&trace);
    return trace.count;
}

#endif
