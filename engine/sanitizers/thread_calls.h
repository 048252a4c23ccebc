/*
 * ThreadSanitizer's own functions, for those whose names the hooks have taken (-Wl,--wrap), and
 * those that no header of it declares. The names are the runtime's and the linker's.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SANITIZERS_THREAD_CALLS_H
#define HEDDLE_ENGINE_SANITIZERS_THREAD_CALLS_H

#include <setjmp.h>
#include <stdint.h>
#include <stdnoreturn.h>

#include "engine/hooks/tsan_atomic.h"

void __real___tsan_init(void);
void __wrap___tsan_init(int count, char *const *arguments, char *const *environment);
void __real___tsan_func_entry(const void *call);
void __real___tsan_func_exit(void);
void __real___tsan_acquire(const volatile void *object);
void __real___tsan_release(const volatile void *object);

/* The runtime's, which know how many functions they leave. */
noreturn void __real_longjmp(struct __jmp_buf_tag *environment, int value);
noreturn void __real_siglongjmp(struct __jmp_buf_tag *environment, int value);
noreturn void __wrap_longjmp(struct __jmp_buf_tag *environment, int value);
noreturn void __wrap_siglongjmp(struct __jmp_buf_tag *environment, int value);

uint8_t __real___tsan_atomic8_load(const volatile uint8_t *object, int order);
uint16_t __real___tsan_atomic16_load(const volatile uint16_t *object, int order);
uint32_t __real___tsan_atomic32_load(const volatile uint32_t *object, int order);
uint64_t __real___tsan_atomic64_load(const volatile uint64_t *object, int order);
hde_uint128 __real___tsan_atomic128_load(const volatile hde_uint128 *object, int order);

void __real___tsan_atomic8_store(volatile uint8_t *object, uint8_t value, int order);
void __real___tsan_atomic16_store(volatile uint16_t *object, uint16_t value, int order);
void __real___tsan_atomic32_store(volatile uint32_t *object, uint32_t value, int order);
void __real___tsan_atomic64_store(volatile uint64_t *object, uint64_t value, int order);
void __real___tsan_atomic128_store(volatile hde_uint128 *object, hde_uint128 value, int order);

uint8_t __real___tsan_atomic8_fetch_or(volatile uint8_t *object, uint8_t value, int order);
uint16_t __real___tsan_atomic16_fetch_or(volatile uint16_t *object, uint16_t value, int order);
uint32_t __real___tsan_atomic32_fetch_or(volatile uint32_t *object, uint32_t value, int order);
uint64_t __real___tsan_atomic64_fetch_or(volatile uint64_t *object, uint64_t value, int order);
hde_uint128
__real___tsan_atomic128_fetch_or(volatile hde_uint128 *object, hde_uint128 value, int order);

/* An access by the instruction before `pc'. */
void __tsan_read1_pc(const void *memory, const void *pc);
void __tsan_read2_pc(const void *memory, const void *pc);
void __tsan_read4_pc(const void *memory, const void *pc);
void __tsan_read8_pc(const void *memory, const void *pc);
void __tsan_write1_pc(const void *memory, const void *pc);
void __tsan_write2_pc(const void *memory, const void *pc);
void __tsan_write4_pc(const void *memory, const void *pc);
void __tsan_write8_pc(const void *memory, const void *pc);
void __tsan_read_range_pc(const void *memory, uintptr_t size, const void *pc);
void __tsan_write_range_pc(const void *memory, uintptr_t size, const void *pc);

/* __tsan_get_report_data() and so on, under names of ours: only newer headers declare them. */
int hde_tsan_report_data(void *report,
                         const char **description,
                         int *count,
                         int *stack_count,
                         int *mop_count,
                         int *loc_count,
                         int *mutex_count,
                         int *thread_count,
                         int *unique_tid_count,
                         void **sleep_trace,
                         unsigned long trace_size) __asm__("__tsan_get_report_data");
int hde_tsan_report_mop(void *report,
                        unsigned long idx,
                        int *tid,
                        void **addr,
                        int *size,
                        int *write,
                        int *atomic,
                        void **trace,
                        unsigned long trace_size) __asm__("__tsan_get_report_mop");
int hde_tsan_report_thread(void *report,
                           unsigned long idx,
                           int *tid,
                           uint64_t *os_id,
                           int *running,
                           const char **name,
                           int *parent_tid,
                           void **trace,
                           unsigned long trace_size) __asm__("__tsan_get_report_thread");

/* tsan_interface_java.h, which is not installed. */
void __tsan_java_init(uintptr_t begin, uintptr_t size);
void __tsan_java_alloc(uintptr_t memory, uintptr_t size);
void __tsan_java_free(uintptr_t memory, uintptr_t size);

#endif
