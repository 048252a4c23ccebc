/*
 * Connections: a client and a health check pass a connection's state back and forth, `depth` moves
 * in turns; before each of its own the client makes `rounds` steps. Who finds the connection in
 * another state than it expects goes on to its next move.
 *
 * Bug      Each move is atomic, the sequence is not: if all moves succeed, in turns, the connection
 *          is back in the pool while the client has it.
 * Needs    depth - 2 preemptions: the two alternate all the way.
 * Fix      One lock around all the moves of the client, and of the health check.
 * Source   Connection pools whose states are changed by compare-and-exchange.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int connection; /* its state: so many moves have been made */

/* The client (0) moves it from even states, the health check (1) from odd ones. */
static void move_all(unsigned number)
{
    for (unsigned from = number; from < crew_sizes.depth; from += 2) {
        crew_toil(number, number == 0 ? crew_sizes.rounds : 0);
        (void)crew_replace(&connection, (int)from, (int)from + 1);
    }
}

static void work(unsigned number)
{
    if (!crew_sizes.is_fixed) {
        move_all(number);
        return;
    }
    (void)pthread_mutex_lock(&lock);
    move_all(number);
    (void)pthread_mutex_unlock(&lock);
}

void generated_connections(const struct generated_sizes *sizes)
{
    crew_start(sizes, 2, work);
    crew_join();
    HD_EXPECT(crew_get(&connection) < (int)sizes->depth);
}
