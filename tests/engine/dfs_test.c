/*
 * DFS: every execution within the bound, each once, the ones with fewer preemptions first; against
 * closed forms and against counts of the literature.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/engine/simulator_programs.h"

extern const struct hde_strategy hde_strategy_dfs;

#define UNBOUNDED 60U

static struct sim_program program;

static struct sim_tally search(unsigned bound)
{
    const struct hde_strategy_options options = {.preemptions = bound};
    struct sim_tally tally =
        hd_sim_explore(&program, &hde_strategy_dfs, &options, UINT64_MAX, NULL, NULL);

    assert_true(tally.has_ended);
    return tally;
}

static uint64_t choose_of(unsigned n, unsigned k)
{
    uint64_t result = 1;

    for (unsigned i = 1; i <= k; i++) {
        result = result * (n - k + i) / i;
    }
    return k > n ? 0 : result;
}

/* Of two threads of n events, 2 C(n-1,j)^2 executions have 2j preemptions, ... */
static uint64_t with_exactly(unsigned n, unsigned preemptions)
{
    unsigned j = preemptions / 2;

    return 2 * choose_of(n - 1, j) * choose_of(n - 1, preemptions - j);
}

static void two_threads_have_the_closed_form(void **state)
{
    (void)state;
    for (unsigned n = 1; n <= 8; n++) {
        uint64_t sum = 0;

        hd_sim_independent(&program, 2, n);
        for (unsigned bound = 0; bound < 2 * n; bound++) {
            sum += with_exactly(n, bound);
            assert_int_equal(search(bound).executions, sum);
        }
        assert_int_equal(sum, choose_of(2 * n, n));
    }
}

static void three_threads_have_the_multinomial(void **state)
{
    (void)state;
    hd_sim_independent(&program, 3, 4);
    assert_int_equal(search(UNBOUNDED).executions, 34650); /* 12! / 4!^3 */
    hd_sim_independent(&program, 6, 1);
    assert_int_equal(search(0).executions, 720); /* 6!: no thread can be preempted */
}

/* ---- Counts of the literature ---------------------------------------------------------------- */

static void make_sb_2(void) { hd_sim_store_buffering(&program, 2); }
static void make_sb_3(void) { hd_sim_store_buffering(&program, 3); }
static void make_iriw(void) { hd_sim_iriw(&program); }
static void make_mutex_counter(void) { hd_sim_mutex_counter(&program, 2, 2); }
static void make_philosophers(void) { hd_sim_philosophers(&program, 3); }
static void make_last_zero(void) { hd_sim_last_zero(&program, 4); }
static void make_lost_wake_up(void) { hd_sim_lost_wake_up(&program, 1); }

/* How many executions have 0, 1, 2, ... preemptions at most. */
static const struct {
    void (*make)(void);
    uint64_t counts[9]; /* 0 ends them */
    uint64_t deadlocks; /* of all */
} literature[] = {
    {make_sb_2, {2, 4, 6}, 0},
    {make_sb_3, {6, 24, 60, 90}, 0},
    {make_iriw, {24, 96, 180}, 0},
    {make_mutex_counter, {2, 4, 6}, 0},
    {make_philosophers, {6, 57, 129, 150, 168}, 6},
    {make_last_zero, {120, 1166, 5940, 18243, 34482, 41998, 44135, 44300}, 0},
    {make_lost_wake_up, {2, 8, 10, 11}, 1},
};

static void counts_are_those_of_the_literature(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(literature) / sizeof(literature[0]); i++) {
        literature[i].make();
        unsigned bound = 0;

        for (; literature[i].counts[bound] != 0; bound++) {
            assert_int_equal(search(bound).executions, literature[i].counts[bound]);
        }
        struct sim_tally all = search(UNBOUNDED);

        assert_int_equal(all.executions, literature[i].counts[bound - 1]);
        assert_int_equal(all.deadlocks, literature[i].deadlocks);
    }
}

/* ---- Each once, in order --------------------------------------------------------------------- */

#define ORDERS_MAX 50000U

struct orders {
    uint64_t orders[ORDERS_MAX];
    size_t count;
    unsigned preemptions; /* of the last one */
};

static struct orders seen;

static void note_order(const struct sim *sim, void *argument)
{
    struct orders *orders = argument;

    assert_true(orders->count < ORDERS_MAX);
    assert_true(sim->preemptions >= orders->preemptions);
    orders->preemptions = sim->preemptions;
    orders->orders[orders->count++] = sim->order;
}

static int compare(const void *a, const void *b)
{
    const uint64_t *left = a;
    const uint64_t *right = b;

    return (*left > *right) - (*left < *right);
}

static void check_each_once(unsigned bound)
{
    const struct hde_strategy_options options = {.preemptions = bound};

    seen.count = 0;
    seen.preemptions = 0;
    (void)hd_sim_explore(&program, &hde_strategy_dfs, &options, UINT64_MAX, note_order, &seen);
    qsort(seen.orders, seen.count, sizeof(seen.orders[0]), compare);
    for (size_t i = 1; i < seen.count; i++) {
        assert_true(seen.orders[i] != seen.orders[i - 1]);
    }
    assert_true(seen.preemptions <= bound);
}

static void each_execution_comes_once_the_fewest_preemptions_first(void **state)
{
    (void)state;
    for (unsigned bound = 0; bound < 9; bound++) {
        make_philosophers();
        check_each_once(bound);
        make_last_zero();
        check_each_once(bound);
    }
}

/* A random walk makes each execution with its own probability: together they make 1. */
static void no_execution_is_left_out(void **state)
{
    (void)state;
    make_last_zero();
    assert_float_equal((float)search(UNBOUNDED).probability, 1.0F, 1e-6F);
    hd_sim_lost_wake_up(&program, 3);
    assert_float_equal((float)search(UNBOUNDED).probability, 1.0F, 1e-6F);
}

/* The probability that a random walk finds the bug, known exactly. */
static void failing_executions_are_those_of_sctbench(void **state)
{
    (void)state;
    hd_sim_reorder(&program, 3);
    assert_float_equal((float)search(UNBOUNDED).failing_probability, 73.0F / 2916, 1e-6F);
    hd_sim_reorder(&program, 4);
    assert_float_equal((float)search(UNBOUNDED).failing_probability, 409.0F / 55296, 1e-6F);
    hd_sim_two_stage(&program);
    assert_float_equal((float)search(UNBOUNDED).failing_probability, 11.0F / 512, 1e-6F);
}

/* ---- What is no preemption ------------------------------------------------------------------- */

static void values_cost_nothing(void **state)
{
    (void)state;
    hd_sim_program_begin(&program, 1);
    hd_sim_add_choose(&program, 1, 3);
    hd_sim_add_choose(&program, 1, 4);
    hd_sim_add_choose(&program, 1, 5);
    assert_int_equal(search(0).executions, 60);
    assert_int_equal(search(3).executions, 60);

    /* The other thread's event can come before the choice, or after it, which is one preemption. */
    hd_sim_program_begin(&program, 2);
    hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    hd_sim_add_choose(&program, 1, 3);
    hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 1, NULL);
    assert_int_equal(search(0).executions, 6);
    assert_int_equal(search(1).executions, 9);
    check_each_once(1);
}

static void who_wakes_costs_nothing(void **state)
{
    enum { LOCK, CONDITION };

    (void)state;
    hd_sim_program_begin(&program, 4);
    for (unsigned thread = 1; thread <= 3; thread++) {
        hd_sim_add(&program, thread, HDE_EVENT_LOCK, LOCK, NULL);
        hd_sim_add_wait(&program, thread, CONDITION, LOCK);
        hd_sim_add(&program, thread, HDE_EVENT_UNLOCK, LOCK, NULL);
    }
    for (unsigned i = 0; i < 3; i++) {
        hd_sim_add(&program, 4, HDE_EVENT_NOTIFY, CONDITION, NULL);
    }
    struct sim_tally all = search(0);

    /*
     * All wait (3! orders), then three notifies wake them in 3! orders and they run in 3! orders.
     * Else thread 4 comes first, or after one or two have waited, and all the rest wait for ever:
     * 3! after none, 3 x 2! after one, and 3! x 2! after two, of whom both wake in 2! orders.
     */
    assert_true(all.executions > all.deadlocks);
    assert_int_equal(all.executions - all.deadlocks, 6 * 6 * 6);
    check_each_once(2);
}

static void a_yield_is_no_preemption(void **state)
{
    (void)state;
    hd_sim_program_begin(&program, 2);
    hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    hd_sim_add(&program, 1, HDE_EVENT_YIELD, 0, NULL);
    hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 0, NULL);
    assert_int_equal(search(0).executions, 3);
}

/* ---- Programs that are not deterministic ----------------------------------------------------- */

/* Goes another way every second time. */
static void skip_at_times(struct sim *sim, unsigned thread, unsigned object)
{
    static unsigned times;

    (void)object;
    if (++times % 2 == 0) {
        sim->threads[thread].at++;
    }
}

static void what_does_not_repeat_itself_is_named(void **state)
{
    char message[512];
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();

    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        hd_sim_program_begin(&program, 3);
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_LOAD, 0, skip_at_times);
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_STORE, 0, NULL);
        hd_sim_add(&program, 1, HDE_EVENT_ATOMIC_UPDATE, 0, NULL);
        hd_sim_add(&program, 2, HDE_EVENT_ATOMIC_STORE, 0, NULL);
        hd_sim_add(&program, 3, HDE_EVENT_ATOMIC_STORE, 0, NULL);
        (void)search(3);
        _exit(EXIT_SUCCESS);
    }
    (void)close(ends[1]);
    ssize_t length = read(ends[0], message, sizeof(message) - 1);
    int status = 0;

    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(length > 0);
    message[length] = '\0';
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS);
    assert_non_null(strstr(message, "execution 2 does not repeat"));
    assert_non_null(strstr(message, "thread 1 at its event 1 (atomic_store)"));
    assert_non_null(strstr(message, "thread 1 came to its event 1 (atomic_update)"));
    assert_non_null(strstr(message, "not deterministic"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_have_the_closed_form),
        cmocka_unit_test(three_threads_have_the_multinomial),
        cmocka_unit_test(counts_are_those_of_the_literature),
        cmocka_unit_test(each_execution_comes_once_the_fewest_preemptions_first),
        cmocka_unit_test(no_execution_is_left_out),
        cmocka_unit_test(failing_executions_are_those_of_sctbench),
        cmocka_unit_test(values_cost_nothing),
        cmocka_unit_test(who_wakes_costs_nothing),
        cmocka_unit_test(a_yield_is_no_preemption),
        cmocka_unit_test(what_does_not_repeat_itself_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
