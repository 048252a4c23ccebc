/*
 * Report: what the lines of one report in a log have said so far.
 *
 * It is built as the record that it becomes. Frames go to the stack that was opened last.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_LOG_REPORT_H
#define HEDDLE_CI_REPORT_LOG_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "ci/report/log_match.h"

struct hdr_log;
struct hdr_log_settings;

#define HDR_THREAD_UNKNOWN (-1)

/* What reports of one process may have in common: valgrind says once who a thread is. */
struct hdr_log_names {
    json_t *threads; /* array of threads, with the stack of their creation as `created_stack' */
    json_t *locks;   /* object: by what the log calls them; {name, stack} */
    json_t *program; /* NULL: not said */
};

struct hdr_log_report {
    const struct hdr_log *log;
    struct hdr_log_names *names;
    json_t *record; /* as docs/FINDING_FORMAT.md has it */
    json_t *object; /* that it is about; NULL: not known */
    json_t *stack;  /* where the next frame goes; not owned; NULL: nowhere */
    size_t next;    /* number of the next frame */
    size_t line;    /* of the log, where it begins, from 1 */
    char *text;     /* its own lines */
    size_t text_size;
    bool is_whole; /* its end was seen */
    bool has_gap;  /* frames are missing */
    bool has_lost; /* a stack is missing because the sanitizer had forgotten it */
};

/* ---- What a syntax says ---------------------------------------------------------------------- */

/* What it is: one of the kinds of docs/FINDING_FORMAT.md; `class` may be NULL. */
void hdr_report_is(struct hdr_log_report *report, const char *kind, const char *class);

/* In one sentence; otherwise it is made of kind and places. The value is taken over. */
void hdr_report_message(struct hdr_log_report *report, json_t *message);

/* Whose name the log calls: "thread T2", "main thread", "T0", "#3". An empty one: not known. */
json_int_t hdr_report_thread(struct hdr_log_report *report, struct hdr_capture name);

/* That it was created there, by that thread or HDR_THREAD_UNKNOWN: frames go there. */
void hdr_report_created(struct hdr_log_report *report, json_int_t thread, json_int_t creator);

/* One more place: frames go there. `size` is 0 if it touches no memory. Not owned. */
json_t *
hdr_report_place(struct hdr_log_report *report, const char *event, json_int_t thread, size_t size);

/* The same, for what is no fault by itself: where memory was allocated, say. */
json_t *hdr_report_cause(struct hdr_log_report *report, const char *event, json_int_t thread);

/* What the place does, in words of its own; taken over. */
void hdr_report_text(json_t *place, json_t *text);

/*
 * Locks go by what the log calls them, "mutex M0" or an address in one spelling; if it says their
 * names as well, anywhere, the record has these.
 */

/* A lock that the place holds; `how` is "for reading" or NULL. */
void hdr_report_hold(json_t *place, const char *lock, const char *how);

/* The lock that the place acquires. */
void hdr_report_want(json_t *place, const char *lock);

/* Where that lock was created, or first seen: frames go there. */
void hdr_report_lock(struct hdr_log_report *report, const char *lock);

/* Whether hdr_report_lock() has introduced it; if so, that is its name, taken over if true. */
bool hdr_report_name_lock(struct hdr_log_report *report, const char *lock, struct hdr_capture name);

/* The stack that was opened last is not known to the sanitizer either. */
void hdr_report_stack_is_lost(struct hdr_log_report *report);

/* The place that was opened last, of those that are no cause; NULL if there is none. Not owned. */
json_t *hdr_report_last(const struct hdr_log_report *report);

/* What memory or lock it is about. Both are taken over; `whereabouts` may be json_null(). */
void hdr_report_object(struct hdr_log_report *report, json_t *name, json_t *whereabouts);

/* ---- What the reader of the log does --------------------------------------------------------- */

void hdr_names_begin(struct hdr_log_names *names);
void hdr_names_release(struct hdr_log_names *names);

void hdr_report_begin(struct hdr_log_report *report,
                      const struct hdr_log *log,
                      struct hdr_log_names *names,
                      size_t line);

/* A frame, taken over. A number that is not the next one begins a new stack, or shows a gap. */
void hdr_report_frame(struct hdr_log_report *report, json_t *frame, size_t number);

/* One of its own lines. */
void hdr_report_line(struct hdr_log_report *report, const char *line);

/* Whether it says what is wrong; if not, it only introduces what others speak of. */
bool hdr_report_has_kind(const struct hdr_log_report *report);

/* Whether it says where; and whether that has a stack. */
bool hdr_report_has_place(const struct hdr_log_report *report);
bool hdr_report_has_stack(const struct hdr_log_report *report);

/* Whether nothing of it is missing: its end was seen, and a stack of each place. */
bool hdr_report_is_whole(const struct hdr_log_report *report);

/* The whole record, to be released; the report is released. */
json_t *hdr_report_finish(struct hdr_log_report *report, const struct hdr_log_settings *settings);

/* Forget it. */
void hdr_report_release(struct hdr_log_report *report);

#endif
