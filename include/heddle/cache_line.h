/*
 * Cache line: how far apart two words must lie so that writing one does not slow down the other.
 *
 * The structs that need it hold padding of this size; so they need no alignment beyond that of
 * their members, and may live in memory from malloc().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CACHE_LINE_H
#define HEDDLE_CACHE_LINE_H

/* Bytes of a cache line of x86-64 and of most aarch64 machines. */
#define HD_CACHE_LINE_SIZE 64

#endif
