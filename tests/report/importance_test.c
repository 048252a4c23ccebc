/*
 * Importance: what is known against a finding makes it less urgent, unless something confirms it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/importance.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static json_t *finding_of(const char *kind, const char *status, const char *note, const char *other)
{
    return json_pack("{s:s, s:s, s:s, s:[{s:s}, {s:s}]}", "identity", kind, "kind", kind, "status",
                     status, "credibility", "note", note, "note", other);
}

static void expect(const char *note, const char *other, bool is_doubtful)
{
    json_t *finding = finding_of("data-race", "new", note, other);

    assert_int_equal(hdr_importance_is_doubtful(finding), is_doubtful);
    assert_int_equal(hdr_importance_level(finding),
                     is_doubtful ? HDR_LEVEL_WARNING : HDR_LEVEL_ERROR);
    json_decref(finding);
}

static void what_a_sanitizer_cannot_see_makes_doubtful(void **state)
{
    (void)state;
    expect("fence", "", true);
    expect("", "uninstrumented", true);
    expect("interceptor", "assembly", true);
    expect("single-thread", "", true);
    expect("gate-lock", "", true);
    expect("only-heddle", "cut-off", false);
}

static void what_is_confirmed_is_not_doubtful(void **state)
{
    (void)state;
    expect("fence", "confirmed", false);
    expect("confirmed", "uninstrumented", false);
}

/* Of two findings the first one is more important, and not the other way round. */
static void expect_before(json_t *first, json_t *second)
{
    assert_true(hdr_importance_compare(first, second) < 0);
    assert_true(hdr_importance_compare(second, first) > 0);
    assert_int_equal(hdr_importance_compare(first, first), 0);
    json_decref(first);
    json_decref(second);
}

static void status_then_credibility_then_kind(void **state)
{
    (void)state;
    expect_before(finding_of("leak", "new", "", ""), finding_of("data-race", "known", "", ""));
    expect_before(finding_of("leak", "known", "", ""),
                  finding_of("data-race", "suppressed", "", ""));
    expect_before(finding_of("leak", "suppressed", "", ""),
                  finding_of("data-race", "owed", "", ""));
    expect_before(finding_of("leak", "new", "", ""), finding_of("data-race", "new", "fence", ""));
    expect_before(finding_of("data-race", "known", "", ""), finding_of("leak", "known", "", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_sanitizer_cannot_see_makes_doubtful),
        cmocka_unit_test(what_is_confirmed_is_not_doubtful),
        cmocka_unit_test(status_then_credibility_then_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
