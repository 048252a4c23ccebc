/*
 * Kinds of findings: the report explains each one that the engine can find.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "engine/finding.h"

static const struct hdr_kind *kind_of(const char *kind, const char *class)
{
    json_t *finding = json_pack("{s:s, s:s}", "kind", kind, "class", class);
    const struct hdr_kind *found = hdr_kind_of(finding);

    json_decref(finding);
    return found;
}

static void every_kind_is_explained(void **state)
{
    (void)state;
    for (enum hd_verdict verdict = HD_CLEAN + 1; verdict < HD_VERDICTS; verdict++) {
        const struct hdr_kind *kind = kind_of(hde_verdict_identifier(verdict), "");

        assert_non_null(kind->kind);
        assert_string_equal(kind->kind, hde_verdict_identifier(verdict));
        assert_null(kind->class);
    }
}

/* How many kinds have an entry of their own for a class. */
static unsigned kinds_that_explain(const char *class)
{
    unsigned count = 0;

    for (enum hd_verdict verdict = HD_CLEAN + 1; verdict < HD_VERDICTS; verdict++) {
        const struct hdr_kind *kind = kind_of(hde_verdict_identifier(verdict), class);

        count += kind->class != NULL && strcmp(kind->class, class) == 0 ? 1U : 0U;
    }
    return count;
}

/* The kind that a class belongs to is not written down in the engine: one of them must have it. */
static void every_class_is_explained_by_one_kind(void **state)
{
    (void)state;
    for (enum hde_finding_class class = HDE_CLASS_NONE + 1; class < HDE_FINDING_CLASSES; class ++) {
        assert_int_equal(kinds_that_explain(hde_finding_class_name(class)), 1);
    }
}

static void what_is_not_known_is_explained_by_what_is(void **state)
{
    (void)state;
    assert_null(kind_of("nothing-of-ours", "")->kind);
    assert_string_equal(kind_of("deadlock", "of a new class")->title, "Deadlock");
    assert_string_equal(kind_of("misuse", "lost wake-up")->title, "Misuse of an object");
}

static void what_corrupts_memory_comes_before_what_may_go_wrong(void **state)
{
    static const char *const order[] = {"use-after-free", "data-race",  "failure",
                                        "deadlock",       "lock-order", "nothing-of-ours"};

    (void)state;
    for (size_t i = 1; i < sizeof(order) / sizeof(order[0]); i++) {
        assert_true(hdr_kind_rank(kind_of(order[i - 1], "")) <
                    hdr_kind_rank(kind_of(order[i], "")));
    }
}

static void a_slug_is_of_letters_digits_and_hyphens(void **state)
{
    static const struct {
        const char *kind;
        const char *class;
        const char *slug;
    } cases[] = {
        {"data-race", "", "data-race"},
        {"deadlock", "lost wake-up", "deadlock-lost-wake-up"},
        {"", "", "finding"},
        {"\xc3\xa9", "\xc3\xa9", "finding"},
        {"A  b--C!", " (d) ", "a-b-c-d"},
    };
    char slug[HDR_KIND_SLUG_SIZE];
    char longest[1000];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *finding = json_pack("{s:s, s:s}", "kind", cases[i].kind, "class", cases[i].class);

        hdr_kind_slug(finding, slug);
        assert_string_equal(slug, cases[i].slug);
        json_decref(finding);
    }
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';

    json_t *finding = json_pack("{s:s, s:s}", "kind", longest, "class", longest);

    hdr_kind_slug(finding, slug);
    assert_int_equal(strlen(slug), HDR_KIND_SLUG_SIZE - 1);
    json_decref(finding);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_explained),
        cmocka_unit_test(every_class_is_explained_by_one_kind),
        cmocka_unit_test(what_is_not_known_is_explained_by_what_is),
        cmocka_unit_test(what_corrupts_memory_comes_before_what_may_go_wrong),
        cmocka_unit_test(a_slug_is_of_letters_digits_and_hyphens),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
