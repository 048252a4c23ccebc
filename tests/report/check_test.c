/*
 * Checks of `heddle doctor' on machines that nobody has here: their numbers are made up, programs
 * are real.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAMS HD_REPORT_PROGRAMS "/"

static char *const nothing[] = {NULL};

/* A machine that all is well with. */
static const struct hdr_machine good = {
    .random_bits = 28,
    .is_randomized = true,
    .overcommit = 0,
    .address_space = UINT64_MAX,
    .core_pattern = "core",
    .processor = " fpu sse4_2 popcnt avx ",
    .processors = 4,
    .folder = ".",
    .free_bytes = UINT64_C(100) << 30,
    .environment = nothing,
};

/* The worst that a check says; `program' NULL: of the machine. It must say what to do. */
static enum hdr_severity
worst(const struct hdr_machine *machine, const char *check, const char *program)
{
    char *text = NULL;
    size_t size = 0;
    char error[HDR_BINARY_ERROR_SIZE];
    struct hdr_binary *binary = program == NULL ? NULL : hdr_binary_open(program, error);
    struct hdr_examination examination = {
        .machine = machine,
        .binary = binary,
        .program = program,
        .stream = open_memstream(&text, &size),
    };
    enum hdr_severity severity = HDR_OK;

    assert_non_null(examination.stream);
    assert_true(program == NULL || binary != NULL);
    hdr_examine(&examination, check);
    assert_int_equal(fclose(examination.stream), 0);
    for (int i = 0; i < HDR_SEVERITIES; i++) {
        severity = examination.count[i] != 0 ? (enum hdr_severity)i : severity;
    }
    assert_true(severity < HDR_WARN || strstr(text, "\n        ") != NULL);
    free(text);
    if (binary != NULL) {
        hdr_binary_close(binary);
    }
    return severity;
}

/* ---- Addresses ------------------------------------------------------------------------------- */

static void more_bits_than_an_old_runtime_can_do_with_are_broken(void **state)
{
    static const struct {
        const char *program;
        int bits;
        enum hdr_severity severity;
    } cases[] = {
        {PROGRAMS "fence.clang-14", 28, HDR_OK},
        {PROGRAMS "fence.clang-14", 29, HDR_FAIL},
        {PROGRAMS "fence.clang-14", 32, HDR_FAIL},
        {PROGRAMS "fence.clang-14", HDR_UNKNOWN, HDR_NOTE},
        {PROGRAMS "clocklock.gcc-12", 32, HDR_FAIL},
        {PROGRAMS "fence.clang-19", 32, HDR_OK},
        {PROGRAMS "outside.clang-19.asan", 32, HDR_OK},
        {PROGRAMS "plain.gcc-12.asan", 31, HDR_OK},
        {PROGRAMS "plain.gcc-12.asan", 32, HDR_FAIL},
        {PROGRAMS "plain.gcc-12", 32, HDR_OK},
        {HD_REPORT_HEDDLE, 32, HDR_OK},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hdr_machine machine = good;

        machine.random_bits = cases[i].bits;
        assert_int_equal(worst(&machine, "address_space", cases[i].program), cases[i].severity);
        machine.is_randomized = false;
        assert_int_equal(worst(&machine, "address_space", cases[i].program), HDR_OK);
    }
}

static void what_a_runtime_reserves_must_be_allowed(void **state)
{
    struct hdr_machine limited = good;
    struct hdr_machine counted = good;

    (void)state;
    limited.address_space = UINT64_C(8) << 30;
    counted.overcommit = 2;
    assert_int_equal(worst(&good, "address_space", PROGRAMS "fence.clang-19"), HDR_OK);
    assert_int_equal(worst(&limited, "address_space", PROGRAMS "fence.clang-19"), HDR_FAIL);
    assert_int_equal(worst(&counted, "address_space", HD_REPORT_HEDDLE), HDR_FAIL);
    assert_int_equal(worst(&limited, "address_space", PROGRAMS "plain.gcc-12"), HDR_OK);
}

/* ---- The machine ----------------------------------------------------------------------------- */

static void a_disk_that_is_full_is_told_in_time(void **state)
{
    struct hdr_machine machine = good;

    (void)state;
    assert_int_equal(worst(&machine, "disk", NULL), HDR_OK);
    machine.free_bytes = UINT64_C(1023) << 20;
    assert_int_equal(worst(&machine, "disk", NULL), HDR_WARN);
    machine.free_bytes = UINT64_C(63) << 20;
    assert_int_equal(worst(&machine, "disk", NULL), HDR_FAIL);
    machine.free_bytes = UINT64_MAX;
    assert_int_equal(worst(&machine, "disk", NULL), HDR_NOTE);
}

static void a_processor_must_have_what_heddle_is_built_for(void **state)
{
    struct hdr_machine machine = good;

    (void)state;
    assert_int_equal(worst(&machine, "processor", NULL), HDR_OK);
    (void)strcpy(machine.processor, " fpu sse4_1 popcnt ");
    assert_int_equal(worst(&machine, "processor", NULL), HDR_FAIL);
    (void)strcpy(machine.processor, " sse4_2 popcnt_2 ");
    assert_int_equal(worst(&machine, "processor", NULL), HDR_FAIL);
    (void)strcpy(machine.processor, "");
    assert_int_equal(worst(&machine, "processor", NULL), HDR_OK);
    machine.processors = 1;
    assert_int_equal(worst(&machine, "processor", NULL), HDR_NOTE);
}

static void a_program_at_each_crash_is_a_note(void **state)
{
    struct hdr_machine machine = good;

    (void)state;
    assert_int_equal(worst(&machine, "core_files", NULL), HDR_OK);
    (void)strcpy(machine.core_pattern, "|/usr/share/apport/apport %p");
    assert_int_equal(worst(&machine, "core_files", NULL), HDR_NOTE);
}

/* One that is found where the runtime was built to look, or that is in it. */
static void a_symbolizer_need_not_be_on_path(void **state)
{
    static char path[] = "PATH=/nowhere:/nowhere/else";
    char *const environment[] = {path, NULL};
    struct hdr_machine machine = good;

    (void)state;
    machine.environment = environment;
    assert_int_equal(worst(&machine, "symbolizer", PROGRAMS "fence.clang-19"), HDR_OK);
    assert_int_equal(worst(&machine, "symbolizer", PROGRAMS "clocklock.gcc-12"), HDR_OK);
    assert_int_equal(worst(&machine, "symbolizer", PROGRAMS "plain.gcc-12"), HDR_OK);
}

/* ---- This machine ---------------------------------------------------------------------------- */

static void this_machine_can_be_read(void **state)
{
    struct hdr_machine machine;

    (void)state;
    hdr_machine_read(&machine);
    assert_true(machine.processors >= 1);
    assert_true(machine.free_bytes != 0);
    assert_true(machine.random_bits == HDR_UNKNOWN ||
                (machine.random_bits >= 8 && machine.random_bits <= 48));
    assert_non_null(hdr_machine_variable(&machine, "PATH"));
    assert_null(hdr_machine_variable(&machine, "PAT"));
    assert_non_null(strstr(machine.processor, " "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_bits_than_an_old_runtime_can_do_with_are_broken),
        cmocka_unit_test(what_a_runtime_reserves_must_be_allowed),
        cmocka_unit_test(a_disk_that_is_full_is_told_in_time),
        cmocka_unit_test(a_processor_must_have_what_heddle_is_built_for),
        cmocka_unit_test(a_program_at_each_crash_is_a_note),
        cmocka_unit_test(a_symbolizer_need_not_be_on_path),
        cmocka_unit_test(this_machine_can_be_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
