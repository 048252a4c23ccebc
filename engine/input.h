/*
 * Input: what a fuzzer's bytes say of an execution. docs/INPUT_FORMAT.md has it byte by byte.
 *
 * A base, a seed, and a list of entries say who steps: the base strategy, seeded, answers all
 * choices but those that an entry names by its thread and that thread's own event number. Then come
 * the values that hd_choose() returns, those of each thread for themselves. Nothing is named by its
 * place in time, so a change of one part leaves the others what they were.
 *
 * Every string of bytes is an input: what is missing is 0, what is too large is taken modulo, what
 * is never reached is passed over. hde_input_write() has one form for all that mean the same.
 *
 * Source: algorithms of schedule fuzzing measured for this encoding; short lists of context
 *         switches as in Wen et al., Controlled concurrency testing via periodical scheduling,
 *         ICSE 2022.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_INPUT_H
#define HEDDLE_ENGINE_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/schedule.h"
#include "engine/set.h"

#define HDE_INPUT_VERSION 1U
#define HDE_INPUT_HEAD_SIZE 7U        /* of an input without entries and values */
#define HDE_INPUT_ENTRIES_MAX 1024U   /* what comes after them are values */
#define HDE_INPUT_SIZE_MAX (1U << 20) /* bytes; the rest is as if it were not there */

/* Who answers where no entry does: those strategies that learn nothing from other executions. */
enum hde_input_base {
    HDE_INPUT_NONPREEMPTIVE, /* the normal alternatives (choice.h); values are 0 */
    HDE_INPUT_RANDOM,
    HDE_INPUT_STICKY,
    HDE_INPUT_PCT, /* of a depth and a length that the seed draws */
    HDE_INPUT_POS,
    HDE_INPUT_BASES
};

/*
 * An entry is for the choice that its thread makes at its event of that number. One about who steps
 * is also for a later such choice, if there is none at that event.
 */
enum hde_input_action {
    /*
     * The alternative `argument', whatever the kind of the choice; if that is none, another one
     * than the thread that makes it: the one of that rank, modulo their number.
     */
    HDE_INPUT_ANSWER,
    HDE_INPUT_TIME_OUT, /* of those that could time out or wake from sleep, the one of that rank */

    /*
     * The thread waits until others have carried out argument + 1 steps (the base says which),
     * then it has the next turn; and also when no other can step.
     */
    HDE_INPUT_DELAY,
    HDE_INPUT_DELAY_CONFLICT, /* only steps count that do not commute with what it is about to do */
    HDE_INPUT_ACTIONS
};

struct hde_input_entry {
    uint32_t event;
    uint32_t argument;
    uint8_t thread;
    uint8_t action; /* enum hde_input_action */
};

/* A string of bytes; not owned. */
struct hde_input_bytes {
    const uint8_t *bytes;
    uint32_t size;
};

struct hde_input {
    uint8_t base;  /* enum hde_input_base */
    bool sees_all; /* every plain access is a choice; its base leaves the running thread there */
    bool seeks_rounds; /* so it is, and who goes round for ever is found (round.h): slow */
    uint32_t seed;
    uint32_t entries_count;
    uint32_t threads_count; /* values of the threads below it: those of others are empty */
    struct hde_input_entry entries[HDE_INPUT_ENTRIES_MAX]; /* by thread, then by event */
    struct hde_input_bytes values[HDE_THREADS_MAX];        /* by thread; in what was read */
};

/* Read any bytes. *input points into them, and is as long as they are. */
void hde_input_read(struct hde_input *input, const uint8_t *bytes, size_t size);

/*
 * Write it, up to `size_max' bytes. Returns its size, which may be more. What it was read from must
 * lie elsewhere.
 */
size_t hde_input_write(const struct hde_input *input, uint8_t *bytes, size_t size_max);

/* Put an entry in its place, after those of the same event. False if there is no room. */
bool hde_input_add(struct hde_input *input, const struct hde_input_entry *entry);

/* Take out the entry of that index. */
void hde_input_remove(struct hde_input *input, uint32_t index);

/* The input that makes the choices of a schedule. False if it has too many of them. */
bool hde_input_of_schedule(struct hde_input *input, const struct hde_schedule *schedule);

/* Of the k-th value of a thread, counted from 0, where the input does not have it. */
uint32_t hde_input_value(const struct hde_input *input, unsigned thread, uint32_t k);

/* How many bytes a value below `count' takes. */
static inline uint32_t hde_input_value_size(uint32_t count)
{
    return count <= 1U << 8 ? 1 : count <= 1U << 16 ? 2 : 4;
}

#endif
