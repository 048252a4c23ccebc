/*
 * Reuse: the program. Where memory is used again, the compare-and-exchange may succeed on a node
 * that has been freed, allocated and pushed meanwhile: then the stack goes on in a freed one.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/reuse.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>

struct node {
    struct node *next; /* atomic */
    bool is_popped;    /* atomic */
};

static struct node *top; /* atomic */
static int ready;        /* atomic: the stack has its first two nodes */

static void push(void)
{
    struct node *node = malloc(sizeof(*node));
    struct node *below = __atomic_load_n(&top, __ATOMIC_RELAXED);

    HD_EXPECT(node != NULL);
    __atomic_store_n(&node->is_popped, false, __ATOMIC_RELAXED);
    do {
        __atomic_store_n(&node->next, below, __ATOMIC_RELAXED);
        /* Release: pairs with the acquires of pop(). */
    } while (!__atomic_compare_exchange_n(&top, &below, node, false, __ATOMIC_RELEASE,
                                          __ATOMIC_RELAXED));
}

static struct node *pop(void)
{
    /* Acquire: pairs with the release of push(). */
    struct node *node = __atomic_load_n(&top, __ATOMIC_ACQUIRE);

    while (node != NULL) {
        struct node *below = __atomic_load_n(&node->next, __ATOMIC_RELAXED);

        /* Both: pairs with itself and with push(). */
        if (__atomic_compare_exchange_n(&top, &node, below, false, __ATOMIC_ACQ_REL,
                                        __ATOMIC_ACQUIRE)) {
            /* It is popped once for each time that it was pushed. */
            HD_EXPECT(!__atomic_exchange_n(&node->is_popped, true, __ATOMIC_RELAXED));
            break;
        }
    }
    return node;
}

void hd_reuse_pop_one(void *unused)
{
    (void)unused;
    /* Acquire: pairs with the release of hd_reuse_replace_two(). */
    while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) == 0) {
    }
    (void)pop();
    (void)pop();
}

void hd_reuse_replace_two(void *unused)
{
    (void)unused;
    push();
    push();
    /* Release: pairs with the acquire of hd_reuse_pop_one(). */
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
    struct node *first = pop();
    struct node *second = pop();

    free(second);
    free(first);
    push();
}
