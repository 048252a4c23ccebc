/*
 * Queue operations: see queue_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/queue_operations.h"

#include <limits.h>

#include <heddle/check.h>
#include <heddle/history.h>

#define PRIORITIES 3U
#define PUTS_MAX (2 * (size_t)HD_THREAD_ITEMS_MAX)

/* How a put or a get waits. */
enum { WAY_TRY, WAY_UNTIL, WAY_WAIT };

#define WAYS_WITHOUT_WAIT 2U
#define WAYS 3U

/* ---- Operations ------------------------------------------------------------------------------ */

static bool can(const struct hd_queue_operations *shared, unsigned what)
{
    return (shared->adapter->can & what) == what;
}

/* Who cannot wait tries; who cannot wait until a deadline does not. */
static uint32_t find_way(const struct hd_queue_operations *shared, uint32_t way)
{
    return way == WAY_UNTIL && !can(shared, HD_CAN_TIME) ? WAY_TRY : way;
}

/* The next item of the thread. If the put fails, the number is used again. */
static enum hd_result put(struct hd_queue_operations *shared, unsigned self, uint32_t way)
{
    const struct hd_queue_adapter *adapter = shared->adapter;
    unsigned rank = shared->threads[self].items_count;
    int priority = shared->threads[self].priorities[rank];
    int *item = &shared->threads[self].items[rank];
    enum hd_result result;

    HD_EXPECT(rank < HD_THREAD_ITEMS_MAX);
    *item = 1; /* finding */
    way = find_way(shared, way);
    hd_history_call_key(shared->queue, HD_OP_PUT, (uint64_t)priority,
                        self * HD_THREAD_ITEMS_MAX + rank);
    if (way == WAY_TRY) {
        result = adapter->try_put(shared->queue, item, priority);
    } else if (way == WAY_UNTIL) {
        result = adapter->put_until(shared->queue, item, priority, hd_clock_after_ns(HD_SOON_NS));
    } else {
        result = adapter->put(shared->queue, item, priority); /* finding */
    }
    hd_history_return(shared->queue, (int)result, 0); /* finding */
    shared->threads[self].items_count += result == HD_OK ? 1 : 0;
    return result;
}

/* Which item it is: the number of its producer times HD_THREAD_ITEMS_MAX, and its own. */
static uint64_t find_item(const struct hd_queue_operations *shared, const void *item)
{
    const int *value = item;
    unsigned producer = 0;

    while (producer < HD_THREADS_MAX &&
           (value < shared->threads[producer].items ||
            value >= shared->threads[producer].items + (size_t)HD_THREAD_ITEMS_MAX)) {
        producer++;
    }
    HD_EXPECT(producer < HD_THREADS_MAX);
    return producer * (uint64_t)HD_THREAD_ITEMS_MAX +
           (uint64_t)(value - shared->threads[producer].items);
}

static void take(struct hd_queue_operations *shared, uint64_t number)
{
    unsigned producer = (unsigned)number / HD_THREAD_ITEMS_MAX;
    unsigned rank = (unsigned)number % HD_THREAD_ITEMS_MAX;

    HD_EXPECT(shared->threads[producer].items[rank] == 1); /* finding */
    HD_EXPECT(!shared->threads[producer].are_taken[rank]); /* finding */
    shared->threads[producer].are_taken[rank] = true;      /* finding */
}

static enum hd_result get(struct hd_queue_operations *shared, uint32_t way)
{
    const struct hd_queue_adapter *adapter = shared->adapter;
    enum hd_result result;
    uint64_t number = 0;
    void *item = NULL;

    way = find_way(shared, way);
    hd_history_call(shared->queue, HD_OP_GET, 0);
    if (way == WAY_TRY) {
        result = adapter->try_get(shared->queue, &item);
    } else if (way == WAY_UNTIL) {
        result = adapter->get_until(shared->queue, &item, hd_clock_after_ns(HD_SOON_NS));
    } else {
        result = adapter->get(shared->queue, &item); /* finding */
    }
    if (result == HD_OK) {
        number = find_item(shared, item);
    }
    hd_history_return(shared->queue, (int)result, number); /* finding */
    if (result == HD_OK) {
        take(shared, number);
    }
    return result;
}

/* ---- Free and paired programs ---------------------------------------------------------------- */

static void run_put_free(void *state, unsigned self, uint32_t argument)
{
    (void)put(state, self, argument);
}

static void run_get_free(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    (void)get(state, argument);
}

static void end_free(void *state, unsigned self)
{
    (void)state;
    (void)self;
}

static const struct hd_program_operation free_operations[] = {
    {.run = run_put_free, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_ALL},
    {.run = run_get_free, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind free_program = {
    .operations = free_operations,
    .operations_count = sizeof(free_operations) / sizeof(free_operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end_free,
};

static const struct hd_program_operation paired_operations[] = {
    {.run = run_put_free, .roles = HD_ROLE_FIRST},
    {.run = run_get_free, .roles = HD_ROLE_OTHER},
};

static const struct hd_program_kind paired_program = {
    .operations = paired_operations,
    .operations_count = sizeof(paired_operations) / sizeof(paired_operations[0]),
    .other_roles = 1,
    .threads_max = 2,
    .end = end_free,
};

/* ---- Waiting programs ------------------------------------------------------------------------ */

static void run_put_first(void *state, unsigned self, uint32_t argument)
{
    struct hd_queue_operations *shared = state;

    shared->balance -= put(shared, self, argument) == HD_OK ? 1 : 0;
}

static void run_get_first(void *state, unsigned self, uint32_t argument)
{
    struct hd_queue_operations *shared = state;

    (void)self;
    shared->balance += get(shared, argument) == HD_OK ? 1 : 0;
}

static void run_put(void *state, unsigned self, uint32_t argument)
{
    if (put(state, self, argument) != HD_OK) {
        HD_EXPECT(argument != WAY_WAIT && put(state, self, WAY_WAIT) == HD_OK);
    }
}

/* One get less. After the last all puts have returned, or touch the queue no more. */
static void leave(struct hd_queue_operations *shared)
{
    /* Pairs with itself: all gets happen before the destroy. */
    if (shared->is_short_lived && __atomic_sub_fetch(&shared->getters, 1, __ATOMIC_ACQ_REL) == 0) {
        shared->adapter->destroy(shared->queue);
    }
}

static void run_get(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    if (get(state, argument) != HD_OK) {
        HD_EXPECT(argument != WAY_WAIT && get(state, WAY_WAIT) == HD_OK);
    }
    leave(state);
}

/* How many items may be left. */
static int find_room(const struct hd_queue_operations *shared)
{
    if (shared->is_short_lived) {
        return 0;
    }
    return shared->capacity == SIZE_MAX ? INT_MAX : (int)shared->capacity;
}

/*
 * Puts while more is to be got than put. Else gets while more is to be put than there is room for:
 * then another thread has yet to put.
 */
static void end_waiting(void *state, unsigned self)
{
    struct hd_queue_operations *shared = state;

    if (self != 0) {
        return;
    }
    for (; shared->lacking + shared->balance > 0; shared->balance--) {
        HD_EXPECT(put(shared, self, WAY_WAIT) == HD_OK);
    }
    for (; -(shared->lacking + shared->balance) > find_room(shared); shared->balance++) {
        HD_EXPECT(get(shared, WAY_WAIT) == HD_OK);
    }
    leave(shared);
}

enum { PUT_FIRST, GET_FIRST, PUT, GET };

static const struct hd_program_operation waiting_operations[] = {
    [PUT_FIRST] = {.run = run_put_first, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_FIRST},
    [GET_FIRST] = {.run = run_get_first, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_FIRST},
    [PUT] = {.run = run_put, .arguments = WAYS, .roles = HD_ROLE_OTHER},
    [GET] = {.run = run_get, .arguments = WAYS, .roles = HD_ROLE_ANOTHER},
};

static const struct hd_program_kind waiting_program = {
    .operations = waiting_operations,
    .operations_count = sizeof(waiting_operations) / sizeof(waiting_operations[0]),
    .other_roles = 2,
    .threads_max = HD_THREADS_MAX,
    .end = end_waiting,
};

/* ---- Shutdown programs ----------------------------------------------------------------------- */

static enum hd_result say_done(struct hd_queue_operations *shared)
{
    hd_history_call(shared->queue, HD_OP_TASK_DONE, 0);
    enum hd_result result = shared->adapter->task_done(shared->queue);

    hd_history_return(shared->queue, (int)result, 0); /* finding */
    return result;
}

/* Somebody may have said so before it was, or a shutdown. */
static void say_all_done(struct hd_queue_operations *shared, unsigned self)
{
    for (; shared->threads[self].undone > 0; shared->threads[self].undone--) {
        (void)say_done(shared);
    }
}

static void run_put_any(void *state, unsigned self, uint32_t argument)
{
    (void)put(state, self, argument);
}

/* The argument also says whether it is done at once. */
static void run_get_any(void *state, unsigned self, uint32_t argument)
{
    struct hd_queue_operations *shared = state;

    shared->threads[self].undone += get(shared, argument % WAYS) == HD_OK ? 1 : 0;
    if (argument < WAYS) {
        say_all_done(shared, self);
    }
}

static void run_get_any_first(void *state, unsigned self, uint32_t argument)
{
    run_get_any(state, self, argument == 0 ? WAY_TRY : WAY_UNTIL);
}

static void run_done_too_early(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    (void)argument;
    (void)say_done(state);
}

static void run_join(void *state, unsigned self, uint32_t argument)
{
    struct hd_queue_operations *shared = state;
    bool has_deadline = self == 0 || argument == 1;
    uint64_t deadline_ns = has_deadline ? hd_clock_after_ns(HD_SOON_NS) : HD_FOREVER;

    hd_history_call(shared->queue, HD_OP_JOIN, 0);
    enum hd_result result = shared->adapter->join_until(shared->queue, deadline_ns); /* finding */

    hd_history_return(shared->queue, (int)result, 0); /* finding */
}

static void shut_down(struct hd_queue_operations *shared, bool immediate)
{
    hd_history_call(shared->queue, HD_OP_SHUTDOWN, immediate ? 1 : 0);
    shared->adapter->shutdown(shared->queue, immediate);
    hd_history_return(shared->queue, HD_OK, 0);
}

static void run_shut_down(void *state, unsigned self, uint32_t argument)
{
    (void)self;
    shut_down(state, argument == 1);
}

static void end_shutdown(void *state, unsigned self)
{
    struct hd_queue_operations *shared = state;

    say_all_done(shared, self);
    if (self != 0) {
        return;
    }
    shut_down(shared, false);
    while (get(shared, WAY_WAIT) == HD_OK) {
        (void)say_done(shared);
    }
}

static const struct hd_program_operation shutdown_operations[] = {
    {.run = run_put_any, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_FIRST},
    {.run = run_get_any_first, .arguments = WAYS_WITHOUT_WAIT, .roles = HD_ROLE_FIRST},
    {.run = run_put_any, .arguments = WAYS, .roles = HD_ROLE_OTHER},
    {.run = run_get_any, .arguments = 2 * WAYS, .roles = HD_ROLE_ANOTHER},
    {.run = run_join, .arguments = 2, .roles = HD_ROLE_FIRST | HD_ROLE_OTHER},
    {.run = run_shut_down, .arguments = 2, .roles = HD_ROLE_ALL},
    {.run = run_done_too_early, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind shutdown_program = {
    .operations = shutdown_operations,
    .operations_count = sizeof(shutdown_operations) / sizeof(shutdown_operations[0]),
    .other_roles = 2,
    .threads_max = HD_THREADS_MAX,
    .end = end_shutdown,
};

/* ---- Scenarios ------------------------------------------------------------------------------- */

/* With a bound or without; what refuses the one gets the other. */
static void create(struct hd_queue_operations *shared)
{
    const struct hd_queue_adapter *adapter = shared->adapter;
    size_t few = can(shared, HD_CAN_REUSE) ? 1 + hd_choose(3) : PUTS_MAX;
    bool is_bounded = hd_choose(2) == 1;

    shared->queue = adapter->create(is_bounded ? few : 0, PUTS_MAX);
    if (shared->queue == NULL) {
        shared->queue = adapter->create(is_bounded ? 0 : few, PUTS_MAX);
    }
    shared->capacity = adapter->capacity(shared->queue);
}

static void draw_priorities(struct hd_queue_operations *shared)
{
    for (unsigned self = 0; self < shared->program.threads_count; self++) {
        for (unsigned i = 0; i < HD_STEPS_MAX; i++) {
            shared->threads[self].priorities[i] = (int)hd_choose(PRIORITIES);
        }
    }
}

static void begin(struct hd_queue_operations *shared,
                  const struct hd_queue_adapter *adapter,
                  const struct hd_specification *specification,
                  const struct hd_program_kind *kind)
{
    shared->adapter = adapter;
    create(shared);
    hd_program_draw(&shared->program, kind, adapter->can);
    if (specification == &hd_specification_priority_queue ||
        specification == &hd_specification_stable_priority_queue) {
        draw_priorities(shared);
    }
    hd_history_begin(shared->queue, specification,
                     shared->capacity == SIZE_MAX ? 0 : shared->capacity);
}

void hd_queue_operations_begin_free(void *state,
                                    const struct hd_queue_adapter *adapter,
                                    const struct hd_specification *specification)
{
    begin(state, adapter, specification, &free_program);
}

void hd_queue_operations_begin_paired(void *state,
                                      const struct hd_queue_adapter *adapter,
                                      const struct hd_specification *specification)
{
    begin(state, adapter, specification, &paired_program);
}

void hd_queue_operations_begin_waiting(void *state,
                                       const struct hd_queue_adapter *adapter,
                                       const struct hd_specification *specification)
{
    struct hd_queue_operations *shared = state;

    begin(shared, adapter, specification, &waiting_program);
    unsigned gets = hd_program_count(&shared->program, HD_ROLE_ALL, GET);

    shared->lacking = (int)gets - (int)hd_program_count(&shared->program, HD_ROLE_ALL, PUT);
    shared->getters = gets + 1;
    if (can(shared, HD_CAN_EVERYTHING)) {
        shared->is_short_lived = hd_choose(2) == 1;
    }
}

void hd_queue_operations_begin_shutdown(void *state,
                                        const struct hd_queue_adapter *adapter,
                                        const struct hd_specification *specification)
{
    begin(state, adapter, specification, &shutdown_program);
}

void hd_queue_operations_check(const void *state)
{
    struct hd_queue_operations *shared = (struct hd_queue_operations *)(uintptr_t)state;

    if (shared->is_short_lived) {
        return;
    }
    if (can(shared, HD_CAN_TELL)) {
        hd_history_call(shared->queue, HD_OP_SIZE, 0);
        size_t size = shared->adapter->size(shared->queue);

        hd_history_return(shared->queue, HD_OK, size); /* finding */
    }
    while (get(shared, WAY_TRY) == HD_OK) {
    }
    shared->adapter->destroy(shared->queue);
}
