/*
 * Result: values that never change, and their names.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include <heddle/result.h>

#include "tests/primitives/support.h"

/* The ABI: the value is the place in this table. */
static const struct {
    enum hd_result result;
    const char *name;
} results[] = {
    {HD_OK, "HD_OK"},
    {HD_BUSY, "HD_BUSY"},
    {HD_TIMEOUT, "HD_TIMEOUT"},
    {HD_NOT_OWNER, "HD_NOT_OWNER"},
    {HD_OVERFLOW, "HD_OVERFLOW"},
    {HD_SHUTDOWN, "HD_SHUTDOWN"},
    {HD_BROKEN, "HD_BROKEN"},
    {HD_EMPTY, "HD_EMPTY"},
    {HD_FULL, "HD_FULL"},
    {HD_NO_MEMORY, "HD_NO_MEMORY"},
    {HD_INVALID, "HD_INVALID"},
    {HD_WOULD_DEADLOCK, "HD_WOULD_DEADLOCK"},
};

static void values_are_part_of_the_abi(void **state)
{
    (void)state;
    for (size_t i = 0; i < HD_COUNT_OF(results); i++) {
        HD_CHECK_EQUAL((uint64_t)results[i].result, i);
    }
}

static void each_is_named_as_it_stands_in_the_source(void **state)
{
    (void)state;
    for (size_t i = 0; i < HD_COUNT_OF(results); i++) {
        HD_CHECK(strcmp(hd_result_name(results[i].result), results[i].name) == 0);
    }
}

static void what_is_no_result_is_unknown(void **state)
{
    /* As it may come from a newer library. */
    const unsigned value = HD_COUNT_OF(results);
    enum hd_result unknown = HD_OK;

    (void)state;
    _Static_assert(sizeof(unknown) == sizeof(value), "results are ints");
    memcpy(&unknown, &value, sizeof(unknown));
    HD_CHECK(strcmp(hd_result_name(unknown), "HD_UNKNOWN") == 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_part_of_the_abi),
        cmocka_unit_test(each_is_named_as_it_stands_in_the_source),
        cmocka_unit_test(what_is_no_result_is_unknown),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
