/*
 * Asking whether a CLH lock is held: the node looked at may be in use again.
 *
 * ck_spinlock_clh_locked() reads the `wait` of the node that came last. Meanwhile that node may
 * pass to the next holder, who writes its `wait` plainly when it queues up with it: the read and
 * that write race.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_spinlock.h>

#include "tests/reference/known_races/stage.h"

enum { ASKED = 1 };

static struct ck_spinlock_clh *queue;
static struct ck_spinlock_clh nodes[2];

static void ask(void)
{
    (void)ck_spinlock_clh_locked(&queue);
    hd_stage_reach(ASKED);
}

/* The second time with the node that the first time left behind. */
static void acquire_twice(void)
{
    struct ck_spinlock_clh *own = &nodes[1];

    hd_stage_await(ASKED);
    for (unsigned time = 0; time < 2; time++) {
        ck_spinlock_clh_lock(&queue, own);
        ck_spinlock_clh_unlock(&own);
    }
}

int main(void)
{
    ck_spinlock_clh_init(&queue, &nodes[0]);
    return hd_stage_run("ck_spinlock_clh_locked ck_spinlock_clh_lock", ask, acquire_twice);
}
