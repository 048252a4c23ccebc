/*
 * Credibility, as the program shows it: what the functions around a place do.
 *
 * Around a place are the functions of its stack, and those that they call directly. Of a lock
 * around two others, the mutexes that code locks before, in its order, and has not unlocked; those
 * are told apart that are variables of the program.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <string.h>

#include "ci/report/binary_parts.h"
#include "ci/report/credibility_parts.h"
#include "ci/report/gap.h"
#include "ci/report/record.h"

/* ---- Around a place -------------------------------------------------------------------------- */

/* What is looked for in functions; `name' becomes the first that has it. */
struct hunt {
    const struct hdr_binary *binary;
    bool (*has)(const struct hdr_binary *binary, const struct hdr_function *function);
    const struct hdr_function *found;
};

static bool look_at(struct hunt *hunt, const char *name)
{
    const struct hdr_function *function =
        name == NULL ? NULL : hdr_binary_function(hunt->binary, name);

    if (hunt->found == NULL && function != NULL && !function->is_ignored &&
        hunt->has(hunt->binary, function)) {
        hunt->found = function;
    }
    return hunt->found == NULL;
}

static bool look_at_called(void *context, const struct hdr_call *call)
{
    return look_at(context, call->name);
}

/* The function that has it, in the stack of a place or called from there; NULL if none. */
static const struct hdr_function *find_around(const struct hdr_judged *judged,
                                              const json_t *place,
                                              bool (*has)(const struct hdr_binary *binary,
                                                          const struct hdr_function *function))
{
    struct hunt hunt = {.binary = judged->binary, .has = has};
    const json_t *frame;
    size_t i;

    json_array_foreach(hdr_list(place, "stack"), i, frame)
    {
        const struct hdr_function *function =
            hdr_binary_function(judged->binary, hdr_text(frame, "function"));

        if (function == NULL || function->is_ignored) {
            continue;
        }
        if (look_at(&hunt, hdr_text(frame, "function"))) {
            hdr_binary_calls(judged->binary, function, look_at_called, &hunt);
        }
    }
    return hunt.found;
}

/* Around how many of the places that take part; *found is the last of them. */
static unsigned count_around(const struct hdr_judged *judged,
                             bool (*has)(const struct hdr_binary *binary,
                                         const struct hdr_function *function),
                             const struct hdr_function **found)
{
    const json_t *place;
    unsigned count = 0;
    size_t i;

    json_array_foreach(hdr_list(judged->finding, "places"), i, place)
    {
        const struct hdr_function *function =
            hdr_is(place, "is_cause") ? NULL : find_around(judged, place, has);

        *found = function == NULL ? *found : function;
        count += function == NULL ? 0 : 1;
    }
    return count;
}

static const char *unit_of(const struct hdr_binary *binary, const struct hdr_function *function)
{
    return function->unit == HDR_NO_UNIT ? "no debug information"
                                         : binary->units[function->unit].name;
}

/* ---- Data races that may be none ------------------------------------------------------------- */

static bool is_race_of_tsan(const struct hdr_judged *judged)
{
    return hdr_judged_is_tsans(judged) && hdr_judged_is_of_kind(judged, "data-race");
}

static bool has_fence(const struct hdr_binary *binary, const struct hdr_function *function)
{
    (void)binary;
    return function->has_fence;
}

/* Both sides must take part in what orders them: code of one alone orders nothing. */
static bool is_fenced(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const struct hdr_function *found = NULL;

    if (!is_race_of_tsan(judged) || count_around(judged, has_fence, &found) < 2) {
        return false;
    }
    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "both sides use fences (atomic_thread_fence() in `%s'), whose order "
                   "ThreadSanitizer does not see: the report may be false",
                   found->name);
    return true;
}

static bool is_uninstrumented(const struct hdr_binary *binary, const struct hdr_function *function)
{
    return hdr_function_is_uninstrumented(binary, function);
}

static bool is_outside(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const struct hdr_function *found = NULL;

    if (!is_race_of_tsan(judged) || count_around(judged, is_uninstrumented, &found) < 2) {
        return false;
    }
    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "`%s' (%s), which is called there, is not instrumented: what it orders "
                   "ThreadSanitizer does not see, and the report may be false",
                   found->name, unit_of(judged->binary, found));
    return true;
}

/* Atomics of C become calls of the runtime where code is instrumented: a lock is somebody's own. */
static bool has_assembly(const struct hdr_binary *binary, const struct hdr_function *function)
{
    return (function->has_lock || function->has_barrier) &&
           !hdr_function_is_uninstrumented(binary, function);
}

static bool is_in_assembly(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    const struct hdr_function *found = NULL;

    if (!is_race_of_tsan(judged) || count_around(judged, has_assembly, &found) < 2) {
        return false;
    }
    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "`%s' has inline assembly that locks or fences: what it orders ThreadSanitizer "
                   "does not see, and the report may be false",
                   found->name);
    return true;
}

/* ---- Interceptors ---------------------------------------------------------------------------- */

struct missing {
    const struct hdr_binary *binary;
    const struct hdr_gap *gap;
};

static bool look_for_gap(void *context, const struct hdr_call *call)
{
    struct missing *missing = context;

    for (const struct hdr_gap *gap = hdr_gaps; gap->function != NULL; gap++) {
        if (call->name != NULL && strcmp(call->name, gap->function) == 0 &&
            hdr_gap_is_in(missing->binary, gap)) {
            missing->gap = gap;
        }
    }
    return missing->gap == NULL;
}

static bool has_gap(const struct hdr_binary *binary, const struct hdr_function *function)
{
    struct missing missing = {.binary = binary};

    hdr_binary_calls(binary, function, look_for_gap, &missing);
    return missing.gap != NULL;
}

static bool is_not_intercepted(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    struct missing missing = {.binary = judged->binary};
    const struct hdr_function *found = NULL;

    if (!hdr_judged_is_tsans(judged) || count_around(judged, has_gap, &found) == 0) {
        return false;
    }
    hdr_binary_calls(judged->binary, found, look_for_gap, &missing);
    (void)snprintf(
        text, HDR_NOTE_TEXT_MAX,
        "`%s' calls %s(), which this runtime does not know: what that orders it does not "
        "see, and the report may be false; instead: %s",
        found->name, missing.gap->function, missing.gap->instead);
    return true;
}

/* ---- Locks around locks ---------------------------------------------------------------------- */

#define HELD_MAX 32

/* Leave in `common' what is in `locks', too. Returns how many. */
static size_t keep_common(uint64_t *common, size_t count, const uint64_t *locks, size_t locks_count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_common = false;

        for (size_t j = 0; j < locks_count; j++) {
            is_common = is_common || common[i] == locks[j];
        }
        if (is_common) {
            common[kept++] = common[i];
        }
    }
    return kept;
}

/*
 * Mutexes that code has locked and not unlocked, by address; and those that it has whenever it is
 * in a line: a compiler makes two of it where one comes to it with a lock, and one without.
 */
struct held {
    const struct hdr_binary *binary;
    int line;
    uint64_t locks[HELD_MAX];
    uint64_t calls[HELD_MAX]; /* which locked them */
    size_t count;
    uint64_t common[HELD_MAX]; /* at all calls of the line */
    size_t common_count;
    bool is_there; /* there was one */
};

/* Not those that give up in time: what they are to lock may not be held after them. */
static bool is_lock(const char *name)
{
    static const char *const names[] = {"pthread_mutex_lock", "pthread_rwlock_wrlock",
                                        "pthread_spin_lock", NULL};
    size_t i = 0;

    while (names[i] != NULL && strcmp(names[i], name) != 0) {
        i++;
    }
    return names[i] != NULL;
}

static bool is_unlock(const char *name)
{
    return strcmp(name, "pthread_mutex_unlock") == 0 ||
           strcmp(name, "pthread_rwlock_unlock") == 0 || strcmp(name, "pthread_spin_unlock") == 0;
}

/* 0: any of them. */
static void unlock(struct held *held, uint64_t lock)
{
    size_t kept = 0;

    for (size_t i = 0; i < held->count; i++) {
        if (lock != 0 && held->locks[i] != lock) {
            held->calls[kept] = held->calls[i];
            held->locks[kept++] = held->locks[i];
        }
    }
    held->count = kept;
}

/* At a call of the line. Code that jumps over a lock comes there without it. */
static void meet(struct held *held, uint64_t place)
{
    uint64_t locks[HELD_MAX];
    size_t count = 0;

    for (size_t i = 0; i < held->count; i++) {
        if (hdr_binary_is_passed(held->binary, held->calls[i], place)) {
            locks[count++] = held->locks[i];
        }
    }
    if (held->is_there) {
        held->common_count = keep_common(held->common, held->common_count, locks, count);
    } else {
        memcpy(held->common, locks, count * sizeof(locks[0]));
        held->common_count = count;
    }
    held->is_there = true;
}

static bool follow(void *context, const struct hdr_call *call)
{
    struct held *held = context;

    if (call->name == NULL || strncmp(call->name, "__tsan_", 7) == 0) {
        return true;
    }
    if (hdr_binary_line(held->binary, call->address) == held->line) {
        meet(held, call->address);
    }
    if (is_lock(call->name) && call->argument != 0 && held->count < HELD_MAX) {
        held->calls[held->count] = call->address;
        held->locks[held->count++] = call->argument;
    } else if (is_unlock(call->name)) {
        unlock(held, call->argument);
    }
    return true;
}

/* Those that are held at a place, by all functions of its stack. */
static size_t
held_at(const struct hdr_judged *judged, const json_t *place, uint64_t locks[HELD_MAX])
{
    const json_t *frame;
    size_t count = 0;
    size_t i;

    json_array_foreach(hdr_list(place, "stack"), i, frame)
    {
        struct held held = {.binary = judged->binary, .line = (int)hdr_number(frame, "line")};
        const struct hdr_function *function =
            hdr_binary_function(judged->binary, hdr_text(frame, "function"));

        if (function == NULL || function->is_ignored || held.line == 0) {
            continue;
        }
        hdr_binary_calls(judged->binary, function, follow, &held);
        for (size_t j = 0; j < held.common_count && count < HELD_MAX; j++) {
            locks[count++] = held.common[j];
        }
    }
    return count;
}

static bool is_gate_locked(const struct hdr_judged *judged, char text[HDR_NOTE_TEXT_MAX])
{
    uint64_t common[HELD_MAX];
    uint64_t locks[HELD_MAX];
    const json_t *place;
    size_t count = 0;
    size_t places = 0;
    size_t i;

    json_array_foreach(hdr_list(judged->finding, "places"), i, place)
    {
        if (!hdr_is(place, "is_cause") && places++ == 0) {
            count = held_at(judged, place, common);
        } else if (!hdr_is(place, "is_cause")) {
            count = keep_common(common, count, locks, held_at(judged, place, locks));
        }
    }
    if (!hdr_judged_is_of_kind(judged, "lock-order") || places < 2 || count == 0) {
        return false;
    }
    const char *name = hdr_binary_name_at(judged->binary, common[0]);

    (void)snprintf(text, HDR_NOTE_TEXT_MAX,
                   "both threads held `%s' when they did that, as their code has it: they cannot "
                   "wait for each other there",
                   name == NULL ? "another lock" : name);
    return true;
}

/* ---- All of them ----------------------------------------------------------------------------- */

const struct hdr_note hdr_program_notes[] = {
    {"fence",
     "make the load that finds out acquire and the store that tells release; or let `heddle' "
     "explore it, which knows fences",
     is_fenced},
    {"uninstrumented",
     "compile that with -fsanitize=thread, too; where that cannot be, say what it orders with "
     "__tsan_acquire() and __tsan_release()",
     is_outside},
    {"assembly",
     "use atomics of C or the compiler's; or say what it orders with __tsan_acquire() and "
     "__tsan_release()",
     is_in_assembly},
    {"interceptor", "use a function that the runtime knows, or a later compiler",
     is_not_intercepted},
    {"gate-lock",
     "no deadlock as long as all hold that lock; say so where it is acquired, and suppress it with "
     "`deadlock:FUNCTION'",
     is_gate_locked},
    {NULL, NULL, NULL},
};
