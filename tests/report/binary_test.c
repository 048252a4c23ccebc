/*
 * Binary: what real programs, of three compilers, tell of how they were built.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/binary.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define PROGRAMS HD_REPORT_PROGRAMS "/"

static struct hdr_binary *open_program(const char *path)
{
    char error[HDR_BINARY_ERROR_SIZE] = "";
    struct hdr_binary *binary = hdr_binary_open(path, error);

    if (binary == NULL) {
        fail_msg("%s: %s", path, error);
    }
    return binary;
}

/* ---- Runtimes -------------------------------------------------------------------------------- */

static void static_runtimes_are_known_by_their_interface(void **state)
{
    struct hdr_binary *threads = open_program(PROGRAMS "fence.clang-14");
    struct hdr_binary *addresses = open_program(PROGRAMS "outside.clang-19.asan");

    (void)state;
    assert_true(threads->runtimes[HDR_TSAN].is_there);
    assert_false(threads->runtimes[HDR_TSAN].is_shared);
    assert_false(threads->runtimes[HDR_ASAN].is_there);
    assert_false(threads->runtimes[HDR_HEDDLE].is_there);
    assert_true(addresses->runtimes[HDR_ASAN].is_there);
    assert_true(addresses->runtimes[HDR_UBSAN].is_there);
    assert_true(addresses->runtimes[HDR_LSAN].is_there);
    assert_false(addresses->runtimes[HDR_TSAN].is_there);
    hdr_binary_close(threads);
    hdr_binary_close(addresses);
}

static void shared_runtimes_are_found_where_the_loader_finds_them(void **state)
{
    struct hdr_binary *threads = open_program(PROGRAMS "clocklock.gcc-12");
    struct hdr_binary *undefined = open_program(PROGRAMS "plain.gcc-12.ubsan");

    (void)state;
    assert_true(threads->runtimes[HDR_TSAN].is_shared);
    assert_non_null(threads->runtimes[HDR_TSAN].library);
    assert_non_null(strstr(threads->runtimes[HDR_TSAN].library, "libtsan.so"));
    assert_true(undefined->runtimes[HDR_UBSAN].is_shared);
    assert_false(undefined->runtimes[HDR_TSAN].is_there);
    hdr_binary_close(threads);
    hdr_binary_close(undefined);
}

static void a_plain_program_has_none(void **state)
{
    struct hdr_binary *binary = open_program(PROGRAMS "plain.gcc-12");

    (void)state;
    for (int kind = 0; kind < HDR_RUNTIMES; kind++) {
        assert_false(binary->runtimes[kind].is_there);
    }
    for (size_t i = 0; i < binary->units_count; i++) {
        assert_false(hdr_unit_is_uninstrumented(binary, &binary->units[i]));
    }
    hdr_binary_close(binary);
}

/* Only the runtime of clang 19 knows the function. */
static void what_a_runtime_intercepts_is_in_its_symbols(void **state)
{
    static const struct {
        const char *program;
        bool imports;
        bool knows;
    } cases[] = {
        {PROGRAMS "clocklock.clang-14", true, false},
        {PROGRAMS "clocklock.clang-19", false, true},
        {PROGRAMS "clocklock.gcc-12", true, false},
        {PROGRAMS "fence.clang-14", false, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hdr_binary *binary = open_program(cases[i].program);

        assert_int_equal(hdr_binary_imports(binary, "pthread_mutex_clocklock"), cases[i].imports);
        assert_int_equal(hdr_binary_defines(binary, "__interceptor_pthread_mutex_clocklock"),
                         cases[i].knows);
        assert_true(hdr_binary_defines(binary, "__interceptor_pthread_mutex_lock"));
        assert_true(hdr_binary_contains(binary, "ThreadSanitizer"));
        assert_false(hdr_binary_contains(binary, "No program says this\x01"));
        hdr_binary_close(binary);
    }
}

static void compilers_and_build_id_are_told(void **state)
{
    struct hdr_binary *binary = open_program(PROGRAMS "fence.clang-14");
    bool is_clang_14 = false;

    (void)state;
    for (size_t i = 0; i < binary->compilers_count; i++) {
        is_clang_14 = is_clang_14 || strstr(binary->compilers[i], "clang version 14.") != NULL;
    }
    assert_true(is_clang_14);
    assert_int_equal(strlen(binary->build_id), 40);
    assert_true(binary->has_debug_info);
    assert_true(binary->has_symbols);
    assert_true(binary->is_decoded);
    hdr_binary_close(binary);
}

/* ---- Instrumentation ------------------------------------------------------------------------- */

static size_t count_units(const struct hdr_binary *binary, const char *name)
{
    size_t count = 0;

    for (size_t i = 0; i < binary->units_count; i++) {
        const struct hdr_unit *unit = &binary->units[i];

        if (hdr_unit_is_uninstrumented(binary, unit)) {
            assert_string_equal(unit->name, name);
            count++;
        }
    }
    return count;
}

static void a_unit_that_is_not_instrumented_is_told_from_those_that_are(void **state)
{
    static const struct {
        const char *program;
        size_t count;
    } cases[] = {
        {PROGRAMS "outside.clang-14", 1},         {PROGRAMS "outside.clang-19", 1},
        {PROGRAMS "outside.gcc-12", 1},           {PROGRAMS "outside.clang-19.asan", 1},
        {PROGRAMS "outside.clang-19.watched", 0}, {PROGRAMS "outside.clang-19.bare", 0},
        {PROGRAMS "fence.clang-14", 0},           {PROGRAMS "gate.gcc-12", 0},
        {PROGRAMS "outside.clang-19.idle", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct hdr_binary *binary = open_program(cases[i].program);

        assert_int_equal(count_units(binary, "outside.c"), cases[i].count);
        hdr_binary_close(binary);
    }
}

static void without_debug_information_functions_are_told(void **state)
{
    struct hdr_binary *binary = open_program(PROGRAMS "outside.clang-19.bare");

    (void)state;
    for (size_t i = 0; i < binary->functions_count; i++) {
        const struct hdr_function *function = &binary->functions[i];
        bool is_outside = strncmp(function->name, "outside_", 8) == 0;

        assert_int_equal(hdr_function_is_uninstrumented(binary, function), is_outside);
    }
    assert_non_null(hdr_binary_function(binary, "outside_acquire"));
    assert_null(hdr_binary_function(binary, "outside"));
    hdr_binary_close(binary);
}

static void expect_nothing_uninstrumented(const struct hdr_binary *binary)
{
    for (size_t i = 0; i < binary->functions_count; i++) {
        const struct hdr_function *function = &binary->functions[i];

        assert_string_equal(hdr_function_is_uninstrumented(binary, function) ? function->name : "",
                            "");
    }
}

/* The engine is not instrumented, and nobody expects it to be. */
static void a_program_of_scenarios_is_instrumented(void **state)
{
    struct hdr_binary *binary = open_program(HD_REPORT_HEDDLE);

    (void)state;
    assert_true(binary->runtimes[HDR_HEDDLE].is_there);
    expect_nothing_uninstrumented(binary);
    assert_true(hdr_binary_function(binary, "hde_explore")->is_ignored);
    hdr_binary_close(binary);
}

/* ---- Functions ------------------------------------------------------------------------------- */

static void fences_and_locks_of_assembly_are_seen_in_their_function(void **state)
{
    struct hdr_binary *fences = open_program(PROGRAMS "fence.clang-19");
    struct hdr_binary *assembly = open_program(PROGRAMS "assembly.clang-14");
    struct hdr_binary *outside = open_program(PROGRAMS "outside.gcc-12");

    (void)state;
    assert_true(hdr_binary_function(fences, "produce")->has_fence);
    assert_true(hdr_binary_function(fences, "consume")->has_fence);
    assert_false(hdr_binary_function(fences, "main")->has_fence);
    assert_false(hdr_binary_function(fences, "produce")->has_lock);
    assert_true(hdr_binary_function(assembly, "acquire")->has_lock);
    assert_false(hdr_binary_function(assembly, "increment")->has_lock);
    assert_true(hdr_binary_function(outside, "outside_acquire")->has_lock);
    assert_false(hdr_binary_function(outside, "outside_acquire")->is_watched);
    assert_true(hdr_binary_function(outside, "increment")->is_watched);
    hdr_binary_close(fences);
    hdr_binary_close(assembly);
    hdr_binary_close(outside);
}

/* Each command has a `run'. */
static void a_name_of_many_functions_is_that_of_none(void **state)
{
    struct hdr_binary *binary = open_program(HD_REPORT_HEDDLE);

    (void)state;
    assert_null(hdr_binary_function(binary, "run"));
    assert_non_null(hdr_binary_function(binary, "main"));
    hdr_binary_close(binary);
}

struct calls {
    char names[512];
    uint64_t locks[8];
    size_t locks_count;
};

static bool note_call(void *context, const struct hdr_call *call)
{
    struct calls *calls = context;
    size_t length = strlen(calls->names);

    assert_non_null(call->name);
    if (strncmp(call->name, "__tsan_", 7) != 0) {
        (void)snprintf(calls->names + length, sizeof(calls->names) - length, " %s", call->name);
    }
    if (strcmp(call->name, "pthread_mutex_lock") == 0) {
        calls->locks[calls->locks_count++] = call->argument;
    }
    return true;
}

/* Directly, through the linkage table, with and without optimization. */
static void calls_are_followed_with_their_first_argument(void **state)
{
    static const char *const programs[] = {PROGRAMS "gate.clang-14", PROGRAMS "gate.clang-19",
                                           PROGRAMS "gate.gcc-12"};

    (void)state;
    for (size_t i = 0; i < sizeof(programs) / sizeof(programs[0]); i++) {
        struct hdr_binary *binary = open_program(programs[i]);
        struct calls first = {.locks_count = 0};
        struct calls second = {.locks_count = 0};

        hdr_binary_calls(binary, hdr_binary_function(binary, "lock_first"), note_call, &first);
        hdr_binary_calls(binary, hdr_binary_function(binary, "lock_second"), note_call, &second);
        assert_string_equal(first.names, " pthread_mutex_lock pthread_mutex_lock"
                                         " pthread_mutex_lock pthread_mutex_unlock"
                                         " pthread_mutex_unlock pthread_mutex_unlock");
        assert_int_equal(first.locks_count, 3);
        assert_int_equal(second.locks_count, 4);
        assert_true(first.locks[0] != 0 && first.locks[1] != 0 && first.locks[2] != 0);
        assert_true(first.locks[0] == second.locks[0]);
        assert_true(first.locks[0] == second.locks[1]);
        assert_true(first.locks[1] == second.locks[3]);
        assert_true(first.locks[2] == second.locks[2]);
        assert_true(first.locks[0] != first.locks[1]);
        hdr_binary_close(binary);
    }
}

static bool expect_no_argument(void *context, const struct hdr_call *call)
{
    bool *is_seen = context;

    if (strcmp(call->name, "outside_acquire") == 0) {
        assert_true(call->argument == 0);
        *is_seen = true;
    }
    return true;
}

/* What a call before it was given is not its argument. */
static void a_call_without_arguments_has_none(void **state)
{
    struct hdr_binary *binary = open_program(PROGRAMS "race.clang-19");
    bool is_seen = false;

    (void)state;
    hdr_binary_calls(binary, hdr_binary_function(binary, "prepare"), expect_no_argument, &is_seen);
    assert_true(is_seen);
    hdr_binary_close(binary);
}

/* ---- What is no program ---------------------------------------------------------------------- */

static void what_is_no_program_is_refused_with_a_reason(void **state)
{
    static const struct {
        const char *path;
        const char *reason;
    } cases[] = {
        {PROGRAMS "no such file", "No such file"},
        {__FILE__, "not an ELF program"},
        {"/dev/null", "not an ELF program"},
        {PROGRAMS "outside.gcc-12.outside.o", "no program"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char error[HDR_BINARY_ERROR_SIZE] = "";

        assert_null(hdr_binary_open(cases[i].path, error));
        assert_non_null(strstr(error, cases[i].reason));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(static_runtimes_are_known_by_their_interface),
        cmocka_unit_test(shared_runtimes_are_found_where_the_loader_finds_them),
        cmocka_unit_test(a_plain_program_has_none),
        cmocka_unit_test(what_a_runtime_intercepts_is_in_its_symbols),
        cmocka_unit_test(compilers_and_build_id_are_told),
        cmocka_unit_test(a_unit_that_is_not_instrumented_is_told_from_those_that_are),
        cmocka_unit_test(without_debug_information_functions_are_told),
        cmocka_unit_test(a_program_of_scenarios_is_instrumented),
        cmocka_unit_test(fences_and_locks_of_assembly_are_seen_in_their_function),
        cmocka_unit_test(a_name_of_many_functions_is_that_of_none),
        cmocka_unit_test(calls_are_followed_with_their_first_argument),
        cmocka_unit_test(a_call_without_arguments_has_none),
        cmocka_unit_test(what_is_no_program_is_refused_with_a_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
