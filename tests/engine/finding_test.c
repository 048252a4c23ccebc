/*
 * Findings: when two are one. Identity is that of source lines: whoever was there, in which order,
 * and in whose code the wait took place does not count.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <heddle/lock.h>

#include "engine/code.h"
#include "engine/context.h"
#include "engine/finding.h"
#include "tests/engine/programs/symbols.h"

__attribute__((noinline)) uint32_t hd_symbols_pc(void) { return HDE_CALLER(); }

__attribute__((noinline)) void hd_symbols_pc_last(void)
{
    fail(); /* nobody here calls hd_symbols_last() */
    __builtin_unreachable();
}

/* Three lines of the program, and one within a primitive. */
static uint32_t plain;
static uint32_t outer;
static uint32_t touch;
static uint32_t in_lock;

static int set_up(void **state)
{
    (void)state;
    hde_context_map();
    plain = hd_symbols_plain();
    outer = hd_symbols_outer();
    touch = hd_symbols_touch(&symbols_shapes[0]);
    in_lock = hde_code_pack((const char *)(uintptr_t)hd_lock_acquire + 1);
    return 0;
}

static struct hde_finding race(uint32_t later, uint32_t earlier)
{
    return (struct hde_finding){
        .kind = HD_DATA_RACE,
        .places_count = 2,
        .places = {{.address = 64, .pc = later, .event = 7, .thread = 2, .size = 4},
                   {.address = 64, .pc = earlier, .thread = 1, .size = 4}},
    };
}

static void assert_same(const struct hde_finding *a, const struct hde_finding *b, bool is_same)
{
    char identity_a[HDE_IDENTITY_SIZE];
    char identity_b[HDE_IDENTITY_SIZE];

    hde_finding_identify(a, identity_a);
    hde_finding_identify(b, identity_b);
    assert_int_equal(hde_finding_is_same(a, b), is_same);
    assert_int_equal(hde_finding_is_same(b, a), is_same);
    assert_int_equal(strcmp(identity_a, identity_b) == 0, is_same);
    assert_int_equal(strspn(identity_a, "0123456789abcdef"), HDE_IDENTITY_SIZE - 1);
}

static void test_verdicts_have_two_names(void **state)
{
    (void)state;
    assert_string_equal(hde_verdict_name(HD_DATA_RACE), "data race");
    assert_string_equal(hde_verdict_identifier(HD_DATA_RACE), "data-race");
    for (unsigned i = 0; i < HD_VERDICTS; i++) {
        const char *identifier = hde_verdict_identifier((enum hd_verdict)i);

        assert_int_equal(hde_verdict_identified(identifier), i);
        assert_null(strchr(identifier, ' '));
    }
    assert_int_equal(hde_verdict_identified("data race"), HD_VERDICTS);
    for (unsigned i = HDE_CLASS_NONE + 1; i < HDE_FINDING_CLASSES; i++) {
        assert_true(strlen(hde_finding_class_name((enum hde_finding_class)i)) > 0);
    }
}

static void test_threads_times_and_addresses_do_not_count(void **state)
{
    struct hde_finding a = race(plain, outer);
    struct hde_finding b = race(plain, outer);

    (void)state;
    b.places[0].thread = 5;
    b.places[1].thread = 9;
    b.places[0].address = 4096;
    b.places[0].event = 1000;
    b.places[0].size = 8;
    (void)strcpy(b.text, "in other words");
    assert_same(&a, &b, true);
}

static void test_order_and_repetition_do_not_count(void **state)
{
    struct hde_finding a = race(plain, outer);
    struct hde_finding b = race(outer, plain);
    struct hde_finding more = race(outer, plain);

    (void)state;
    assert_same(&a, &b, true);
    more.places[more.places_count++] = more.places[0];
    assert_same(&a, &more, true);
}

static void test_lines_count(void **state)
{
    struct hde_finding a = race(plain, outer);
    struct hde_finding b = race(plain, touch);
    struct hde_finding c = race(plain, plain);

    (void)state;
    assert_same(&a, &b, false);
    assert_same(&a, &c, false);
}

static void test_kind_and_class_count(void **state)
{
    struct hde_finding a = race(plain, outer);
    struct hde_finding b = a;
    struct hde_finding c = a;

    (void)state;
    b.kind = HD_DEADLOCK;
    c.kind = HD_DEADLOCK;
    c.class = HDE_CLASS_LOCK_CYCLE;
    assert_same(&a, &b, false);
    assert_same(&b, &c, false);
}

static void test_causes_do_not_count(void **state)
{
    struct hde_finding a = race(plain, outer);
    struct hde_finding b = race(plain, outer);

    (void)state;
    a.kind = HD_DEADLOCK;
    b.kind = HD_DEADLOCK;
    b.places[b.places_count++] = (struct hde_place){.pc = touch, .thread = 1, .is_cause = true};
    assert_same(&a, &b, true);
}

/* A wait within a primitive is one of whoever called it; an access is where memory is touched. */
static void test_primitives_stand_for_their_callers(void **state)
{
    struct hde_finding wait = race(in_lock, outer);
    struct hde_finding other = race(in_lock, outer);
    struct hde_source source;

    (void)state;
    wait.kind = HD_DEADLOCK;
    wait.places[0].context = hde_context_enter(0, plain);
    other.kind = HD_DEADLOCK;
    other.places[0].context = hde_context_enter(0, touch);

    source = hde_finding_source(&wait, 0);
    assert_string_equal(source.function, "hd_symbols_plain");
    assert_int_equal(source.line, symbols_line_of_plain);
    assert_same(&wait, &other, false);

    wait.kind = HD_DATA_RACE;
    other.kind = HD_DATA_RACE;
    source = hde_finding_source(&wait, 0);
    assert_string_equal(source.function, "hd_lock_acquire");
    assert_same(&wait, &other, true);
}

/* The engine called the program, and is not part of it. */
static void test_engine_is_never_it(void **state)
{
    uint32_t in_engine = hde_code_pack((const char *)(uintptr_t)hde_finding_is_same + 1);
    struct hde_finding finding = {.kind = HD_FAILURE, .places_count = 1};
    struct hde_source source;

    (void)state;
    finding.places[0] = (struct hde_place){
        .pc = in_engine,
        .context = hde_context_enter(hde_context_enter(0, in_engine), plain),
    };
    source = hde_finding_source(&finding, 0);
    assert_string_equal(source.function, "hd_symbols_plain");
    finding.kind = HD_DATA_RACE; /* the program called memcpy(), say */
    source = hde_finding_source(&finding, 0);
    assert_string_equal(source.function, "hd_symbols_plain");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_verdicts_have_two_names),
        cmocka_unit_test(test_threads_times_and_addresses_do_not_count),
        cmocka_unit_test(test_order_and_repetition_do_not_count),
        cmocka_unit_test(test_lines_count),
        cmocka_unit_test(test_kind_and_class_count),
        cmocka_unit_test(test_causes_do_not_count),
        cmocka_unit_test(test_primitives_stand_for_their_callers),
        cmocka_unit_test(test_engine_is_never_it),
    };

    return cmocka_run_group_tests(tests, set_up, NULL);
}
