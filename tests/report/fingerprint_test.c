/*
 * Fingerprint: what changes it, and what does not.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "ci/report/record.h"

/* A race of two lines of server.c, which begins with `shift` lines that have nothing to do with. */
static json_t *race(const char *identity, int shift)
{
    return json_pack("{s:s, s:s, s:n, s:s, s:s, s:i,"
                     " s:[{s:s, s:s, s:i, s:b}, {s:s, s:s, s:i, s:b}, {s:s, s:s, s:i, s:b}],"
                     " s:[{s:s, s:i, s:[s, s, s]}]}",
                     "identity", identity, "kind", "data-race", "class", "function", "serve",
                     "file", "server.c", "line", 7 + shift, "places", "function", "serve", "file",
                     "server.c", "line", 7 + shift, "is_cause", 0, "function", "main", "file",
                     "server.c", "line", 9 + shift, "is_cause", 0, "function", "setup", "file",
                     "server.c", "line", 8 + shift, "is_cause", 1, "excerpts", "file", "server.c",
                     "first", 7 + shift, "text", "    requests++;", "    begin();",
                     "    return requests;");
}

/* The fingerprint of one finding alone; it is released. */
static json_t *print_of(json_t *finding)
{
    json_t *findings = json_pack("[o]", finding);
    json_t *all = hdr_fingerprints(findings);
    json_t *print = json_incref(json_object_get(all, hdr_text(finding, "identity")));

    assert_true(json_is_string(print));
    json_decref(all);
    json_decref(findings);
    return print;
}

static void expect(json_t *a, json_t *b, bool are_equal)
{
    json_t *first = print_of(a);
    json_t *second = print_of(b);

    assert_int_equal(json_equal(first, second), are_equal);
    json_decref(first);
    json_decref(second);
}

static json_t *place(json_t *finding, size_t number)
{
    return json_array_get(json_object_get(finding, "places"), number);
}

static void set_line(json_t *finding, size_t number, const char *text)
{
    json_t *excerpt = json_array_get(json_object_get(finding, "excerpts"), 0);

    (void)json_array_set_new(json_object_get(excerpt, "text"), number, json_string(text));
}

static void lines_above_do_not_count(void **state)
{
    (void)state;
    expect(race("a", 0), race("b", 40), true);
}

static void which_access_came_later_does_not_count(void **state)
{
    json_t *turned = race("b", 0);
    json_t *first = json_incref(place(turned, 0));

    (void)state;
    (void)json_array_remove(json_object_get(turned, "places"), 0);
    hdr_push(json_object_get(turned, "places"), first);
    expect(race("a", 0), turned, true);
}

static void blanks_around_a_line_do_not_count(void **state)
{
    json_t *formatted = race("b", 0);

    (void)state;
    set_line(formatted, 0, "\trequests++; \r");
    expect(race("a", 0), formatted, true);
}

static void causes_do_not_count(void **state)
{
    json_t *caused = race("b", 0);

    (void)state;
    set_line(caused, 1, "    begin_otherwise();");
    expect(race("a", 0), caused, true);
}

static void code_function_file_kind_and_class_count(void **state)
{
    json_t *other = race("b", 0);

    (void)state;
    set_line(other, 2, "    return 0 * requests;");
    expect(race("a", 0), other, false);
    other = race("b", 0);
    hdr_set(place(other, 1), "function", json_string("other_main"));
    expect(race("a", 0), other, false);
    other = race("b", 0);
    hdr_set(place(other, 1), "file", json_string("client.c"));
    expect(race("a", 0), other, false);
    other = race("b", 0);
    hdr_set(other, "kind", json_string("failure"));
    expect(race("a", 0), other, false);
    other = race("b", 0);
    hdr_set(other, "class", json_string("torn"));
    expect(race("a", 0), other, false);
}

/* Nobody knows what stands there: the number is all there is. */
static void without_source_the_line_counts(void **state)
{
    json_t *blind = race("a", 0);
    json_t *same = race("b", 0);
    json_t *moved = race("c", 1);

    (void)state;
    (void)json_object_del(blind, "excerpts");
    (void)json_object_del(same, "excerpts");
    (void)json_object_del(moved, "excerpts");
    expect(json_incref(blind), same, true);
    expect(blind, moved, false);
}

static void equal_findings_are_numbered_by_their_lines(void **state)
{
    json_t *findings = json_pack("[o, o]", race("late", 40), race("early", 0));
    json_t *all = hdr_fingerprints(findings);
    const char *early = hdr_text(all, "early");
    const char *late = hdr_text(all, "late");

    (void)state;
    assert_int_equal(strlen(early), 18);
    assert_memory_equal(early, late, 17);
    assert_string_equal(early + 16, ":1");
    assert_string_equal(late + 16, ":2");
    json_decref(all);
    json_decref(findings);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_above_do_not_count),
        cmocka_unit_test(which_access_came_later_does_not_count),
        cmocka_unit_test(blanks_around_a_line_do_not_count),
        cmocka_unit_test(causes_do_not_count),
        cmocka_unit_test(code_function_file_kind_and_class_count),
        cmocka_unit_test(without_source_the_line_counts),
        cmocka_unit_test(equal_findings_are_numbered_by_their_lines),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
