/*
 * Sites: the places in the code at which threads step, and how often an execution comes there.
 *
 * A moment of an execution can be named by how many steps were before it, or by a place in the code
 * and how many times that was reached before. In a long execution the second is much the better
 * guess: there are few places, and what happens once in a million steps has one of its own.
 *
 * Counts are the greatest of the executions that were counted. A program may have more sites than
 * HDE_SITES_MAX: the rest is not known.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SITES_H
#define HEDDLE_ENGINE_SITES_H

#include <stdint.h>

#define HDE_SITES_MAX 1024U
#define HDE_SITES_SLOTS (2 * HDE_SITES_MAX) /* a power of 2 */

struct hde_site {
    uint32_t pc; /* packed (code.h) */
    uint32_t execution;
    uint32_t now;  /* in that execution */
    uint32_t most; /* in any one */
};

struct hde_sites {
    uint32_t execution; /* a number for each, from 1 */
    uint32_t count;
    struct hde_site sites[HDE_SITES_MAX]; /* [0, count), in the order of their discovery */
    uint16_t slots[HDE_SITES_SLOTS];      /* hash table: 1 + index; 0: free */
};

/* An execution begins that is to be counted. Zero is a valid state before the first one. */
static inline void hde_sites_begin(struct hde_sites *sites) { sites->execution++; }

/* A thread steps at `pc'. */
void hde_sites_count(struct hde_sites *sites, uint32_t pc);

#endif
