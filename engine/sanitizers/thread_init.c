/*
 * The start of ThreadSanitizer's runtime, which has fixed ideas of where memory is.
 *
 * Runtimes before LLVM 18.1 know only addresses from 0x7e8000000000 on for libraries and stacks. A
 * kernel that scatters them further (vm.mmap_rnd_bits above 28) makes such a runtime end the
 * process before main(). The dynamic linker calls the runtime's start first of all, which the link
 * makes ours (thread.cmake): if the linker itself lies lower, the program begins again without
 * randomization, once.
 *
 * Source: personality(2); compiler-rt, tsan_platform.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <unistd.h>

#include "engine/sanitizers/thread_calls.h"

#define LOWEST_KNOWN UINT64_C(0x7e8000000000)
#define AS_IT_IS 0xffffffffUL

/* Returns if it cannot be done, or has been done: the runtime then says what it does not like. */
static void begin_again(char *const *arguments, char *const *environment)
{
    int persona = personality(AS_IT_IS);

    if (persona == -1 || (persona & ADDR_NO_RANDOMIZE) != 0) {
        return;
    }
    if (personality((unsigned long)persona | ADDR_NO_RANDOMIZE) != -1) {
        (void)execve("/proc/self/exe", arguments, environment);
    }
}

/* Called by the dynamic linker, with arguments; later by each module, without. */
void __wrap___tsan_init(int count, char *const *arguments, char *const *environment)
{
    static bool was_called;

    (void)count;
    if (!was_called && getauxval(AT_BASE) < LOWEST_KNOWN) {
        begin_again(arguments, environment);
    }
    was_called = true;
    __real___tsan_init();
}
