/*
 * UndefinedBehaviorSanitizer: what the language leaves undefined, in whatever order threads come
 * to it.
 *
 * Its checks call __ubsan_handle_*, by the linker's --wrap here. The runtime says each place in the
 * source only once a process, which it keeps where the compiler has put the place; an execution
 * that shows it again is to be told of again, so this is undone. Then the execution ends.
 *
 * What the processor notices by itself, a null pointer or a division by zero, is left to crash, as
 * it does in the other flavours. If it does not, the report becomes a finding at the end.
 *
 * Source: the handlers' arguments are those that clang 14 to 19 pass; all fit in registers, and who
 *         takes fewer of them does not look at the others.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdnoreturn.h>
#include <string.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/sanitizers/address.h"

#define SAID_SIZE 1024U

/* With what the data of a check begin. */
struct location {
    const char *file;
    uint32_t line;
    uint32_t column; /* all bits set: has been told of */
};

typedef void handler(void *data, uintptr_t a, uintptr_t b);

/* The runtime's interface. */
void __ubsan_on_report(void);
void __ubsan_get_current_report_data(const char **kind,
                                     const char **message,
                                     const char **file,
                                     unsigned *line,
                                     unsigned *column,
                                     char **address);

handler __real___ubsan_handle_add_overflow;
handler __real___ubsan_handle_divrem_overflow;
handler __real___ubsan_handle_function_type_mismatch __attribute__((weak)); /* clang 17 on */
handler __real___ubsan_handle_invalid_builtin;
handler __real___ubsan_handle_load_invalid_value;
handler __real___ubsan_handle_mul_overflow;
handler __real___ubsan_handle_negate_overflow;
handler __real___ubsan_handle_nonnull_arg;
handler __real___ubsan_handle_nonnull_return_v1;
handler __real___ubsan_handle_out_of_bounds;
handler __real___ubsan_handle_pointer_overflow;
handler __real___ubsan_handle_shift_out_of_bounds;
handler __real___ubsan_handle_sub_overflow;
handler __real___ubsan_handle_type_mismatch_v1;
handler __real___ubsan_handle_vla_bound_not_positive;

/* What instrumented code calls. */
handler __wrap___ubsan_handle_add_overflow;
handler __wrap___ubsan_handle_builtin_unreachable;
handler __wrap___ubsan_handle_divrem_overflow;
handler __wrap___ubsan_handle_function_type_mismatch;
handler __wrap___ubsan_handle_invalid_builtin;
handler __wrap___ubsan_handle_load_invalid_value;
handler __wrap___ubsan_handle_missing_return;
handler __wrap___ubsan_handle_mul_overflow;
handler __wrap___ubsan_handle_negate_overflow;
handler __wrap___ubsan_handle_nonnull_arg;
handler __wrap___ubsan_handle_nonnull_return_v1;
handler __wrap___ubsan_handle_out_of_bounds;
handler __wrap___ubsan_handle_pointer_overflow;
handler __wrap___ubsan_handle_shift_out_of_bounds;
handler __wrap___ubsan_handle_sub_overflow;
handler __wrap___ubsan_handle_type_mismatch_v1;
handler __wrap___ubsan_handle_vla_bound_not_positive;

static uint32_t checked_at; /* where the check is that the runtime was called for */
static bool crashes;        /* what it said last may be a crash to come */

/* Called by the runtime, with its locks held. */
void __ubsan_on_report(void)
{
    const struct hde_place place = hde_address_place(checked_at);
    const char *kind;
    const char *message;
    const char *file;
    unsigned line;
    unsigned column;
    char *address;
    char said[SAID_SIZE];

    __ubsan_get_current_report_data(&kind, &message, &file, &line, &column, &address);
    crashes = strncmp(kind, "null", 4) == 0 || strcmp(kind, "integer-divide-by-zero") == 0;
    (void)snprintf(said, sizeof(said), "%s:%u:%u: runtime error: %s\n", file, line, column,
                   message);
    hde_address_note(HD_UNDEFINED, &place, message, said);
}

/* `location': that of `data', which `real' is called with. */
static void
handle(handler *real, struct location *location, void *data, uintptr_t a, uintptr_t b, uint32_t pc)
{
    struct hde_thread *self = hde_address_enter();
    uint32_t column = location->column;

    checked_at = pc;
    crashes = false;
    real(data, a, b);
    location->column = column;
    hde_address_leave(self);
    if (!crashes) {
        hde_address_end_if_noted();
    }
}

void __wrap___ubsan_handle_add_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_add_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_divrem_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_divrem_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_function_type_mismatch(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_function_type_mismatch, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_invalid_builtin(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_invalid_builtin, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_load_invalid_value(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_load_invalid_value, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_mul_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_mul_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_negate_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_negate_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_nonnull_arg(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_nonnull_arg, data, data, a, b, HDE_CALLER());
}

/* Of a function that returns, the data do not say where. */
void __wrap___ubsan_handle_nonnull_return_v1(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_nonnull_return_v1, (struct location *)a, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_out_of_bounds(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_out_of_bounds, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_pointer_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_pointer_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_shift_out_of_bounds(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_shift_out_of_bounds, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_sub_overflow(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_sub_overflow, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_type_mismatch_v1(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_type_mismatch_v1, data, data, a, b, HDE_CALLER());
}

void __wrap___ubsan_handle_vla_bound_not_positive(void *data, uintptr_t a, uintptr_t b)
{
    handle(__real___ubsan_handle_vla_bound_not_positive, data, data, a, b, HDE_CALLER());
}

/* ---- What cannot go on ----------------------------------------------------------------------- */

/* The runtime would end the process. */
static noreturn void fail(const struct location *location, const char *message, uint32_t pc)
{
    const struct hde_place place = hde_address_place(pc);
    char said[SAID_SIZE];

    (void)snprintf(said, sizeof(said), "%s:%u:%u: runtime error: %s\n", location->file,
                   location->line, location->column, message);
    hde_address_note(HD_UNDEFINED, &place, message, said);
    hde_address_end_if_noted();
    __builtin_trap(); /* ignored: it crashes all the same */
}

void __wrap___ubsan_handle_builtin_unreachable(void *data, uintptr_t a, uintptr_t b)
{
    (void)a;
    (void)b;
    fail(data, "execution reached an unreachable program point", HDE_CALLER());
}

void __wrap___ubsan_handle_missing_return(void *data, uintptr_t a, uintptr_t b)
{
    (void)a;
    (void)b;
    fail(data, "execution reached the end of a function that is to return a value", HDE_CALLER());
}
