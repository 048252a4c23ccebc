/*
 * Symbols: code and data of which the tests know the lines and the names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_SYMBOLS_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_SYMBOLS_H

#include <stdint.h>

#include <heddle/lock.h>

/* Where the functions below are. */
extern const int symbols_line_of_plain;
extern const int symbols_line_of_inner;  /* in hd_symbols_inner(), inlined in hd_symbols_middle() */
extern const int symbols_line_of_middle; /* which is inlined */
extern const int symbols_line_of_outer;  /* in hd_symbols_outer() */
extern const int symbols_line_of_last;   /* the last call of its function: does not return */

/* The packed code address of the call of hd_symbols_pc() in each. */
uint32_t hd_symbols_plain(void);
uint32_t hd_symbols_outer(void);
void hd_symbols_last(void);

/* What they call, in the test: its return address, packed. */
uint32_t hd_symbols_pc(void);

/* The same, which does not return. */
_Noreturn void hd_symbols_pc_last(void);

struct symbols_point {
    int x;
    int y;
};

struct symbols_shape {
    struct hd_lock lock;
    struct symbols_point corners[3];
    union {
        long whole;
        char bytes[8];
    };
    struct symbols_shape *next;
};

extern int symbols_number;
extern struct symbols_shape symbols_shapes[2];

/* Writes (*shape).corners[1].y: returns the packed address of the code that does. */
uint32_t hd_symbols_touch(struct symbols_shape *shape);

struct symbols_pair {
    int first;
    int second;
};

/* The same for two structs of one size. */
uint32_t hd_symbols_touch_two(struct symbols_point *point, struct symbols_pair *pair);

#endif
