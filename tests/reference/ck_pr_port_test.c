/*
 * Our port of ck_pr does what CK's own does: random operations on each type, traced with both.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tests/reference/ck_pr_trace.h"
#include "tests/reference/object.h"
#include "tests/reference/suite.h"

/* The first entry that differs, or `count`. */
static size_t find_difference(const uint64_t *port, const uint64_t *native, size_t count)
{
    size_t entry = 0;

    while (entry < count && port[entry] == native[entry]) {
        entry++;
    }
    return entry;
}

static void test_same_trace(void **state)
{
    uint64_t *port = hd_object_new(HD_CK_PR_TRACE_SIZE, sizeof(*port));
    uint64_t *native = hd_object_new(HD_CK_PR_TRACE_SIZE, sizeof(*native));
    size_t count = hd_ck_pr_port_trace(port);
    size_t difference;

    (void)state;
    assert_int_equal(hd_ck_pr_native_trace(native), count);
    assert_in_range(count, HD_CK_PR_TRACE_SIZE / 2, HD_CK_PR_TRACE_SIZE);
    difference = find_difference(port, native, count);
    if (difference != count) {
        fail_msg("entry %zu: ours %#llx, CK's %#llx; reproduce: %s", difference,
                 (unsigned long long)port[difference], (unsigned long long)native[difference],
                 hd_suite_reproduce());
    }
    free(port);
    free(native);
}

/* What the manual pages promise and CK does not have on every machine. */
static void test_what_only_the_port_has(void **state)
{
    uint32_t word = 0;
    short small = -1;
    bool is_zero = false;

    (void)state;
    ck_pr_neg_32_zero(&word, &is_zero);
    assert_true(is_zero);
    word = 5;
    assert_false(ck_pr_neg_32_is_zero(&word));
    assert_int_equal(word, UINT32_MAX - 4);
    assert_int_equal(ck_pr_faa_short(&small, 3), -1);
    assert_int_equal(ck_pr_load_short(&small), 2);
    assert_true(ck_pr_btr_short(&small, 1));
    assert_int_equal(small, 0);
}

int main(void)
{
    hd_suite_add("same trace", "ck_pr", test_same_trace, NULL);
    hd_suite_add("what only the port has", "ck_pr_port", test_what_only_the_port_has, NULL);
    return hd_suite_run("ck_pr_port");
}
