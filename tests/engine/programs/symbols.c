/*
 * Symbols: lines are noted beside what they are of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/symbols.h"

int symbols_number = 1;
struct symbols_shape symbols_shapes[2];

const int symbols_line_of_plain = __LINE__ + 3;
uint32_t hd_symbols_plain(void)
{
    uint32_t pc = hd_symbols_pc(); /* the plain call */

    symbols_number++;
    return pc;
}

const int symbols_line_of_inner = __LINE__ + 3;
static inline __attribute__((always_inline)) uint32_t hd_symbols_inner(void)
{
    uint32_t pc = hd_symbols_pc();

    symbols_number++;
    return pc;
}

const int symbols_line_of_middle = __LINE__ + 3;
static inline __attribute__((always_inline)) uint32_t hd_symbols_middle(void)
{
    uint32_t pc = hd_symbols_inner();

    symbols_number++;
    return pc;
}

const int symbols_line_of_outer = __LINE__ + 3;
uint32_t hd_symbols_outer(void)
{
    uint32_t pc = hd_symbols_middle();

    symbols_number++;
    return pc;
}

/* What follows a call that does not return is the next function, and not its line. */
const int symbols_line_of_last = __LINE__ + 1;
void hd_symbols_last(void) { hd_symbols_pc_last(); }

uint32_t hd_symbols_touch(struct symbols_shape *shape)
{
    uint32_t pc = hd_symbols_pc();

    shape->corners[1].y = 1;
    return pc;
}

uint32_t hd_symbols_touch_two(struct symbols_point *point, struct symbols_pair *pair)
{
    uint32_t pc = hd_symbols_pc();

    point->x = 1;
    pair->first = 1;
    return pc;
}
