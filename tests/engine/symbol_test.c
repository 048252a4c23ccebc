/*
 * Symbols: code addresses are named by the line that was written, data by its variable.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <stdio.h>
#include <string.h>

#include "engine/code.h"
#include "engine/symbol.h"
#include "engine/type.h"
#include "tests/engine/programs/symbols.h"

#define SYMBOLS_FILE "tests/engine/programs/symbols.c"

static jmp_buf back;
static uint32_t last_pc;

__attribute__((noinline)) uint32_t hd_symbols_pc(void) { return HDE_CALLER(); }

__attribute__((noinline)) void hd_symbols_pc_last(void)
{
    last_pc = HDE_CALLER();
    longjmp(back, 1);
}

static void assert_is(const struct hde_source *source, const char *function, int line)
{
    assert_string_equal(source->function, function);
    assert_string_equal(source->file, SYMBOLS_FILE);
    assert_int_equal(source->line, line);
    assert_int_equal(source->origin, HDE_ORIGIN_PROGRAM);
}

static void test_call_has_its_line(void **state)
{
    struct hde_source source = hde_symbol_source(hd_symbols_plain());

    (void)state;
    assert_is(&source, "hd_symbols_plain", symbols_line_of_plain);
    assert_string_equal(hde_symbol_line(&source),
                        "uint32_t pc = hd_symbols_pc(); /* the plain call */");
}

static void test_inlined_functions_have_frames(void **state)
{
    struct hde_source frames[HDE_INLINED_MAX];
    unsigned count = hde_symbol_frames(hd_symbols_outer(), frames);

    (void)state;
    assert_int_equal(count, 3);
    assert_is(&frames[0], "hd_symbols_inner", symbols_line_of_inner);
    assert_is(&frames[1], "hd_symbols_middle", symbols_line_of_middle);
    assert_is(&frames[2], "hd_symbols_outer", symbols_line_of_outer);
}

static void test_last_call_is_not_the_next_function(void **state)
{
    struct hde_source source;

    (void)state;
    if (setjmp(back) == 0) {
        hd_symbols_last();
    }
    source = hde_symbol_source(last_pc);
    assert_is(&source, "hd_symbols_last", symbols_line_of_last);
}

static void test_second_answer_is_the_first(void **state)
{
    uint32_t pc = hd_symbols_plain();
    struct hde_source first = hde_symbol_source(pc);
    struct hde_source second = hde_symbol_source(pc);

    (void)state;
    assert_ptr_equal(first.file, second.file);
    assert_ptr_equal(first.function, second.function);
    assert_int_equal(first.line, second.line);
}

/* More addresses than the table of answers has buckets: an answer is that of its own address. */
static void test_answers_are_not_mixed_up(void **state)
{
    struct symbols_point point;
    struct symbols_pair pair;
    uint32_t pc = hd_symbols_touch_two(&point, &pair);
    struct hde_source source;

    (void)state;
    for (uint32_t i = 1; i <= 12288; i++) {
        (void)hde_symbol_source(pc + (1U << 24) + i); /* beyond the program's code */
    }
    source = hde_symbol_source(pc);
    assert_string_equal(source.function, "hd_symbols_touch_two");
}

/* The instruction behind the first byte of a function, as if that were a call. */
static struct hde_source in_function(const void *function)
{
    return hde_symbol_source(hde_code_pack((const char *)function + 1));
}

static void test_code_belongs_to_somebody(void **state)
{
    struct hde_source primitive = in_function((const void *)(uintptr_t)hd_lock_acquire);
    struct hde_source engine = in_function((const void *)(uintptr_t)hde_symbol_source);
    struct hde_source libc = in_function(dlsym(RTLD_NEXT, "qsort"));
    struct hde_source nowhere = hde_symbol_source(0);

    (void)state;
    assert_int_equal(primitive.origin, HDE_ORIGIN_PRIMITIVES);
    assert_string_equal(primitive.function, "hd_lock_acquire");
    assert_string_equal(primitive.file, "primitives/lock.c");
    assert_int_equal(engine.origin, HDE_ORIGIN_ENGINE);
    assert_string_equal(engine.file, "engine/symbol.c");
    assert_int_equal(libc.origin, HDE_ORIGIN_SYSTEM);
    assert_int_equal(nowhere.origin, HDE_ORIGIN_SYSTEM);
    assert_string_equal(nowhere.function, "?");
    assert_int_equal(nowhere.line, 0);
}

static void test_variables_have_names(void **state)
{
    uint64_t offset;
    uint64_t size;
    int local = 0;

    (void)state;
    assert_string_equal(hde_symbol_variable((uintptr_t)&symbols_number, &offset, &size),
                        "symbols_number");
    assert_int_equal(offset, 0);
    assert_int_equal(size, sizeof(symbols_number));
    assert_string_equal(hde_symbol_variable((uintptr_t)&symbols_shapes[1].next, &offset, &size),
                        "symbols_shapes");
    assert_int_equal(offset, sizeof(struct symbols_shape) + offsetof(struct symbols_shape, next));
    assert_int_equal(size, sizeof(symbols_shapes));
    assert_null(hde_symbol_variable((uintptr_t)&local, &offset, &size));
    /* Code is no variable. */
    assert_null(hde_symbol_variable((uintptr_t)hd_symbols_plain, &offset, &size));
}

/* The name of the member at `offset` of symbols_shapes. */
static const char *member(size_t offset, uint64_t size)
{
    static char text[64];
    const struct hde_type *type = hde_type_of_variable("symbols_shapes", sizeof(symbols_shapes));

    assert_non_null(type);
    text[0] = '\0';
    hde_type_append_member(type, offset, size, text, sizeof(text));
    return text;
}

static void test_members_have_names(void **state)
{
    const size_t second = sizeof(struct symbols_shape);

    (void)state;
    assert_string_equal(member(offsetof(struct symbols_shape, corners[1].y), 4),
                        "[0].corners[1].y");
    assert_string_equal(member(second + offsetof(struct symbols_shape, next), 8), "[1].next");
    assert_string_equal(member(second + 2 + offsetof(struct symbols_shape, next), 1), "[1].next+2");
    /* A lock is an object; an access within it is not. */
    assert_string_equal(member(0, 1), "[0].lock");
    assert_string_equal(member(0, 2), "[0].lock.word");
    /* A whole point, written at once. */
    assert_string_equal(member(offsetof(struct symbols_shape, corners[2]), 8), "[0].corners[2]");
    assert_null(hde_type_of_variable("symbols_shapes", 1));
    assert_null(hde_type_of_variable("symbols_nothing", 8));
}

static void test_structs_are_known_by_who_points_to_them(void **state)
{
    uint32_t pc = hd_symbols_touch(&symbols_shapes[0]);
    const struct hde_type *type = hde_type_pointed_to(pc, sizeof(struct symbols_shape));
    struct symbols_point point;
    struct symbols_pair pair;

    (void)state;
    assert_non_null(type);
    assert_string_equal(hde_type_tag(type), "symbols_shape");
    assert_null(hde_type_pointed_to(pc, 3));
    /* Which of two it is nobody knows. */
    assert_null(hde_type_pointed_to(hd_symbols_touch_two(&point, &pair), sizeof(point)));
    assert_null(hde_type_pointed_to(hd_symbols_plain(), sizeof(struct symbols_shape)));
    assert_ptr_equal(hde_type_in_file(hd_symbols_plain(), sizeof(struct symbols_shape)), type);
}

static const char *digits_of(const unsigned char *bytes, size_t count)
{
    static char digits[129];

    for (size_t i = 0; i < count && i < 64; i++) {
        (void)snprintf(&digits[2 * i], 3, "%02x", bytes[i]);
    }
    return digits;
}

/* The build id as the loader sees it; "unknown" if there is none. */
static const char *loaded_build_id(const char *notes, size_t size)
{
    size_t at = 0;

    while (at + sizeof(ElfW(Nhdr)) <= size) {
        ElfW(Nhdr) note;
        size_t name = at + sizeof(note);
        size_t text;

        memcpy(&note, notes + at, sizeof(note));
        text = name + (note.n_namesz + (size_t)3) / 4 * 4;
        if (note.n_type == NT_GNU_BUILD_ID && memcmp(notes + name, "GNU", 4) == 0) {
            return digits_of((const unsigned char *)notes + text, note.n_descsz);
        }
        at = text + (note.n_descsz + (size_t)3) / 4 * 4;
    }
    return NULL;
}

static int find_build_id(struct dl_phdr_info *module, size_t size, void *argument)
{
    const char **found = (const char **)argument;

    (void)size;
    for (unsigned i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &module->dlpi_phdr[i];

        if (segment->p_type == PT_NOTE && *found == NULL) {
            *found = loaded_build_id((const char *)(module->dlpi_addr + segment->p_vaddr),
                                     segment->p_memsz);
        }
    }
    return 1; /* the program comes first, and is all that is wanted */
}

static void test_build_id_is_that_of_the_program(void **state)
{
    const char *expected = NULL;

    (void)state;
    (void)dl_iterate_phdr(find_build_id, (void *)&expected);
    assert_string_equal(hde_symbol_build_id(), expected == NULL ? "unknown" : expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_has_its_line),
        cmocka_unit_test(test_inlined_functions_have_frames),
        cmocka_unit_test(test_last_call_is_not_the_next_function),
        cmocka_unit_test(test_second_answer_is_the_first),
        cmocka_unit_test(test_answers_are_not_mixed_up),
        cmocka_unit_test(test_code_belongs_to_somebody),
        cmocka_unit_test(test_variables_have_names),
        cmocka_unit_test(test_members_have_names),
        cmocka_unit_test(test_structs_are_known_by_who_points_to_them),
        cmocka_unit_test(test_build_id_is_that_of_the_program),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
