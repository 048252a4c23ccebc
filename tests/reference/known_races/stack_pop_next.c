/*
 * Plain read of `next` in a pop of the MPMC stack: the node may not be in the stack any more.
 *
 * A pop reads the top and, plainly, its link. In between another thread may pop that node and push
 * it again, which writes the link plainly: the read and that write race. The generation in the head
 * makes the swap of the slow pop fail.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include "tests/reference/known_races/stage.h"

enum { TOP_READ = 1, PUSHED_AGAIN = 2 };

static _Thread_local unsigned fences_to_stop; /* the slow pop stops at the last of them */

/* CK calls it first after the generation, then after the top and before its link. */
static void stop_after_top(void)
{
    if (fences_to_stop == 1) {
        hd_stage_reach(TOP_READ);
        hd_stage_await(PUSHED_AGAIN);
    }
    fences_to_stop -= fences_to_stop != 0 ? 1U : 0U;
    ck_pr_fence_load();
}

#define ck_pr_fence_load stop_after_top
#include <ck_stack.h>

static struct ck_stack stack __attribute__((aligned(16)));
static struct ck_stack_entry node;

static void pop_slowly(void)
{
    fences_to_stop = 2;
    (void)ck_stack_pop_mpmc(&stack);
}

static void pop_and_push_again(void)
{
    hd_stage_await(TOP_READ);
    ck_stack_push_mpmc(&stack, ck_stack_pop_mpmc(&stack));
    hd_stage_reach(PUSHED_AGAIN);
}

int main(void)
{
    ck_stack_init(&stack);
    ck_stack_push_mpmc(&stack, &node);
    return hd_stage_run("ck_stack_pop_mpmc ck_stack_push_upmc", pop_slowly, pop_and_push_again);
}
