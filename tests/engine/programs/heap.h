/*
 * Heap: programs that allocate and free, and what each owes.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_HEAP_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_HEAP_H

#include <stdio.h>

#include <heddle/check.h>

#define HEAP_THREADS_MAX 3

struct heap_program {
    const char *name;
    enum hd_verdict owes;
    void (*threads[HEAP_THREADS_MAX])(void *unused);
};

/* The last of each has no name. */
extern const struct heap_program heap_programs[]; /* that work */
extern const struct heap_program heap_misuses[];
extern const struct heap_program heap_leaks[];

/* Stores a block in the data of a library. */
void hd_test_heap_keep(void *block);

/* Allocates in three threads, and tells an uninstrumented function of each block. */
extern const struct heap_program heap_addresses;
void hd_test_heap_note(unsigned thread, unsigned number, const void *block);

/* Lets libc allocate, and frees what it hands out. */
extern const struct heap_program heap_of_libc;

/* Writes an x to heap_file. */
extern const struct heap_program heap_with_file;
extern FILE *heap_file;

/* Frees the block in heap_kept, which is older than the execution, and forgets it. */
extern const struct heap_program heap_of_host;
extern char *heap_kept;

#endif
