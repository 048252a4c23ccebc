/*
 * Thread: names, ids, results, and who may join when.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <heddle/clock.h>
#include <heddle/event.h>
#include <heddle/thread.h>

#include "tests/primitives/support.h"

/* What a thread sees of itself, and when it may end. */
struct life {
    struct hd_thread thread;
    struct hd_event may_end;
    struct hd_event is_running;
    struct hd_event is_over; /* set by its last step */
    char name[2 * HD_THREAD_NAME_SIZE];
    char kernel_name[16];
    uint64_t id;
    uint64_t payload; /* plain: a missing order is a race */
};

static void *live(void *argument)
{
    struct life *life = argument;

    HD_CHECK(snprintf(life->name, sizeof(life->name), "%s", hd_thread_current_name()) >= 0);
    HD_CHECK_EQUAL(
        (uint64_t)pthread_getname_np(pthread_self(), life->kernel_name, sizeof(life->kernel_name)),
        0);
    life->id = hd_thread_current_id();
    HD_CHECK_EQUAL(life->payload, 1);
    hd_event_set(&life->is_running);
    hd_event_wait(&life->may_end);
    life->payload = 2;
    hd_event_set(&life->is_over);
    return &life->payload;
}

static void begin(struct life *life, const char *name)
{
    *life = (struct life){.thread = HD_THREAD_INITIALIZER, .payload = 1};
    HD_CHECK_RESULT(hd_thread_spawn(&life->thread, name, live, life), HD_OK);
}

static void end(struct life *life)
{
    void *result = NULL;

    hd_event_set(&life->may_end);
    HD_CHECK_RESULT(hd_thread_join(&life->thread, &result), HD_OK);
    HD_CHECK(result == &life->payload);
    HD_CHECK_EQUAL(life->payload, 2);
}

/* What a join that fails leaves in its argument. */
static char untouched;

/* A handle of no thread: each operation says so. */
static void check_no_thread(struct hd_thread *thread)
{
    void *result = &untouched;

    HD_CHECK_RESULT(hd_thread_join(thread, &result), HD_INVALID);
    HD_CHECK_RESULT(hd_thread_join_until(thread, &result, HD_TEST_PAST), HD_INVALID);
    HD_CHECK_RESULT(hd_thread_join_until(thread, &result, HD_FOREVER), HD_INVALID);
    HD_CHECK_RESULT(hd_thread_detach(thread), HD_INVALID);
    HD_CHECK(!hd_thread_is_alive(thread));
    HD_CHECK_EQUAL(hd_thread_id(thread), 0);
    HD_CHECK(result == &untouched);
}

static void a_handle_of_no_thread_cannot_be_joined_or_detached(void **state)
{
    struct hd_thread thread = HD_THREAD_INITIALIZER;

    (void)state;
    check_no_thread(&thread);
}

static void a_join_gives_the_functions_result_and_ends_the_handle(void **state)
{
    struct life life;

    (void)state;
    begin(&life, "worker");
    end(&life);
    check_no_thread(&life.thread);
}

static void a_join_need_not_take_the_result(void **state)
{
    struct life life;

    (void)state;
    begin(&life, "worker");
    hd_event_set(&life.may_end);
    HD_CHECK_RESULT(hd_thread_join(&life.thread, NULL), HD_OK);
    check_no_thread(&life.thread);
}

static void a_handle_may_be_used_again(void **state)
{
    struct life life;

    (void)state;
    begin(&life, "first");
    end(&life);
    hd_event_clear(&life.may_end);
    hd_event_clear(&life.is_over);
    life.payload = 1;
    HD_CHECK_RESULT(hd_thread_spawn(&life.thread, "second", live, &life), HD_OK);
    end(&life);
    HD_CHECK(strcmp(life.name, "second") == 0);
}

static void a_join_that_times_out_changes_nothing(void **state)
{
    struct life life;
    void *result = &untouched;
    const uint64_t deadline_ns = hd_clock_after_ns(2 * HD_MILLISECOND_NS);

    (void)state;
    begin(&life, "slow");
    HD_CHECK_RESULT(hd_thread_join_until(&life.thread, &result, deadline_ns), HD_TIMEOUT);
    HD_CHECK(hd_clock_ns() >= deadline_ns);
    HD_CHECK_RESULT(hd_thread_join_until(&life.thread, &result, HD_TEST_PAST), HD_TIMEOUT);
    HD_CHECK(result == &untouched);
    HD_CHECK(hd_thread_is_alive(&life.thread));
    end(&life);
}

static void a_join_of_a_thread_that_has_ended_needs_no_time(void **state)
{
    struct life life;
    void *result = NULL;

    (void)state;
    begin(&life, "quick");
    hd_event_set(&life.may_end);
    HD_AWAIT(!hd_thread_is_alive(&life.thread));
    HD_CHECK_EQUAL(life.payload, 2); /* ordered by is_alive() */
    HD_CHECK_RESULT(hd_thread_join_until(&life.thread, &result, HD_TEST_PAST), HD_OK);
    HD_CHECK(result == &life.payload);
    check_no_thread(&life.thread);
}

static void a_thread_is_alive_until_its_function_returns(void **state)
{
    struct life life;

    (void)state;
    begin(&life, "worker");
    HD_CHECK(hd_thread_is_alive(&life.thread));
    hd_event_wait(&life.is_running);
    HD_CHECK(hd_thread_is_alive(&life.thread));
    hd_event_set(&life.may_end);
    HD_AWAIT(!hd_thread_is_alive(&life.thread));
    HD_CHECK(hd_thread_id(&life.thread) != 0); /* still to be joined */
    end(&life);
}

/* A thread that is given its own handle once the spawn has returned. */
struct self {
    struct hd_thread thread;
    struct hd_event is_spawned;
    struct hd_event is_over; /* set by its last step */
};

static void *join_oneself(void *argument)
{
    struct self *self = argument;
    void *result = &untouched;

    hd_event_wait(&self->is_spawned);
    HD_CHECK_RESULT(hd_thread_join(&self->thread, &result), HD_WOULD_DEADLOCK);
    HD_CHECK_RESULT(hd_thread_join_until(&self->thread, &result, HD_TEST_PAST), HD_WOULD_DEADLOCK);
    HD_CHECK(result == &untouched);
    HD_CHECK(hd_thread_is_alive(&self->thread));
    HD_CHECK_EQUAL(hd_thread_id(&self->thread), hd_thread_current_id());
    return self;
}

static void a_thread_that_joins_itself_is_told_and_can_still_be_joined(void **state)
{
    struct self self = {.thread = HD_THREAD_INITIALIZER};
    void *result = NULL;

    (void)state;
    HD_CHECK_RESULT(hd_thread_spawn(&self.thread, NULL, join_oneself, &self), HD_OK);
    hd_event_set(&self.is_spawned);
    /* Not before it has done so: a join at the same time would be HD_BUSY to it. */
    HD_AWAIT(!hd_thread_is_alive(&self.thread));
    HD_CHECK_RESULT(hd_thread_join(&self.thread, &result), HD_OK);
    HD_CHECK(result == &self);
}

static void *detach_oneself(void *argument)
{
    struct self *self = argument;

    hd_event_wait(&self->is_spawned);
    HD_CHECK_RESULT(hd_thread_detach(&self->thread), HD_OK);
    check_no_thread(&self->thread);
    hd_event_set(&self->is_over);
    return NULL;
}

static void a_thread_may_detach_itself(void **state)
{
    struct self self = {.thread = HD_THREAD_INITIALIZER};

    (void)state;
    HD_CHECK_RESULT(hd_thread_spawn(&self.thread, NULL, detach_oneself, &self), HD_OK);
    hd_event_set(&self.is_spawned);
    hd_event_wait(&self.is_over);
}

static void join_in_crew(void *shared, size_t index)
{
    struct life *life = shared;
    void *result = NULL;

    (void)index;
    HD_CHECK_RESULT(hd_thread_join(&life->thread, &result), HD_OK);
    HD_CHECK(result == &life->payload);
}

/* The handle's state while a thread is joining it. */
#define BEING_JOINED 2U

static void while_one_thread_joins_all_others_find_it_busy(void **state)
{
    struct hd_crew crew = {0};
    struct life life;
    void *result = &untouched;

    (void)state;
    begin(&life, "busy");
    hd_crew_add(&crew, 1, join_in_crew, &life);
    HD_AWAIT(__atomic_load_n(&life.thread.state, __ATOMIC_RELAXED) == BEING_JOINED);
    HD_CHECK_RESULT(hd_thread_join(&life.thread, &result), HD_BUSY);
    HD_CHECK_RESULT(hd_thread_join_until(&life.thread, &result, HD_TEST_PAST), HD_BUSY);
    HD_CHECK_RESULT(hd_thread_detach(&life.thread), HD_BUSY);
    HD_CHECK(result == &untouched);
    hd_event_set(&life.may_end);
    hd_crew_join(&crew);
    check_no_thread(&life.thread);
}

static void a_detached_thread_goes_on_and_its_handle_is_free(void **state)
{
    struct life life;

    (void)state;
    begin(&life, "detached");
    HD_CHECK_RESULT(hd_thread_detach(&life.thread), HD_OK);
    check_no_thread(&life.thread);
    hd_event_wait(&life.is_running);

    /* The same handle for the next. */
    struct self self = {.thread = life.thread};

    HD_CHECK_RESULT(hd_thread_spawn(&self.thread, NULL, join_oneself, &self), HD_OK);
    hd_event_set(&self.is_spawned);
    HD_AWAIT(!hd_thread_is_alive(&self.thread));
    HD_CHECK_RESULT(hd_thread_join(&self.thread, NULL), HD_OK);
    hd_event_set(&life.may_end);
    hd_event_wait(&life.is_over);
    HD_CHECK_EQUAL(life.payload, 2);
}

static void a_name_is_copied_and_may_fill_its_space(void **state)
{
    char name[HD_THREAD_NAME_SIZE];
    struct life life;

    (void)state;
    memset(name, 'n', sizeof(name));
    name[HD_THREAD_NAME_SIZE - 1] = '\0';
    begin(&life, name);
    memset(name, 'x', sizeof(name) - 1);
    end(&life);
    memset(name, 'n', sizeof(name) - 1);
    HD_CHECK(strcmp(life.name, name) == 0);
    name[15] = '\0'; /* what the kernel shows */
    HD_CHECK(strcmp(life.kernel_name, name) == 0);
    begin(&life, "");
    end(&life);
    HD_CHECK(strcmp(life.name, "") == 0);
}

static void a_name_that_is_too_long_is_invalid_and_changes_nothing(void **state)
{
    char name[HD_THREAD_NAME_SIZE + 1];
    struct hd_thread thread = HD_THREAD_INITIALIZER;

    (void)state;
    memset(name, 'n', sizeof(name));
    name[HD_THREAD_NAME_SIZE] = '\0';
    HD_CHECK_RESULT(hd_thread_spawn(&thread, name, live, NULL), HD_INVALID);
    check_no_thread(&thread);
}

static void without_a_name_a_thread_is_named_after_its_id(void **state)
{
    char name[HD_THREAD_NAME_SIZE];
    struct life life;

    (void)state;
    begin(&life, NULL);
    HD_CHECK(snprintf(name, sizeof(name), "thread-%" PRIu64, hd_thread_id(&life.thread)) > 0);
    end(&life);
    HD_CHECK(strcmp(life.name, name) == 0);
}

static void note_id(void *shared, size_t index)
{
    uint64_t *ids = shared;

    HD_CHECK(strcmp(hd_thread_current_name(), "") == 0);
    ids[index] = hd_thread_current_id();
    HD_CHECK_EQUAL(hd_thread_current_id(), ids[index]);
}

static void ids_are_unique_and_never_used_again(void **state)
{
    uint64_t ids[21] = {0};
    struct hd_crew crew = {0};

    (void)state;
    /* Threads of pthread_create() have ids as well, among them the one that runs the test. */
    hd_crew_add(&crew, 10, note_id, ids);
    hd_crew_join(&crew);
    ids[10] = hd_thread_current_id();
    for (size_t i = 11; i < HD_COUNT_OF(ids); i++) {
        struct life life;

        begin(&life, NULL);
        ids[i] = hd_thread_id(&life.thread);
        end(&life);
        HD_CHECK_EQUAL(life.id, ids[i]);
    }
    for (size_t i = 0; i < HD_COUNT_OF(ids); i++) {
        HD_CHECK(ids[i] != 0);
        for (size_t j = 0; j < i; j++) {
            HD_CHECK(ids[i] != ids[j]);
        }
    }
    HD_CHECK_EQUAL(hd_thread_current_id(), ids[10]);
}

static void a_thread_that_the_library_did_not_make_has_no_name(void **state)
{
    (void)state;
    HD_CHECK(strcmp(hd_thread_current_name(), "") == 0);
}

static void *exit_early(void *argument)
{
    hd_event_wait(argument);
    pthread_exit(argument);
}

static void a_thread_that_calls_pthread_exit_can_be_joined(void **state)
{
    struct hd_thread thread = HD_THREAD_INITIALIZER;
    struct hd_event may_end = HD_EVENT_INITIALIZER;

    (void)state;
    HD_CHECK_RESULT(hd_thread_spawn(&thread, NULL, exit_early, &may_end), HD_OK);
    HD_CHECK(hd_thread_is_alive(&thread));
    hd_event_set(&may_end);
    HD_CHECK_RESULT(hd_thread_join(&thread, NULL), HD_OK);
    check_no_thread(&thread);
}

/* Stacks of 2^46 bytes by default: no thread can be made. */
static void a_spawn_without_memory_changes_nothing(void **state)
{
    struct hd_thread thread = HD_THREAD_INITIALIZER;
    pthread_attr_t usual;
    pthread_attr_t huge;

    (void)state;
    HD_CHECK_EQUAL((uint64_t)pthread_getattr_default_np(&usual), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_attr_init(&huge), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_attr_setstacksize(&huge, (size_t)1 << 46), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_setattr_default_np(&huge), 0);
    HD_CHECK_RESULT(hd_thread_spawn(&thread, "none", live, NULL), HD_NO_MEMORY);
    check_no_thread(&thread);
    HD_CHECK_EQUAL((uint64_t)pthread_setattr_default_np(&usual), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_attr_destroy(&huge), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_attr_destroy(&usual), 0);
    a_join_gives_the_functions_result_and_ends_the_handle(state);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_handle_of_no_thread_cannot_be_joined_or_detached),
        cmocka_unit_test(a_join_gives_the_functions_result_and_ends_the_handle),
        cmocka_unit_test(a_join_need_not_take_the_result),
        cmocka_unit_test(a_handle_may_be_used_again),
        cmocka_unit_test(a_join_that_times_out_changes_nothing),
        cmocka_unit_test(a_join_of_a_thread_that_has_ended_needs_no_time),
        cmocka_unit_test(a_thread_is_alive_until_its_function_returns),
        cmocka_unit_test(a_thread_that_joins_itself_is_told_and_can_still_be_joined),
        cmocka_unit_test(a_thread_may_detach_itself),
        cmocka_unit_test(while_one_thread_joins_all_others_find_it_busy),
        cmocka_unit_test(a_detached_thread_goes_on_and_its_handle_is_free),
        cmocka_unit_test(a_name_is_copied_and_may_fill_its_space),
        cmocka_unit_test(a_name_that_is_too_long_is_invalid_and_changes_nothing),
        cmocka_unit_test(without_a_name_a_thread_is_named_after_its_id),
        cmocka_unit_test(ids_are_unique_and_never_used_again),
        cmocka_unit_test(a_thread_that_the_library_did_not_make_has_no_name),
        cmocka_unit_test(a_thread_that_calls_pthread_exit_can_be_joined),
        cmocka_unit_test(a_spawn_without_memory_changes_nothing),
    };
    const struct hd_test_group groups[] = {{tests, HD_COUNT_OF(tests), NULL}};

    return hd_test_run(argc, argv, groups, HD_COUNT_OF(groups));
}
