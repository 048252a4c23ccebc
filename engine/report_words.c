/*
 * Report words: one function for each kind of phrase.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/report_words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "engine/arena.h"
#include "engine/backtrace.h"
#include "engine/execution.h"
#include "engine/fiber.h"
#include "engine/report_block.h"
#include "engine/report_history.h"
#include "engine/report_misuse.h"
#include "engine/report_rows.h"

__attribute__((format(printf, 2, 3))) static void
say(struct hde_phrase *phrase, const char *format, ...)
{
    size_t length = strlen(phrase->text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(phrase->text + length, sizeof(phrase->text) - length, format, arguments);
    va_end(arguments);
}

/* ---- Memory and locks ----------------------------------------------------------------------- */

struct hde_phrase hde_report_memory(const struct hde_memory_name *name, bool with_whereabouts)
{
    struct hde_phrase phrase = {.text = ""};

    /* A name has no blanks; what has is a description. */
    if (strchr(name->name, ' ') == NULL) {
        say(&phrase, "`%s'", name->name);
    } else {
        say(&phrase, "%s", name->name);
    }
    if (with_whereabouts && name->whereabouts[0] != '\0') {
        say(&phrase, " (%s)", name->whereabouts);
    }
    return phrase;
}

/* Objects have no size: a lock is not taken apart. */
static uint64_t size_of(const struct hde_place *at)
{
    bool is_memory = at->event_kind >= HDE_EVENT_READ && at->event_kind <= HDE_EVENT_ATOMIC_UPDATE;

    return is_memory ? at->size : 1;
}

struct hde_memory_name hde_report_touched(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];

    return hde_memory_name(report->trace, at->address, size_of(at));
}

/*
 * What a thread waits for. In a primitive it may be a word on its own stack, which tells nobody
 * anything: then it is named by the call.
 */
static struct hde_phrase awaited(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_memory_name name = hde_report_touched(report, place);
    struct hde_phrase phrase = {.text = ""};
    struct hde_backtrace backtrace;
    const char *call = NULL;

    hde_backtrace_take(&backtrace, at->context, at->pc);
    for (unsigned i = 0; i < backtrace.count && backtrace.frames[i].origin != HDE_ORIGIN_PROGRAM;
         i++) {
        call = backtrace.frames[i].function;
    }
    if (call != NULL && hde_fiber_stack_owner((uintptr_t)at->address) != HDE_THREADS_MAX) {
        say(&phrase, "in %s()", call);
    } else {
        say(&phrase, "for %s", hde_report_memory(&name, false).text);
    }
    return phrase;
}

static struct hde_phrase object(const struct hde_report *report, unsigned place)
{
    struct hde_memory_name name = hde_report_touched(report, place);

    return hde_report_memory(&name, false);
}

struct hde_phrase hde_report_line(const struct hde_deed *deed)
{
    struct hde_phrase phrase = {.text = ""};
    struct hde_backtrace backtrace;
    struct hde_source source;

    if (deed->pc != 0) {
        hde_backtrace_take(&backtrace, deed->context, deed->pc);
        source = hde_backtrace_program(&backtrace);
        say(&phrase, "%s:%d", source.file, source.line);
    }
    return phrase;
}

unsigned hde_report_holder(uint64_t address, struct hde_deed *acquired)
{
    static const enum hde_object_kind locks[] = {HDE_OBJECT_MUTEX, HDE_OBJECT_RWLOCK,
                                                 HDE_OBJECT_SPINLOCK, HDE_OBJECT_ONCE,
                                                 HDE_OBJECT_ANNOTATION};

    for (size_t i = 0; i < sizeof(locks) / sizeof(locks[0]); i++) {
        const struct hde_object *lock = hde_object_find(locks[i], address);

        if (lock != NULL && lock->owner != HDE_NOBODY) {
            *acquired = lock->acquired;
            return lock->owner;
        }
    }
    return HDE_NOBODY;
}

bool hde_report_held(const struct hde_report *report,
                     unsigned place,
                     unsigned rank,
                     struct hde_trace_lock *lock)
{
    const struct hde_trace_step *step = hde_report_step(report, place);
    const struct hde_thread *thread = &hde_execution.threads[report->finding->places[place].thread];

    if (step != NULL) {
        if (rank < step->held_count) {
            *lock = report->trace->locks[step->held + rank];
        }
        return rank < step->held_count;
    }
    /* It was about to happen when the execution ended, and the thread is still as it was then. */
    if (rank >= thread->held_count || rank >= HDE_HELD_MAX) {
        return false;
    }
    *lock = (struct hde_trace_lock){
        .address = thread->held[rank]->address,
        .acquired = thread->held[rank]->acquired,
    };
    return true;
}

const char *hde_report_outermost(uint32_t context, uint32_t pc)
{
    struct hde_backtrace backtrace;
    const char *function = "?";

    hde_backtrace_take(&backtrace, context, pc);
    for (unsigned i = 0; i < backtrace.count; i++) {
        if (backtrace.frames[i].origin == HDE_ORIGIN_PROGRAM) {
            function = backtrace.frames[i].function;
        }
    }
    return function;
}

struct hde_set hde_report_others(const struct hde_finding *finding)
{
    struct hde_set others = {{0}};

    for (unsigned id = 0; !hde_report_goes_on(finding) && id < hde_execution.threads_count; id++) {
        const struct hde_thread *thread = &hde_execution.threads[id];
        struct hde_backtrace backtrace;

        hde_backtrace_take(&backtrace, thread->context, hde_execution.pending[id].pc);
        if (!thread->has_ended && backtrace.count > 0) {
            hde_set_add(&others, id);
        }
    }
    for (unsigned i = 0; i < finding->places_count; i++) {
        if (!finding->places[i].is_cause) {
            hde_set_remove(&others, finding->places[i].thread);
        }
    }
    return others;
}

/* ---- Deeds ---------------------------------------------------------------------------------- */

/* Whether an access is the end of a heap block. */
static bool is_free(const struct hde_place *at)
{
    const struct hde_block *block = hde_arena_find(at->address);

    return block != NULL && block->is_freed && block->free_pc == at->pc &&
           block->free_thread == at->thread;
}

static const char *access_verb(const struct hde_place *at)
{
    switch (at->event_kind) {
    case HDE_EVENT_READ:
        return "reads";
    case HDE_EVENT_ATOMIC_LOAD:
        return "atomically reads";
    case HDE_EVENT_ATOMIC_STORE:
        return "atomically writes";
    case HDE_EVENT_ATOMIC_UPDATE:
        return "atomically updates";
    default:
        return is_free(at) ? "frees" : "writes";
    }
}

static struct hde_phrase say_access(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase phrase = {.text = ""};

    if (is_free(at)) {
        say(&phrase, "thread %u frees the block of %s", at->thread, object(report, place).text);
        return phrase;
    }
    say(&phrase, "thread %u %s %u byte%s of %s", at->thread, access_verb(at), at->size,
        at->size == 1 ? "" : "s", object(report, place).text);
    return phrase;
}

static struct hde_phrase say_cause(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase touched = object(report, place);
    struct hde_phrase phrase = {.text = ""};

    switch (at->event_kind) {
    case HDE_EVENT_NOTIFY:
    case HDE_EVENT_NOTIFY_ALL:
    case HDE_EVENT_FUTEX_WAKE:
        say(&phrase, "thread %u had notified %s when nobody waited", at->thread, touched.text);
        break;
    case HDE_EVENT_JOIN:
        say(&phrase, "thread %u joins %s", at->thread, touched.text);
        break;
    default:
        say(&phrase, "thread %u had acquired %s", at->thread, touched.text);
        if (report->finding->class == HDE_CLASS_HOLDER_ENDED) {
            say(&phrase, ", and ended without releasing it");
        }
        break;
    }
    return phrase;
}

static struct hde_phrase say_wait(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase phrase = {.text = ""};
    struct hde_deed acquired = {.pc = 0};
    unsigned holder = hde_report_holder(at->address, &acquired);

    say(&phrase, "thread %u waits %s", at->thread, awaited(report, place).text);
    if (at->event_kind == HDE_EVENT_JOIN) {
        say(&phrase, " to end");
    } else if (holder == at->thread) {
        say(&phrase, ", which it acquired at %s", hde_report_line(&acquired).text);
    } else if (holder != HDE_NOBODY) {
        say(&phrase, ", which thread %u acquired at %s", holder, hde_report_line(&acquired).text);
    }
    return phrase;
}

static struct hde_phrase say_return(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    uint32_t operation = hde_report_history_operation(report->finding, place);
    char text[HDE_OPERATION_TEXT_MAX] = "an operation";
    struct hde_phrase phrase = {.text = ""};

    if (operation != HDE_NO_OPERATION) {
        hde_contract_text(operation, text);
    }
    say(&phrase, at->is_cause ? "thread %u ran %s at the same time" : "thread %u returns from %s",
        at->thread, text);
    return phrase;
}

struct hde_phrase hde_report_deed(const struct hde_report *report, unsigned place)
{
    const struct hde_place *at = &report->finding->places[place];
    struct hde_phrase phrase = {.text = ""};

    if (hde_report_is_of_block(report->finding)) {
        return hde_report_block_deed(report, place);
    }
    switch (report->finding->kind) {
    case HD_DATA_RACE:
        return say_access(report, place);
    case HD_NOT_LINEARIZABLE:
        return say_return(report, place);
    case HD_DEADLOCK:
        return at->is_cause ? say_cause(report, place) : say_wait(report, place);
    case HD_LIVELOCK:
        say(&phrase,
            report->finding->class == HDE_CLASS_GIVING_WAY
                ? "thread %u tries in vain, and gives way"
                : "thread %u spins",
            at->thread);
        break;
    case HD_MISUSE:
        return hde_report_misuse_deed(report, place);
    case HD_STARVATION:
    case HD_STALL:
        return at->is_cause ? say_cause(report, place) : say_wait(report, place);
    case HD_STACK_OVERFLOW:
        say(&phrase, "thread %u runs out of stack", at->thread);
        break;
    case HD_CRASH:
        say(&phrase, "thread %u crashes", at->thread);
        break;
    case HD_UNDEFINED:
        say(&phrase, "thread %u does what is undefined", at->thread);
        break;
    default:
        say(&phrase, "thread %u fails", at->thread);
        break;
    }
    return phrase;
}

/* ---- The sentence --------------------------------------------------------------------------- */

/* "thread 1", "threads 1 and 2", "threads 1, 2 and 3": those of the places that are no causes. */
static struct hde_phrase threads(const struct hde_finding *finding, unsigned *count)
{
    struct hde_set set = {{0}};
    struct hde_phrase phrase = {.text = ""};
    unsigned left;

    for (unsigned i = 0; i < finding->places_count; i++) {
        if (!finding->places[i].is_cause) {
            hde_set_add(&set, finding->places[i].thread);
        }
    }
    *count = hde_set_count(&set);
    left = *count;
    say(&phrase, *count == 1 ? "thread" : "threads");
    for (unsigned id = hde_set_first(&set); id < HDE_THREADS_MAX; id = hde_set_next(&set, id + 1)) {
        left--;
        say(&phrase, " %u%s", id, left > 1 ? "," : left == 1 ? " and" : "");
    }
    return phrase;
}

static void say_race(struct hde_phrase *phrase, const struct hde_report *report)
{
    const struct hde_place *places = report->finding->places;
    struct hde_memory_name name = hde_report_touched(report, 0);
    const char *whereabouts = name.whereabouts;

    say(phrase,
        "data race on %s (%u byte%s%s%s): thread %u %s while thread %u %s, nothing orders them",
        hde_report_memory(&name, false).text, places[0].size, places[0].size == 1 ? "" : "s",
        whereabouts[0] == '\0' ? "" : ", ", whereabouts, places[0].thread, access_verb(&places[0]),
        places[1].thread, access_verb(&places[1]));
}

static void say_holder(struct hde_phrase *phrase, uint64_t address)
{
    struct hde_deed acquired = {.pc = 0};
    unsigned holder = hde_report_holder(address, &acquired);

    if (holder == HDE_NOBODY) {
        say(phrase, "a thread");
    } else {
        say(phrase, "thread %u", holder);
    }
}

static void say_deadlock(struct hde_phrase *phrase, const struct hde_report *report)
{
    const struct hde_finding *finding = report->finding;
    struct hde_phrase wanted = awaited(report, 0);
    unsigned count;
    struct hde_phrase who = threads(finding, &count);
    const char *waits = count == 1 ? "waits" : "wait";

    say(phrase, "deadlock: %s ", who.text);
    switch (finding->class) {
    case HDE_CLASS_LOCK_CYCLE:
        say(phrase, "wait for each other's locks");
        break;
    case HDE_CLASS_SELF:
        say(phrase, "acquires %s, which it holds already", object(report, 0).text);
        break;
    case HDE_CLASS_LOST_WAKE_UP:
        say(phrase, "%s %s, but was notified before it waited", waits, wanted.text);
        break;
    case HDE_CLASS_NEVER_NOTIFIED:
        say(phrase, "%s %s, and nobody is left who would notify", waits, wanted.text);
        break;
    case HDE_CLASS_JOIN_CYCLE:
        say(phrase, "%s", count == 1 ? "joins itself" : "join each other");
        break;
    case HDE_CLASS_HOLDER_ENDED:
        say(phrase, "%s %s, which ", waits, wanted.text);
        say_holder(phrase, finding->places[0].address);
        say(phrase, " held when it ended");
        break;
    case HDE_CLASS_UPGRADE:
        say(phrase, "wants to write %s, which it holds for reading", object(report, 0).text);
        break;
    case HDE_CLASS_RECURSIVE_READ:
        say(phrase, "wait for each other: a reader of %s reads again after a writer came",
            object(report, 0).text);
        break;
    case HDE_CLASS_NEVER_POSTED:
        say(phrase, "%s %s, and nobody is left who would post", waits, wanted.text);
        break;
    case HDE_CLASS_PARTY_MISSING:
        say(phrase, "%s at %s, and nobody is left who would come to it", waits,
            object(report, 0).text);
        break;
    default:
        say(phrase, "%s for ever", waits);
        break;
    }
}

/* How much of a text to show: not where it says the line again, as the compiler spells it. */
static int text_length(const char *text, const struct hde_source *source)
{
    const char *at = NULL;
    char line[16];
    size_t length = strlen(text);
    size_t digits;

    for (const char *next = strstr(text, " at "); next != NULL; next = strstr(next + 1, " at ")) {
        at = next;
    }
    digits = (size_t)snprintf(line, sizeof(line), ":%d", source->line);
    if (at != NULL && length > digits && strcmp(text + length - digits, line) == 0) {
        length = (size_t)(at - text);
    }
    return (int)length;
}

static void say_failure(struct hde_phrase *phrase, const struct hde_finding *finding)
{
    const char *text = finding->text[0] == '\0' ? "no more is known" : finding->text;
    struct hde_source source;

    say(phrase, "%s", hde_verdict_name(finding->kind));
    if (finding->places_count == 0) {
        say(phrase, ": %s", text);
        return;
    }
    source = hde_finding_source(finding, 0);
    say(phrase, " in thread %u, %s:%d: %.*s", finding->places[0].thread, source.file, source.line,
        text_length(text, &source), text);
}

static void say_spin(struct hde_phrase *phrase, const struct hde_phrase *who, unsigned count)
{
    say(phrase, "livelock: %s only %s, and nothing changes what %s", who->text,
        count == 1 ? "spins" : "spin", count == 1 ? "it reads" : "they read");
}

struct hde_phrase hde_report_sentence(const struct hde_report *report)
{
    const struct hde_finding *finding = report->finding;
    struct hde_phrase phrase = {.text = ""};
    unsigned count;
    struct hde_phrase who = threads(finding, &count);

    if (finding->kind == HD_DATA_RACE && finding->places_count >= 2) {
        say_race(&phrase, report);
    } else if (finding->kind == HD_DEADLOCK && finding->places_count >= 1) {
        say_deadlock(&phrase, report);
    } else if (finding->kind == HD_MISUSE && finding->places_count >= 1) {
        phrase = hde_report_misuse(report);
    } else if (finding->kind == HD_LIVELOCK && finding->class == HDE_CLASS_GIVING_WAY) {
        say(&phrase,
            "livelock: %s undo what they did and try again, and the next time is as the last one",
            who.text);
    } else if (finding->kind == HD_STALL && count >= 1) {
        say(&phrase, "stall: %s waits %s until its deadline, for it was notified before it waited",
            who.text, awaited(report, 0).text);
    } else if (finding->kind == HD_STARVATION && count >= 1) {
        say(&phrase, "starvation: %s %s %s for ever, while others go round and round", who.text,
            count == 1 ? "waits" : "wait", awaited(report, 0).text);
    } else if (finding->kind == HD_LIVELOCK && count >= 1) {
        say_spin(&phrase, &who, count);
    } else if (hde_report_is_of_block(finding)) {
        return hde_report_block_sentence(report);
    } else {
        say_failure(&phrase, finding);
    }
    return phrase;
}
