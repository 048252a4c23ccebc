/*
 * Bounded semaphore: acquire and release of the only unit. The others' semaphores have no bound.
 *
 * SPDX-License-Identifier: MIT
 */
#include <semaphore.h>

#include <heddle/bounded_semaphore.h>

#include "tests/benchmark/ck_calls.h"
#include "tests/benchmark/comparison.h"

namespace
{

struct ours {
    struct hd_bounded_semaphore semaphore = HD_BOUNDED_SEMAPHORE_INITIALIZER(1);

    void alone()
    {
        hd_bounded_semaphore_acquire(&semaphore);
        bench::require(hd_bounded_semaphore_release(&semaphore, 1) == HD_OK);
    }
    void together(int) { alone(); }
};

struct glibc {
    sem_t semaphore;

    glibc() { bench::require(sem_init(&semaphore, 0, 1) == 0); }
    void alone()
    {
        bench::require(sem_wait(&semaphore) == 0);
        bench::require(sem_post(&semaphore) == 0);
    }
    void together(int) { alone(); }
};

struct ck {
    struct hd_ck_semaphore *const semaphore = hd_ck_semaphore_new(1);

    void alone()
    {
        hd_ck_semaphore_acquire(semaphore);
        hd_ck_semaphore_release(semaphore);
    }
    void together(int) { alone(); }
};

const bool is_registered = bench::compare<ours, glibc, ck>(
    "bounded_semaphore/acquire_release", {"hd_bounded_semaphore", "sem_t", "ck_ec"});

} // namespace
