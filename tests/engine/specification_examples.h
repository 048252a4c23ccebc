/*
 * Examples of specifications: histories that are right, and their wrong twins.
 *
 * Operation i is called at 10 i and returns at 10 (i + span) + 5 + i: with span 0, before the next
 * one is called.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_SPECIFICATION_EXAMPLES_H
#define HEDDLE_TESTS_ENGINE_SPECIFICATION_EXAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <heddle/specification.h>

#define LINES_MAX 8U
#define PENDING 100U /* span of what does not return */

/* One operation. */
struct line {
    uint32_t code;
    uint64_t argument;
    int outcome;
    uint64_t value;
    uint16_t thread;
    uint32_t span;
    uint64_t key;
};

/* A history that is right or wrong. */
struct example {
    const char *name;
    const struct hd_specification *specification;
    uint64_t parameter;
    bool is_wrong;
    uint32_t count;
    struct line lines[LINES_MAX];
};

extern const struct example hd_examples[];
extern const size_t hd_examples_count;

#endif
