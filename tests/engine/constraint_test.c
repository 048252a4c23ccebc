/*
 * Constraint: whom one delays, whom it waits for, and when it is over.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/constraint.h"

enum { READER = 1, WRITER = 2, OTHER = 3 };

static const struct hde_event events[] = {
    [READER] = {.kind = HDE_EVENT_ATOMIC_LOAD, .address = 8, .size = 4, .pc = 1},
    [WRITER] = {.kind = HDE_EVENT_ATOMIC_STORE, .address = 8, .size = 4, .pc = 2, .writes = true},
    [OTHER] = {.kind = HDE_EVENT_ATOMIC_STORE, .address = 8, .size = 4, .pc = 3, .writes = true},
};

static struct hde_constraints one(bool is_positive)
{
    struct hde_constraints constraints = {.count = 1,
                                          .items = {{.address = 8,
                                                     .write_pc = 2,
                                                     .read_pc = 1,
                                                     .writer = HDE_ANYBODY,
                                                     .reader = HDE_ANYBODY,
                                                     .is_positive = is_positive}}};

    hde_constraints_begin(&constraints);
    return constraints;
}

/* Which of the three may step, as a bit each. */
static uint64_t heed(struct hde_constraints *constraints)
{
    static const struct hde_set nobody;
    const struct hde_set all = {.word = {1U << READER | 1U << WRITER | 1U << OTHER}};
    const struct hde_choice choice = {
        .threads = &all, .timed = &nobody, .count = 3, .pending = events};

    return hde_constraints_heed(constraints, &choice, &all).word[0];
}

static void a_read_waits_for_its_write_and_others_for_the_read(void **state)
{
    struct hde_constraints constraints = one(true);

    (void)state;
    assert_int_equal(heed(&constraints), 1U << WRITER | 1U << OTHER);
    constraints.items[0].is_eager = true;
    assert_int_equal(heed(&constraints), 1U << WRITER);
    hde_constraints_note(&constraints, WRITER, &events[WRITER]);
    assert_int_equal(heed(&constraints), 1U << READER);
    hde_constraints_note(&constraints, READER, &events[READER]);
    assert_int_equal(heed(&constraints), 1U << READER | 1U << WRITER | 1U << OTHER);
}

static void a_read_waits_until_another_write_has_come(void **state)
{
    struct hde_constraints constraints = one(false);

    (void)state;
    hde_constraints_note(&constraints, WRITER, &events[WRITER]);
    assert_int_equal(heed(&constraints), 1U << WRITER | 1U << OTHER);
    hde_constraints_note(&constraints, OTHER, &events[OTHER]);
    assert_int_equal(heed(&constraints), 1U << READER | 1U << WRITER | 1U << OTHER);
}

/* If nobody else could step, it is given up. */
static void nobody_waits_for_ever(void **state)
{
    static const struct hde_set nobody;
    const struct hde_set reader = {.word = {1U << READER}};
    const struct hde_choice choice = {
        .threads = &reader, .timed = &nobody, .count = 1, .pending = events};
    struct hde_constraints constraints = one(true);

    (void)state;
    assert_int_equal(hde_constraints_heed(&constraints, &choice, &reader).word[0], 1U << READER);
    assert_int_equal(constraints.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_waits_for_its_write_and_others_for_the_read),
        cmocka_unit_test(a_read_waits_until_another_write_has_come),
        cmocka_unit_test(nobody_waits_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
