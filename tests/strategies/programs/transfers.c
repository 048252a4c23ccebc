/*
 * Transfers: `threads` threads make `rounds` transfers each between 32 accounts, each under the
 * locks of both.
 *
 * Bug      Most take the lock of the lower account first; `depth` threads make one transfer each
 *          that does not, and these close a cycle: deadlock.
 * Needs    1 preemption: of one of these threads, with one lock in hand; each of the others then
 *          takes its first lock and waits for the second.
 * Fix      Always the lower account first.
 * Source   Textbook; the cycle of more than two is what code reviews miss.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define ACCOUNTS 32U

static pthread_mutex_t locks[ACCOUNTS];
static int balances[ACCOUNTS]; /* each under its lock */

static void transfer(unsigned from, unsigned to)
{
    (void)pthread_mutex_lock(&locks[from]);
    (void)pthread_mutex_lock(&locks[to]);
    balances[from]--;
    balances[to]++;
    (void)pthread_mutex_unlock(&locks[to]);
    (void)pthread_mutex_unlock(&locks[from]);
}

static void transfer_in_order(unsigned a, unsigned b)
{
    if (a < b) {
        transfer(a, b);
    } else if (b < a) {
        transfer(b, a);
    }
}

/* Accounts 0 .. depth-1: from one's own to the next one, round and round. */
static void transfer_in_circle(unsigned number)
{
    unsigned next = (number + 1) % crew_sizes.depth;

    if (crew_sizes.is_fixed) {
        transfer_in_order(number, next);
    } else {
        transfer(number, next);
    }
}

static void work(unsigned number)
{
    unsigned rounds = crew_sizes.rounds;
    unsigned special = crew_draw(number, rounds);

    for (unsigned round = 0; round < rounds; round++) {
        unsigned index = crew_sizes.threads + 2 * (number * rounds + round);

        if (round == special && number < crew_sizes.depth) {
            transfer_in_circle(number);
        } else {
            transfer_in_order(8 + crew_draw(index, ACCOUNTS - 8),
                              8 + crew_draw(index + 1, ACCOUNTS - 8));
        }
    }
}

void generated_transfers(const struct generated_sizes *sizes)
{
    HD_EXPECT(sizes->depth <= 8);
    for (unsigned i = 0; i < ACCOUNTS; i++) {
        (void)pthread_mutex_init(&locks[i], NULL);
    }
    crew_start(sizes, sizes->threads, work);
    crew_join();
}
