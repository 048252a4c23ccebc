/*
 * Event operations: see event_operations.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/operations/event_operations.h"

#include <heddle/check.h>
#include <heddle/history.h>

static bool may_set(const struct hd_event_operations *shared, unsigned self)
{
    return self == 0 || shared->others_set;
}

/* The threads, a bit each, whose set has returned. */
static unsigned find_setters(const struct hd_event_operations *shared)
{
    unsigned setters = 0;

    for (unsigned thread = 0; shared->others_set && thread < HD_THREADS_MAX; thread++) {
        /* Relaxed: the event must order what the thread published. */
        if (__atomic_load_n(&shared->has_set[thread], __ATOMIC_RELAXED) != 0) {
            setters |= 1U << thread;
        }
    }
    return setters;
}

/* The event was set; before, these threads had set it. */
static void look_at_published(const struct hd_event_operations *shared, unsigned setters)
{
    if (!shared->others_set) {
        setters = 1;
    }
    for (unsigned thread = 0; thread < HD_THREADS_MAX; thread++) {
        if ((setters >> thread & 1) != 0) {
            HD_EXPECT(shared->published[thread] == 1); /* finding */
        }
    }
}

static void run_set(void *state, unsigned self, uint32_t argument)
{
    struct hd_event_operations *shared = state;

    (void)argument;
    if (!may_set(shared, self)) {
        return;
    }
    if (shared->published[self] == 0) {
        shared->published[self] = 1; /* finding */
    }
    hd_history_call(shared->event, HD_OP_SET, 0);
    shared->adapter->set(shared->event);
    hd_history_return(shared->event, HD_OK, 0);
    if (self == 0) {
        shared->is_left_set = true;
    }
    if (shared->others_set) {
        __atomic_store_n(&shared->has_set[self], 1, __ATOMIC_RELAXED);
    }
}

static void run_clear(void *state, unsigned self, uint32_t argument)
{
    struct hd_event_operations *shared = state;

    (void)self;
    (void)argument;
    shared->is_left_set = false;
    hd_history_call(shared->event, HD_OP_CLEAR, 0);
    shared->adapter->clear(shared->event);
    hd_history_return(shared->event, HD_OK, 0);
}

static void run_wait(void *state, unsigned self, uint32_t argument)
{
    struct hd_event_operations *shared = state;
    unsigned setters = find_setters(shared);

    (void)self;
    (void)argument;
    hd_history_call(shared->event, HD_OP_WAIT, 0);
    shared->adapter->wait(shared->event);       /* finding */
    hd_history_return(shared->event, HD_OK, 0); /* finding */
    look_at_published(shared, setters);
}

static void run_until(void *state, unsigned self, uint32_t argument)
{
    struct hd_event_operations *shared = state;
    uint64_t deadline_ns = hd_clock_after_ns(HD_SOON_NS);
    unsigned setters = find_setters(shared);

    (void)self;
    (void)argument;
    hd_history_call(shared->event, HD_OP_WAIT, 0);
    enum hd_result result = shared->adapter->wait_until(shared->event, deadline_ns);

    hd_history_return(shared->event, (int)result, 0); /* finding */
    if (result == HD_OK) {
        look_at_published(shared, setters);
    }
}

static void run_look(void *state, unsigned self, uint32_t argument)
{
    struct hd_event_operations *shared = state;
    unsigned setters = find_setters(shared);

    (void)self;
    (void)argument;
    hd_history_call(shared->event, HD_OP_IS_SET, 0);
    bool is_set = shared->adapter->is_set(shared->event);

    hd_history_return(shared->event, HD_OK, is_set ? 1 : 0); /* finding */
    if (is_set) {
        look_at_published(shared, setters);
    }
}

static void end(void *state, unsigned self)
{
    struct hd_event_operations *shared = state;

    if (self == 0 && !shared->is_left_set) {
        run_set(shared, 0, 0);
    }
}

static const struct hd_program_operation operations[] = {
    {.run = run_wait, .roles = HD_ROLE_OTHER},  {.run = run_set, .roles = HD_ROLE_ALL},
    {.run = run_clear, .roles = HD_ROLE_FIRST}, {.run = run_until, .roles = HD_ROLE_ALL},
    {.run = run_look, .roles = HD_ROLE_ALL},
};

static const struct hd_program_kind kind = {
    .operations = operations,
    .operations_count = sizeof(operations) / sizeof(operations[0]),
    .other_roles = 1,
    .threads_max = HD_THREADS_MAX,
    .end = end,
};

void hd_event_operations_begin(void *state, const struct hd_event_adapter *adapter)
{
    struct hd_event_operations *shared = state;

    shared->adapter = adapter;
    shared->others_set = hd_choose(2) == 1;
    shared->event = adapter->create();
    hd_program_draw(&shared->program, &kind, 0);
    hd_history_begin(shared->event, &hd_specification_event, 0);
}

void hd_event_operations_check(const void *state)
{
    const struct hd_event_operations *shared = state;

    HD_EXPECT(shared->adapter->is_set(shared->event));
    shared->adapter->destroy(shared->event);
}
