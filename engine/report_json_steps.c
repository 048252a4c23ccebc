/*
 * Report as JSON: the rows and the steps of the schedule.
 *
 * A record has STEPS_MAX steps at most. If there are more, the last ones before the finding are
 * kept, the first ones, and in between those that touch what the finding is about.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_json.h"

#include <string.h>

#include "engine/array.h"
#include "engine/report_rows.h"
#include "engine/trace_order.h"

#define STEPS_MAX 20000U
#define STEPS_FIRST 2000U
#define STEPS_ABOUT 4000U /* in the middle, that touch what the finding is about */

/* ---- Which steps ----------------------------------------------------------------------------- */

static void keep(struct hde_json *json, size_t step)
{
    json->kept =
        hde_array_grow(json->kept, &json->kept_capacity, json->kept_count + 1, sizeof(*json->kept));
    json->kept[json->kept_count++] = (uint32_t)step;
}

/* How many steps there are up to the finding, and with it; all, if it is none of them. */
static size_t count_to_finding(const struct hde_report *report)
{
    size_t end = 0;

    for (unsigned i = 0; i < report->finding->places_count; i++) {
        const struct hde_trace_step *step = hde_report_step(report, i);
        size_t rank = step == NULL ? 0 : (size_t)(step - report->trace->steps) + 1;

        end = rank > end ? rank : end;
    }
    return end == 0 || !hde_report_goes_on(report->finding) ? report->trace->count : end;
}

static bool is_about(const struct hde_report *report, const struct hde_trace_step *step)
{
    const struct hde_finding *finding = report->finding;
    bool is = false;

    for (unsigned i = 0; i < finding->places_count && !is; i++) {
        is = hde_event_touches(&step->event, finding->places[i].address, finding->places[i].size);
    }
    return is;
}

/* Of the steps [begin, end), the last ones that touch what the finding is about. */
static void keep_middle(struct hde_json *json, size_t begin, size_t end)
{
    const struct hde_report *report = json->report;
    size_t left = STEPS_ABOUT;
    size_t from = end;

    while (from > begin && left > 0) {
        from--;
        left -= is_about(report, &report->trace->steps[from]);
    }
    for (; from < end; from++) {
        if (is_about(report, &report->trace->steps[from])) {
            keep(json, from);
        }
    }
}

void hde_json_keep_steps(struct hde_json *json)
{
    size_t count = json->report->trace->count;
    size_t first = count;

    if (count > STEPS_MAX) {
        count = count_to_finding(json->report);
        first = count > STEPS_MAX ? STEPS_FIRST : count;
    }
    for (size_t i = 0; i < first; i++) {
        keep(json, i);
    }
    if (first < count) {
        size_t last = count - (STEPS_MAX - STEPS_FIRST - STEPS_ABOUT);

        keep_middle(json, first, last);
        for (size_t i = last; i < count; i++) {
            keep(json, i);
        }
    }
}

static bool find_kept(const struct hde_json *json, const struct hde_trace_step *step, size_t *at)
{
    size_t wanted = step == NULL ? 0 : (size_t)(step - json->report->trace->steps);
    size_t low = 0;
    size_t high = json->kept_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (json->kept[middle] < wanted) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *at = low;
    return step != NULL && low < json->kept_count && json->kept[low] == wanted;
}

json_t *hde_json_step_index(const struct hde_json *json, const struct hde_trace_step *step)
{
    size_t at;

    return find_kept(json, step, &at) ? json_integer((json_int_t)at) : json_null();
}

/* ---- Rows ------------------------------------------------------------------------------------ */

static void add_run(struct hde_json *json, json_t *record, const struct hde_row *row)
{
    size_t first;
    size_t last;
    bool is_kept =
        find_kept(json, row->step, &first) && find_kept(json, row->last, &last) && first <= last;

    hde_json_set(json, record, "step", is_kept ? json_integer((json_int_t)first) : json_null());
    hde_json_set(json, record, "steps", json_integer(is_kept ? (json_int_t)(last - first + 1) : 0));
}

static json_t *row_record(struct hde_json *json, const struct hde_row *row)
{
    const struct hde_trace_step *step = row->step;
    json_t *record = hde_json_source(json, &row->source);
    json_t *locks = json_array();

    (void)hde_json_line(json, &row->source); /* for its excerpt */
    for (unsigned i = 0; step != NULL && i < step->held_count; i++) {
        hde_json_push(json, locks,
                      hde_json_lock(json, &json->report->trace->locks[step->held + i]));
    }
    hde_json_set(json, record, "code", hde_json_string(hde_symbol_line(&row->source)));
    hde_json_set(json, record, "thread", json_integer(row->thread));
    hde_json_set(json, record, "action", hde_json_string(row->action));
    hde_json_set(json, record, "is_marked", json_boolean(row->is_marked));
    hde_json_set(json, record, "times", json_integer(row->times));
    hde_json_set(json, record, "left_out_before", json_integer((json_int_t)row->left_out));
    hde_json_set(json, record, "event",
                 step == NULL ? json_null() : hde_json_string(hde_event_name(step->event.kind)));
    hde_json_set(json, record, "object",
                 step == NULL ? json_null()
                              : hde_json_memory(json, step->event.address, step->event.size));
    hde_json_set(json, record, "locks", locks);
    add_run(json, record, row);
    return record;
}

json_t *hde_json_rows(struct hde_json *json)
{
    struct hde_rows rows = {.rows = NULL};
    json_t *records = json_array();

    hde_rows_take(&rows, json->report);
    for (size_t i = 0; i < rows.count; i++) {
        hde_json_push(json, records, row_record(json, &rows.rows[i]));
    }
    hde_rows_release(&rows);
    return records;
}

/* ---- Steps ----------------------------------------------------------------------------------- */

/* What is to be marked: the places that are no causes. Returns how many steps they are. */
static unsigned find_marked(const struct hde_report *report,
                            const struct hde_trace_step *marked[HDE_PLACES_MAX])
{
    unsigned count = 0;

    for (unsigned i = 0; i < report->finding->places_count; i++) {
        const struct hde_trace_step *step =
            report->finding->places[i].is_cause ? NULL : hde_report_step(report, i);

        if (step != NULL) {
            marked[count++] = step;
        }
    }
    return count;
}

static json_t *order_name(const struct hde_event *event)
{
    static const char *const names[] = {
        [HDE_ORDER_RELAXED] = "relaxed", [HDE_ORDER_CONSUME] = "consume",
        [HDE_ORDER_ACQUIRE] = "acquire", [HDE_ORDER_RELEASE] = "release",
        [HDE_ORDER_ACQ_REL] = "acq_rel", [HDE_ORDER_SEQ_CST] = "seq_cst",
    };
    bool has_order = event->kind == HDE_EVENT_ATOMIC_LOAD ||
                     event->kind == HDE_EVENT_ATOMIC_STORE ||
                     event->kind == HDE_EVENT_ATOMIC_UPDATE || event->kind == HDE_EVENT_FENCE;

    return has_order && event->order <= HDE_ORDER_SEQ_CST ? hde_json_string(names[event->order])
                                                          : json_null();
}

/* A write reads nothing; an update that found nothing to change has written nothing. */
static void add_values(struct hde_json *json, json_t *record, const struct hde_trace_step *step)
{
    const struct hde_event *event = &step->event;
    bool reads = step->has_before && hde_event_reads(event);
    bool writes = step->has_after && (!reads || step->before != step->after);

    hde_json_set(json, record, "read",
                 reads ? hde_json_value(json, step->before, event->size) : json_null());
    hde_json_set(json, record, "written",
                 writes ? hde_json_value(json, step->after, event->size) : json_null());
}

static json_t *locks_of(struct hde_json *json, const struct hde_trace_step *step)
{
    json_t *locks = json_array();

    for (unsigned i = 0; i < step->held_count; i++) {
        hde_json_push(json, locks,
                      hde_json_held(json, &json->report->trace->locks[step->held + i]));
    }
    return locks;
}

static json_t *
step_record(struct hde_json *json, const struct hde_trace_step *step, json_t *after, bool is_marked)
{
    const struct hde_event *event = &step->event;
    const json_t *calls = hde_json_calls(json, step->context, event->pc);
    json_t *record = json_object();

    hde_json_set(json, record, "thread", json_integer(step->thread));
    hde_json_set(json, record, "number", json_integer(step->number));
    hde_json_set(json, record, "event", hde_json_string(hde_event_name(event->kind)));
    hde_json_set(json, record, "line", json_incref(json_object_get(calls, "line")));
    hde_json_set(json, record, "object", hde_json_touched(json, event));
    hde_json_set(json, record, "stack", json_incref(json_object_get(calls, "stack")));
    hde_json_set(json, record, "size", json_integer(event->size));
    hde_json_set(json, record, "order", order_name(event));
    add_values(json, record, step);
    hde_json_set(json, record, "locks", locks_of(json, step));
    hde_json_set(json, record, "after", after);
    hde_json_set(json, record, "is_preempted", json_boolean(step->is_preempted));
    hde_json_set(json, record, "is_marked", json_boolean(is_marked));
    return record;
}

json_t *hde_json_steps(struct hde_json *json)
{
    const struct hde_trace *trace = json->report->trace;
    const struct hde_trace_step *marked[HDE_PLACES_MAX];
    unsigned marked_count = find_marked(json->report, marked);
    struct hde_trace_order order = {.edges = NULL};
    json_t *records = json_array();
    size_t edge = 0;

    hde_trace_order_take(&order, trace, json->kept, json->kept_count);
    for (size_t i = 0; i < json->kept_count; i++) {
        const struct hde_trace_step *step = &trace->steps[json->kept[i]];
        json_t *after = json_array();
        bool is_marked = false;

        for (; edge < order.count && order.edges[edge].step == i; edge++) {
            hde_json_push(json, after, json_integer(order.edges[edge].after));
        }
        for (unsigned mark = 0; mark < marked_count; mark++) {
            is_marked |= marked[mark] == step;
        }
        hde_json_push(json, records, step_record(json, step, after, is_marked));
    }
    hde_trace_order_release(&order);
    return records;
}
