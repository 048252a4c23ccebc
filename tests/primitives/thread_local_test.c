/*
 * Thread-local: values that no other thread sees, their destructors, and the end of keys.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <heddle/thread_local.h>

#include "tests/primitives/support.h"

/* More than a process has keys. */
#define LOCALS (PTHREAD_KEYS_MAX + 1)

static void init_makes_what_the_static_initializer_makes(void **state)
{
    static const struct hd_thread_local initial = HD_THREAD_LOCAL_INITIALIZER(free);
    struct hd_thread_local local;

    (void)state;
    memset(&local, 0xff, sizeof(local));
    hd_thread_local_init(&local, free);
    HD_CHECK_EQUAL(local.key, initial.key);
    HD_CHECK(local.destructor == initial.destructor);
    HD_CHECK(local.destructor == free);
    HD_CHECK(hd_thread_local_get(&local) == NULL);
    hd_thread_local_destroy(&local);
}

static void a_value_is_what_this_thread_set_last(void **state)
{
    struct hd_thread_local local = HD_THREAD_LOCAL_INITIALIZER(NULL);

    (void)state;
    HD_CHECK(hd_thread_local_get(&local) == NULL);
    HD_CHECK_RESULT(hd_thread_local_set(&local, &local), HD_OK);
    HD_CHECK(hd_thread_local_get(&local) == &local);
    HD_CHECK_RESULT(hd_thread_local_set(&local, &local.key), HD_OK);
    HD_CHECK(hd_thread_local_get(&local) == &local.key);
    HD_CHECK_RESULT(hd_thread_local_set(&local, NULL), HD_OK);
    HD_CHECK(hd_thread_local_get(&local) == NULL);
    hd_thread_local_destroy(&local);
}

/* A variable, and how often its destructor was called with whose value. */
struct use {
    struct hd_thread_local local;
    uint32_t values[HD_CREW_MAX]; /* atomic; [i]: destructions of the value of thread i */
    uint32_t are_set;             /* atomic; threads that have set their value */
    size_t count;
};

static void count_destruction(void *value) { (void)hd_mark_add(value, 1); }

static void set_and_compare(void *shared, size_t index)
{
    struct use *use = shared;

    HD_CHECK(hd_thread_local_get(&use->local) == NULL);
    HD_CHECK_RESULT(hd_thread_local_set(&use->local, &use->values[index]), HD_OK);
    (void)hd_mark_add(&use->are_set, 1);
    HD_AWAIT(hd_mark_add(&use->are_set, 0) == use->count);
    for (uint32_t i = 0; i < 100; i++) {
        HD_CHECK(hd_thread_local_get(&use->local) == &use->values[index]);
        HD_CHECK_RESULT(hd_thread_local_set(&use->local, &use->values[index]), HD_OK);
    }
}

static void each_thread_has_a_value_of_its_own_that_is_destroyed_at_its_end(void **state)
{
    (void)state;
    for (uint32_t round = 0; round < 30; round++) {
        struct use use = {.local = HD_THREAD_LOCAL_INITIALIZER(count_destruction), .count = 8};
        struct hd_crew crew = {0};

        hd_crew_add(&crew, use.count, set_and_compare, &use);
        hd_crew_join(&crew);
        for (size_t i = 0; i < use.count; i++) {
            HD_CHECK_EQUAL(hd_mark_add(&use.values[i], 0), 1);
        }
        HD_CHECK(hd_thread_local_get(&use.local) == NULL);
        hd_thread_local_destroy(&use.local);
    }
}

static void set_null_at_last(void *shared, size_t index)
{
    struct use *use = shared;

    HD_CHECK_RESULT(hd_thread_local_set(&use->local, &use->values[index]), HD_OK);
    HD_CHECK_RESULT(hd_thread_local_set(&use->local, NULL), HD_OK);
}

static void set_another(void *shared, size_t index)
{
    struct use *use = shared;

    HD_CHECK_RESULT(hd_thread_local_set(&use->local, &use->values[index]), HD_OK);
    HD_CHECK_RESULT(hd_thread_local_set(&use->local, &use->values[index + 1]), HD_OK);
}

static void only_the_last_value_is_destroyed_and_null_is_not(void **state)
{
    struct use use = {.local = HD_THREAD_LOCAL_INITIALIZER(count_destruction)};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 1, set_null_at_last, &use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_mark_add(&use.values[0], 0), 0);
    hd_crew_add(&crew, 1, set_another, &use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_mark_add(&use.values[0], 0), 0);
    HD_CHECK_EQUAL(hd_mark_add(&use.values[1], 0), 1);
    hd_thread_local_destroy(&use.local);
}

static void without_a_destructor_a_value_is_left_alone(void **state)
{
    struct use use = {.local = HD_THREAD_LOCAL_INITIALIZER(NULL)};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 1, set_another, &use);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_mark_add(&use.values[1], 0), 0);
    hd_thread_local_destroy(&use.local);
}

static struct hd_thread_local chained;
static uint32_t links_destroyed; /* atomic */

/* Sets the next value, until three have been destroyed. */
static void destroy_link(void *value)
{
    if (hd_mark_add(&links_destroyed, 1) < 2) {
        HD_CHECK_RESULT(hd_thread_local_set(&chained, value), HD_OK);
    }
}

static void set_link(void *shared, size_t index)
{
    (void)index;
    HD_CHECK_RESULT(hd_thread_local_set(&chained, shared), HD_OK);
}

static void a_value_that_a_destructor_sets_is_destroyed_in_turn(void **state)
{
    struct hd_crew crew = {0};

    (void)state;
    hd_thread_local_init(&chained, destroy_link);
    hd_crew_add(&crew, 1, set_link, &chained);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_mark_add(&links_destroyed, 0), 3);
    hd_thread_local_destroy(&chained);
}

struct late {
    struct use use;
    uint32_t is_set;  /* a mark */
    uint32_t may_end; /* a mark */
};

static void set_and_stay(void *shared, size_t index)
{
    struct late *late = shared;

    HD_CHECK_RESULT(hd_thread_local_set(&late->use.local, &late->use.values[index]), HD_OK);
    hd_mark_set(&late->is_set);
    HD_AWAIT(hd_mark_is_set(&late->may_end));
}

static void values_are_forgotten_when_the_variable_ends_before_the_thread(void **state)
{
    struct late late = {.use.local = HD_THREAD_LOCAL_INITIALIZER(count_destruction)};
    struct hd_crew crew = {0};

    (void)state;
    hd_crew_add(&crew, 1, set_and_stay, &late);
    HD_AWAIT(hd_mark_is_set(&late.is_set));
    hd_thread_local_destroy(&late.use.local);
    hd_mark_set(&late.may_end);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(hd_mark_add(&late.use.values[0], 0), 0);
}

/* Give each a value until one gets none; how many have one. */
static size_t use_up_keys(struct hd_thread_local *locals)
{
    size_t count = 0;

    for (; count < LOCALS; count++) {
        hd_thread_local_init(&locals[count], NULL);
        const enum hd_result result = hd_thread_local_set(&locals[count], &locals[count]);

        if (result != HD_OK) {
            HD_CHECK_RESULT(result, HD_NO_MEMORY);
            break;
        }
    }
    return count;
}

static void keys_run_out_and_come_back(void **state)
{
    static struct hd_thread_local locals[LOCALS];
    const size_t count = use_up_keys(locals);

    (void)state;
    HD_CHECK(count > 0 && count < LOCALS);
    HD_CHECK(hd_thread_local_get(&locals[count]) == NULL); /* nothing has changed */
    for (size_t i = 0; i < count; i++) {
        HD_CHECK(hd_thread_local_get(&locals[i]) == &locals[i]);
    }
    hd_thread_local_destroy(&locals[0]);
    HD_CHECK_RESULT(hd_thread_local_set(&locals[count], &locals[count]), HD_OK);
    HD_CHECK(hd_thread_local_get(&locals[count]) == &locals[count]);
    for (size_t i = 1; i <= count; i++) {
        hd_thread_local_destroy(&locals[i]);
    }
    /* As many as before: none was lost. */
    HD_CHECK_EQUAL(use_up_keys(locals), count);
    for (size_t i = 0; i < count; i++) {
        HD_CHECK(hd_thread_local_get(&locals[i]) == &locals[i]);
        hd_thread_local_destroy(&locals[i]);
    }
}

/* How many keys the process has left. */
static size_t count_keys(void)
{
    static struct hd_thread_local locals[LOCALS];
    const size_t count = use_up_keys(locals);

    for (size_t i = 0; i < count; i++) {
        hd_thread_local_destroy(&locals[i]);
    }
    return count;
}

#define RACES 300U

struct races {
    struct hd_thread_local locals[RACES];
    uint32_t meetings; /* hd_meet()'s */
};

static void set_at_the_same_time(void *shared, size_t index)
{
    struct races *races = shared;
    void *value = &races->locals[index];

    for (uint32_t race = 0; race < RACES; race++) {
        hd_meet(&races->meetings, 2);
        HD_CHECK_RESULT(hd_thread_local_set(&races->locals[race], value), HD_OK);
        HD_CHECK(hd_thread_local_get(&races->locals[race]) == value);
    }
    for (uint32_t race = 0; race < RACES; race++) {
        HD_CHECK(hd_thread_local_get(&races->locals[race]) == value);
    }
}

static void threads_that_are_the_first_to_set_at_once_agree_on_one_key(void **state)
{
    static struct races races;
    struct hd_crew crew = {0};
    const size_t keys_before = count_keys();

    (void)state;
    hd_crew_add(&crew, 2, set_at_the_same_time, &races);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(count_keys(), keys_before - RACES);
    for (uint32_t race = 0; race < RACES; race++) {
        hd_thread_local_destroy(&races.locals[race]);
    }
    HD_CHECK_EQUAL(count_keys(), keys_before);
}

static void one_that_was_never_set_needs_no_key(void **state)
{
    (void)state;
    for (size_t i = 0; i < LOCALS; i++) {
        struct hd_thread_local local;

        hd_thread_local_init(&local, NULL);
        HD_CHECK(hd_thread_local_get(&local) == NULL);
        HD_CHECK_EQUAL(local.key, 0);
        hd_thread_local_destroy(&local);
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(init_makes_what_the_static_initializer_makes),
        cmocka_unit_test(a_value_is_what_this_thread_set_last),
        cmocka_unit_test(each_thread_has_a_value_of_its_own_that_is_destroyed_at_its_end),
        cmocka_unit_test(only_the_last_value_is_destroyed_and_null_is_not),
        cmocka_unit_test(without_a_destructor_a_value_is_left_alone),
        cmocka_unit_test(a_value_that_a_destructor_sets_is_destroyed_in_turn),
        cmocka_unit_test(values_are_forgotten_when_the_variable_ends_before_the_thread),
        cmocka_unit_test(keys_run_out_and_come_back),
        cmocka_unit_test(threads_that_are_the_first_to_set_at_once_agree_on_one_key),
        cmocka_unit_test(one_that_was_never_set_needs_no_key),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
