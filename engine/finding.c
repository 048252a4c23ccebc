/*
 * Finding: names, and when two findings are one.
 *
 * Identity is that of the sorted set of source lines. A set and not a list: whether two or three of
 * the consumers sleep for ever, or whether the same line raced with itself as a write or as a read,
 * is one mistake in the program.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/finding.h"

#include <stdio.h>
#include <string.h>

#include "engine/backtrace.h"
#include "engine/sanitizer.h"

static const char *const class_names[HDE_FINDING_CLASSES] = {
    [HDE_CLASS_NONE] = "",
    [HDE_CLASS_LOCK_CYCLE] = "lock cycle",
    [HDE_CLASS_SELF] = "self-deadlock",
    [HDE_CLASS_LOST_WAKE_UP] = "lost wake-up",
    [HDE_CLASS_NEVER_NOTIFIED] = "never notified",
    [HDE_CLASS_JOIN_CYCLE] = "join cycle",
    [HDE_CLASS_HOLDER_ENDED] = "holder ended",
    [HDE_CLASS_UPGRADE] = "lock upgrade",
    [HDE_CLASS_RECURSIVE_READ] = "recursive read lock",
    [HDE_CLASS_NEVER_POSTED] = "never posted",
    [HDE_CLASS_PARTY_MISSING] = "party missing",
    [HDE_CLASS_GIVING_WAY] = "giving way",
    [HDE_CLASS_NOT_HELD] = "release of a lock not held",
    [HDE_CLASS_IN_USE] = "destroyed in use",
    [HDE_CLASS_DESTROYED] = "use after destroy",
    [HDE_CLASS_UNINITIALIZED] = "use before initialization",
    [HDE_CLASS_JOINED_TWICE] = "joined twice",
    [HDE_CLASS_NEVER_JOINED] = "never joined",
    [HDE_CLASS_TWO_LOCKS] = "condition with two locks",
    [HDE_CLASS_TOO_OFTEN] = "released too often",
    [HDE_CLASS_HELD_AT_END] = "lock held at the end",
};

static const struct {
    const char *name;
    const char *identifier;
} verdicts[HD_VERDICTS] = {
    [HD_CLEAN] = {"clean", "clean"},
    [HD_DATA_RACE] = {"data race", "data-race"},
    [HD_DEADLOCK] = {"deadlock", "deadlock"},
    [HD_LOCK_ORDER] = {"lock-order inversion", "lock-order"},
    [HD_LIVELOCK] = {"livelock", "livelock"},
    [HD_STARVATION] = {"starvation", "starvation"},
    [HD_STALL] = {"stall", "stall"},
    [HD_MISUSE] = {"misuse", "misuse"},
    [HD_USE_AFTER_FREE] = {"use after free", "use-after-free"},
    [HD_DOUBLE_FREE] = {"double free", "double-free"},
    [HD_INVALID_FREE] = {"invalid free", "invalid-free"},
    [HD_OUT_OF_BOUNDS] = {"out of bounds", "out-of-bounds"},
    [HD_LEAK] = {"leak", "leak"},
    [HD_NOT_LINEARIZABLE] = {"not linearizable", "not-linearizable"},
    [HD_FAILURE] = {"failure", "failure"},
    [HD_CRASH] = {"crash", "crash"},
    [HD_STACK_OVERFLOW] = {"stack overflow", "stack-overflow"},
    [HD_UNDEFINED] = {"undefined behaviour", "undefined"},
};

/* The source lines of a finding, sorted, each once. */
struct lines {
    unsigned count;
    struct hde_source at[HDE_PLACES_MAX];
};

const char *hde_seen_by_name(enum hde_seen_by seen_by)
{
    static char both[HDE_TEXT_MAX];

    if (seen_by == HDE_SEEN_BY_SANITIZER) {
        return hde_sanitizer_name;
    }
    if (seen_by == HDE_SEEN_BY_BOTH) {
        (void)snprintf(both, sizeof(both), "Heddle and %s", hde_sanitizer_name);
        return both;
    }
    return "Heddle";
}

const char *hde_finding_class_name(enum hde_finding_class of)
{
    return of < HDE_FINDING_CLASSES ? class_names[of] : "?";
}

const char *hde_verdict_name(enum hd_verdict verdict)
{
    return verdict < HD_VERDICTS ? verdicts[verdict].name : "?";
}

const char *hde_verdict_identifier(enum hd_verdict verdict)
{
    return verdict < HD_VERDICTS ? verdicts[verdict].identifier : "?";
}

enum hd_verdict hde_verdict_identified(const char *identifier)
{
    enum hd_verdict verdict = HD_CLEAN;

    while (verdict < HD_VERDICTS && strcmp(verdicts[verdict].identifier, identifier) != 0) {
        verdict++;
    }
    return verdict;
}

/* Whether its places are accesses to memory. */
static bool is_access(enum hd_verdict kind)
{
    return kind == HD_DATA_RACE || kind == HD_CRASH || kind == HD_USE_AFTER_FREE ||
           kind == HD_OUT_OF_BOUNDS;
}

struct hde_source hde_finding_source(const struct hde_finding *finding, unsigned place)
{
    const struct hde_place *at = &finding->places[place];
    struct hde_backtrace backtrace;

    hde_backtrace_take(&backtrace, at->context, at->pc);
    return is_access(finding->kind) ? hde_backtrace_access(&backtrace)
                                    : hde_backtrace_program(&backtrace);
}

static int compare(const struct hde_source *a, const struct hde_source *b)
{
    int order = strcmp(a->file, b->file);

    if (order == 0) {
        order = (a->line > b->line) - (a->line < b->line);
    }
    return order == 0 ? strcmp(a->function, b->function) : order;
}

static void add_line(struct lines *lines, const struct hde_source *source)
{
    unsigned rank = 0;

    while (rank < lines->count && compare(&lines->at[rank], source) < 0) {
        rank++;
    }
    if (rank < lines->count && compare(&lines->at[rank], source) == 0) {
        return;
    }
    memmove(&lines->at[rank + 1], &lines->at[rank],
            (lines->count - rank) * sizeof(lines->at[rank]));
    lines->at[rank] = *source;
    lines->count++;
}

static void take_lines(struct lines *lines, const struct hde_finding *finding)
{
    lines->count = 0;
    for (unsigned i = 0; i < finding->places_count && i < HDE_PLACES_MAX; i++) {
        struct hde_source source = hde_finding_source(finding, i);

        if (!finding->places[i].is_cause) {
            add_line(lines, &source);
        }
    }
}

bool hde_finding_is_same(const struct hde_finding *a, const struct hde_finding *b)
{
    struct lines of_a;
    struct lines of_b;

    if (a->kind != b->kind || a->class != b->class) {
        return false;
    }
    take_lines(&of_a, a);
    take_lines(&of_b, b);
    if (of_a.count != of_b.count) {
        return false;
    }
    for (unsigned i = 0; i < of_a.count; i++) {
        if (compare(&of_a.at[i], &of_b.at[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* FNV-1a, with the string's end, so that "ab" "c" is not "a" "bc". */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    } while (*text++ != '\0');
    return hash;
}

void hde_finding_identify(const struct hde_finding *finding, char identity[HDE_IDENTITY_SIZE])
{
    struct lines lines;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    take_lines(&lines, finding);
    hash = hash_text(hash, hde_verdict_identifier(finding->kind));
    hash = hash_text(hash, hde_finding_class_name(finding->class));
    for (unsigned i = 0; i < lines.count; i++) {
        char number[16];

        (void)snprintf(number, sizeof(number), "%d", lines.at[i].line);
        hash = hash_text(hash, lines.at[i].function);
        hash = hash_text(hash, lines.at[i].file);
        hash = hash_text(hash, number);
    }
    (void)snprintf(identity, HDE_IDENTITY_SIZE, "%016llx", (unsigned long long)hash);
}
