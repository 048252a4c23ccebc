/*
 * Thread-local, explored: each thread has its own value, whoever comes first, and its last one is
 * destroyed when it ends.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <stdint.h>

#include <heddle/check.h>
#include <heddle/history.h>
#include <heddle/thread.h>
#include <heddle/thread_local.h>

#define THREADS 2

struct shared {
    struct hd_thread_local local;
    int values[THREADS]; /* each written by one thread, and by its destructor */
    struct hd_thread threads[THREADS];
};

/* Runs in the thread whose value it is. */
static void destroy_value(void *value)
{
    int *own = value;

    *own += 10;
}

static void setup(void *state)
{
    struct shared *shared = state;

    hd_thread_local_init(&shared->local, destroy_value);
    hd_history_begin(&shared->local, &hd_specification_register, 0);
}

/* Of the history each thread's value is a register of its own. */
static void *get(struct shared *shared, int self)
{
    hd_history_call_key(&shared->local, HD_OP_READ, (uint64_t)self, 0);
    void *value = hd_thread_local_get(&shared->local);

    hd_history_return(&shared->local, HD_OK, (uintptr_t)value);
    return value;
}

static void use(struct shared *shared, int self)
{
    int *own = &shared->values[self];

    HD_EXPECT(get(shared, self) == NULL);
    hd_history_call_key(&shared->local, HD_OP_WRITE, (uint64_t)self, (uintptr_t)own);
    HD_EXPECT(hd_thread_local_set(&shared->local, own) == HD_OK);
    hd_history_return(&shared->local, HD_OK, 0);
    HD_EXPECT(get(shared, self) == own);
    *own = self + 1;
}

static void *use_0(void *argument)
{
    use(argument, 0);
    return NULL;
}

static void *use_1(void *argument)
{
    use(argument, 1);
    return NULL;
}

static void spawn_two_and_join(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(hd_thread_spawn(&shared->threads[0], NULL, use_0, shared) == HD_OK);
    HD_EXPECT(hd_thread_spawn(&shared->threads[1], NULL, use_1, shared) == HD_OK);
    HD_EXPECT(hd_thread_join(&shared->threads[0], NULL) == HD_OK);
    HD_EXPECT(hd_thread_join(&shared->threads[1], NULL) == HD_OK);
    HD_EXPECT(get(shared, THREADS) == NULL);
    hd_thread_local_destroy(&shared->local);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(shared->values[0] == 11 && shared->values[1] == 12);
}

const struct hd_scenario hd_scenario_thread_local = {
    .summary = "two threads make their first use of one thread-local at the same time",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .main = spawn_two_and_join,
    .check = check,
    .sc = HD_CLEAN,
    .c11 = HD_CLEAN,
};
