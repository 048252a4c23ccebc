/*
 * Hash table, replace against delete: both believe that they have removed the node.
 *
 * Bug      A delete marks the node as removed, and is its owner if it is the first to set the
 *          owner's mark. A replace marks it as removed by a compare and exchange, and is its owner
 *          if that succeeds, without the owner's mark. A delete that looked at the node before that
 *          goes on, and owns it as well. Both free it.
 * Needs    2 threads, 1 preemption: the delete stops after its look at the marks.
 * Fix      The replace sets the owner's mark too, with the same compare and exchange.
 * Source   userspace-rcu 71bb3ac, cds_lfht_replace() against cds_lfht_del(). The marks lie beside
 *          the node here: there, a grace period keeps it until both have looked.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <heddle/check.h>

#define REMOVED 1U
#define OWNED 2U

/*
 * Bits of `marks`:
 *   0  removed: must be set before the node leaves its chain; never taken back.
 *   1  owned: must be set by who frees the node, and by nobody else.
 */
struct shared {
    uint32_t marks; /* atomic */
    int *node;      /* constant after setup; freed by its owner */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->node = calloc(1, sizeof(*shared->node));
    HD_EXPECT(shared->node != NULL);
}

static uint32_t load_marks(const struct shared *shared)
{
    return __atomic_load_n(&shared->marks, __ATOMIC_SEQ_CST);
}

/* The marks before. */
static uint32_t mark(struct shared *shared, uint32_t marks)
{
    return __atomic_fetch_or(&shared->marks, marks, __ATOMIC_SEQ_CST);
}

/* Whether the caller owns the node now. */
static bool delete(struct shared *shared)
{
    if ((load_marks(shared) & REMOVED) != 0) {
        return false;
    }
    (void)mark(shared, REMOVED);
    return (mark(shared, OWNED) & OWNED) == 0;
}

/* The same; `marks' are those that say so. */
static bool replace(struct shared *shared, uint32_t marks)
{
    uint32_t seen = load_marks(shared);

    return (seen & REMOVED) == 0 &&
           __atomic_compare_exchange_n(&shared->marks, &seen, seen | marks, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

static void free_node(struct shared *shared) { free(shared->node); /* finding */ }

static void delete_node(void *state)
{
    if (delete (state)) {
        free_node(state);
    }
}

static void replace_node(void *state)
{
    if (replace(state, REMOVED)) {
        free_node(state);
    }
}

static void replace_and_own(void *state)
{
    if (replace(state, REMOVED | OWNED)) {
        free_node(state);
    }
}

const struct hd_scenario hd_scenario_hash_table_replace_delete = {
    .summary = "a replace and a delete of one node both succeed, and free it",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {delete_node, replace_node},
    .fixed = {delete_node, replace_and_own},
    .sc = HD_DOUBLE_FREE,
    .c11 = HD_DOUBLE_FREE,
};
