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

struct number {
    int32_t value; /* atomic */
};

/*
 * Bits of `versioned`, which is the head in the repaired twin:
 *   0..31   index of the first element, or NONE.
 *   32..63  version: one more with each push and pop.
 */
struct shared {
    uint64_t versioned;            /* atomic */
    struct number count;           /* elements in the stack */
    struct number head;            /* index of the first element, or NONE */
    struct number next[ELEMENTS];  /* NONE in the last one, and in one that is being popped */
    struct number taken[ELEMENTS]; /* how many threads have it */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->count.value = ELEMENTS;
    for (int32_t i = 0; i < ELEMENTS; i++) {
        shared->next[i].value = i + 1 < ELEMENTS ? i + 1 : NONE;
    }
}

/* All atomics are sequentially consistent: the memory order is not what is wrong. */
static int32_t load(const struct number *number)
{
    return __atomic_load_n(&number->value, __ATOMIC_SEQ_CST);
}

static int32_t exchange(struct number *number, int32_t value)
{
    return __atomic_exchange_n(&number->value, value, __ATOMIC_SEQ_CST);
}

static int32_t add(struct number *number, int32_t value)
{
    return __atomic_add_fetch(&number->value, value, __ATOMIC_SEQ_CST);
}

/* ---- Without a version ----------------------------------------------------------------------- */

/* What the head was: it is moved if that was `expected'. */
static int32_t move_head(struct shared *shared, int32_t expected, int32_t desired)
{
    (void)__atomic_compare_exchange_n(&shared->head.value, &expected, desired, false,
                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST);
    return expected;
}

/* An element, or NONE if there is one at most. */
static int32_t pop(struct shared *shared)
{
    while (load(&shared->count) > 1) {
        int32_t head = load(&shared->head);
        int32_t next = exchange(&shared->next[head], NONE);

        if (next == NONE) {
            continue;
        }
        if (move_head(shared, head, next) == head) {
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
    int32_t expected = NONE;

    do {
        expected = head;
        (void)exchange(&shared->next[index], expected);
        head = move_head(shared, expected, index);
    } while (head != expected);
    (void)add(&shared->count, 1);
}

/* ---- With one -------------------------------------------------------------------------------- */

/* The same of the head with a version. */
static uint64_t move_versioned(struct shared *shared, uint64_t expected, int32_t index)
{
    uint64_t version = (expected >> 32) + 1;

    (void)__atomic_compare_exchange_n(&shared->versioned, &expected,
                                      version << 32 | (uint32_t)index, false, __ATOMIC_SEQ_CST,
                                      __ATOMIC_SEQ_CST);
    return expected;
}

static int32_t index_of(uint64_t versioned) { return (int32_t)(uint32_t)versioned; }

static uint64_t load_versioned(const struct shared *shared)
{
    return __atomic_load_n(&shared->versioned, __ATOMIC_SEQ_CST);
}

static int32_t pop_versioned(struct shared *shared)
{
    uint64_t head = load_versioned(shared);

    while (index_of(head) != NONE) {
        uint64_t found = move_versioned(shared, head, load(&shared->next[index_of(head)]));

        if (found == head) {
            return index_of(head);
        }
        head = found;
    }
    return NONE;
}

static void push_versioned(struct shared *shared, int32_t index)
{
    uint64_t head = load_versioned(shared);
    uint64_t expected = 0;

    do {
        expected = head;
        (void)exchange(&shared->next[index], index_of(expected));
        head = move_versioned(shared, expected, index);
    } while (head != expected);
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
