/*
 * SafeStack: a stack of indices that is to be safe from ABA without a version.
 *
 * Bug      A pop takes the link of the head by exchanging it for -1, and puts it back if it then
 *          fails to move the head. Between the two another thread may have popped that element and
 *          be pushing it again, with another link: the old one is put back over it. The stack then
 *          leads to an element that a third thread has, and that is popped a second time.
 * Needs    3 threads, 7 preemptions in the schedule beside this file, which is the shortest that
 *          was found; five are said to be enough.
 * Fix      A pop only reads the link, and the head has a version that each push and pop changes.
 * Source   Vyukov's challenge to model checkers, 2010, which several published tools never met. As
 *          there, a stack with one element left is taken to be empty.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>

#define ELEMENTS 3
#define ROUNDS 2
#define NONE (-1)

/*
 * Bits of `versioned`, which is the head in the repaired twin:
 *   0..31   index of the first element, or NONE.
 *   32..63  version: one more with each push and pop.
 */
struct shared {
    uint64_t versioned;      /* atomic */
    int32_t count;           /* atomic: elements in the stack */
    int32_t head;            /* atomic: index of the first element, or NONE */
    int32_t next[ELEMENTS];  /* atomic; NONE in the last one, and in one that is being popped */
    int32_t taken[ELEMENTS]; /* atomic: how many threads have it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->count = ELEMENTS;
    for (int32_t i = 0; i < ELEMENTS; i++) {
        shared->next[i] = i + 1 < ELEMENTS ? i + 1 : NONE;
    }
}

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
static int32_t load(const int32_t *word) { return __atomic_load_n(word, __ATOMIC_SEQ_CST); }

static int32_t exchange(int32_t *word, int32_t value)
{
    return __atomic_exchange_n(word, value, __ATOMIC_SEQ_CST);
}

static int32_t add(int32_t *word, int32_t value)
{
    return __atomic_add_fetch(word, value, __ATOMIC_SEQ_CST);
}

/* ---- Without a version ----------------------------------------------------------------------- */

/* If it fails, *expected is what is there. */
static bool move_head(struct shared *shared, int32_t *expected, int32_t desired)
{
    return __atomic_compare_exchange_n(&shared->head, expected, desired, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

/* An element, or NONE if there is one at most. */
static int32_t pop(struct shared *shared)
{
    while (load(&shared->count) > 1) {
        int32_t head = load(&shared->head);
        int32_t next = exchange(&shared->next[head], NONE);
        int32_t expected = head;

        if (next == NONE) {
            continue;
        }
        if (move_head(shared, &expected, next)) {
            (void)add(&shared->count, -1);
            return head;
        }
        (void)exchange(&shared->next[head], next);
    }
    return NONE;
}

static void push(struct shared *shared, int32_t index)
{
    int32_t head = load(&shared->head);

    do {
        (void)exchange(&shared->next[index], head);
    } while (!move_head(shared, &head, index));
    (void)add(&shared->count, 1);
}

/* ---- With one -------------------------------------------------------------------------------- */

static bool move_versioned(struct shared *shared, uint64_t *expected, int32_t index)
{
    uint64_t version = (*expected >> 32) + 1;

    return __atomic_compare_exchange_n(&shared->versioned, expected,
                                       version << 32 | (uint32_t)index, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static int32_t pop_versioned(struct shared *shared)
{
    uint64_t head = __atomic_load_n(&shared->versioned, __ATOMIC_SEQ_CST);
    int32_t index = (int32_t)(uint32_t)head;

    while (index != NONE && !move_versioned(shared, &head, load(&shared->next[index]))) {
        index = (int32_t)(uint32_t)head;
    }
    return index;
}

static void push_versioned(struct shared *shared, int32_t index)
{
    uint64_t head = __atomic_load_n(&shared->versioned, __ATOMIC_SEQ_CST);

    do {
        (void)exchange(&shared->next[index], (int32_t)(uint32_t)head);
    } while (!move_versioned(shared, &head, index));
}

/* ---- Its users ------------------------------------------------------------------------------- */

/* Nobody else may have an element between its pop and its push. */
static void use_element(struct shared *shared, int32_t index)
{
    HD_EXPECT(add(&shared->taken[index], 1) == 1); /* finding */
    (void)add(&shared->taken[index], -1);
}

static void use(void *state)
{
    for (int round = 0; round < ROUNDS; round++) {
        int32_t index = NONE;

        while (index == NONE) {
            index = pop(state);
        }
        use_element(state, index);
        push(state, index);
    }
}

static void use_versioned(void *state)
{
    for (int round = 0; round < ROUNDS; round++) {
        int32_t index = NONE;

        while (index == NONE) {
            index = pop_versioned(state);
        }
        use_element(state, index);
        push_versioned(state, index);
    }
}

const struct hd_scenario hd_scenario_safestack = {
    .summary = "a lock-free stack whose pop puts back an old link over a new one",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {use, use, use},
    .fixed = {use_versioned, use_versioned, use_versioned},
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
