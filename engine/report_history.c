/*
 * Report history: times become moments, and moments columns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_history.h"

#include <stddef.h>

#include "engine/execution.h"

#define TEXT_COLUMNS 26

static bool has_history(const struct hde_finding *finding)
{
    return finding->kind == HD_NOT_LINEARIZABLE &&
           hde_breach_generation == hde_execution.generation &&
           hde_histories.generation == hde_execution.generation;
}

uint32_t hde_report_history_operation(const struct hde_finding *finding, unsigned place)
{
    const struct hde_place *at = &finding->places[place];

    for (uint32_t i = 0; has_history(finding) && i < hde_histories.operations_count; i++) {
        const struct hde_operation *operation = &hde_histories.operations[i];

        if (operation->history == hde_breach.history && operation->deed.thread == at->thread &&
            operation->deed.pc == at->pc && operation->deed.event == at->event) {
            return i;
        }
    }
    return HDE_NO_OPERATION;
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static bool is_meant(const struct hde_operation *operation)
{
    const struct hde_operation *blamed = &hde_histories.operations[hde_breach.blamed];
    bool is_keyed = hde_histories.at[hde_breach.history].specification->is_keyed;

    return operation->history == hde_breach.history &&
           (!is_keyed || operation->operation.key == blamed->operation.key) &&
           hde_contract_call_time(operation) < blamed->returned;
}

static uint32_t find_effect(uint32_t number)
{
    uint32_t rank = 0;

    while (rank < hde_breach.order_count && hde_breach.order[rank] != number) {
        rank++;
    }
    return rank == hde_breach.order_count ? HDE_NEVER : rank;
}

/* In the order of calls; the latest stay if there are too many. */
static void add_row(struct hde_history_rows *rows, uint32_t number)
{
    const struct hde_operation *operation = &hde_histories.operations[number];
    uint32_t until = hde_histories.operations[hde_breach.blamed].returned;
    struct hde_history_row row = {
        .number = number,
        .called = hde_contract_call_time(operation),
        .returned = operation->returned <= until ? operation->returned : HDE_NEVER,
        .takes_effect = find_effect(number),
        .is_blamed = number == hde_breach.blamed,
    };

    if (rows->count == HDE_HISTORY_ROWS_MAX) {
        rows->left_out++;
        rows->count--;
        for (uint32_t i = 0; i < rows->count; i++) {
            rows->rows[i] = rows->rows[i + 1];
        }
    }
    uint32_t rank = rows->count++;

    for (; rank > 0 && rows->rows[rank - 1].called > row.called; rank--) {
        rows->rows[rank] = rows->rows[rank - 1];
    }
    rows->rows[rank] = row;
}

/* How many of the times that rows have are before this one. */
static uint32_t moment_of(const struct hde_history_rows *rows, uint32_t time)
{
    uint32_t before = 0;

    for (uint32_t i = 0; i < rows->count; i++) {
        before += rows->rows[i].called < time ? 1 : 0;
        before += rows->rows[i].returned < time ? 1 : 0;
    }
    return before;
}

bool hde_report_history_take(struct hde_history_rows *rows, const struct hde_finding *finding)
{
    struct hde_history_rows timed = {.count = 0};

    if (!has_history(finding)) {
        return false;
    }
    for (uint32_t i = 0; i < hde_histories.operations_count; i++) {
        if (is_meant(&hde_histories.operations[i])) {
            add_row(&timed, i);
        }
    }
    *rows = timed;
    rows->moments = moment_of(&timed, HDE_NEVER);
    for (uint32_t i = 0; i < timed.count; i++) {
        uint32_t returned = timed.rows[i].returned;

        rows->rows[i].called = moment_of(&timed, timed.rows[i].called);
        rows->rows[i].returned = returned == HDE_NEVER ? HDE_NEVER : moment_of(&timed, returned);
    }
    return true;
}

/* ---- Text ------------------------------------------------------------------------------------ */

/* "   |----|": a column a moment; without an end if it had not returned. */
static void
print_interval(const struct hde_history_rows *rows, const struct hde_history_row *row, FILE *file)
{
    uint32_t last = row->returned == HDE_NEVER ? rows->moments - 1 : row->returned;

    for (uint32_t moment = 0; moment <= last; moment++) {
        bool is_end = moment == row->called || moment == row->returned;

        (void)fputc(moment < row->called ? ' ' : is_end ? '|' : '-', file);
    }
}

static void print_row(const struct hde_history_rows *rows, uint32_t rank, FILE *file)
{
    const struct hde_history_row *row = &rows->rows[rank];
    unsigned thread = hde_histories.operations[row->number].operation.thread;
    char text[HDE_OPERATION_TEXT_MAX];

    hde_contract_text(row->number, text);
    (void)fprintf(file, "%c thread %-3u %-*s ", row->is_blamed ? '*' : ' ', thread, TEXT_COLUMNS,
                  text);
    if (row->takes_effect == HDE_NEVER) {
        (void)fputs("    ", file);
    } else {
        (void)fprintf(file, "%2u. ", row->takes_effect + 1);
    }
    print_interval(rows, row, file);
    (void)fputc('\n', file);
}

void hde_report_history_print(const struct hde_finding *finding, FILE *file)
{
    struct hde_history_rows rows;

    if (!hde_report_history_take(&rows, finding)) {
        return;
    }
    (void)fprintf(file,
                  "\n  what the %s returned, in which order it is explained, and what ran at the "
                  "same time:\n",
                  hde_histories.at[hde_breach.history].specification->name);
    if (rows.left_out > 0) {
        (void)fprintf(file, "  ... %u before\n", rows.left_out);
    }
    for (uint32_t i = 0; i < rows.count; i++) {
        print_row(&rows, i, file);
    }
}
