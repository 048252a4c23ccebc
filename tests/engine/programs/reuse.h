/*
 * Reuse: a lock-free stack whose nodes are allocated and freed.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_REUSE_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_REUSE_H

/* Pops a node. Reads the link of a node that another thread may have freed. */
void hd_reuse_pop_one(void *unused);

/* Pops two nodes, frees them, and pushes one that it allocates. */
void hd_reuse_replace_two(void *unused);

#endif
