/*
 * Fiber switch for aarch64, AAPCS64.
 *
 * What a function must preserve is stored below the stack pointer: x19 to x30 (x29 is the frame
 * pointer, x30 the address to go on at) and the low halves of v8 to v15. A suspended fiber is the
 * stack pointer after that.
 *
 * A fresh fiber begins in hde_fiber_enter, which calls the function that waits in x19. Its return
 * address is marked undefined, so that debuggers and unwinders end their walk there.
 *
 * The control register of the floating-point unit is not switched: a program that changes the
 * rounding mode in one thread changes it in all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fiber.h"

#include <ucontext.h>

#include "engine/fault.h"

__asm__(".text\n"
        ".globl hde_fiber_switch\n"
        ".type hde_fiber_switch, %function\n"
        ".p2align 4\n"
        "hde_fiber_switch:\n"
        "    .cfi_startproc\n"
        "    stp x29, x30, [sp, -160]!\n"
        "    .cfi_adjust_cfa_offset 160\n"
        "    .cfi_rel_offset x29, 0\n"
        "    .cfi_rel_offset x30, 8\n"
        "    stp x19, x20, [sp, 16]\n"
        "    .cfi_rel_offset x19, 16\n"
        "    .cfi_rel_offset x20, 24\n"
        "    stp x21, x22, [sp, 32]\n"
        "    .cfi_rel_offset x21, 32\n"
        "    .cfi_rel_offset x22, 40\n"
        "    stp x23, x24, [sp, 48]\n"
        "    .cfi_rel_offset x23, 48\n"
        "    .cfi_rel_offset x24, 56\n"
        "    stp x25, x26, [sp, 64]\n"
        "    .cfi_rel_offset x25, 64\n"
        "    .cfi_rel_offset x26, 72\n"
        "    stp x27, x28, [sp, 80]\n"
        "    .cfi_rel_offset x27, 80\n"
        "    .cfi_rel_offset x28, 88\n"
        "    stp d8, d9, [sp, 96]\n"
        "    stp d10, d11, [sp, 112]\n"
        "    stp d12, d13, [sp, 128]\n"
        "    stp d14, d15, [sp, 144]\n"
        "    mov x2, sp\n"
        "    str x2, [x0]\n"
        "    mov sp, x1\n"
        "    ldp x19, x20, [sp, 16]\n"
        "    ldp x21, x22, [sp, 32]\n"
        "    ldp x23, x24, [sp, 48]\n"
        "    ldp x25, x26, [sp, 64]\n"
        "    ldp x27, x28, [sp, 80]\n"
        "    ldp d8, d9, [sp, 96]\n"
        "    ldp d10, d11, [sp, 112]\n"
        "    ldp d12, d13, [sp, 128]\n"
        "    ldp d14, d15, [sp, 144]\n"
        "    ldp x29, x30, [sp], 160\n"
        "    .cfi_adjust_cfa_offset -160\n"
        "    .cfi_restore x29\n"
        "    .cfi_restore x30\n"
        "    br x30\n"
        "    .cfi_endproc\n"
        ".size hde_fiber_switch, . - hde_fiber_switch\n"
        "\n"
        ".globl hde_fiber_enter\n"
        ".hidden hde_fiber_enter\n"
        ".type hde_fiber_enter, %function\n"
        ".p2align 4\n"
        "hde_fiber_enter:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined x30\n"
        "    blr x19\n"
        "    brk 1\n"
        "    .cfi_endproc\n"
        ".size hde_fiber_enter, . - hde_fiber_enter\n");

extern void hde_fiber_enter(void);

/* What hde_fiber_switch() loads, from the stack pointer up. */
struct saved {
    uint64_t x29; /* 0 ends the chain of frame pointers */
    uint64_t x30;
    uint64_t x19;
    uint64_t x20_to_x28[9];
    uint64_t d8_to_d15[8];
};

void *hde_fiber_prepare(unsigned stack, void (*entry)(void))
{
    struct saved *saved = (struct saved *)hde_fiber_stack_top(stack) - 1;

    saved->x29 = 0;
    saved->x30 = (uint64_t)hde_fiber_enter;
    saved->x19 = (uint64_t)entry;
    return saved;
}

uintptr_t hde_fault_pc(const void *context)
{
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.pc;
}

uintptr_t hde_fault_return_address(const void *context)
{
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.regs[30];
}
