/*
 * helgrind, of valgrind. Each of its lines begins with ==PID==, which is taken away before.
 *
 *     ---Thread-Announcement------------------------------------------
 *
 *     Thread #2 was created
 *        at 0x496EB3F: clone (clone.S:76)
 *        ...
 *
 *     ----------------------------------------------------------------
 *
 *      Lock at 0x10C100 was first observed
 *        ...
 *     Possible data race during write of size 4 at 0x10C0E0 by thread #3
 *     Locks held: none
 *        at 0x10928E: add (counter.c:18)
 *        ...
 *     This conflicts with a previous write of size 4 by thread #2
 *     Locks held: 1, at address 0x10C100
 *        ...
 *      Address 0x10c0e0 is 0 bytes inside data symbol "counter"
 *
 * Threads and locks are introduced once, before what first speaks of them.
 *
 * Source   helgrind/hg_errors.c of valgrind 3.19.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/log.h"
#include "ci/report/phrase.h"
#include "ci/report/record.h"

#define LOCK_SIZE 32U

/* Addresses are written with small and with large letters. */
static void name_lock(char name[LOCK_SIZE], struct hdr_capture address)
{
    static const char large[] = "ABCDEF";
    size_t length = address.length < LOCK_SIZE ? address.length : LOCK_SIZE - 1;

    for (size_t i = 0; i < length; i++) {
        const char *digit = strchr(large, address.text[i]);

        name[i] = address.text[i];
        if (digit != NULL) {
            name[i] = "abcdef"[digit - large];
        }
    }
    name[length] = '\0';
}

/* ---- Introductions --------------------------------------------------------------------------- */

static void take_thread(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_created(report, hdr_report_thread(report, captures[0]), HDR_THREAD_UNKNOWN);
}

static void take_root(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)hdr_report_thread(report, captures[0]);
    report->stack = NULL;
}

static void take_lock(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    char name[LOCK_SIZE];

    name_lock(name, captures[0]);
    hdr_report_lock(report, name);
}

/* ---- Races ----------------------------------------------------------------------------------- */

static void add_access(struct hdr_log_report *report,
                       struct hdr_capture access,
                       struct hdr_capture size,
                       struct hdr_capture thread)
{
    (void)hdr_report_place(report, hdr_capture_is(access, "write") ? "write" : "read",
                           hdr_report_thread(report, thread), hdr_capture_number(size));
}

static void take_race(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    hdr_report_is(report, "data-race", NULL);
    hdr_report_message(report, hdr_string("possible data race"));
    add_access(report, captures[0], captures[1], captures[3]);
}

static void take_conflict(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    add_access(report, captures[0], captures[1], captures[2]);
}

/* With --history-level=approx: some access after that stack. */
static void take_conflict_somewhere(struct hdr_log_report *report,
                                    const struct hdr_capture *captures)
{
    json_int_t thread = hdr_report_thread(report, captures[0]);

    hdr_report_text(hdr_report_cause(report, NULL, thread),
                    hdr_string("the other access comes after this"));
}

/* "Locks held: 2, at addresses 0x10C100 0x10C140" */
static void take_locks(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = hdr_report_last(report);
    const char *at = strstr(captures[1].text, "0x");

    while (place != NULL && at != NULL) {
        struct hdr_capture address = {at, strcspn(at, " ")};
        char name[LOCK_SIZE];

        name_lock(name, address);
        hdr_report_hold(place, name, NULL);
        at = strstr(at + address.length, "0x");
    }
}

/* ---- What it is about ------------------------------------------------------------------------ */

/* The lock that was introduced last, or the memory. */
static void take_symbol(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    char name[LOCK_SIZE];

    name_lock(name, captures[0]);
    report->stack = NULL;
    if (!hdr_report_name_lock(report, name, captures[2])) {
        hdr_report_object(report, hdr_capture_string(captures[2]), json_null());
    }
}

static void take_block(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    bool is_freed = hdr_capture_is(captures[3], "free'd");

    hdr_report_object(
        report,
        hdr_phrase_of("heap block of %.*s bytes", (int)captures[2].length, captures[2].text),
        json_null());
    hdr_report_text(hdr_report_cause(report, is_freed ? "free" : "allocate", HDR_THREAD_UNKNOWN),
                    hdr_phrase_of("the block was %s here", is_freed ? "freed" : "allocated"));
}

static void take_stack(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    report->stack = NULL;
    hdr_report_object(
        report, hdr_phrase_of("stack of thread %.*s", (int)captures[1].length, captures[1].text),
        json_null());
}

/* ---- Lock order ------------------------------------------------------------------------------ */

static void take_order(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)hdr_report_thread(report, captures[0]);
    hdr_report_is(report, "lock-order", NULL);
    hdr_report_message(report, hdr_string("lock-order inversion"));
    /* Of the thread that the first two stacks are of. */
    hdr_set(report->record, "order_of", json_integer(hdr_report_thread(report, captures[0])));
}

static json_int_t order_of(const struct hdr_log_report *report)
{
    return hdr_has(report->record, "order_of") ? hdr_number(report->record, "order_of")
                                               : HDR_THREAD_UNKNOWN;
}

static void take_first(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *cause = hdr_report_cause(report, "lock", order_of(report));
    char name[LOCK_SIZE];

    name_lock(name, captures[0]);
    hdr_report_want(cause, name);
}

static void take_established(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    /* Which thread that was, it does not say. */
    (void)json_object_del(report->record, "order_of");
    take_first(report, captures);
}

static void take_later(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    const json_t *places = hdr_list(report->record, "places");
    const json_t *before = json_array_get(places, json_array_size(places) - 1);
    char held[LOCK_SIZE];
    char name[LOCK_SIZE];
    json_t *place;

    (void)snprintf(held, sizeof(held), "%s", hdr_text(json_object_get(before, "object"), "name"));
    name_lock(name, captures[0]);
    place = hdr_report_place(report, "lock", order_of(report), 0);
    hdr_report_want(place, name);
    if (held[0] != '\0') {
        hdr_report_hold(place, held, NULL);
    }
}

/* ---- Misuse ---------------------------------------------------------------------------------- */

static json_t *misuse(struct hdr_log_report *report,
                      struct hdr_capture thread,
                      const char *class,
                      const char *event)
{
    json_int_t id = hdr_report_thread(report, thread);

    hdr_report_is(report, "misuse", class);
    hdr_report_message(report, hdr_string(class == NULL ? "misuse" : class));
    return hdr_report_place(report, event, id, 0);
}

static void take_unlock(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = misuse(report, captures[0], "release of a lock not held", "unlock");
    char name[LOCK_SIZE];

    name_lock(name, captures[1]);
    hdr_report_want(place, name);
}

static void take_call(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    json_t *place = misuse(report, captures[0], "failed call", NULL);

    hdr_report_text(place, hdr_phrase_of("%.*s fails", (int)captures[1].length, captures[1].text));
}

static void take_exit(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)misuse(report, captures[0], "lock held at the end", NULL);
}

static void take_any(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    static const struct {
        const char *words;
        const char *class;
        const char *event;
    } classes[] = {
        {"%sdestroy of a locked mutex", "destroyed in use", "destroy"},
        {"%sdestroy of a locked %s", "destroyed in use", "destroy"},
        {"Attempt to re-lock a non-recursive lock I already hold", "locked twice", "lock"},
        {"pthread_cond_destroy: destruction of condition variable being waited upon",
         "destroyed in use", "destroy"},
        {"%s: dubious: associated lock is not held by any thread", "lock not held", "notify"},
        {"%s: associated lock is not held by calling thread", "lock not held", "notify"},
    };
    json_t *said = hdr_capture_string(captures[1]);
    struct hdr_capture pieces[HDR_CAPTURES_MAX];
    size_t count = sizeof(classes) / sizeof(*classes);
    size_t i = 0;

    while (i < count && !hdr_log_match(json_string_value(said), classes[i].words, pieces)) {
        i++;
    }
    (void)misuse(report, captures[0], i < count ? classes[i].class : NULL,
                 i < count ? classes[i].event : NULL);
    hdr_report_message(report, said);
}

static void take_previous(struct hdr_log_report *report, const struct hdr_capture *captures)
{
    (void)captures;
    hdr_report_text(hdr_report_cause(report, "lock", HDR_THREAD_UNKNOWN),
                    hdr_string("the lock was acquired here"));
}

static const struct hdr_log_rule heads[] = {
    {"Thread #%d was created", take_thread, false},
    {"Thread #%d is the program's root thread", take_root, false},
    {" Lock at %x was first observed", take_lock, false},
    {"Possible data race during %s of size %d at %x by thread #%d", take_race, false},
    {"Thread #%d: lock order \"%x before %x\" violated", take_order, false},
    {"Thread #%d unlocked lock at %x currently held by thread #%d", take_unlock, false},
    {"Thread #%d unlocked a not-locked lock at %x", take_unlock, false},
    {"Thread #%d unlocked an invalid lock at %x", take_unlock, false},
    {"Thread #%d's call to %s failed", take_call, false},
    {"Thread #%d: Exiting thread still holds %s", take_exit, false},
    {"Thread #%d: %s", take_any, false},
    {NULL, NULL, false},
};

static const struct hdr_log_rule sections[] = {
    {"This conflicts with a previous %s of size %d by thread #%d", take_conflict, false},
    {"This conflicts with a previous access by thread #%d, after", take_conflict_somewhere, false},
    {"Locks held: none", NULL, false},
    {"Locks held: %d, at address%s", take_locks, false},
    {"Lock at %x was first observed", take_lock, false},
    {"Lock was previously acquired", take_previous, false},
    {"Observed (incorrect) order is: acquisition of lock at %x", take_first, false},
    {"Required order was established by acquisition of lock at %x", take_established, false},
    {"followed by a later acquisition of lock at %x", take_later, false},
    {"Address %x is %d bytes inside data symbol \"%s\"", take_symbol, false},
    {"Address %x is %d bytes inside a block of size %s %s", take_block, false},
    {"Address %x is on thread %s's stack", take_stack, false},
    {"Block was alloc'd by thread #%d", NULL, false},
    {"with error code %s", NULL, false},
    {"---Thread-Announcement---%s", NULL, true},
    {"--------------------------------%s", NULL, true},
    {"Use --history-level=approx%s", NULL, true},
    {"For lists of detected and suppressed errors%s", NULL, true},
    {"ERROR SUMMARY: %s", NULL, true},
    {NULL, NULL, false},
};

const struct hdr_log hdr_log_helgrind = {
    .tool = "helgrind",
    .heads = heads,
    .sections = sections,
    .has_process = true,
};
