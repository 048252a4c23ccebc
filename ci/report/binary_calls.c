/*
 * Binary, its calls: followed from the beginning of a function, with what is known of registers.
 *
 * A register is known that a constant was loaded into, or one that is known, until anything else is
 * done to it. Where a jump leads to, nothing is known: on the other way it may be another constant.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdlib.h>

#include "ci/report/binary_parts.h"
#include "ci/report/instruction.h"

#define REGISTERS 16
#define ALL 0xffffU
#define KEPT 0xf038U /* over calls: rbx, rsp, rbp, r12 to r15 */

/* ---- Jumps ----------------------------------------------------------------------------------- */

/* Whether code can be come to from elsewhere than from before it. */
struct entry {
    uint64_t first; /* exclusive */
    uint64_t last;  /* inclusive */
    bool is_entered;
};

static bool
look_for_entry(void *context, const struct hdr_instruction *instruction, uint64_t address)
{
    struct entry *entry = context;
    bool is_within = instruction->target > entry->first && instruction->target <= entry->last;
    bool comes_from_within = address >= entry->first && address <= entry->last;

    entry->is_entered =
        instruction->is_switch || (instruction->is_jump && is_within && !comes_from_within);
    return !entry->is_entered;
}

bool hdr_binary_is_passed(const struct hdr_binary *binary, uint64_t first, uint64_t then)
{
    const struct hdr_function *function = hdr_binary_function_at(binary, first);
    struct entry entry = {.first = first, .last = then};

    if (function == NULL || then < first || then >= function->end) {
        return false;
    }
    hdr_binary_decode(binary, function, look_for_entry, &entry);
    return !entry.is_entered;
}

/* ---- Calls ----------------------------------------------------------------------------------- */

/* Who follows the calls of a function, and what is known of registers: 0 is nothing. */
struct follower {
    const struct hdr_binary *binary;
    const struct hdr_function *function;
    bool (*visit)(void *context, const struct hdr_call *call);
    void *context;
    uint64_t registers[REGISTERS];
    uint64_t *targets; /* of the jumps in it, by address */
    size_t targets_count;
};

static bool note_jump(void *context, const struct hdr_instruction *instruction, uint64_t address)
{
    struct follower *follower = context;

    (void)address;
    if (instruction->is_jump) {
        follower->targets =
            hdr_binary_grow(follower->targets, follower->targets_count, sizeof(uint64_t));
        follower->targets[follower->targets_count++] = instruction->target;
    }
    return true;
}

static int by_number(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;

    return (a > b) - (a < b);
}

static bool is_target(const struct follower *follower, uint64_t address)
{
    return follower->targets_count != 0 &&
           bsearch(&address, follower->targets, follower->targets_count, sizeof(address),
                   by_number) != NULL;
}

static void forget(struct follower *follower, unsigned registers)
{
    for (size_t i = 0; i < REGISTERS; i++) {
        follower->registers[i] = (registers >> i & 1) != 0 ? 0 : follower->registers[i];
    }
}

static void take_registers(struct follower *follower, const struct hdr_instruction *instruction)
{
    uint64_t value =
        instruction->copies >= 0 ? follower->registers[instruction->copies] : instruction->constant;

    forget(follower, instruction->computes);
    if (instruction->sets >= 0) {
        follower->registers[instruction->sets] = value;
    }
}

static bool follow(void *context, const struct hdr_instruction *instruction, uint64_t address)
{
    struct follower *follower = context;
    const struct hdr_function *function = follower->function;
    bool leaves = instruction->is_jump &&
                  (instruction->target < function->begin || instruction->target >= function->end);

    if (is_target(follower, address)) {
        forget(follower, ALL);
    }
    take_registers(follower, instruction);
    if (!instruction->is_call && !leaves) {
        return true;
    }
    const struct hdr_call call = {
        .address = address,
        .name = hdr_binary_name_at(follower->binary, instruction->target),
        .argument = follower->registers[HDR_REGISTER_RDI],
    };

    forget(follower, ~KEPT);
    return follower->visit(follower->context, &call);
}

void hdr_binary_calls(const struct hdr_binary *binary,
                      const struct hdr_function *function,
                      bool (*visit)(void *context, const struct hdr_call *call),
                      void *context)
{
    struct follower follower = {binary, function, visit, context, {0}, NULL, 0};

    hdr_binary_decode(binary, function, note_jump, &follower);
    if (follower.targets_count != 0) {
        qsort(follower.targets, follower.targets_count, sizeof(uint64_t), by_number);
    }
    hdr_binary_decode(binary, function, follow, &follower);
    free(follower.targets);
}
