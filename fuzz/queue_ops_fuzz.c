/*
 * Queue operations: any sequence of calls on any kind of queue answers as the model says.
 *
 * The input is a list of calls, two bytes each:
 *
 *     byte 0   low half: operation, an index into `operations`; high half: how often, less one
 *     byte 1   argument: what it means depends on the operation, see fill_in()
 *
 * Every byte string is such a list; an argument that is missing is 0. Model and queue are given
 * each call in turn, and must agree on its result, on the item it took, and on the size afterwards.
 * The input starts with an unbounded fifo_queue; other kinds and capacities come with `init`. A
 * call that would wait for another thread is replaced by one that does not.
 *
 * Misses: whatever needs a second thread, or memory to run out.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/queue_model.h"
#include "fuzz/queue_subject.h"
#include "fuzz/target.h"

/* What an input asks for beyond so many calls is left out: the campaign is faster for it. */
#define CALLS_MAX 1000

/* An input may sleep this often: a sleep costs as much as a thousand calls. */
#define SLEEPS_MAX 2

/* A report shows so many calls before the one that went wrong. */
#define REPORT_CALLS_MAX 40

/* What the low half of a byte means. `times` multiplies the high half, to fill at one go. */
static const struct {
    enum queue_operation operation;
    unsigned times;
} operations[16] = {
    {QUEUE_INIT, 1},       {QUEUE_TRY_PUT, 1},   {QUEUE_PUT_UNTIL, 1}, {QUEUE_PUT, 1},
    {QUEUE_TRY_GET, 1},    {QUEUE_GET_UNTIL, 1}, {QUEUE_GET, 1},       {QUEUE_TASK_DONE, 1},
    {QUEUE_JOIN_UNTIL, 1}, {QUEUE_JOIN, 1},      {QUEUE_SHUTDOWN, 1},  {QUEUE_AGE, 1},
    {QUEUE_LOOK, 1},       {QUEUE_PUT, 16},      {QUEUE_GET, 16},      {QUEUE_TASK_DONE, 16},
};

static const size_t capacities[25] = {0,  1,  2,  3,  4,  5,  6,  7,  8,   9,   12,  15,      16,
                                      17, 24, 31, 32, 33, 63, 64, 65, 100, 128, 256, SIZE_MAX};

/* Its address is no item: a get that takes nothing leaves it where it was. */
static char untouched;

/* The calls that an input stands for, one after the other. */
struct reader {
    const uint8_t *data;
    size_t size;
    size_t position;   /* of the next byte */
    uint8_t operation; /* index into `operations` */
    uint8_t argument;
    unsigned repetition; /* of the present pair of bytes: calls made so far */
    unsigned left;       /* calls still to be made */
    uintptr_t serial;    /* of the next item */
    unsigned calls;      /* made so far */
    unsigned sleeps;     /* likewise */
};

static uint8_t next_byte(struct reader *reader)
{
    return reader->position < reader->size ? reader->data[reader->position++] : 0;
}

/* Ends of the range are reached as well as neighbours, and ties within one repeated call. */
static int64_t priority_of(uint8_t argument, unsigned repetition)
{
    uint8_t mixed = (uint8_t)(argument * (repetition + 1));

    if (mixed == 0) {
        return INT64_MIN;
    }
    return mixed == UINT8_MAX ? INT64_MAX : mixed - 128;
}

/* The arguments of a call, all of them, from one byte. */
static void fill_in(struct queue_call *call, uint8_t argument, unsigned repetition)
{
    call->priority = priority_of(argument, repetition);
    call->deadline = argument % QUEUE_DEADLINES;
    call->is_immediate = argument % 2 != 0;
    call->kind = argument % QUEUE_KINDS;
    call->capacity = capacities[argument / QUEUE_KINDS % 25];
    call->is_static =
        argument / QUEUE_KINDS / 25 == 1 && queue_model_has_capacity(call->kind, call->capacity);
}

/* A deadline that comes, for a call that would wait. */
static enum queue_deadline admit_deadline(struct reader *reader, enum queue_deadline deadline)
{
    if (deadline == QUEUE_SOON && reader->sleeps < SLEEPS_MAX) {
        reader->sleeps++;
        return QUEUE_SOON;
    }
    return deadline < QUEUE_SOON ? deadline : QUEUE_AT_ZERO;
}

/* The next call, if there is one: one that the model's queue has, and that does not wait. */
static bool
read_call(struct reader *reader, const struct queue_model *model, struct queue_call *call)
{
    if (reader->calls == CALLS_MAX) {
        return false;
    }
    if (reader->left == 0) {
        if (reader->position == reader->size) {
            return false;
        }
        uint8_t first = next_byte(reader);

        reader->operation = first % 16;
        reader->argument = next_byte(reader);
        reader->repetition = 0;
        reader->left = (first / 16 + 1U) * operations[reader->operation].times;
    }
    fill_in(call, reader->argument, reader->repetition);
    call->operation = queue_model_admit(model, operations[reader->operation].operation);
    if (queue_model_waits(model, call->operation)) {
        call->deadline = admit_deadline(reader, call->deadline);
    }
    /* Every eighth item is NULL, which is an item like any other. */
    call->item = reader->serial % 8 == 0 ? NULL : (void *)reader->serial;
    reader->serial += queue_model_is_put(call->operation);
    reader->repetition++;
    reader->left--;
    reader->calls++;
    return true;
}

static void print_call(size_t step, const struct queue_model *model, const struct queue_call *call)
{
    (void)fprintf(stderr, "%4zu  %s(%zu).%s", step, queue_kind_names[model->kind], model->capacity,
                  queue_operation_names[call->operation]);
    if (queue_model_is_put(call->operation)) {
        (void)fprintf(stderr, " item %" PRIuPTR, (uintptr_t)call->item);
        if (model->kind == QUEUE_PRIORITY) {
            (void)fprintf(stderr, " priority %" PRId64, call->priority);
        }
    }
    if (call->operation == QUEUE_PUT_UNTIL || call->operation == QUEUE_GET_UNTIL ||
        call->operation == QUEUE_JOIN_UNTIL) {
        (void)fprintf(stderr, " deadline %s", queue_deadline_names[call->deadline]);
    }
    if (call->operation == QUEUE_SHUTDOWN) {
        (void)fprintf(stderr, " immediate %d", call->is_immediate);
    }
    if (call->operation == QUEUE_INIT) {
        (void)fprintf(stderr, " %s(%zu)%s", queue_kind_names[call->kind], call->capacity,
                      call->is_static ? " static" : "");
    }
}

static void print_answer(const struct queue_answer *answer)
{
    (void)fprintf(stderr, "%s, ", hd_result_name(answer->result));
    if (answer->item != &untouched) {
        (void)fprintf(stderr, "item %" PRIuPTR ", ", (uintptr_t)answer->item);
    }
    (void)fprintf(stderr, "size %zu\n", answer->size);
}

/* Both start from the same empty queue, before any byte is read. */
static struct queue_call first_call(void)
{
    return (struct queue_call){.operation = QUEUE_INIT, .kind = QUEUE_FIFO, .capacity = 0};
}

/* The calls up to the one where they differ, with the model's answers; and the queue's to that. */
static _Noreturn void
report(const uint8_t *data, size_t size, size_t last, const struct queue_answer *got)
{
    struct reader reader = {.data = data, .size = size, .serial = 1};
    struct queue_call call = first_call();
    struct queue_model model = {.count = 0};

    (void)fprintf(stderr, "queue_ops: the queue does not answer as the model does:\n");
    (void)queue_model_carry_out(&model, &call, &untouched);
    for (size_t step = 1; read_call(&reader, &model, &call) && step <= last; step++) {
        const struct queue_model before = model;
        struct queue_answer expected = queue_model_carry_out(&model, &call, &untouched);

        if (last - step < REPORT_CALLS_MAX) {
            print_call(step, &before, &call);
            (void)fprintf(stderr, step < last ? " -> " : "\n      expected  ");
            print_answer(&expected);
        }
    }
    (void)fprintf(stderr, "      got       ");
    print_answer(got);
    (void)fflush(stderr);
    abort();
}

static bool is_equal(const struct queue_answer *left, const struct queue_answer *right)
{
    return left->result == right->result && left->item == right->item && left->size == right->size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = {.data = data, .size = size, .serial = 1};
    struct queue_subject subject = {.object = NULL, .slots = NULL};
    struct queue_call call = first_call();
    struct queue_model model = {.count = 0};
    size_t step = 0;

    do {
        struct queue_answer expected = queue_model_carry_out(&model, &call, &untouched);
        struct queue_answer got = queue_subject_carry_out(&subject, &call, &untouched);

        if (!is_equal(&expected, &got)) {
            report(data, size, step, &got);
        }
        step++;
    } while (read_call(&reader, &model, &call));
    queue_subject_end(&subject);
    return 0;
}
