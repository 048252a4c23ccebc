/*
 * Types: the structs of the program under test, so that memory can be called by the names of
 * members. Outside executions only. From debug information: without it there are none.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_TYPE_H
#define HEDDLE_ENGINE_TYPE_H

#include <stddef.h>
#include <stdint.h>

struct hde_type; /* lives as long as the process */

/* The type of the global variable `name` of `size` bytes; NULL if it is not known. */
const struct hde_type *hde_type_of_variable(const char *name, uint64_t size);

/*
 * The struct of `size` bytes that a variable of the functions at the packed code address `pc`, a
 * return address, points to; NULL if there is none, or more than one.
 */
const struct hde_type *hde_type_pointed_to(uint32_t pc, uint64_t size);

/*
 * The struct of `size` bytes in the source file that the code at `pc` is of; NULL if there is none,
 * or more than one.
 */
const struct hde_type *hde_type_in_file(uint32_t pc, uint64_t size);

/* Its tag; "" if it has none. */
const char *hde_type_tag(const struct hde_type *type);

/*
 * Append the name of the member at `offset`: ".lock", ".points[2].x". Of `size` bytes; 1 stands for
 * an object of any size, e.g. a lock, which is not taken apart.
 */
void hde_type_append_member(
    const struct hde_type *type, uint64_t offset, uint64_t size, char *text, size_t text_size);

#endif
