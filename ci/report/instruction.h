/*
 * Instruction: one instruction of x86-64 machine code, as far as it is needed to go on to the next
 * one, to follow calls, and to tell how it treats memory.
 *
 * Misses  What only operating systems use; instructions of later processors in maps 4 to 7 of EVEX
 *         have the length of those in map 1. A length that is wrong ends at the next function.
 * Source  Intel 64 and IA-32 Architectures Software Developer's Manual, volume 2, appendix A.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_INSTRUCTION_H
#define HEDDLE_CI_REPORT_INSTRUCTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the memory operand of an instruction is found by. */
enum hdr_base {
    HDR_BASE_NONE,     /* there is none, or nothing is read or written there */
    HDR_BASE_STACK,    /* %rsp, %rbp: a local variable */
    HDR_BASE_THREAD,   /* %fs, %gs: a variable of the thread's */
    HDR_BASE_RELATIVE, /* %rip: a variable at `address' */
    HDR_BASE_REGISTER, /* any other register: a pointer */
};

struct hdr_instruction {
    size_t length;
    enum hdr_base base;
    uint64_t address;  /* of a %rip-relative operand, also of `lea'; else 0 */
    uint64_t target;   /* of a direct call or jump; else 0 */
    uint64_t constant; /* loaded into `sets' */
    bool is_call;      /* a direct one */
    bool is_jump;      /* a direct one, that is taken always or not */
    bool is_switch;    /* a jump to an address that is computed */
    bool is_locked;    /* a prefix `lock', or `xchg' with memory */
    bool is_fence;     /* mfence, sfence; lfence orders what time is read, too */
    int sets;          /* register that becomes `constant', or a copy of `copies'; -1: none */
    int copies;        /* register; -1: none */
    unsigned computes; /* registers of which nothing is known then, a bit for each */
};

#define HDR_REGISTER_RDI 7

/*
 * Decode what stands at `code', of which `size' bytes are there, and which runs at `address'. False
 * if that is no instruction.
 */
bool hdr_instruction_decode(struct hdr_instruction *instruction,
                            const unsigned char *code,
                            size_t size,
                            uint64_t address);

#endif
