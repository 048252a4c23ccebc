/*
 * Calling contexts: nodes by number, and a hash table from (parent, call) to the child.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/context.h"

#include <stddef.h>

#include "engine/fatal.h"
#include "engine/pages.h"

#define NODES_MAX (UINT32_C(1) << 22)
#define BUCKETS (UINT32_C(1) << 18)

struct hde_context *hde_contexts;
static uint32_t *buckets; /* number of the first node in each chain; 0 if none */
static uint32_t nodes_count;

void hde_context_map(void)
{
    hde_contexts = hde_pages_reserve(NODES_MAX * sizeof(*hde_contexts), "calling contexts");
    buckets = hde_pages_reserve(BUCKETS * sizeof(*buckets), "calling contexts");
    nodes_count = 1;
}

uint32_t hde_context_find(uint32_t node, uint32_t call_pc)
{
    uint64_t mixed = ((uint64_t)node << 32 | call_pc) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t *bucket = &buckets[mixed >> 46];
    uint32_t child = *bucket;

    while (child != 0 &&
           (hde_contexts[child].parent != node || hde_contexts[child].call_pc != call_pc)) {
        child = hde_contexts[child].next;
    }
    if (child == 0) {
        if (nodes_count == NODES_MAX) {
            hde_fatal("more than 4 million calling contexts: the code under test recurses deeply");
        }
        child = nodes_count++;
        hde_contexts[child] = (struct hde_context){
            .parent = node,
            .call_pc = call_pc,
            .depth = hde_contexts[node].depth + 1,
            .next = *bucket,
        };
        *bucket = child;
    }
    hde_contexts[node].last_child = child;
    return child;
}

unsigned hde_context_stack(uint32_t node, uint32_t pc, uint32_t *frames, unsigned count)
{
    unsigned written = 0;

    if (count > 0) {
        frames[written++] = pc;
    }
    for (; node != 0 && written < count; node = hde_contexts[node].parent) {
        frames[written++] = hde_contexts[node].call_pc;
    }
    return written;
}
