/*
 * Interleaving: which pairs of places are counted, and how many of them there are.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/execution.h"
#include "engine/interleaving.h"

#define EACH(kind) (1U << HDE_INTERLEAVING_##kind)

/* Addresses and places, any that differ. */
enum { X = 0x1000, Y = 0x2000 };
enum { HERE = 1, THERE, ELSEWHERE, FIRST_OF_MANY };

static int start_anew(void **state)
{
    (void)state;
    hde_execution_start();
    hde_interleaving_start(HDE_INTERLEAVING_ALL);
    hde_interleaving_measure();
    hde_interleaving_begin();
    hde_execution.generation++;
    return 0;
}

static void
note(unsigned thread, enum hde_event_kind kind, uint64_t address, uint32_t pc, bool writes)
{
    const struct hde_event event = {
        .address = address, .pc = pc, .kind = (uint8_t)kind, .size = 4, .writes = writes};

    hde_interleaving_note(thread, &event, 0);
}

static void store(unsigned thread, uint64_t address, uint32_t pc)
{
    note(thread, HDE_EVENT_ATOMIC_STORE, address, pc, true);
}

static void load(unsigned thread, uint64_t address, uint32_t pc)
{
    note(thread, HDE_EVENT_ATOMIC_LOAD, address, pc, false);
}

/* What comes of it is seen by what has changed before the next step. */
static void update(unsigned thread, uint64_t address, uint32_t pc, bool succeeds)
{
    note(thread, HDE_EVENT_ATOMIC_UPDATE, address, pc, true);
    hde_execution.changes += succeeds;
}

/* So often threads have met for this input; and pairs of no other kind have come up at all. */
static void expect(unsigned reads_from, unsigned conflict, unsigned hand_over)
{
    const struct hde_interleaving_tally tally = hde_interleaving_tally();
    unsigned sum = 0;

    for (unsigned i = 0; i < HDE_INTERLEAVING_COUNTERS; i++) {
        sum += hde_interleaving_counters[i];
    }
    assert_int_equal(sum, reads_from + conflict + hand_over);
    assert_int_equal(tally.exact[HDE_INTERLEAVING_READS_FROM] > 0, reads_from > 0);
    assert_int_equal(tally.exact[HDE_INTERLEAVING_CONFLICT] > 0, conflict > 0);
    assert_int_equal(tally.exact[HDE_INTERLEAVING_HAND_OVER] > 0, hand_over > 0);
    assert_int_equal(tally.exact[HDE_INTERLEAVING_BLOCKED_AT], 0);
}

/* ---- Hand-made steps ------------------------------------------------------------------------- */

static void a_read_meets_the_last_write(void **state)
{
    (void)state;
    store(1, X, HERE);
    load(2, X, THERE);
    expect(1, 0, 0);
    load(2, Y, THERE);
    load(2, X + 4, THERE);
    expect(1, 0, 0);
}

static void nobody_meets_themselves(void **state)
{
    (void)state;
    store(1, X, HERE);
    load(1, X, THERE);
    store(1, X, THERE);
    note(1, HDE_EVENT_UNLOCK, Y, HERE, true);
    note(1, HDE_EVENT_LOCK, Y, THERE, true);
    expect(0, 0, 0);
}

static void only_the_last_write_is_met(void **state)
{
    (void)state;
    store(1, X, HERE);
    store(2, X, THERE);
    expect(0, 1, 0);
    load(2, X, ELSEWHERE);
    expect(0, 1, 0);
}

static void reading_again_is_not_meeting_again(void **state)
{
    (void)state;
    store(1, X, HERE);
    for (int i = 0; i < 10; i++) {
        load(2, X, THERE);
    }
    expect(1, 0, 0);
    store(1, X, HERE);
    load(2, X, THERE);
    expect(2, 1, 0);
}

static void a_write_meets_the_last_write_and_the_last_read(void **state)
{
    (void)state;
    store(1, X, HERE);
    load(2, X, THERE);
    expect(1, 0, 0);
    store(3, X, ELSEWHERE);
    expect(1, 2, 0);
}

/* An update reads and writes; plain accesses that are scheduling points are like atomics. */
static void updates_and_plain_accesses_meet_too(void **state)
{
    (void)state;
    update(1, X, HERE, true);
    update(2, X, HERE, true);
    hde_interleaving_end();
    expect(1, 1, 0);
    note(1, HDE_EVENT_WRITE, Y, HERE, true);
    note(2, HDE_EVENT_READ, Y, THERE, false);
    expect(2, 1, 0);
    note(1, HDE_EVENT_FREE, Y, ELSEWHERE, true);
    expect(2, 2, 0);
}

static void an_update_that_fails_is_a_read(void **state)
{
    (void)state;
    store(1, X, HERE);
    update(2, X, THERE, false);
    load(3, X, ELSEWHERE);
    expect(2, 0, 0);
    update(2, X, THERE, true);
    load(3, X, ELSEWHERE);
    expect(4, 2, 0);
}

static void objects_are_handed_over(void **state)
{
    const struct hde_event wait = {.address = X,
                                   .address2 = X + 128,
                                   .pc = ELSEWHERE,
                                   .kind = HDE_EVENT_WAIT,
                                   .size = 1,
                                   .writes = true};

    (void)state;
    note(1, HDE_EVENT_UNLOCK, Y, HERE, true);
    note(2, HDE_EVENT_LOCK, Y, THERE, true);
    expect(0, 0, 1);
    note(1, HDE_EVENT_NOTIFY, X, HERE, true);
    hde_interleaving_note(2, &wait, 0);
    expect(0, 0, 2);
    note(1, HDE_EVENT_LOCK, X + 128, THERE, true);
    expect(0, 0, 3);
    note(1, HDE_EVENT_SEMAPHORE_POST, X + 64, HERE, true);
    note(2, HDE_EVENT_SEMAPHORE_WAIT, X + 64, THERE, true);
    expect(0, 0, 4);
}

static void a_futex_is_memory_and_object(void **state)
{
    (void)state;
    store(1, X, HERE);
    note(2, HDE_EVENT_FUTEX_WAIT, X, THERE, false);
    expect(1, 0, 0);
    note(1, HDE_EVENT_FUTEX_WAKE, X, ELSEWHERE, true);
    expect(1, 0, 1);
    load(2, X, THERE);
    expect(1, 0, 1);
}

static void what_has_no_object_meets_nobody(void **state)
{
    (void)state;
    for (unsigned thread = 1; thread < 3; thread++) {
        note(thread, HDE_EVENT_FENCE, 0, HERE, true);
        note(thread, HDE_EVENT_YIELD, 0, HERE, false);
        note(thread, HDE_EVENT_END, X, HERE, true);
    }
    expect(0, 0, 0);
}

static void addresses_are_not_mistaken(void **state)
{
    (void)state;
    for (uint64_t address = X; address < X + 16000; address += 16) {
        store(1, address, HERE);
    }
    for (uint64_t address = X; address < X + 16000; address += 16) {
        load(2, address + 8, THERE);
    }
    expect(0, 0, 0);
}

static void executions_do_not_meet(void **state)
{
    (void)state;
    store(1, X, HERE);
    hde_execution.generation++;
    load(2, X, THERE);
    expect(0, 0, 0);
}

/* A pair has an order, and the call that led to a place is part of it. */
/* Tell the one that came last of all who watch: the others know nothing of these threads. */
static void become_blocked(struct hde_thread *thread)
{
    unsigned count = 0;

    while (hde_watchers.blocked[count] != NULL) {
        count++;
    }
    hde_watchers.blocked[count - 1](thread);
}

/* Who mutates, or shrinks what was found, runs executions between two inputs. */
static void who_waits_between_inputs_meets_nobody(void **state)
{
    struct hde_thread *waiting = &hde_execution.threads[0];

    (void)state;
    hde_execution.threads_count = 2;
    for (uint8_t id = 0; id < 2; id++) {
        hde_execution.threads[id].id = id;
        hde_execution.pending[id] = (struct hde_event){.pc = HERE + id};
    }
    become_blocked(waiting);
    assert_int_equal(hde_interleaving_tally().exact[HDE_INTERLEAVING_BLOCKED_AT], 1);
    hde_interleaving_end();
    hde_execution.pending[1].pc = ELSEWHERE;
    become_blocked(waiting);
    assert_int_equal(hde_interleaving_tally().exact[HDE_INTERLEAVING_BLOCKED_AT], 1);
    hde_execution.threads_count = 0;
}

static void pairs_are_told_apart(void **state)
{
    const struct hde_event read = {.address = X, .pc = THERE, .kind = HDE_EVENT_ATOMIC_LOAD};

    (void)state;
    store(1, X, HERE);
    hde_interleaving_note(2, &read, 1);
    hde_interleaving_note(3, &read, 2);
    assert_int_equal(hde_interleaving_tally().exact[HDE_INTERLEAVING_READS_FROM], 2);
    store(1, Y, THERE);
    load(2, Y, HERE);
    assert_int_equal(hde_interleaving_tally().exact[HDE_INTERLEAVING_READS_FROM], 3);
}

static void counters_stay_at_their_end(void **state)
{
    (void)state;
    for (int i = 0; i < 300; i++) {
        store(1 + (unsigned)i % 2, X, HERE);
    }
    expect(0, UINT8_MAX, 0);
}

static void kinds_can_be_left_out(void **state)
{
    (void)state;
    hde_interleaving_start(EACH(CONFLICT));
    hde_interleaving_measure();
    store(1, X, HERE);
    load(2, X, THERE);
    store(1, X, HERE);
    note(1, HDE_EVENT_UNLOCK, Y, HERE, true);
    note(2, HDE_EVENT_LOCK, Y, THERE, true);
    expect(0, 1, 0);
    hde_interleaving_start(0);
    hde_interleaving_measure();
    hde_interleaving_begin();
    store(2, X, THERE);
    store(1, X, HERE);
    expect(0, 0, 0);
}

/* ---- How many, and how often ----------------------------------------------------------------- */

static void singletons_came_up_for_one_input(void **state)
{
    struct hde_interleaving_tally tally;

    (void)state;
    store(1, X, HERE);
    load(2, X, THERE);
    hde_interleaving_begin();
    hde_execution.generation++;
    store(1, X, HERE);
    load(2, X, THERE);
    store(1, X, ELSEWHERE); /* conflicts with both */
    tally = hde_interleaving_tally();
    assert_int_equal(tally.inputs, 2);
    assert_int_equal(tally.pairs, 2);
    assert_int_equal(tally.singletons, 1);
}

static void what_comes_up_again_is_one_pair(void **state)
{
    struct hde_interleaving_tally tally;

    (void)state;
    for (int i = 0; i < 5000; i++) {
        hde_interleaving_begin();
        hde_execution.generation++;
        store(1, X, HERE);
        load(2, X, THERE);
    }
    tally = hde_interleaving_tally();
    assert_int_equal(tally.pairs, 1);
    assert_int_equal(tally.singletons, 0);
}

/*
 * 3,000 pairs on 1,024 counters: a hash that is as good as chance uses 1024 x (1 - e^(-3000/1024)),
 * 969 of them, with a standard deviation below 16. All are at most 5 off.
 */
static void collisions_are_counted(void **state)
{
    const unsigned pairs = 3000;
    const unsigned used = 969;
    struct hde_interleaving_tally tally;

    (void)state;
    hde_interleaving_start(EACH(READS_FROM));
    hde_interleaving_measure();
    for (unsigned i = 0; i < pairs; i++) {
        store(1, X, HERE);
        load(2, X, FIRST_OF_MANY + i);
    }
    tally = hde_interleaving_tally();
    assert_true(tally.is_exact);
    assert_int_equal(tally.exact[HDE_INTERLEAVING_READS_FROM], pairs);
    assert_in_range(tally.collisions, pairs - used - 80, pairs - used + 80);
}

static void too_many_pairs_are_admitted(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 40000; i++) {
        store(1, X, HERE);
        load(2, X, FIRST_OF_MANY + i);
    }
    assert_false(hde_interleaving_tally().is_exact);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_read_meets_the_last_write, start_anew),
        cmocka_unit_test_setup(nobody_meets_themselves, start_anew),
        cmocka_unit_test_setup(only_the_last_write_is_met, start_anew),
        cmocka_unit_test_setup(reading_again_is_not_meeting_again, start_anew),
        cmocka_unit_test_setup(a_write_meets_the_last_write_and_the_last_read, start_anew),
        cmocka_unit_test_setup(updates_and_plain_accesses_meet_too, start_anew),
        cmocka_unit_test_setup(an_update_that_fails_is_a_read, start_anew),
        cmocka_unit_test_setup(objects_are_handed_over, start_anew),
        cmocka_unit_test_setup(a_futex_is_memory_and_object, start_anew),
        cmocka_unit_test_setup(what_has_no_object_meets_nobody, start_anew),
        cmocka_unit_test_setup(addresses_are_not_mistaken, start_anew),
        cmocka_unit_test_setup(executions_do_not_meet, start_anew),
        cmocka_unit_test_setup(who_waits_between_inputs_meets_nobody, start_anew),
        cmocka_unit_test_setup(pairs_are_told_apart, start_anew),
        cmocka_unit_test_setup(counters_stay_at_their_end, start_anew),
        cmocka_unit_test_setup(kinds_can_be_left_out, start_anew),
        cmocka_unit_test_setup(singletons_came_up_for_one_input, start_anew),
        cmocka_unit_test_setup(what_comes_up_again_is_one_pair, start_anew),
        cmocka_unit_test_setup(collisions_are_counted, start_anew),
        cmocka_unit_test_setup(too_many_pairs_are_admitted, start_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
