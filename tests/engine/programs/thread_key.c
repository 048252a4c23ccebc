/*
 * Values that threads keep under keys: whose they are, when they are destroyed, and what becomes of
 * keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/thread_key.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include <heddle/check.h>

struct value {
    int destroyed; /* how often */
    int order;     /* the how manieth of its thread's values that were destroyed */
    int *count;    /* of its thread: values destroyed so far */
};

struct user {
    struct value first;
    struct value second;
    struct value outer;
    int count;
};

pthread_key_t hd_test_key_outer;

static pthread_key_t first_key;
static pthread_key_t second_key;

static void destroy(void *value)
{
    struct value *own = value;

    own->destroyed++;
    own->order = (*own->count)++;
}

void hd_test_key_destroy_outer(void *value) { destroy(value); }

static void set(pthread_key_t key, struct value *value, struct user *user)
{
    value->count = &user->count;
    HD_EXPECT(pthread_getspecific(key) == NULL);
    HD_EXPECT(pthread_setspecific(key, value) == 0);
    HD_EXPECT(pthread_getspecific(key) == value);
}

static void set_all(struct user *user)
{
    set(second_key, &user->second, user);
    set(first_key, &user->first, user);
    set(hd_test_key_outer, &user->outer, user);
    HD_EXPECT(pthread_getspecific(second_key) == &user->second);
    HD_EXPECT(user->count == 0);
}

static void *use_and_return(void *argument)
{
    set_all(argument);
    return NULL;
}

static void *use_and_exit(void *argument)
{
    set_all(argument);
    pthread_exit(NULL);
}

/* In the order of the keys; libc's come before those made in an execution. */
static void expect_destroyed(const struct user *user)
{
    HD_EXPECT(user->outer.destroyed == 1 && user->outer.order == 0);
    HD_EXPECT(user->first.destroyed == 1 && user->first.order == 1);
    HD_EXPECT(user->second.destroyed == 1 && user->second.order == 2);
}

void hd_test_key_use(void *unused)
{
    struct user users[2] = {{.count = 0}, {.count = 0}};
    pthread_t threads[2];

    (void)unused;
    HD_EXPECT(pthread_key_create(&first_key, destroy) == 0);
    HD_EXPECT(pthread_key_create(&second_key, destroy) == 0);
    HD_EXPECT(pthread_create(&threads[0], NULL, use_and_return, &users[0]) == 0);
    HD_EXPECT(pthread_create(&threads[1], NULL, use_and_exit, &users[1]) == 0);
    HD_EXPECT(pthread_join(threads[0], NULL) == 0);
    HD_EXPECT(pthread_join(threads[1], NULL) == 0);
    expect_destroyed(&users[0]);
    expect_destroyed(&users[1]);
    HD_EXPECT(pthread_getspecific(first_key) == NULL);
}

void hd_test_key_exhaust(void *unused)
{
    pthread_key_t keys[PTHREAD_KEYS_MAX];
    pthread_key_t another;
    int value = 1;

    (void)unused;
    for (int i = 0; i < PTHREAD_KEYS_MAX; i++) {
        HD_EXPECT(pthread_key_create(&keys[i], NULL) == 0);
        HD_EXPECT(pthread_setspecific(keys[i], &value) == 0);
    }
    HD_EXPECT(pthread_key_create(&another, NULL) == EAGAIN);
    HD_EXPECT(pthread_key_delete(keys[3]) == 0);
    HD_EXPECT(pthread_key_delete(keys[3]) == EINVAL);
    HD_EXPECT(pthread_setspecific(keys[3], &value) == EINVAL);
    HD_EXPECT(pthread_key_create(&another, NULL) == 0);
    HD_EXPECT(another == keys[3] && pthread_getspecific(another) == NULL);
}

static int rounds;

static void set_again(void *value)
{
    rounds++;
    HD_EXPECT(pthread_setspecific(first_key, value) == 0);
}

static void *set_first(void *argument)
{
    HD_EXPECT(pthread_setspecific(first_key, argument) == 0);
    return NULL;
}

void hd_test_key_insist(void *unused)
{
    pthread_t thread;

    (void)unused;
    HD_EXPECT(pthread_key_create(&first_key, set_again) == 0);
    HD_EXPECT(pthread_create(&thread, NULL, set_first, &rounds) == 0);
    HD_EXPECT(pthread_join(thread, NULL) == 0);
    HD_EXPECT(rounds == PTHREAD_DESTRUCTOR_ITERATIONS);
}

void hd_test_key_lose_outer(void *unused)
{
    int value = 1;

    (void)unused;
    HD_EXPECT(pthread_getspecific(hd_test_key_outer) == NULL);
    HD_EXPECT(pthread_setspecific(hd_test_key_outer, &value) == 0);
    HD_EXPECT(pthread_key_delete(hd_test_key_outer) == 0);
    HD_EXPECT(pthread_getspecific(hd_test_key_outer) == NULL);
    HD_EXPECT(pthread_setspecific(hd_test_key_outer, &value) == EINVAL);
}
