/*
 * CK queues: rings and stacks, which never wait.
 *
 * SPDX-License-Identifier: MIT
 */
#include <ck_ring.h>
#include <ck_stack.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/ck_memory.h"

struct hd_ck_ring {
    ck_ring_t ring;
    ck_ring_buffer_t *buffer;
};

struct node {
    ck_stack_entry_t entry;
    void *item;
};

CK_STACK_CONTAINER(struct node, entry, node_of)

struct hd_ck_stack {
    ck_stack_t items;
    char padding[HD_CK_LINE_SIZE];
    ck_stack_t free;
};

static struct node *pop(ck_stack_t *stack)
{
    ck_stack_entry_t *entry = ck_stack_pop_mpmc(stack);

    return entry == NULL ? NULL : node_of(entry);
}

struct hd_ck_ring *hd_ck_ring_new(unsigned capacity)
{
    struct hd_ck_ring *ring = hd_ck_new(sizeof(*ring));

    ck_ring_init(&ring->ring, capacity);
    ring->buffer = hd_ck_new(capacity * sizeof(*ring->buffer));
    return ring;
}

bool hd_ck_ring_put_mpmc(struct hd_ck_ring *ring, void *item)
{
    return ck_ring_enqueue_mpmc(&ring->ring, ring->buffer, item);
}

bool hd_ck_ring_get_mpmc(struct hd_ck_ring *ring, void **item)
{
    return ck_ring_dequeue_mpmc(&ring->ring, ring->buffer, (void *)item);
}

bool hd_ck_ring_put_spsc(struct hd_ck_ring *ring, void *item)
{
    return ck_ring_enqueue_spsc(&ring->ring, ring->buffer, item);
}

bool hd_ck_ring_get_spsc(struct hd_ck_ring *ring, void **item)
{
    return ck_ring_dequeue_spsc(&ring->ring, ring->buffer, (void *)item);
}

struct hd_ck_stack *hd_ck_stack_new(unsigned capacity)
{
    struct hd_ck_stack *stack = hd_ck_new(sizeof(*stack));
    struct node *nodes = hd_ck_new(capacity * sizeof(*nodes));

    ck_stack_init(&stack->items);
    ck_stack_init(&stack->free);
    for (unsigned i = 0; i < capacity; i++) {
        ck_stack_push_mpmc(&stack->free, &nodes[i].entry);
    }
    return stack;
}

bool hd_ck_stack_put(struct hd_ck_stack *stack, void *item)
{
    struct node *node = pop(&stack->free);

    if (node == NULL) {
        return false;
    }
    node->item = item;
    ck_stack_push_mpmc(&stack->items, &node->entry);
    return true;
}

bool hd_ck_stack_get(struct hd_ck_stack *stack, void **item)
{
    struct node *node = pop(&stack->items);

    if (node == NULL) {
        return false;
    }
    *item = node->item;
    ck_stack_push_mpmc(&stack->free, &node->entry);
    return true;
}
