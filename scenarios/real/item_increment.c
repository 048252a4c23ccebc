/*
 * Item increment: an item is looked up and stored back in two critical sections.
 *
 * Bug      The cache's lock is held for each access, so there is no data race; but what is stored
 *          was computed from a value that is no longer there, and an increment is lost.
 * Needs    2 threads, 1 preemption: between the look-up and the store.
 * Fix      Hold the lock across both.
 * Source   memcached issue 127: incr and decr of the same key by several threads.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>
#include <string.h>

#include <heddle/check.h>

#define DIGITS 2
#define KEY_SIZE 4

struct item {
    char key[KEY_SIZE];
    char digits[DIGITS]; /* under the cache's lock; no end mark */
};

struct shared {
    pthread_mutex_t lock;
    struct item items[2]; /* the keys are constant after setup */
};

static void setup(void *state)
{
    struct shared *shared = state;

    HD_EXPECT(pthread_mutex_init(&shared->lock, NULL) == 0);
    shared->items[0] = (struct item){"ico", {'0', '7'}};
    shared->items[1] = (struct item){"png", {'0', '8'}};
}

/* Under lock. */
static struct item *find(struct shared *shared, const char *key)
{
    struct item *item = shared->items;

    while (memcmp(item->key, key, KEY_SIZE) != 0) {
        item++;
    }
    return item;
}

static int parse(const struct item *item)
{
    return (item->digits[0] - '0') * 10 + item->digits[1] - '0';
}

static void print(struct item *item, int value)
{
    item->digits[0] = (char)('0' + value / 10);
    item->digits[1] = (char)('0' + value % 10);
}

static void increment(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    int value = parse(find(shared, "png"));

    (void)pthread_mutex_unlock(&shared->lock);
    value++;
    (void)pthread_mutex_lock(&shared->lock);
    print(find(shared, "png"), value);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void increment_at_once(void *state)
{
    struct shared *shared = state;

    (void)pthread_mutex_lock(&shared->lock);
    struct item *item = find(shared, "png");

    print(item, parse(item) + 1);
    (void)pthread_mutex_unlock(&shared->lock);
}

static void check(const void *state)
{
    const struct shared *shared = state;

    HD_EXPECT(parse(&shared->items[1]) == 10); /* finding */
}

const struct hd_scenario hd_scenario_item_increment = {
    .summary = "a cached item is looked up and stored back in two critical sections",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {increment, increment},
    .fixed = {increment_at_once, increment_at_once},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
