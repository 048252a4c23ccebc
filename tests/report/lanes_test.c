/*
 * Lanes: columns stay where they are, whatever the source and the names are made of.
 *
 * What lanes look like, the goldens of tests/engine/ and tests/report/ show.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/code_line.h"
#include "ci/report/lanes.h"
#include "ci/report/utf8.h"

#define BUFFER_SIZE 65536U
#define THREADS 100U

/* Lines of source that are hard to lay out. */
static const char *const codes[] = {
    "x = 1;",
    "größe = straße[ä]; /* ö */",
    "λλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλλ",
    "call(世界, 🧵🧵🧵🧵🧵🧵🧵🧵🧵🧵, 世界世界世界世界世界世界世界世界世界, \"a\tb\nc\x7f\");",
    "if (x) {",
    "",
};

#define CODES (sizeof(codes) / sizeof(codes[0]))

static struct hdr_lane_row rows[CODES * THREADS];
static struct hdr_lane_thread threads[THREADS];

static char *draw(unsigned threads_count)
{
    static char buffer[BUFFER_SIZE];
    const struct hdr_lanes lanes = {
        .rows = rows,
        .rows_count = CODES * threads_count,
        .threads = threads,
        .threads_count = threads_count,
        .left_out = 3,
    };
    FILE *file = fmemopen(buffer, sizeof(buffer), "w");

    assert_non_null(file);
    for (unsigned i = 0; i < CODES * threads_count; i++) {
        rows[i] = (struct hdr_lane_row){
            .function = "fünktion\nname",
            .file = i % 7 == 6 ? "src/ein_sehr_langer_dateiname_mit_ä_ö_ü.c" : "src/a.c",
            .code = codes[i % CODES],
            .action = i % 3 == 0 ? "liest 世" : "",
            .line = (int)i,
            .thread = i % threads_count + 1,
        };
    }
    for (unsigned i = 0; i < threads_count; i++) {
        threads[i] = (struct hdr_lane_thread){.id = i + 1, .function = rows[0].function};
    }
    hdr_lanes_print(&lanes, file);
    assert_int_equal(fclose(file), 0);
    return buffer;
}

/* Whole characters only, and nothing that moves the columns. */
static void expect_clean(const char *line)
{
    for (const char *at = line; *at != '\0';) {
        size_t length = hdr_utf8_length(at);

        assert_true(length > 0);
        assert_true((unsigned char)*at >= ' ' && *at != '\x7f');
        at += length;
    }
    assert_true(hdr_text_width(line) <= HDR_COLUMNS_MAX);
}

/* Where the bar between the columns is, in characters. */
static size_t find_bar(const char *line)
{
    const char *bar = strstr(line, " |");
    size_t width = 0;

    assert_non_null(bar);
    for (const char *at = line; at < bar;) {
        at += hdr_utf8_length(at);
        width++;
    }
    return width;
}

static void test_columns_do_not_move(void **state)
{
    char *rest = draw(2);
    size_t bar = 0;
    unsigned count = 0;

    (void)state;
    assert_string_equal(strsep(&rest, "\n"), "  src/a.c");
    for (char *line = strsep(&rest, "\n"); *line != '\0'; line = strsep(&rest, "\n")) {
        expect_clean(line);
        if (strncmp(line, "  ---", 5) == 0 || strncmp(line, "  ...", 5) == 0) {
            continue;
        }
        bar = count == 0 ? find_bar(line) : bar;
        assert_int_equal(find_bar(line), bar);
        count++;
    }
    assert_true(count > CODES * 2);
}

static void test_a_list_has_every_thread(void **state)
{
    char *rest = draw(THREADS);
    bool is_named[THREADS + 1] = {false};
    char *line = strsep(&rest, "\n");

    (void)state;
    for (; rest != NULL && *line != '\0'; line = strsep(&rest, "\n")) {
        unsigned id = 0;

        expect_clean(line);
        if (sscanf(line, "  thread %u ", &id) == 1) { /* NOLINT(cert-err34-c) */
            is_named[id <= THREADS ? id : 0] = true;
        }
    }
    for (unsigned id = 1; id <= THREADS; id++) {
        assert_true(is_named[id]);
    }
    assert_false(is_named[0]);
}

static void test_what_comes_after_is_counted(void **state)
{
    const char *drawn = draw(2);

    (void)state;
    assert_string_equal(drawn + strlen(drawn) - strlen("  ... 3 more ...\n"), "  ... 3 more ...\n");
}

static void test_a_line_that_is_full_ends_with_a_whole_character(void **state)
{
    struct hdr_line line = {""};

    (void)state;
    hdr_line_add(&line, "xx"); /* so that a part of a character would have room */
    for (unsigned i = 0; i < HDR_LINE_SIZE; i++) {
        hdr_line_add(&line, "世");
    }
    assert_int_equal(strlen(line.text), 2 + (HDR_LINE_SIZE - 3) / 3 * 3);
    assert_true(hdr_utf8_length(line.text + strlen(line.text) - 3) == 3);
}

static void test_code_is_shortened(void **state)
{
    static const char *const cases[][3] = {
        {"(void)lock(a);\t/* why */", "f", "lock(a); "},
        {"if (a) {", "f", "if (a)"},
        {"int f(int a) { return a; }", "f", "return a;"},
        {"s = \"/* no\"; // c", "f", "s = \"/* no\";"},
        {"a\tb /* in */ c", "f", "a b /* in */ c"},
    };
    char shortened[HDR_CODE_SIZE];

    (void)state;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        hdr_code_shorten(shortened, cases[i][0], cases[i][1]);
        assert_string_equal(shortened, cases[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_do_not_move),
        cmocka_unit_test(test_a_list_has_every_thread),
        cmocka_unit_test(test_what_comes_after_is_counted),
        cmocka_unit_test(test_a_line_that_is_full_ends_with_a_whole_character),
        cmocka_unit_test(test_code_is_shortened),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
