/*
 * Futex: the two system calls, for words private to the process.
 *
 * FUTEX_WAIT_BITSET rather than FUTEX_WAIT, because its time-out is absolute: a wait that a signal
 * interrupts is begun again with the deadline unchanged.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/futex.h"

#include <errno.h>
#include <linux/futex.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <heddle/clock.h>

#include "primitives/fatal.h"

bool hd_futex_wait(const uint32_t *word, uint32_t expected, uint64_t deadline_ns)
{
    const int errno_before = errno;
    struct timespec deadline = {
        .tv_sec = (time_t)(deadline_ns / HD_SECOND_NS),
        .tv_nsec = (long)(deadline_ns % HD_SECOND_NS),
    };
    const struct timespec *timeout = deadline_ns == HD_FOREVER ? NULL : &deadline;
    long status = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected,
                          timeout, NULL, FUTEX_BITSET_MATCH_ANY);
    int error = status == 0 ? 0 : errno;

    errno = errno_before;
    if (error != 0 && error != EAGAIN && error != EINTR && error != ETIMEDOUT) {
        hd_fatal("futex wait", error);
    }
    return error != ETIMEDOUT;
}

void hd_futex_wake(const uint32_t *word, uint32_t count)
{
    const int errno_before = errno;

    /* The kernel does not look at the memory, only at the address; nobody need sleep there. */
    (void)syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, NULL, NULL, 0);
    errno = errno_before;
}
