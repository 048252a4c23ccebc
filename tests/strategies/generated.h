/*
 * Generated programs: a few templates in the style of real programs, in many sizes.
 *
 * A template (programs/) is a whole program: it creates its threads, waits for them, and expects
 * what must hold. It has one bug, and `is_fixed` leaves it out. generated.c is the table of all
 * programs: which template, how large, and from which seed it takes who works on what.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_STRATEGIES_GENERATED_H
#define HEDDLE_TESTS_STRATEGIES_GENERATED_H

#include <stdbool.h>

#include <heddle/check.h>

/* What each is for, the template says. */
struct generated_sizes {
    unsigned threads;
    unsigned rounds;
    unsigned depth;
    unsigned seed;
    bool is_fixed;
};

struct generated {
    const char *name;
    void (*run)(const struct generated_sizes *sizes);
    struct generated_sizes sizes;
    enum hd_verdict owes;
    unsigned preemptions; /* that the bug needs */
};

/* Sorted by name; the last has name NULL. */
extern const struct generated generated_programs[];

/* The templates, one file each in programs/. */
void generated_cache(const struct generated_sizes *sizes);
void generated_connections(const struct generated_sizes *sizes);
void generated_detached(const struct generated_sizes *sizes);
void generated_logger(const struct generated_sizes *sizes);
void generated_order(const struct generated_sizes *sizes);
void generated_pipeline(const struct generated_sizes *sizes);
void generated_pool(const struct generated_sizes *sizes);
void generated_refcount(const struct generated_sizes *sizes);
void generated_spin(const struct generated_sizes *sizes);
void generated_stack(const struct generated_sizes *sizes);
void generated_steal(const struct generated_sizes *sizes);
void generated_transfers(const struct generated_sizes *sizes);
void generated_window(const struct generated_sizes *sizes);

#endif
