/*
 * Work stealing: the owner of a deque puts `rounds` tasks in and takes most of them out at the same
 * end, `threads` thieves take them at the other.
 *
 * Bug      The owner takes the last task without an exchange: a thief takes it as well.
 * Needs    1 preemption: of the owner, between looking at the thieves' end and moving its own; or
 *          of a thief.
 * Fix      The last task belongs to whose exchange succeeds.
 * Source   Chase and Lev, Dynamic circular work-stealing deque, SPAA 2005.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define TASKS_MAX 1024U

static atomic_int bottom; /* the owner's end */
static atomic_int top;    /* the thieves' */
static atomic_int deque[TASKS_MAX];
static atomic_int are_done[TASKS_MAX];

static void carry_out(int task) { HD_EXPECT(crew_swap(&are_done[task], 1) == 0); }

static void put(int task)
{
    int end = crew_get(&bottom);

    crew_set(&deque[end], task);
    crew_set(&bottom, end + 1);
}

/* Whether the last task, at `end', is the owner's. */
static bool take_last(int end)
{
    bool is_mine = true;

    if (crew_sizes.is_fixed) {
        is_mine = crew_replace(&top, end, end + 1);
    } else {
        crew_set(&top, end + 1);
    }
    crew_set(&bottom, end + 1);
    return is_mine;
}

static void take(void)
{
    int end = crew_get(&bottom) - 1;

    crew_set(&bottom, end);
    int begin = crew_get(&top);

    if (begin > end) {
        crew_set(&bottom, end + 1);
        return;
    }
    int task = crew_get(&deque[end]);

    if (begin < end || take_last(end)) {
        carry_out(task);
    }
}

static void steal(void)
{
    int begin = crew_get(&top);

    if (begin < crew_get(&bottom)) {
        int task = crew_get(&deque[begin]);

        if (crew_replace(&top, begin, begin + 1)) {
            carry_out(task);
        }
    }
}

static void own(void)
{
    for (unsigned task = 0; task < crew_sizes.rounds; task++) {
        put((int)task);
        if (crew_draw(task, 4) != 0) {
            take();
        }
    }
}

static void work(unsigned number)
{
    if (number == crew_sizes.threads) {
        own();
        return;
    }
    for (unsigned i = 0; i < crew_sizes.depth; i++) {
        crew_toil(number, crew_draw(number + i, 6));
        steal();
    }
}

void generated_steal(const struct generated_sizes *sizes)
{
    HD_EXPECT(sizes->rounds <= TASKS_MAX);
    crew_start(sizes, sizes->threads + 1, work);
    crew_join();
}
