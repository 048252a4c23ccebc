/*
 * Calling contexts: a tree with a node for each chain of calls that was ever entered.
 *
 * A thread keeps the number of its node; entering a function goes to a child, leaving it back to
 * the parent. So an access keeps its whole stack in 32 bits, and the stack is read by walking
 * parents. The tree only grows, and is kept across executions. Node 0 is the root.
 *
 * Source: Ammons, Ball, Larus, Exploiting hardware performance counters with flow and context
 *         sensitive profiling, PLDI 1997.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CONTEXT_H
#define HEDDLE_ENGINE_CONTEXT_H

#include <stdint.h>

struct hde_context {
    uint32_t parent;
    uint32_t call_pc;    /* the call that entered this function, packed; 0 for the root */
    uint32_t depth;      /* of the root 0 */
    uint32_t last_child; /* the child entered last: most calls repeat; 0 if none */
    uint32_t next;       /* in the chain of a hash bucket; 0 ends it */
};

extern struct hde_context *hde_contexts; /* by number */

/* The child of `node` for a call at `call_pc`, made if it is new. */
uint32_t hde_context_find(uint32_t node, uint32_t call_pc);

static inline uint32_t hde_context_enter(uint32_t node, uint32_t call_pc)
{
    uint32_t child = hde_contexts[node].last_child;

    if (__builtin_expect(child != 0 && hde_contexts[child].call_pc == call_pc, 1)) {
        return child;
    }
    return hde_context_find(node, call_pc);
}

static inline uint32_t hde_context_leave(uint32_t node) { return hde_contexts[node].parent; }

/*
 * The stack of an access at `pc` in context `node`, innermost first: `pc`, then the calls. Returns
 * how many frames were written, `count` at most.
 */
unsigned hde_context_stack(uint32_t node, uint32_t pc, uint32_t *frames, unsigned count);

/* Map the tree; once a process. */
void hde_context_map(void);

#endif
