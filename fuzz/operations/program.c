/*
 * Program: see program.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/program.h"

#include <stdbool.h>

#include <heddle/check.h>

/* What a thread of that role may call: numbers of operations; returns how many. */
static uint32_t
find_allowed(const struct hd_program_kind *kind, unsigned role, unsigned can, uint8_t *allowed)
{
    uint32_t count = 0;

    for (size_t i = 0; i < kind->operations_count; i++) {
        const struct hd_program_operation *operation = &kind->operations[i];

        if ((operation->roles & role) != 0 && (operation->needs & can) == operation->needs) {
            allowed[count++] = (uint8_t)i;
        }
    }
    return count;
}

static void draw_thread(struct hd_program *program, unsigned self, unsigned can)
{
    const struct hd_program_kind *kind = program->kind;
    uint8_t allowed[UINT8_MAX];
    unsigned role = HD_ROLE_FIRST;

    if (self > 0) {
        role = (unsigned)HD_ROLE_OTHER << hd_choose(kind->other_roles);
    }
    uint32_t allowed_count = find_allowed(kind, role, can, allowed);

    program->threads[self].role = role;
    program->threads[self].steps_count = hd_choose(HD_STEPS_MAX + 1);
    for (unsigned i = 0; i < program->threads[self].steps_count; i++) {
        struct hd_program_step *step = &program->threads[self].steps[i];

        step->operation = allowed[hd_choose(allowed_count)];
        step->argument = (uint8_t)hd_choose(kind->operations[step->operation].arguments);
    }
}

void hd_program_draw(struct hd_program *program, const struct hd_program_kind *kind, unsigned can)
{
    program->kind = kind;
    program->threads_count = 2 + hd_choose(kind->threads_max - 1);
    for (unsigned self = 0; self < program->threads_count; self++) {
        draw_thread(program, self, can);
    }
}

unsigned hd_program_count(const struct hd_program *program, unsigned roles, unsigned operation)
{
    unsigned count = 0;

    for (unsigned self = 0; self < program->threads_count; self++) {
        bool is_counted = (program->threads[self].role & roles) != 0;

        for (unsigned i = 0; is_counted && i < program->threads[self].steps_count; i++) {
            count += program->threads[self].steps[i].operation == operation ? 1 : 0;
        }
    }
    return count;
}

void hd_program_run(void *state, unsigned self)
{
    const struct hd_program *program = state;

    if (self >= program->threads_count) {
        return;
    }
    for (unsigned i = 0; i < program->threads[self].steps_count; i++) {
        const struct hd_program_step *step = &program->threads[self].steps[i];

        program->kind->operations[step->operation].run(state, self, step->argument);
    }
    program->kind->end(state, self);
}

void hd_program_run_0(void *state) { hd_program_run(state, 0); }

void hd_program_run_1(void *state) { hd_program_run(state, 1); }

void hd_program_run_2(void *state) { hd_program_run(state, 2); }

void hd_program_run_3(void *state) { hd_program_run(state, 3); }

static void *act_0(void *state)
{
    hd_program_run(state, 0);
    return NULL;
}

static void *act_1(void *state)
{
    hd_program_run(state, 1);
    return NULL;
}

static void *act_2(void *state)
{
    hd_program_run(state, 2);
    return NULL;
}

static void *act_3(void *state)
{
    hd_program_run(state, 3);
    return NULL;
}

hd_thread_function *const hd_program_acts[HD_THREADS_MAX] = {act_0, act_1, act_2, act_3};
