/*
 * Michael-Scott queue with a free list: a node is recycled while an enqueuer still takes it for the
 * last one.
 *
 * Bug      An enqueuer has found the last node and is about to link its own behind it. Meanwhile
 *          that node is dequeued and becomes the end of the free list, where its link says "none"
 *          as well: the compare and exchange succeeds, and the item hangs in the free list.
 * Needs    2 threads, 1 preemption: between the enqueuer's look at the last node and its link.
 * Fix      A reference has a version, and differs from all that were there before.
 * Source   Michael and Scott, PODC 1996, whose pointers are counted for this reason.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

#define NODES 3
#define ROUNDS 2
#define NONE UINT32_C(0)
#define INDEX UINT32_C(0xff)
#define VERSION UINT32_C(0x100)

/*
 * Bits of `word`:
 *   0..7   index of a node, or NONE.
 *   8..31  version: one more with each change in the repaired twin, else 0.
 */
struct reference {
    uint32_t word; /* atomic */
};

struct shared {
    struct reference next[NODES + 1]; /* of each node; the first one is not used */
    struct reference head;            /* the node before the first item */
    struct reference tail;            /* the last node, or one before it */
    uint32_t version_step;            /* constant after setup: VERSION or 0 */
    uint32_t free[2]; /* each of one thread: index of its first free node, or NONE */
};

static void prepare(struct shared *shared, uint32_t version_step)
{
    shared->version_step = version_step;
    shared->head.word = 1;
    shared->tail.word = 1;
    shared->free[0] = 2;
    shared->free[1] = 3;
}

static void setup(void *state) { prepare(state, 0); }

static void setup_versioned(void *state) { prepare(state, VERSION); }

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
static uint32_t load(const struct reference *reference)
{
    return __atomic_load_n(&reference->word, __ATOMIC_SEQ_CST);
}

static struct reference *next_of(struct shared *shared, uint32_t node)
{
    return &shared->next[node & INDEX];
}

/* What a reference becomes that was `old`. */
static uint32_t refer_to(const struct shared *shared, uint32_t old, uint32_t index)
{
    return ((old & ~INDEX) + shared->version_step) | (index & INDEX);
}

static bool
change(const struct shared *shared, struct reference *reference, uint32_t expected, uint32_t index)
{
    uint32_t desired = refer_to(shared, expected, index);

    return __atomic_compare_exchange_n(&reference->word, &expected, desired, false,
                                       __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
}

/* Of a node that is in no queue. */
static void set_next(struct shared *shared, uint32_t index, uint32_t next)
{
    struct reference *link = next_of(shared, index);

    __atomic_store_n(&link->word, refer_to(shared, load(link), next), __ATOMIC_SEQ_CST);
}

/* ---- The free list --------------------------------------------------------------------------- */

static uint32_t allocate(struct shared *shared, uint32_t *free)
{
    uint32_t index = *free;

    HD_EXPECT(index != NONE);
    *free = load(next_of(shared, index)) & INDEX;
    set_next(shared, index, NONE);
    return index;
}

static void recycle(struct shared *shared, uint32_t *free, uint32_t index)
{
    set_next(shared, index, *free);
    *free = index;
}

/* ---- The queue ------------------------------------------------------------------------------- */

static void enqueue(struct shared *shared, uint32_t index)
{
    for (;;) {
        uint32_t tail = load(&shared->tail);
        uint32_t next = load(next_of(shared, tail));

        if (tail != load(&shared->tail)) {
            continue;
        }
        if ((next & INDEX) != NONE) {
            (void)change(shared, &shared->tail, tail, next);
        } else if (change(shared, next_of(shared, tail), next, index)) {
            (void)change(shared, &shared->tail, tail, index);
            return;
        }
    }
}

/* The node that left, or NONE if there is no item. */
static uint32_t dequeue(struct shared *shared)
{
    for (;;) {
        uint32_t head = load(&shared->head);
        uint32_t tail = load(&shared->tail);
        uint32_t next = load(next_of(shared, head));

        if (head != load(&shared->head)) {
            continue;
        }
        if ((next & INDEX) == NONE) {
            return NONE;
        }
        if ((head & INDEX) == (tail & INDEX)) {
            (void)change(shared, &shared->tail, tail, next);
        } else if (change(shared, &shared->head, head, next)) {
            return head & INDEX;
        }
    }
}

/* ---- Its users ------------------------------------------------------------------------------- */

static void put_and_take(struct shared *shared, uint32_t *free)
{
    for (int round = 0; round < ROUNDS; round++) {
        enqueue(shared, allocate(shared, free));
        uint32_t index = dequeue(shared);

        HD_EXPECT(index != NONE); /* finding */
        recycle(shared, free, index);
    }
}

static void first(void *state) { put_and_take(state, &((struct shared *)state)->free[0]); }

static void second(void *state) { put_and_take(state, &((struct shared *)state)->free[1]); }

const struct hd_scenario hd_scenario_michael_scott_free_list = {
    .summary = "a queue's last node goes to the free list while an enqueuer links behind it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {first, second},
    .fixed_setup = setup_versioned,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
