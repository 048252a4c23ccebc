/*
 * Input, the strategy: each action answers the choice that it names as docs/INPUT_FORMAT.md says;
 * values are the thread's own; a base is as if it had never run.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/input.h"
#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_input;

#define BIT(thread) (1U << (thread))

static struct hde_input input;
static void *state_of_strategy;
static struct hde_event pending[HDE_THREADS_MAX];

static void begin(const struct hde_input_entry *entries, uint32_t count)
{
    const struct hde_strategy_options options = {.input = &input};

    if (state_of_strategy == NULL) {
        state_of_strategy = calloc(1, hde_strategy_input.state_size);
        assert_non_null(state_of_strategy);
        hde_strategy_input.start(state_of_strategy, &options);
    }
    input.base = HDE_INPUT_NONPREEMPTIVE;
    input.seed = 0;
    input.threads_count = 0;
    input.entries_count = 0;
    for (uint32_t i = 0; i < count; i++) {
        assert_true(hde_input_add(&input, &entries[i]));
    }
    hde_strategy_input.begin(state_of_strategy, 0);
}

struct ask {
    enum hde_choice_kind kind;
    uint8_t thread;
    uint32_t event;
    unsigned threads; /* bits */
    unsigned timed;
    uint32_t count; /* of a number */
};

static uint32_t ask(const struct ask *asked)
{
    const struct hde_set threads = {{asked->threads}};
    const struct hde_set timed = {{asked->timed}};
    bool is_thread = hde_choice_is_thread(asked->kind);
    const struct hde_choice choice = {
        .kind = asked->kind,
        .count = is_thread ? hde_set_count(&threads) : asked->count,
        .threads = &threads,
        .timed = &timed,
        .normal = !is_thread                             ? 0
                  : hde_set_has(&threads, asked->thread) ? asked->thread
                                                         : hde_set_first(&threads),
        .thread = asked->thread,
        .event = asked->event,
        .pending = pending,
    };

    return hde_strategy_input.choose(state_of_strategy, &choice);
}

static uint32_t ask_thread(uint8_t thread, uint32_t event, unsigned threads)
{
    const struct ask asked = {.thread = thread, .event = event, .threads = threads};

    return ask(&asked);
}

static void an_answer_is_a_thread_or_its_rank(void **state)
{
    const struct hde_input_entry entries[] = {{.thread = 1, .event = 3, .argument = 4},
                                              {.thread = 1, .event = 5, .argument = 9}};

    (void)state;
    begin(entries, 2);
    assert_int_equal(ask_thread(1, 1, BIT(1) | BIT(2) | BIT(4)), 1);
    assert_int_equal(ask_thread(1, 3, BIT(1) | BIT(2) | BIT(4)), 4);
    assert_int_equal(ask_thread(1, 4, BIT(1) | BIT(2) | BIT(4)), 1);
    assert_int_equal(ask_thread(1, 5, BIT(1) | BIT(2) | BIT(4)), 4); /* 9 % 2, 1 left out */
    assert_int_equal(ask_thread(2, 3, BIT(1) | BIT(2) | BIT(4)), 2); /* of another thread */
}

static void who_steps_may_be_answered_later(void **state)
{
    const struct hde_input_entry entries[] = {{.thread = 1, .event = 3, .argument = 4},
                                              {.thread = 1, .event = 5, .argument = 2},
                                              {.thread = 1, .event = 9, .argument = 3}};

    (void)state;
    begin(entries, 3);
    assert_int_equal(ask_thread(1, 2, 0x1f), 1);
    assert_int_equal(ask_thread(1, 7, 0x1f), 2); /* the last of those that were for before */
    assert_int_equal(ask_thread(1, 8, 0x1f), 1);
    assert_int_equal(ask_thread(1, 10, 0x1f), 3);
}

static void another_choice_is_answered_there_or_never(void **state)
{
    const struct hde_input_entry entries[] = {{.thread = 1, .event = 3, .argument = 1},
                                              {.thread = 1, .event = 6, .argument = 5},
                                              {.thread = 1, .event = 8, .argument = 2}};
    const struct ask late = {.kind = HDE_CHOICE_WEAK_CAS, .thread = 1, .event = 4, .count = 2};
    const struct ask fault = {.kind = HDE_CHOICE_WEAK_CAS, .thread = 1, .event = 6, .count = 2};
    const struct ask wake = {.kind = HDE_CHOICE_WAKE, .thread = 1, .event = 8, .threads = 0xe};

    (void)state;
    begin(entries, 3);
    assert_int_equal(ask(&late), 0);
    assert_int_equal(ask(&fault), 1); /* 5 % 2 */
    assert_int_equal(ask(&wake), 2);
    /* The first one, for who steps, was still to come, but the others have been since. */
    assert_int_equal(ask_thread(1, 9, 0x1e), 1);
    begin(entries, 1);
    assert_int_equal(ask(&late), 0);
    assert_int_equal(ask_thread(1, 5, 0x1f << 1), 1);
    begin((const struct hde_input_entry[]){{.thread = 1, .event = 3, .argument = 2}}, 1);
    assert_int_equal(ask(&late), 0);
    assert_int_equal(ask_thread(1, 5, 0x1e), 2);
}

static void a_time_out_is_that_of_who_could(void **state)
{
    const struct hde_input_entry entry = {
        .thread = 1, .event = 3, .argument = 3, .action = HDE_INPUT_TIME_OUT};
    const struct ask asked = {.thread = 1, .event = 3, .threads = 0x1e, .timed = 0x14};

    (void)state;
    begin(&entry, 1);
    assert_int_equal(ask(&asked), 4); /* the second of two */
    begin(&entry, 1);
    assert_int_equal(ask_thread(1, 3, 0x1e), 1); /* nobody could */
}

static void a_delayed_thread_comes_back_after_so_many_steps(void **state)
{
    const struct hde_input_entry entry = {
        .thread = 1, .event = 3, .argument = 2, .action = HDE_INPUT_DELAY};

    (void)state;
    begin(&entry, 1);
    assert_int_equal(ask_thread(1, 3, 0xe), 2);
    assert_int_equal(ask_thread(2, 1, 0xe), 2);
    assert_int_equal(ask_thread(2, 2, 0xe), 2);
    assert_int_equal(ask_thread(2, 3, 0xe), 1);
    assert_int_equal(ask_thread(1, 4, 0xe), 1);
}

static void it_comes_back_when_nobody_else_can_step(void **state)
{
    const struct hde_input_entry entries[] = {
        {.thread = 1, .event = 3, .argument = 200, .action = HDE_INPUT_DELAY},
        {.thread = 2, .event = 2, .argument = 200, .action = HDE_INPUT_DELAY}};

    (void)state;
    begin(entries, 2);
    assert_int_equal(ask_thread(1, 3, 0x6), 2);
    assert_int_equal(ask_thread(2, 1, 0x6), 2);
    assert_int_equal(ask_thread(2, 2, 0x6), 2); /* both are delayed: neither is any more */
    assert_int_equal(ask_thread(3, 1, 0x6), 1);
}

static void it_waits_for_a_conflict(void **state)
{
    const struct hde_input_entry entry = {
        .thread = 1, .event = 3, .action = HDE_INPUT_DELAY_CONFLICT};
    const struct hde_event write = {
        .address = 64, .size = 8, .writes = true, .kind = HDE_EVENT_ATOMIC_STORE};
    struct hde_event elsewhere = write;

    (void)state;
    elsewhere.address = 128;
    pending[1] = write;
    pending[2] = elsewhere;
    begin(&entry, 1);
    assert_int_equal(ask_thread(1, 3, 0x6), 2);
    assert_int_equal(ask_thread(2, 1, 0x6), 2);
    pending[2] = write;
    assert_int_equal(ask_thread(2, 2, 0x6), 2);
    pending[2] = elsewhere;
    assert_int_equal(ask_thread(2, 3, 0x6), 1);
    memset(pending, 0, sizeof(pending));
}

/* ---- Values ---------------------------------------------------------------------------------- */

static uint32_t ask_value(uint8_t thread, uint32_t event, uint32_t count)
{
    const struct ask asked = {
        .kind = HDE_CHOICE_VALUE, .thread = thread, .event = event, .count = count};

    return ask(&asked);
}

static void values_are_each_threads_own(void **state)
{
    static const uint8_t of_1[] = {7, 1, 2, 9, 8, 7, 6};
    static const uint8_t of_2[] = {3, 4};

    (void)state;
    for (unsigned order = 0; order < 2; order++) {
        begin(NULL, 0);
        input.threads_count = 3;
        input.values[0].size = 0;
        input.values[1] = (struct hde_input_bytes){of_1, sizeof(of_1)};
        input.values[2] = (struct hde_input_bytes){of_2, sizeof(of_2)};
        if (order == 1) {
            assert_int_equal(ask_value(2, 1, 10), 3);
        }
        assert_int_equal(ask_value(1, 1, 256), 7);
        assert_int_equal(ask_value(1, 2, 257), 0x201 % 257);
        assert_int_equal(ask_value(1, 3, 65537), 0x06070809 % 65537);
        assert_int_equal(ask_value(1, 4, 10), 0); /* there are no more */
        if (order == 0) {
            assert_int_equal(ask_value(2, 1, 10), 3);
        }
        assert_int_equal(ask_value(2, 2, 3), 1);
        assert_int_equal(ask_value(3, 2, 3), 0);
    }
}

static void a_value_may_have_an_entry(void **state)
{
    static const uint8_t of_1[] = {7, 8, 9};
    const struct hde_input_entry entry = {.thread = 1, .event = 2, .argument = 40};

    (void)state;
    begin(&entry, 1);
    input.threads_count = 2;
    input.values[0].size = 0;
    input.values[1] = (struct hde_input_bytes){of_1, sizeof(of_1)};
    assert_int_equal(ask_value(1, 1, 50), 7);
    assert_int_equal(ask_value(1, 2, 50), 40);
    assert_int_equal(ask_value(1, 3, 50), 9); /* its own place is not taken by the next one */
}

/* Under a base with a seed, what is missing is drawn: by thread and number, whoever comes first. */
static void missing_values_do_not_depend_on_the_order(void **state)
{
    uint32_t first[2];
    unsigned same = 0;
    unsigned repeated = 0;

    (void)state;
    for (uint32_t seed = 0; seed < 100; seed++) {
        begin(NULL, 0);
        input.base = HDE_INPUT_RANDOM;
        input.seed = seed;
        hde_strategy_input.begin(state_of_strategy, 0);
        first[0] = ask_value(1, 1, 1000);
        first[1] = ask_value(2, 1, 1000);
        hde_strategy_input.begin(state_of_strategy, 0);
        assert_int_equal(ask_value(2, 1, 1000), first[1]);
        assert_int_equal(ask_value(1, 1, 1000), first[0]);
        same += first[0] == first[1];
        repeated += ask_value(1, 2, 1000) == first[0];
    }
    assert_true(same < 5 && repeated < 5); /* of 100, one in a thousand each */
}

/* ---- Bases ----------------------------------------------------------------------------------- */

/* Where the base is asked, it leaves the running thread in two of three cases. */
static void at_plain_accesses_no_base_is_asked(void **state)
{
    unsigned left = 0;

    (void)state;
    begin(NULL, 0);
    for (unsigned i = 0; i < 200; i++) {
        input.base = HDE_INPUT_RANDOM;
        input.seed = i;
        hde_strategy_input.begin(state_of_strategy, 0);
        pending[1].kind = i < 100 ? HDE_EVENT_READ : HDE_EVENT_LOCK;
        left += ask_thread(1, 3, 0xe) != 1;
        assert_true(i >= 100 || left == 0);
    }
    assert_true(left > 43); /* of 100: 67 - 5 x sqrt(100 x 2 / 9) */
    memset(pending, 0, sizeof(pending));
}

static struct sim_program program;
static struct sim sim;

#define SEEDS 60U

static uint64_t order_of(unsigned base, uint32_t seed)
{
    input.entries_count = 0;
    input.threads_count = 0;
    input.base = (uint8_t)base;
    input.seed = seed;
    hd_sim_run(&sim, &program, &hde_strategy_input, state_of_strategy, 1);
    (void)hde_strategy_input.end(state_of_strategy);
    return sim.order;
}

/* How many different ones there are of the seeds. */
static unsigned take_orders(unsigned base, uint64_t orders[SEEDS])
{
    unsigned distinct = 0;

    for (uint32_t seed = 0; seed < SEEDS; seed++) {
        bool is_new = true;

        orders[seed] = order_of(base, seed);
        for (uint32_t i = 0; i < seed; i++) {
            is_new = is_new && orders[i] != orders[seed];
        }
        distinct += is_new;
    }
    return distinct;
}

static void run_something_long(void)
{
    hd_sim_independent(&program, 8, 100);
    for (unsigned base = 0; base < HDE_INPUT_BASES; base++) {
        (void)order_of(base, 5);
    }
}

/* 252 orders of two threads of five events: of 60 seeds, more than 5 differ, but for 2^-200. */
static void each_base_follows_from_its_seed(void **state)
{
    uint64_t orders[SEEDS];

    (void)state;
    begin(NULL, 0);
    for (unsigned base = 0; base < HDE_INPUT_BASES; base++) {
        hd_sim_independent(&program, 2, 5);
        unsigned distinct = take_orders(base, orders);

        assert_true(base == HDE_INPUT_NONPREEMPTIVE ? distinct == 1 : distinct > 5);
        run_something_long();
        hd_sim_independent(&program, 2, 5);
        for (uint32_t seed = SEEDS; seed > 0; seed--) {
            assert_int_equal(order_of(base, seed - 1), orders[seed - 1]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_a_thread_or_its_rank),
        cmocka_unit_test(who_steps_may_be_answered_later),
        cmocka_unit_test(another_choice_is_answered_there_or_never),
        cmocka_unit_test(a_time_out_is_that_of_who_could),
        cmocka_unit_test(a_delayed_thread_comes_back_after_so_many_steps),
        cmocka_unit_test(it_comes_back_when_nobody_else_can_step),
        cmocka_unit_test(it_waits_for_a_conflict),
        cmocka_unit_test(values_are_each_threads_own),
        cmocka_unit_test(a_value_may_have_an_entry),
        cmocka_unit_test(missing_values_do_not_depend_on_the_order),
        cmocka_unit_test(at_plain_accesses_no_base_is_asked),
        cmocka_unit_test(each_base_follows_from_its_seed),
    };

    return cmocka_run_group_tests_name("engine.input_choices", tests, NULL, NULL);
}
