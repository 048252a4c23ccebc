/*
 * Fibers: registers, stacks and addresses survive any order of switches, a fresh fiber begins as
 * the ABI wants it, walks of its stack end, and an overflow is recognized.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fiber.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

#include <cmocka.h>

#include "engine/rng.h"

#define FIBERS 16U
#define SWITCHES 1000000U
#define STACK_WORDS 64U

static void *host;
static void *fibers[HDE_THREADS_MAX];
static unsigned running;
static unsigned errors; /* fibers cannot use cmocka's assertions, which jump to the host's stack */

static void check(bool holds)
{
    if (!holds) {
        errors++;
    }
}

/* The value, of which the compiler knows nothing. */
static uint64_t opaque(uint64_t value)
{
    __asm__ volatile("" : "+r"(value));
    return value;
}

static void leave(void) { hde_fiber_switch(&fibers[running], host); }

static void begin(unsigned stack, void (*entry)(void))
{
    running = stack;
    fibers[stack] = hde_fiber_prepare(stack, entry);
    hde_fiber_switch(&host, fibers[stack]);
}

static void resume(unsigned stack)
{
    running = stack;
    hde_fiber_switch(&host, fibers[stack]);
}

/* ---- Switches -------------------------------------------------------------------------------- */

static struct hde_rng rng;
static unsigned switches;

/* To any fiber, itself excepted; to the host when there have been enough. */
static void switch_to_any(unsigned self)
{
    unsigned other = (self + 1 + hde_rng_below(&rng, FIBERS - 1)) % FIBERS;

    if (++switches >= SWITCHES) {
        leave();
        return;
    }
    running = other;
    hde_fiber_switch(&fibers[self], fibers[other]);
}

/* All these values are in use before and after the switch: they are in registers as far as these
 * reach, and on the stack. Each fiber's differ, and from round to round. */
static void keep_canaries(void)
{
    const unsigned self = running;
    volatile uint64_t on_stack[STACK_WORDS];

    for (uint64_t round = 0;; round++) {
        const uint64_t seed = opaque(self * UINT64_C(0x9e3779b97f4a7c15) + round);
        const uint64_t a = opaque(seed + 1);
        const uint64_t b = opaque(seed + 2);
        const uint64_t c = opaque(seed + 3);
        const uint64_t d = opaque(seed + 4);
        const uint64_t e = opaque(seed + 5);
        const uint64_t f = opaque(seed + 6);
        const uint64_t g = opaque(seed + 7);
        const uint64_t h = opaque(seed + 8);
        const uint64_t i = opaque(seed + 9);
        const uint64_t j = opaque(seed + 10);
        const uint64_t k = opaque(seed + 11);

        on_stack[round % STACK_WORDS] = seed;
        switch_to_any(self);
        check(running == self && on_stack[round % STACK_WORDS] == opaque(seed));
        check(a == seed + 1 && b == seed + 2 && c == seed + 3 && d == seed + 4);
        check(e == seed + 5 && f == seed + 6 && g == seed + 7 && h == seed + 8);
        check(i == seed + 9 && j == seed + 10 && k == seed + 11);
    }
}

static double opaque_real(double value)
{
    __asm__ volatile("" : "+m"(value));
    return value;
}

/* The same for real numbers. */
static void keep_real_canaries(void)
{
    const unsigned self = running;

    for (uint64_t round = 0;; round++) {
        const double seed = opaque_real((double)(self * UINT64_C(1000000) + round) * 1.25);
        const double a = opaque_real(seed + 1);
        const double b = opaque_real(seed + 2);
        const double c = opaque_real(seed + 3);
        const double d = opaque_real(seed + 4);
        const double e = opaque_real(seed + 5);
        const double f = opaque_real(seed + 6);
        const double g = opaque_real(seed + 7);
        const double h = opaque_real(seed + 8);
        const double i = opaque_real(seed + 9);

        switch_to_any(self);
        check(a - seed == 1 && b - seed == 2 && c - seed == 3 && d - seed == 4 && e - seed == 5);
        check(f - seed == 6 && g - seed == 7 && h - seed == 8 && i - seed == 9);
    }
}

static void switch_at_random(void (*entry)(void))
{
    hde_rng_seed(&rng, 1);
    switches = 0;
    errors = 0;
    for (unsigned i = 0; i < FIBERS; i++) {
        fibers[i] = hde_fiber_prepare(i, entry);
    }
    resume(0);
    assert_int_equal(switches, SWITCHES);
    assert_int_equal(errors, 0);
}

static void registers_and_stacks_survive_a_million_switches(void **state)
{
    (void)state;
    switch_at_random(keep_canaries);
}

static void real_numbers_survive_a_million_switches(void **state)
{
    (void)state;
    switch_at_random(keep_real_canaries);
}

/* ---- Beginning ------------------------------------------------------------------------------- */

static unsigned entries;

/* Whether the compiler's idea of alignment is true; it must not know that it is its own. */
static void note_alignment(void)
{
    _Alignas(16) char aligned[16];

    entries++;
    check(opaque((uint64_t)aligned) % 16 == 0);
    check((uint64_t)__builtin_frame_address(0) % 16 == 0);
    leave();
    check(false);
}

static void a_fresh_fiber_is_aligned(void **state)
{
    (void)state;
    errors = 0;
    entries = 0;
    for (unsigned stack = 0; stack < HDE_THREADS_MAX; stack++) {
        begin(stack, note_alignment);
    }
    assert_int_equal(entries, HDE_THREADS_MAX);
    assert_int_equal(errors, 0);
}

static void a_stack_can_be_begun_on_again(void **state)
{
    (void)state;
    errors = 0;
    entries = 0;
    for (unsigned i = 0; i < 10000; i++) {
        begin(5, note_alignment);
    }
    assert_int_equal(entries, 10000);
    assert_int_equal(errors, 0);
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static uintptr_t address_of_local;

static void note_address(void)
{
    char local = 0;

    address_of_local = opaque((uint64_t)&local);
    leave();
}

static void an_address_tells_whose_stack_it_is_in(void **state)
{
    int of_host = 0;

    (void)state;
    for (unsigned stack = 0; stack < HDE_THREADS_MAX; stack++) {
        uintptr_t top = hde_fiber_stack_top(stack);

        begin(stack, note_address);
        assert_int_equal(hde_fiber_stack_owner(address_of_local), stack);
        assert_int_equal(hde_fiber_stack_owner(top - 1), stack);
        assert_int_equal(hde_fiber_stack_owner(top - HDE_STACK_SIZE), stack);
        assert_int_equal(hde_fiber_guard_owner(top - 1), HDE_THREADS_MAX);
        assert_int_equal(hde_fiber_guard_owner(address_of_local), HDE_THREADS_MAX);
    }
    assert_int_equal(hde_fiber_stack_owner((uintptr_t)&of_host), HDE_THREADS_MAX);
    assert_int_equal(hde_fiber_guard_owner((uintptr_t)&of_host), HDE_THREADS_MAX);
    assert_int_equal(hde_fiber_stack_owner(0), HDE_THREADS_MAX);
    assert_int_equal(hde_fiber_guard_owner(0), HDE_THREADS_MAX);
}

static void a_local_has_the_same_address_each_time(void **state)
{
    (void)state;
    begin(3, note_address);

    uintptr_t first = address_of_local;

    begin(4, note_address);
    assert_true(address_of_local != first);
    begin(3, note_address);
    assert_int_equal(address_of_local, first);
}

/* The tops of stacks are what executions touch: they must not all lie in the same sets of a
 * cache of 64 sets of 64 bytes. */
static void stacks_do_not_compete_for_the_cache(void **state)
{
    unsigned in_set[64] = {0};

    (void)state;
    for (unsigned stack = 0; stack < 64; stack++) {
        in_set[(hde_fiber_stack_top(stack) - 1) / 64 % 64]++;
    }
    for (unsigned set = 0; set < 64; set++) {
        assert_int_equal(in_set[set], 1);
    }
}

/* ---- Walks of the stack ---------------------------------------------------------------------- */

static unsigned frames;
static _Unwind_Reason_Code walk_ended_with;

static _Unwind_Reason_Code count_frame(struct _Unwind_Context *context, void *unused)
{
    (void)context;
    (void)unused;
    return ++frames > 100 ? _URC_NORMAL_STOP : _URC_NO_REASON;
}

static void walk(void)
{
    walk_ended_with = _Unwind_Backtrace(count_frame, NULL);
    leave();
}

static void a_walk_of_the_stack_ends_where_the_fiber_began(void **state)
{
    (void)state;
    frames = 0;
    begin(0, walk);
    assert_int_equal(walk_ended_with, _URC_END_OF_STACK);
    assert_in_range(frames, 1, 3);
}

/* ---- Overflow -------------------------------------------------------------------------------- */

static uintptr_t fault_address;

static void handle(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)context;
    fault_address = (uintptr_t)info->si_addr;
    leave();
}

/* Touches the stack downwards for ever. */
static void overflow(void)
{
    volatile char *deeper = __builtin_frame_address(0);

    for (;;) {
        *--deeper = 1;
    }
}

static void an_overflow_faults_in_the_guard_of_its_own_stack(void **state)
{
    static char handler_stack[64 * 1024];
    const stack_t stack = {.ss_sp = handler_stack, .ss_size = sizeof(handler_stack)};
    const struct sigaction action = {
        .sa_sigaction = handle,
        .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER,
    };
    struct sigaction previous;

    (void)state;
    assert_int_equal(sigaltstack(&stack, NULL), 0);
    assert_int_equal(sigaction(SIGSEGV, &action, &previous), 0);
    for (unsigned number = 0; number < HDE_THREADS_MAX; number++) {
        begin(number, overflow);
        assert_int_equal(hde_fiber_guard_owner(fault_address), number);
        assert_true(hde_fiber_stack_top(number) - fault_address > HDE_STACK_SIZE);
        assert_int_equal(hde_fiber_stack_owner(fault_address), HDE_THREADS_MAX);
    }
    assert_int_equal(sigaction(SIGSEGV, &previous, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(registers_and_stacks_survive_a_million_switches),
        cmocka_unit_test(real_numbers_survive_a_million_switches),
        cmocka_unit_test(a_fresh_fiber_is_aligned),
        cmocka_unit_test(a_stack_can_be_begun_on_again),
        cmocka_unit_test(an_address_tells_whose_stack_it_is_in),
        cmocka_unit_test(a_local_has_the_same_address_each_time),
        cmocka_unit_test(stacks_do_not_compete_for_the_cache),
        cmocka_unit_test(a_walk_of_the_stack_ends_where_the_fiber_began),
        cmocka_unit_test(an_overflow_faults_in_the_guard_of_its_own_stack),
    };

    hde_fiber_map_stacks();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
