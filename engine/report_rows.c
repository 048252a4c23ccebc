/*
 * Report rows: chosen in one walk through the trace, then folded and thinned.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/backtrace.h"

#define ROWS_MANY 48U  /* more are too much to read */
#define ROWS_FIRST 8U  /* shown in any case */
#define ROWS_LAST 16U  /* likewise */
#define ROWS_BEFORE 8U /* and as many before each marked row */
#define WORD 4U        /* bytes that are shared or not as a whole */
#define PERIOD_MAX 4U  /* rows of a loop whose repetitions are folded */

/* Memory that was accessed. */
struct shared {
    uint64_t word; /* address / WORD */
    uint8_t thread;
    bool writes;
    bool is_shared; /* by several threads */
};

struct selection {
    const struct hde_report *report;
    const struct hde_trace_step *places[HDE_PLACES_MAX]; /* the steps that they are, or NULL */
    size_t begin;                                        /* the steps that can matter */
    size_t end;
    struct shared *shared; /* sorted by word, each once */
    size_t shared_count;
    size_t shared_capacity;
    bool is_narrow; /* only what the finding touches */
};

static uint32_t bit(unsigned kind) { return UINT32_C(1) << kind; }

static bool is_memory(const struct hde_event *event)
{
    return event->kind >= HDE_EVENT_READ && event->kind <= HDE_EVENT_ATOMIC_UPDATE;
}

/* ---- Which steps can matter ----------------------------------------------------------------- */

const struct hde_trace_step *hde_report_step(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    const struct hde_trace *trace = report->trace;
    const struct hde_trace_step *step = trace->steps + trace->count;

    if (at->event != 0) {
        step = hde_trace_find(trace, at->thread, at->event);
        /* What is no event, an expectation or a crash, has the number of the last one before it. */
        bool is_after = report->finding->kind == HD_NOT_LINEARIZABLE; /* the return follows it */

        return step != NULL && (is_after || step->event.pc == at->pc) ? step : NULL;
    }
    /* Of the earlier access of a race only the code is known: it is the last before the later. */
    if (place > 0 && report->finding->places[0].event != 0) {
        const struct hde_place *first = &report->finding->places[0];
        const struct hde_trace_step *later = hde_trace_find(trace, first->thread, first->event);

        step = later == NULL ? step : later;
    }
    while (step > trace->steps) {
        step--;
        if (step->thread == at->thread && step->event.pc == at->pc &&
            step->context == at->context &&
            hde_event_touches(&step->event, at->address, at->size)) {
            return step;
        }
    }
    return NULL;
}

/* The place that a step is; the number of places if it is none. */
static unsigned place_of(const struct selection *selection, const struct hde_trace_step *step)
{
    unsigned count = selection->report->finding->places_count;
    unsigned place = 0;

    while (place < count && selection->places[place] != step) {
        place++;
    }
    return place;
}

/* From the first step that another thread could interfere with, to the finding. */
static void bound(struct selection *selection)
{
    const struct hde_trace *trace = selection->report->trace;
    const struct hde_trace_step *last = NULL;

    while (selection->begin < trace->count && trace->steps[selection->begin].thread == 0 &&
           trace->steps[selection->begin].event.kind != HDE_EVENT_CREATE) {
        selection->begin++;
    }
    for (unsigned i = 0; i < selection->report->finding->places_count; i++) {
        selection->places[i] = hde_report_step(selection->report, i);
        if (selection->places[i] != NULL && (last == NULL || last < selection->places[i])) {
            last = selection->places[i];
        }
    }
    selection->end = trace->count;
    if (hde_report_goes_on(selection->report->finding) && last != NULL) {
        selection->end = (size_t)(last - trace->steps) + 1;
    }
}

static int compare_words(const void *a, const void *b)
{
    const struct shared *left = a;
    const struct shared *right = b;

    return (left->word > right->word) - (left->word < right->word);
}

/* Leave one entry of each word. */
static size_t merge_words(struct shared *shared, size_t count)
{
    size_t merged = 0;

    for (size_t i = 0; i < count; i++) {
        if (merged == 0 || shared[merged - 1].word != shared[i].word) {
            shared[merged++] = shared[i];
            continue;
        }
        if (shared[i].writes) {
            shared[merged - 1].writes = true;
        }
        if (shared[i].thread != shared[merged - 1].thread) {
            shared[merged - 1].is_shared = true;
        }
    }
    return merged;
}

static uint64_t first_word(const struct hde_event *event) { return event->address / WORD; }

static uint64_t last_word(const struct hde_event *event)
{
    return (event->address + event->size - (event->size == 0 ? 0 : 1)) / WORD;
}

static void add_words(struct selection *selection, const struct hde_trace_step *step)
{
    for (uint64_t word = first_word(&step->event); word <= last_word(&step->event); word++) {
        selection->shared = hde_array_grow(selection->shared, &selection->shared_capacity,
                                           selection->shared_count + 1, sizeof(*selection->shared));
        selection->shared[selection->shared_count++] = (struct shared){
            .word = word,
            .thread = step->thread,
            .writes = step->event.writes,
        };
    }
}

static void find_shared(struct selection *selection)
{
    for (size_t i = selection->begin; i < selection->end; i++) {
        if (is_memory(&selection->report->trace->steps[i].event)) {
            add_words(selection, &selection->report->trace->steps[i]);
        }
    }
    if (selection->shared_count > 0) {
        qsort(selection->shared, selection->shared_count, sizeof(*selection->shared),
              compare_words);
        selection->shared_count = merge_words(selection->shared, selection->shared_count);
    }
}

/* Whether its order with the accesses of other threads can matter. */
static bool is_shared(const struct selection *selection, const struct hde_event *event)
{
    bool is_any = false;

    for (uint64_t word = first_word(event); word <= last_word(event) && !is_any; word++) {
        const struct shared wanted = {.word = word};
        const struct shared *found =
            selection->shared_count == 0
                ? NULL
                : bsearch(&wanted, selection->shared, selection->shared_count, sizeof(wanted),
                          compare_words);

        is_any = found != NULL && found->is_shared && found->writes;
    }
    return is_any;
}

static bool touches_finding(const struct selection *selection, const struct hde_event *event)
{
    const struct hde_finding *finding = selection->report->finding;

    for (unsigned i = 0; i < finding->places_count; i++) {
        if (hde_event_touches(event, finding->places[i].address, finding->places[i].size)) {
            return true;
        }
    }
    return false;
}

static bool matters(const struct selection *selection, const struct hde_trace_step *step)
{
    const struct hde_event *event = &step->event;

    if (place_of(selection, step) < selection->report->finding->places_count) {
        return true;
    }
    switch (event->kind) {
    case HDE_EVENT_NONE:
    case HDE_EVENT_CREATE: /* where threads come from is said elsewhere */
    case HDE_EVENT_DETACH:
    case HDE_EVENT_START:
    case HDE_EVENT_END:
    case HDE_EVENT_MAIN_END:
        return false;
    default:
        break;
    }
    if (selection->is_narrow && !touches_finding(selection, event)) {
        return false;
    }
    return !is_memory(event) || is_shared(selection, event);
}

/* ---- Rows ----------------------------------------------------------------------------------- */

static bool is_same_line(const struct hde_source *a, const struct hde_source *b)
{
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

static bool is_alike(const struct hde_row *a, const struct hde_row *b)
{
    return a->thread == b->thread && a->kinds == b->kinds && is_same_line(&a->source, &b->source) &&
           !a->is_marked && !b->is_marked && a->is_vain == b->is_vain;
}

/* If the last `period` rows repeat those before them, drop them. */
static bool fold_period(struct hde_rows *rows, size_t period)
{
    if (rows->count < 2 * period) {
        return false;
    }

    struct hde_row *first = &rows->rows[rows->count - 2 * period];

    for (size_t i = 0; i < period; i++) {
        if (!is_alike(&first[i], &first[period + i]) || first[i].thread != first[0].thread) {
            return false;
        }
    }
    for (size_t i = 0; i < period; i++) {
        first[i].times += first[period + i].times;
        first[i].last = first[period + i].last;
    }
    rows->count -= period;
    return true;
}

static void fold(struct hde_rows *rows)
{
    for (size_t period = 1; period <= PERIOD_MAX; period++) {
        if (fold_period(rows, period)) {
            return;
        }
    }
}

/* The row for what `thread` does at `source` next. */
static struct hde_row *
open_row(struct hde_rows *rows, uint8_t thread, const struct hde_source *source)
{
    struct hde_row *last = rows->count == 0 ? NULL : &rows->rows[rows->count - 1];

    if (last != NULL && last->thread == thread && is_same_line(&last->source, source)) {
        return last;
    }
    fold(rows);
    rows->rows = hde_array_grow(rows->rows, &rows->capacity, rows->count + 1, sizeof(*rows->rows));
    last = &rows->rows[rows->count++];
    *last = (struct hde_row){.source = *source, .thread = thread, .times = 1};
    return last;
}

static void add_step(const struct selection *selection,
                     struct hde_rows *rows,
                     const struct hde_trace_step *step)
{
    const struct hde_finding *finding = selection->report->finding;
    unsigned place = place_of(selection, step);
    bool is_place = place < finding->places_count;
    bool is_guilty = is_place && !finding->places[place].is_cause;
    bool is_marked = is_guilty && finding->kind != HD_NOT_LINEARIZABLE;
    struct hde_backtrace backtrace;

    hde_backtrace_take(&backtrace, step->context, step->event.pc);
    if (backtrace.count == 0) {
        return; /* the engine's own, e.g. a join of the scenario's threads */
    }

    struct hde_source source =
        is_marked ? hde_finding_source(finding, place) : hde_backtrace_program(&backtrace);
    struct hde_row *row = open_row(rows, step->thread, &source);
    bool is_inside = !is_same_line(&source, &backtrace.frames[0]) && is_memory(&step->event);

    row->step = row->step == NULL ? step : row->step;
    row->last = step;
    row->kinds |= is_inside ? 0 : bit(step->event.kind);
    row->is_marked |= is_marked;
    row->is_vain |= is_place && !is_marked && finding->class == HDE_CLASS_LOST_WAKE_UP;
    if (is_guilty && !is_marked) { /* the return that comes after the step */
        source = hde_finding_source(finding, place);
        open_row(rows, step->thread, &source)->is_marked = true;
    }
}

/* The last row of a thread; NULL if it has none. */
static struct hde_row *last_row(struct hde_rows *rows, uint8_t thread)
{
    size_t rank = rows->count;

    while (rank > 0 && rows->rows[rank - 1].thread != thread) {
        rank--;
    }
    return rank == 0 ? NULL : &rows->rows[rank - 1];
}

/* Where the execution ended, for a finding that is not a step: at a wait, an expectation. */
static void add_end(struct hde_rows *rows, uint8_t thread, const struct hde_source *source)
{
    struct hde_row *row = last_row(rows, thread);

    if (row == NULL || !is_same_line(&row->source, source)) {
        row = open_row(rows, thread, source);
    }
    row->is_marked = true;
    row->is_end = true;
}

static void add_ends(const struct selection *selection, struct hde_rows *rows)
{
    const struct hde_finding *finding = selection->report->finding;

    for (unsigned i = 0; i < finding->places_count; i++) {
        struct hde_source source = hde_finding_source(finding, i);
        struct hde_row *row = last_row(rows, finding->places[i].thread);

        if (!finding->places[i].is_cause) {
            add_end(rows, finding->places[i].thread, &source);
        } else if (row != NULL && finding->class == HDE_CLASS_HOLDER_ENDED) {
            row->is_gone = true;
        }
    }
}

/* Whether a row is marked, or one of the next ROWS_BEFORE is. */
static bool leads_to_marked(const struct hde_rows *rows, size_t rank)
{
    bool does = false;

    for (size_t i = rank; i < rows->count && i <= rank + ROWS_BEFORE && !does; i++) {
        does = rows->rows[i].is_marked;
    }
    return does;
}

/* Drop what lies between the first rows, the last ones, and those that lead to a marked one. */
static void thin(struct hde_rows *rows)
{
    size_t kept = 0;
    size_t left_out = 0;

    for (size_t i = 0; i < rows->count; i++) {
        if (i < ROWS_FIRST || i + ROWS_LAST >= rows->count || leads_to_marked(rows, i)) {
            rows->rows[kept] = rows->rows[i];
            rows->rows[kept++].left_out = left_out;
            left_out = 0;
        } else {
            left_out++;
        }
    }
    rows->count = kept;
}

/* ---- What a row says beside its line -------------------------------------------------------- */

static void append(char action[HDE_ACTION_SIZE], const char *text)
{
    size_t length = strlen(action);

    (void)snprintf(action + length, HDE_ACTION_SIZE - length, "%s%s", length == 0 ? "" : ", ",
                   text);
}

static const char *end_of(const struct hde_finding *finding)
{
    static const char *const ends[HD_VERDICTS] = {
        [HD_DEADLOCK] = "stuck",           [HD_STARVATION] = "starves",  [HD_STALL] = "stalls",
        [HD_LIVELOCK] = "spins",           [HD_FAILURE] = "fails",       [HD_CRASH] = "crashes",
        [HD_STACK_OVERFLOW] = "overflows", [HD_UNDEFINED] = "undefined",
    };

    return ends[finding->kind] == NULL ? "" : ends[finding->kind];
}

static void say(struct hde_row *row, const struct hde_finding *finding)
{
    static const struct {
        uint32_t kinds;
        const char *text;
    } said[] = {
        {UINT32_C(1) << HDE_EVENT_READ, "read"},
        {UINT32_C(1) << HDE_EVENT_WRITE, "write"},
        {UINT32_C(1) << HDE_EVENT_ATOMIC_LOAD, "atomic load"},
        {UINT32_C(1) << HDE_EVENT_ATOMIC_STORE, "atomic store"},
        {UINT32_C(1) << HDE_EVENT_ATOMIC_UPDATE, "atomic update"},
        {UINT32_C(1) << HDE_EVENT_WAIT | UINT32_C(1) << HDE_EVENT_FUTEX_WAIT, "waits"},
        {UINT32_C(1) << HDE_EVENT_AWAKE | UINT32_C(1) << HDE_EVENT_FUTEX_AWAKE, "wakes up"},
    };
    uint32_t kinds = row->kinds;
    char times[24];

    /* That it waited before it waits for ever adds nothing. */
    if (row->is_end) {
        kinds &= ~said[5].kinds;
    }
    row->action[0] = '\0';
    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        if ((kinds & said[i].kinds) != 0) {
            append(row->action, said[i].text);
        }
    }
    if (row->is_vain) {
        append(row->action, "wakes nobody");
    }
    if (row->is_gone) {
        append(row->action, "then ends");
    }
    if (row->is_end && end_of(finding)[0] != '\0') {
        append(row->action, end_of(finding));
    }
    if (row->times > 1) {
        (void)snprintf(times, sizeof(times), "%u times", row->times);
        append(row->action, times);
    }
}

static void select_rows(const struct selection *selection, struct hde_rows *rows)
{
    rows->count = 0;
    for (size_t i = selection->begin; i < selection->end; i++) {
        const struct hde_trace_step *step = &selection->report->trace->steps[i];

        if (matters(selection, step)) {
            add_step(selection, rows, step);
        }
    }
    if (!hde_report_goes_on(selection->report->finding)) {
        add_ends(selection, rows);
    }
    fold(rows);
}

void hde_rows_take(struct hde_rows *rows, const struct hde_report *report)
{
    struct selection selection = {.report = report};

    bound(&selection);
    find_shared(&selection);
    select_rows(&selection, rows);
    if (rows->count > ROWS_MANY) {
        selection.is_narrow = true;
        select_rows(&selection, rows);
    }
    if (rows->count > ROWS_MANY) {
        thin(rows);
    }
    for (size_t i = 0; i < rows->count; i++) {
        say(&rows->rows[i], report->finding);
    }
    hde_array_release(selection.shared, selection.shared_capacity, sizeof(*selection.shared));
}

void hde_rows_release(struct hde_rows *rows)
{
    hde_array_release(rows->rows, rows->capacity, sizeof(*rows->rows));
    *rows = (struct hde_rows){.rows = NULL};
}
