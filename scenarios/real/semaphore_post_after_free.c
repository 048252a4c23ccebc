/*
 * Semaphore post after free: the post looks at the semaphore once more after it has let a waiter
 * go.
 *
 * Bug      A post adds a unit, and then looks whether anybody sleeps. A waiter that comes in
 *          between takes the unit without sleeping, knows itself the last user, and frees the
 *          semaphore.
 * Needs    2 threads; 0 preemptions to see that nothing orders the look before the free, 1 for the
 *          look to come after it: between adding the unit and looking for sleepers.
 * Fix      Keep units and sleepers in one word: the addition tells of both.
 * Source   glibc, sourceware bug 12674; musl had the same until 88c4e72.
 *
 * SPDX-License-Identifier: MIT
 */
#include <linux/futex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <heddle/check.h>

#define SLEEPER 0x10000U
#define UNITS (SLEEPER - 1U)

/*
 * Bits of `word`:
 *   0..15   free units.
 *   16..31  in the repaired twin, threads that sleep or are about to.
 */
struct semaphore {
    uint32_t word;     /* atomic */
    uint32_t sleepers; /* atomic; not in the repaired twin */
};

struct shared {
    struct semaphore *semaphore; /* constant after setup; freed by the waiter */
    int result;                  /* constant once the semaphore was posted */
};

static void setup(void *state)
{
    struct shared *shared = state;

    shared->semaphore = calloc(1, sizeof(*shared->semaphore));
    HD_EXPECT(shared->semaphore != NULL);
}

static void sleep_while(const uint32_t *word, uint32_t value)
{
    (void)syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

/* The kernel looks only at the address. */
static void wake_one(const uint32_t *word)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* Returns what the word is then. */
static uint32_t add(struct semaphore *semaphore, uint32_t value)
{
    return __atomic_add_fetch(&semaphore->word, value, __ATOMIC_SEQ_CST);
}

static void add_sleepers(struct semaphore *semaphore, uint32_t value)
{
    (void)__atomic_add_fetch(&semaphore->sleepers, value, __ATOMIC_SEQ_CST);
}

/* Whether there was a unit to take. */
static bool try_take(struct semaphore *semaphore)
{
    uint32_t word = __atomic_load_n(&semaphore->word, __ATOMIC_SEQ_CST);

    return (word & UNITS) != 0 &&
           __atomic_compare_exchange_n(&semaphore->word, &word, word - 1, false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

/* ---- Two words ------------------------------------------------------------------------------- */

static void wait(struct semaphore *semaphore)
{
    while (!try_take(semaphore)) {
        add_sleepers(semaphore, 1);
        sleep_while(&semaphore->word, 0);
        add_sleepers(semaphore, (uint32_t)-1);
    }
}

static void post(struct semaphore *semaphore)
{
    (void)add(semaphore, 1);
    if (__atomic_load_n(&semaphore->sleepers, __ATOMIC_SEQ_CST) > 0) { /* finding */
        wake_one(&semaphore->word);
    }
}

/* ---- One word -------------------------------------------------------------------------------- */

static void wait_in_one_word(struct semaphore *semaphore)
{
    while (!try_take(semaphore)) {
        uint32_t word = add(semaphore, SLEEPER);

        if ((word & UNITS) == 0) {
            sleep_while(&semaphore->word, word);
        }
        (void)add(semaphore, (uint32_t)-SLEEPER);
    }
}

static void post_at_once(struct semaphore *semaphore)
{
    if (add(semaphore, 1) >= SLEEPER) {
        wake_one(&semaphore->word);
    }
}

/* ---- Their users ----------------------------------------------------------------------------- */

static void give(void *state)
{
    struct shared *shared = state;

    shared->result = 3;
    post(shared->semaphore);
}

static void give_at_once(void *state)
{
    struct shared *shared = state;

    shared->result = 3;
    post_at_once(shared->semaphore);
}

static void take(void *state)
{
    struct shared *shared = state;

    wait(shared->semaphore);
    free(shared->semaphore); /* finding */
    HD_EXPECT(shared->result == 3);
}

static void take_in_one_word(void *state)
{
    struct shared *shared = state;

    wait_in_one_word(shared->semaphore);
    free(shared->semaphore);
    HD_EXPECT(shared->result == 3);
}

const struct hd_scenario hd_scenario_semaphore_post_after_free = {
    .summary = "a post looks for sleepers in a semaphore that a waiter has freed",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {give, take},
    .fixed = {give_at_once, take_in_one_word},
    .sc = HD_USE_AFTER_FREE,
    .c11 = HD_USE_AFTER_FREE,
};
