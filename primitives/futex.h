/*
 * Futex: sleep while a word keeps its value; wake who sleeps on a word. The only place where the
 * primitives ask the kernel to block.
 *
 * Both calls preserve errno. A wake only names an address: it neither reads nor writes memory
 * there, so it may be given the address of an object that its next owner has already freed. For the
 * same reason every sleeper must expect to be woken for nothing.
 *
 * Source: futex(2).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_FUTEX_H
#define HEDDLE_PRIMITIVES_FUTEX_H

#include <stdbool.h>
#include <stdint.h>

/* As many as there are. */
#define HD_FUTEX_ALL INT32_MAX

/*
 * Sleep until woken, or at most until `deadline_ns`, unless *word differs from `expected`. Returns
 * false if the deadline has passed, true in all other cases: the caller looks at the word again.
 */
bool hd_futex_wait(const uint32_t *word, uint32_t expected, uint64_t deadline_ns);

/* Wake `count` sleepers on `word`. */
void hd_futex_wake(const uint32_t *word, uint32_t count);

#endif
