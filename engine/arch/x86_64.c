/*
 * Fiber switch for x86-64, System V ABI.
 *
 * What a function must preserve is pushed: rbp, rbx, r12 to r15, above them the address to go on
 * at. A suspended fiber is the stack pointer after that. The switch leaves by `pop; jmp', not
 * `ret': a return after a change of stacks is always mispredicted (2.2 ns instead of 8).
 *
 * A fresh fiber begins in hde_fiber_enter, which calls the function that waits in rbx; the call
 * aligns the stack as the ABI wants it, rsp = 8 mod 16 at the function's first instruction. Its
 * return address is marked undefined, so that debuggers and unwinders end their walk there.
 *
 * The control words of the floating-point units are not switched: a program that changes the
 * rounding mode in one thread changes it in all of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fiber.h"

#include <ucontext.h>

#include "engine/fault.h"

__asm__(".text\n"
        ".globl hde_fiber_switch\n"
        ".type hde_fiber_switch, @function\n"
        ".p2align 4\n"
        "hde_fiber_switch:\n"
        "    .cfi_startproc\n"
        "    pushq %rbp\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %rbp, 0\n"
        "    pushq %rbx\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %rbx, 0\n"
        "    pushq %r12\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %r12, 0\n"
        "    pushq %r13\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %r13, 0\n"
        "    pushq %r14\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %r14, 0\n"
        "    pushq %r15\n"
        "    .cfi_adjust_cfa_offset 8\n"
        "    .cfi_rel_offset %r15, 0\n"
        "    movq %rsp, (%rdi)\n"
        "    movq %rsi, %rsp\n"
        "    popq %r15\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %r15\n"
        "    popq %r14\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %r14\n"
        "    popq %r13\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %r13\n"
        "    popq %r12\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %r12\n"
        "    popq %rbx\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %rbx\n"
        "    popq %rbp\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_restore %rbp\n"
        "    popq %rcx\n"
        "    .cfi_adjust_cfa_offset -8\n"
        "    .cfi_register %rip, %rcx\n"
        "    jmp *%rcx\n"
        "    .cfi_endproc\n"
        ".size hde_fiber_switch, . - hde_fiber_switch\n"
        "\n"
        ".globl hde_fiber_enter\n"
        ".hidden hde_fiber_enter\n"
        ".type hde_fiber_enter, @function\n"
        ".p2align 4\n"
        "hde_fiber_enter:\n"
        "    .cfi_startproc\n"
        "    .cfi_undefined %rip\n"
        "    callq *%rbx\n"
        "    ud2\n"
        "    .cfi_endproc\n"
        ".size hde_fiber_enter, . - hde_fiber_enter\n");

extern void hde_fiber_enter(void);

/* What hde_fiber_switch() pops, from the stack pointer up. */
struct saved {
    uint64_t r15;
    uint64_t r14;
    uint64_t r13;
    uint64_t r12;
    uint64_t rbx;
    uint64_t rbp; /* 0 ends the chain of frame pointers */
    uint64_t go_on_at;
};

void *hde_fiber_prepare(unsigned stack, void (*entry)(void))
{
    struct saved *saved = (struct saved *)hde_fiber_stack_top(stack) - 1;

    saved->rbp = 0;
    saved->rbx = (uint64_t)entry;
    saved->go_on_at = (uint64_t)hde_fiber_enter;
    return saved;
}

uintptr_t hde_fault_pc(const void *context)
{
    return (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
}

uintptr_t hde_fault_return_address(const void *context)
{
    uintptr_t sp = (uintptr_t)((const ucontext_t *)context)->uc_mcontext.gregs[REG_RSP];

    if (hde_fiber_stack_owner(sp) == HDE_THREADS_MAX) {
        return 0;
    }
    return *(const uintptr_t *)sp;
}
