/*
 * A blocking queue with a planted mistake: the history is the only witness.
 *
 * The fields are atomics, so no mistake is a data race; nobody compares what was put with what was
 * got, so no expectation fails.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define PLACES 4U

enum mistake {
    MISTAKE_NONE,
    MISTAKE_PUT_WITHOUT_LOCK,     /* two puts take the same place */
    MISTAKE_NOTIFY_BEFORE_APPEND, /* the getter looks, and sleeps again */
    MISTAKE_IF_FOR_WHILE,         /* the getter does not look again when it wakes up */
    MISTAKE_LOSES_AN_ITEM,        /* a get that finds two drops one */
    MISTAKE_REORDERS,             /* a get takes the newest if there are two */
};

struct shared {
    enum mistake mistake; /* constant after setup */
    pthread_mutex_t mutex;
    pthread_cond_t has_item;
    uint32_t puts; /* atomic, relaxed; written under mutex, unless that is the mistake */
    uint32_t gets; /* likewise */
    int items[PLACES];
};

static void begin(void *state, enum mistake mistake)
{
    struct shared *shared = state;

    shared->mistake = mistake;
    (void)pthread_mutex_init(&shared->mutex, NULL);
    (void)pthread_cond_init(&shared->has_item, NULL);
    hd_history_begin(shared, &hd_specification_fifo_queue, PLACES);
}

static uint32_t load(const uint32_t *field) { return __atomic_load_n(field, __ATOMIC_RELAXED); }

static void store(uint32_t *field, uint32_t value)
{
    __atomic_store_n(field, value, __ATOMIC_RELAXED);
}

static void append(struct shared *shared, int item)
{
    uint32_t puts = load(&shared->puts);

    __atomic_store_n(&shared->items[puts % PLACES], item, __ATOMIC_RELAXED);
    store(&shared->puts, puts + 1);
}

static void put_locked(struct shared *shared, int item)
{
    if (shared->mistake == MISTAKE_NOTIFY_BEFORE_APPEND) {
        (void)pthread_cond_signal(&shared->has_item);
        (void)pthread_mutex_lock(&shared->mutex);
        append(shared, item);
        (void)pthread_mutex_unlock(&shared->mutex);
        return;
    }
    (void)pthread_mutex_lock(&shared->mutex);
    append(shared, item);
    (void)pthread_cond_signal(&shared->has_item);
    (void)pthread_mutex_unlock(&shared->mutex);
}

static void put(struct shared *shared, int item)
{
    hd_history_call(shared, HD_OP_PUT, (uint64_t)item);
    if (shared->mistake == MISTAKE_PUT_WITHOUT_LOCK) {
        append(shared, item);
    } else {
        put_locked(shared, item);
    }
    hd_history_return(shared, HD_OK, 0); /* finding */
}

static void await_item(struct shared *shared)
{
    if (shared->mistake == MISTAKE_IF_FOR_WHILE) {
        if (load(&shared->puts) == load(&shared->gets)) {
            (void)pthread_cond_wait(&shared->has_item, &shared->mutex);
        }
        return;
    }
    while (load(&shared->puts) == load(&shared->gets)) {
        (void)pthread_cond_wait(&shared->has_item, &shared->mutex); /* finding */
    }
}

/* Under mutex: the item that leaves. */
static int take(struct shared *shared)
{
    uint32_t gets = load(&shared->gets);
    bool has_two = load(&shared->puts) - gets >= 2;
    bool is_newest = shared->mistake == MISTAKE_REORDERS && has_two;
    uint32_t place = is_newest ? gets + 1 : gets;
    int item = __atomic_load_n(&shared->items[place % PLACES], __ATOMIC_RELAXED);

    if (is_newest) {
        int oldest = __atomic_load_n(&shared->items[gets % PLACES], __ATOMIC_RELAXED);

        __atomic_store_n(&shared->items[place % PLACES], oldest, __ATOMIC_RELAXED);
    }
    store(&shared->gets, gets + (shared->mistake == MISTAKE_LOSES_AN_ITEM && has_two ? 2 : 1));
    return item;
}

static void get(struct shared *shared)
{
    hd_history_call(shared, HD_OP_GET, 0);
    (void)pthread_mutex_lock(&shared->mutex);
    await_item(shared);
    int item = take(shared);

    (void)pthread_mutex_unlock(&shared->mutex);
    hd_history_return(shared, HD_OK, (uint64_t)item); /* finding */
}

/* The item, if there is one at once. */
static void try_get(struct shared *shared)
{
    hd_history_call(shared, HD_OP_GET, 0);
    (void)pthread_mutex_lock(&shared->mutex);
    bool is_empty = load(&shared->puts) == load(&shared->gets);
    int item = is_empty ? 0 : take(shared);

    (void)pthread_mutex_unlock(&shared->mutex);
    hd_history_return(shared, is_empty ? HD_EMPTY : HD_OK, (uint64_t)item); /* finding */
}

/* ---- Threads --------------------------------------------------------------------------------- */

static void put_1(void *state) { put(state, 1); }

static void put_2(void *state) { put(state, 2); }

static void put_1_and_2(void *state)
{
    put(state, 1);
    put(state, 2);
}

static void get_one(void *state) { get(state); }

static void get_two(void *state)
{
    get(state);
    get(state);
}

static void try_two(void *state)
{
    try_get(state);
    try_get(state);
}

/* What is left is got at the end: what is lost is missed there. */
static void check_rest(const void *state)
{
    struct shared *shared = (struct shared *)(uintptr_t)state;

    try_get(shared);
    try_get(shared);
}

static void setup_right(void *state) { begin(state, MISTAKE_NONE); }

static void setup_without_lock(void *state) { begin(state, MISTAKE_PUT_WITHOUT_LOCK); }

const struct hd_scenario hd_scenario_queue_put_without_lock = {
    .summary = "two puts without the lock take the same place",
    .state_size = sizeof(struct shared),
    .setup = setup_without_lock,
    .threads = {put_1, put_2},
    .check = check_rest,
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};

static void setup_notify_before_append(void *state) { begin(state, MISTAKE_NOTIFY_BEFORE_APPEND); }

const struct hd_scenario hd_scenario_queue_notify_before_append = {
    .summary = "a put notifies before it appends: the getter sleeps though there is an item",
    .state_size = sizeof(struct shared),
    .setup = setup_notify_before_append,
    .threads = {put_1, get_one},
    .fixed_setup = setup_right,
    .sc = HD_DEADLOCK,
    .c11 = HD_DEADLOCK,
};

static void setup_if_for_while(void *state) { begin(state, MISTAKE_IF_FOR_WHILE); }

const struct hd_scenario hd_scenario_queue_if_for_while = {
    .summary = "a getter does not look again when it wakes up, and another one was faster",
    .state_size = sizeof(struct shared),
    .setup = setup_if_for_while,
    .threads = {get_one, put_1_and_2, get_one},
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};

static void setup_loses(void *state) { begin(state, MISTAKE_LOSES_AN_ITEM); }

const struct hd_scenario hd_scenario_queue_loses_an_item = {
    .summary = "a get that finds two items drops one",
    .state_size = sizeof(struct shared),
    .setup = setup_loses,
    .threads = {put_1_and_2, try_two},
    .check = check_rest,
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};

static void setup_reorders(void *state) { begin(state, MISTAKE_REORDERS); }

const struct hd_scenario hd_scenario_queue_reorders = {
    .summary = "a get takes the newest of two items",
    .state_size = sizeof(struct shared),
    .setup = setup_reorders,
    .threads = {put_1_and_2, get_two},
    .fixed_setup = setup_right,
    .sc = HD_NOT_LINEARIZABLE,
    .c11 = HD_NOT_LINEARIZABLE,
};
