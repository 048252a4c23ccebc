/*
 * Inversion: its words.
 *
 * The circle begins at its least line, so that it is the same wherever it was entered.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/inversion.h"

#include <string.h>

#include <jansson.h>

#include "engine/backtrace.h"
#include "engine/finding.h"
#include "engine/report_json.h"

#define FORMAT_VERSION 2
#define MESSAGE_MAX 256U

void hde_inversion_take_line(struct hde_inversion_line *line, const struct hde_deed *deed)
{
    struct hde_backtrace backtrace;

    hde_backtrace_take(&backtrace, deed->context, deed->pc);

    struct hde_source source = hde_backtrace_program(&backtrace);

    (void)snprintf(line->function, sizeof(line->function), "%s", source.function);
    (void)snprintf(line->place, sizeof(line->place), "%s:%d", source.file, source.line);
}

/* Which edge of the circle comes first. */
static uint32_t find_first(const struct hde_inversion *inversion)
{
    uint32_t first = 0;

    for (uint32_t i = 1; i < inversion->count; i++) {
        if (strcmp(inversion->at[i].wanted.place, inversion->at[first].wanted.place) < 0) {
            first = i;
        }
    }
    return first;
}

void hde_inversion_take(struct hde_inversion *inversion,
                        const struct hde_lock_cycle *cycle,
                        uint32_t tries)
{
    static struct hde_inversion taken;

    /* All bytes, for workers send it whole. */
    memset(&taken, 0, sizeof(taken));
    taken.tries = tries;
    taken.count = cycle->count;
    for (uint32_t i = 0; i < cycle->count; i++) {
        taken.at[i].thread = cycle->edges[i]->wanted_at.thread;
        hde_inversion_take_line(&taken.at[i].held, &cycle->edges[i]->held_at);
        hde_inversion_take_line(&taken.at[i].wanted, &cycle->edges[i]->wanted_at);
    }
    uint32_t first = find_first(&taken);

    *inversion = taken;
    for (uint32_t i = 0; i < taken.count; i++) {
        inversion->at[i] = taken.at[(first + i) % taken.count];
    }
}

static bool is_same_line(const struct hde_inversion_line *a, const struct hde_inversion_line *b)
{
    return strcmp(a->place, b->place) == 0 && strcmp(a->function, b->function) == 0;
}

bool hde_inversion_is_same(const struct hde_inversion *a, const struct hde_inversion *b)
{
    bool is_same = a->count == b->count;

    for (uint32_t i = 0; is_same && i < a->count; i++) {
        is_same = is_same_line(&a->at[i].held, &b->at[i].held) &&
                  is_same_line(&a->at[i].wanted, &b->at[i].wanted);
    }
    return is_same;
}

void hde_inversion_print(const struct hde_inversion *inversion, const char *program, FILE *file)
{
    (void)fprintf(
        file, "%s: note: potential lock-order inversion, not realised in %u driven executions\n",
        program, inversion->tries);
    for (uint32_t i = 0; i < inversion->count; i++) {
        (void)fprintf(file, "  thread %u acquires a lock at %s (%s) and, holding it,\n",
                      inversion->at[i].thread, inversion->at[i].held.place,
                      inversion->at[i].held.function);
        (void)fprintf(file, "    at %s (%s) the lock that thread %u acquires first\n",
                      inversion->at[i].wanted.place, inversion->at[i].wanted.function,
                      inversion->at[(i + 1) % inversion->count].thread);
    }
    (void)fprintf(file, "  nothing shows that the program can get there: this is no finding\n");
}

/* ---- JSON ------------------------------------------------------------------------------------ */

/* FNV-1a, with the string's end, as of a finding's identity. */
static uint64_t hash_text(uint64_t hash, const char *text)
{
    do {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    } while (*text++ != '\0');
    return hash;
}

void hde_inversion_identify(const struct hde_inversion *inversion,
                            char identity[HDE_INVERSION_IDENTITY_SIZE])
{
    uint64_t hash = hash_text(UINT64_C(0xcbf29ce484222325), hde_verdict_identifier(HD_LOCK_ORDER));

    for (uint32_t i = 0; i < inversion->count; i++) {
        hash = hash_text(hash, inversion->at[i].held.function);
        hash = hash_text(hash, inversion->at[i].held.place);
        hash = hash_text(hash, inversion->at[i].wanted.function);
        hash = hash_text(hash, inversion->at[i].wanted.place);
    }
    (void)snprintf(identity, HDE_INVERSION_IDENTITY_SIZE, "%016llx", (unsigned long long)hash);
}

static json_t *line_record(const struct hde_inversion_line *line)
{
    return json_pack("{s:s, s:s}", "function", line->function, "place", line->place);
}

/* As hde_inversion_print() says it. */
static void say(const struct hde_inversion *inversion, char text[MESSAGE_MAX])
{
    (void)snprintf(text, MESSAGE_MAX,
                   "potential lock-order inversion of %u locks, not realised in %u driven "
                   "executions: nothing shows that the program can get there",
                   inversion->count, inversion->tries);
}

int hde_inversion_json(const struct hde_inversion *inversion, const char *program, FILE *file)
{
    char identity[HDE_INVERSION_IDENTITY_SIZE];
    char message[MESSAGE_MAX];
    json_t *at = json_array();
    bool has_failed = false;

    say(inversion, message);
    hde_inversion_identify(inversion, identity);
    for (uint32_t i = 0; i < inversion->count; i++) {
        json_t *edge = json_pack("{s:i, s:o, s:o}", "thread", (int)inversion->at[i].thread, "held",
                                 line_record(&inversion->at[i].held), "wanted",
                                 line_record(&inversion->at[i].wanted));

        has_failed |= json_array_append_new(at, edge) != 0;
    }
    json_t *record =
        json_pack("{s:i, s:s, s:s, s:s, s:s, s:s, s:i, s:o}", "format", FORMAT_VERSION, "record",
                  "note", "identity", identity, "kind", hde_verdict_identifier(HD_LOCK_ORDER),
                  "message", message, "program", program, "tries", (int)inversion->tries, "at", at);
    bool is_written = !has_failed && record != NULL && hde_json_write(record, file) == 0;

    json_decref(record);
    return is_written ? 0 : -1;
}
