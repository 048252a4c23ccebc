/*
 * History: the recorder. It runs in the execution, on the stack of the code under test, and only
 * writes to its own memory.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/history.h"

#include <stddef.h>
#include <stdio.h>

#include "engine/code.h"
#include "engine/execution.h"

struct hde_histories hde_histories;

static struct hde_deed deed_at(uint32_t pc)
{
    return (struct hde_deed){
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
}

/* The program has recorded what cannot be recorded: the execution ends here. */
static noreturn void fail(const char *text, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_FAILURE, .places_count = 1};

    finding.places[0] = (struct hde_place){
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
    (void)snprintf(finding.text, sizeof(finding.text), "%s", text);
    hde_execution_fail(&finding);
}

/* What is there of an earlier execution is void. */
static struct hde_histories *refresh(void)
{
    struct hde_histories *histories = &hde_histories;

    if (histories->generation != hde_execution.generation) {
        histories->generation = hde_execution.generation;
        histories->time = 0;
        histories->count = 0;
        histories->operations_count = 0;
        histories->open_count = 0;
    }
    return histories;
}

/* The last history of the object; the number of histories if it has none. */
static uint32_t find(const struct hde_histories *histories, const void *object)
{
    uint32_t rank = histories->count;

    while (rank > 0 && histories->at[rank - 1].object != object) {
        rank--;
    }
    return rank == 0 ? histories->count : rank - 1;
}

static bool is_plain(const struct hde_event *event)
{
    return event->kind == HDE_EVENT_READ || event->kind == HDE_EVENT_WRITE;
}

/* Whether the thread has carried out a synchronizing event since it called the operation. */
static bool has_begun(const struct hde_operation *operation)
{
    unsigned id = operation->operation.thread;
    const struct hde_thread *thread = &hde_execution.threads[id];
    uint32_t syncs = thread->syncs - operation->syncs;

    /* Who does not run stands before its last event. */
    if (id != hde_self->id && !thread->has_ended && !is_plain(&hde_execution.pending[id])) {
        syncs--;
    }
    return syncs != 0;
}

/* Before an operation returns: which others cannot have been called after it. */
static void begin_open(struct hde_histories *histories)
{
    for (uint32_t i = 0; i < histories->open_count; i++) {
        struct hde_operation *operation = &histories->operations[histories->open[i]];

        if (operation->begun == 0 && has_begun(operation)) {
            operation->begun = ++histories->time;
        }
    }
}

void hd_history_begin(const void *object,
                      const struct hd_specification *specification,
                      uint64_t parameter)
{
    if (hde_self == NULL) {
        return;
    }
    struct hde_histories *histories = refresh();

    if (histories->count == HD_HISTORIES_MAX) {
        fail("more histories are begun in an execution than HD_HISTORIES_MAX", HDE_CALLER());
    }
    if (specification->state_size > HD_STATE_SIZE_MAX) {
        fail("the state of a specification is larger than HD_STATE_SIZE_MAX", HDE_CALLER());
    }
    histories->at[histories->count++] = (struct hde_history){
        .object = object,
        .specification = specification,
        .parameter = parameter,
    };
}

static void
record_call(const void *object, uint32_t code, uint64_t key, uint64_t argument, uint32_t pc)
{
    struct hde_histories *histories = refresh();
    uint32_t history = find(histories, object);

    if (history == histories->count) {
        fail("hd_history_call() of an object without hd_history_begin()", pc);
    }
    if (histories->operations_count == HD_HISTORY_OPERATIONS_MAX) {
        fail("more operations are recorded in an execution than HD_HISTORY_OPERATIONS_MAX", pc);
    }
    struct hde_operation *operation = &histories->operations[histories->operations_count];

    operation->operation = (struct hd_operation){
        .key = key,
        .argument = argument,
        .value = HD_VALUE_UNKNOWN,
        .code = code,
        .thread = hde_self->id,
        .is_pending = true,
    };
    operation->called = ++histories->time;
    operation->begun = 0;
    operation->returned = HDE_NEVER;
    operation->syncs = hde_self->syncs;
    operation->history = history;
    operation->deed = deed_at(pc);
    histories->open[histories->open_count++] = histories->operations_count++;
}

void hd_history_call(const void *object, uint32_t code, uint64_t argument)
{
    if (hde_self != NULL) {
        record_call(object, code, 0, argument, HDE_CALLER());
    }
}

void hd_history_call_key(const void *object, uint32_t code, uint64_t key, uint64_t argument)
{
    if (hde_self != NULL) {
        record_call(object, code, key, argument, HDE_CALLER());
    }
}

/* Take the running thread's operation on the object off the open ones; NULL if there is none. */
static struct hde_operation *close_open(struct hde_histories *histories, const void *object)
{
    for (uint32_t rank = histories->open_count; rank > 0; rank--) {
        struct hde_operation *operation = &histories->operations[histories->open[rank - 1]];

        if (operation->operation.thread != hde_self->id ||
            histories->at[operation->history].object != object) {
            continue;
        }
        for (uint32_t i = rank; i < histories->open_count; i++) {
            histories->open[i - 1] = histories->open[i];
        }
        histories->open_count--;
        return operation;
    }
    return NULL;
}

void hd_history_return(const void *object, int outcome, uint64_t value)
{
    if (hde_self == NULL) {
        return;
    }
    struct hde_histories *histories = refresh();

    begin_open(histories);
    struct hde_operation *operation = close_open(histories, object);

    if (operation == NULL) {
        fail("hd_history_return() without hd_history_call()", HDE_CALLER());
    }
    if (operation->begun == 0) {
        operation->begun = ++histories->time;
    }
    operation->operation.outcome = outcome;
    operation->operation.value = value;
    operation->operation.is_pending = false;
    operation->returned = ++histories->time;
    operation->deed = deed_at(HDE_CALLER());
}
