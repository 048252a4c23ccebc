/*
 * The calls that coverage instrumentation (-fsanitize=fuzzer-no-link) makes, where no libFuzzer
 * is linked that answers them: what a fuzz target is made of then runs under the command too.
 *
 * Weak: libFuzzer's and the sanitizers' own come first.
 *
 * Accepted   __sanitizer_cov_8bit_counters_init __sanitizer_cov_pcs_init
 *            __sanitizer_cov_trace_pc_indir __sanitizer_cov_trace_cmp*
 *            __sanitizer_cov_trace_const_cmp* __sanitizer_cov_trace_switch
 *            __sanitizer_cov_trace_div* __sanitizer_cov_trace_gep
 *
 * Source: clang's documentation of SanitizerCoverage.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdint.h>

#include "engine/hooks/coverage.h"

__attribute__((weak)) void __sanitizer_cov_8bit_counters_init(const char *begin, const char *end)
{
    (void)begin;
    (void)end;
}

__attribute__((weak)) void __sanitizer_cov_pcs_init(const uintptr_t *begin, const uintptr_t *end)
{
    (void)begin;
    (void)end;
}

__attribute__((weak)) void __sanitizer_cov_trace_pc_indir(uintptr_t callee) { (void)callee; }

__attribute__((weak)) void __sanitizer_cov_trace_cmp1(uint8_t a, uint8_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_cmp2(uint16_t a, uint16_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_cmp4(uint32_t a, uint32_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_cmp8(uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_const_cmp1(uint8_t a, uint8_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_const_cmp2(uint16_t a, uint16_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_const_cmp4(uint32_t a, uint32_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_const_cmp8(uint64_t a, uint64_t b)
{
    (void)a;
    (void)b;
}

__attribute__((weak)) void __sanitizer_cov_trace_switch(uint64_t value, const uint64_t *cases)
{
    (void)value;
    (void)cases;
}

__attribute__((weak)) void __sanitizer_cov_trace_div4(uint32_t divisor) { (void)divisor; }

__attribute__((weak)) void __sanitizer_cov_trace_div8(uint64_t divisor) { (void)divisor; }

__attribute__((weak)) void __sanitizer_cov_trace_gep(uintptr_t index) { (void)index; }
