/*
 * Spin: the only part of the primitives that depends on the machine is absent on one core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/spin.h"

#include <sched.h>

#include <heddle/lock.h>

#include "tests/primitives/fork.h"
#include "tests/primitives/support.h"

/* In a child, because a process keeps the limit that it computed first. */
static void check_limit_on_one_core(void *shared)
{
    cpu_set_t one;
    cpu_set_t usable;
    size_t core = 0;

    (void)shared;
    HD_CHECK(sched_getaffinity(0, sizeof(usable), &usable) == 0);
    while (!CPU_ISSET(core, &usable)) {
        core++;
    }
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    HD_CHECK(sched_setaffinity(0, sizeof(one), &one) == 0);
    HD_CHECK_EQUAL(hd_spin_limit(), 0);
    HD_CHECK_EQUAL(hd_spin_limit(), 0);

    struct hd_lock lock = HD_LOCK_INITIALIZER;

    hd_lock_acquire(&lock);
    HD_CHECK_RESULT(hd_lock_acquire_until(&lock, HD_TEST_PAST), HD_TIMEOUT);
    HD_CHECK_RESULT(hd_lock_release(&lock), HD_OK);
}

static void nobody_spins_on_one_core(void **state)
{
    (void)state;
    hd_fork(check_limit_on_one_core, NULL);
}

static void check_limit_on_all_cores(void *shared)
{
    cpu_set_t usable;
    const uint32_t limit = hd_spin_limit();

    (void)shared;
    HD_CHECK(sched_getaffinity(0, sizeof(usable), &usable) == 0);
    HD_CHECK((limit > 0) == (CPU_COUNT(&usable) > 1));
    HD_CHECK(limit <= 1000); /* short: some microseconds at most */
    HD_CHECK_EQUAL(hd_spin_limit(), limit);
}

static void on_several_cores_the_spin_is_short(void **state)
{
    (void)state;
    hd_fork(check_limit_on_all_cores, NULL);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_spins_on_one_core),
        cmocka_unit_test(on_several_cores_the_spin_is_short),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
