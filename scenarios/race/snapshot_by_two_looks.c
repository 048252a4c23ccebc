/*
 * Snapshot by two looks: what is the same twice is taken for what was there in between.
 *
 * Bug      A token is passed round, so that at most one cell has it at any time. A reader looks at
 *          all cells twice, and takes what is the same both times for a snapshot. If the token
 *          moves on between all of its reads, each cell has it each time it is looked at.
 * Needs    2 threads, 5 preemptions: between all reads of the reader, and between all moves.
 * Fix      Each cell also says how often it was written.
 * Source   Afek, Attiya, Dolev, Gafni, Merritt, Shavit, Atomic snapshots of shared memory, JACM
 *          1993, section 3.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

#define CELLS 2
#define MOVES 3

/*
 * Bits of a cell:
 *   0      it has the token
 *   1..31  how often it was written; in the repaired twin, else 0
 *
 * All atomics are sequentially consistent: the memory order is not what is wrong.
 */
struct shared {
    uint32_t cells[CELLS]; /* atomic; written by the thread that moves the token */
    bool counts;           /* constant after setup */
};

static void setup(void *state) { ((struct shared *)state)->cells[0] = 1; }

static void setup_counting(void *state)
{
    setup(state);
    ((struct shared *)state)->counts = true;
}

static void write_cell(struct shared *shared, int cell, uint32_t has_token)
{
    uint32_t old = __atomic_load_n(&shared->cells[cell], __ATOMIC_RELAXED);
    uint32_t writes = shared->counts ? (old >> 1) + 1 : 0;

    __atomic_store_n(&shared->cells[cell], writes << 1 | has_token, __ATOMIC_SEQ_CST);
}

static void move(void *state)
{
    for (int i = 0; i < MOVES; i++) {
        write_cell(state, i % CELLS, 0);
        write_cell(state, (i + 1) % CELLS, 1);
    }
}

static void look(const struct shared *shared, uint32_t cells[CELLS])
{
    for (int cell = 0; cell < CELLS; cell++) {
        cells[cell] = __atomic_load_n(&shared->cells[cell], __ATOMIC_SEQ_CST);
    }
}

static void look_twice(void *state)
{
    uint32_t first[CELLS];
    uint32_t second[CELLS];
    uint32_t tokens = 0;
    bool is_same = true;

    look(state, first);
    look(state, second);
    for (int cell = 0; cell < CELLS; cell++) {
        is_same = is_same && first[cell] == second[cell];
        tokens += first[cell] & 1U;
    }
    HD_EXPECT(!is_same || tokens <= 1); /* finding */
}

const struct hd_scenario hd_scenario_snapshot_by_two_looks = {
    .summary = "two looks that see the same are taken for a snapshot",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {look_twice, move},
    .fixed_setup = setup_counting,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
