/*
 * Nearest name: what is suggested, and when nothing is.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/nearest.h"

static const char *suggest(const char *wanted)
{
    static const char *const names[] = {"explore", "replay", "list", "notify_where_notify_all"};
    struct hde_nearest nearest = hde_nearest_to(wanted);

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        hde_nearest_offer(&nearest, names[i]);
    }
    return nearest.name;
}

static void near_names_are_suggested(void **unused)
{
    (void)unused;
    assert_string_equal(suggest("explore"), "explore");
    assert_string_equal(suggest("exlpore"), "explore");
    assert_string_equal(suggest("rplay"), "replay");
    assert_string_equal(suggest("lists"), "list");
    assert_string_equal(suggest("notify_where_notifyall"), "notify_where_notify_all");
}

static void beginnings_are_completed(void **unused)
{
    (void)unused;
    assert_string_equal(suggest("notify"), "notify_where_notify_all");
    assert_string_equal(suggest("repl"), "replay");
    assert_null(suggest("r"));
    assert_null(suggest("where"));
}

static void far_names_are_not(void **unused)
{
    (void)unused;
    assert_null(suggest("xylophone"));
    assert_null(suggest(""));
    assert_null(suggest("verify"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(near_names_are_suggested),
        cmocka_unit_test(beginnings_are_completed),
        cmocka_unit_test(far_names_are_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
