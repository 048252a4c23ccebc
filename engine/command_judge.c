/*
 * Judge: reads source lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_judge.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/symbol.h"

#define MARK "/* finding */"
#define HEAD_LINES_MAX 60U
#define LINE_MAX_SIZE 512U

void hde_judge_blame(struct hde_judgement *judgement, const char *format, ...)
{
    va_list arguments;

    if (judgement->is_wrong) {
        return;
    }
    judgement->is_wrong = true;
    va_start(arguments, format);
    (void)vsnprintf(judgement->reason, sizeof(judgement->reason), format, arguments);
    va_end(arguments);
}

static void
judge_place(struct hde_judgement *judgement, const struct hde_finding *finding, unsigned place)
{
    struct hde_source source = hde_finding_source(finding, place);
    const char *text = hde_symbol_line(&source);

    if (text == NULL) {
        hde_judge_blame(judgement, "%s at %s:%d in %s, a line that cannot be read",
                        hde_verdict_name(finding->kind), source.file, source.line, source.function);
    } else if (strstr(text, MARK) == NULL) {
        hde_judge_blame(judgement, "%s at %s:%d in %s, a line not marked %s: %s",
                        hde_verdict_name(finding->kind), source.file, source.line, source.function,
                        MARK, text);
    }
}

/* What fails in the end because of a race or a deadlock that was owed may be anywhere. */
static bool is_consequence(const struct hde_finding *finding, enum hd_verdict owed)
{
    return owed != finding->kind && (finding->kind == HD_FAILURE || finding->kind == HD_CRASH);
}

void hde_judge_place_of(struct hde_judgement *judgement, const struct hde_finding *finding)
{
    for (uint32_t place = 0; place < finding->places_count; place++) {
        if (!finding->places[place].is_cause) {
            judge_place(judgement, finding, place);
        }
    }
}

void hde_judge_places(struct hde_judgement *judgement,
                      const struct hde_collection *collection,
                      enum hd_verdict owed)
{
    for (size_t i = 0; i < collection->count; i++) {
        if (!is_consequence(&collection->items[i].finding, owed)) {
            hde_judge_place_of(judgement, &collection->items[i].finding);
        }
    }
}

bool hde_judge_is_owed(const struct hde_scenario *scenario,
                       bool is_fixed,
                       const struct hde_finding *finding)
{
    enum hd_verdict owed = is_fixed ? HD_CLEAN : scenario->scenario->sc;
    struct hde_judgement judgement = {.is_wrong = false};

    if (owed == HD_CLEAN || (owed != finding->kind && !is_consequence(finding, owed))) {
        return false;
    }
    if (owed == finding->kind) {
        hde_judge_place_of(&judgement, finding);
    }
    return !judgement.is_wrong;
}

/* ---- Needs ----------------------------------------------------------------------------------- */

static FILE *open_source(const struct hde_scenario *scenario)
{
    char path[4096];

    (void)snprintf(path, sizeof(path), "%s/%s", hde_program_root, scenario->file);

    FILE *file = hde_program_root == NULL ? NULL : fopen(path, "r");

    return file == NULL ? fopen(scenario->file, "r") : file;
}

/* The number that stands before the word "preemption"; not stated if there is none. */
static int find_preemptions(const char *line)
{
    const char *word = strstr(line, " preemption");

    if (word == NULL || word == line || isdigit((unsigned char)word[-1]) == 0) {
        return HDE_JUDGE_NOT_STATED;
    }
    while (word > line && isdigit((unsigned char)word[-1]) != 0) {
        word--;
    }
    return (int)strtol(word, NULL, 10);
}

int hde_judge_needs(const struct hde_scenario *scenario)
{
    FILE *file = open_source(scenario);
    char line[LINE_MAX_SIZE];
    int needs = HDE_JUDGE_NOT_STATED;
    bool is_inside = false;

    if (file == NULL) {
        return HDE_JUDGE_NOT_STATED;
    }
    for (unsigned i = 0; i < HEAD_LINES_MAX && needs == HDE_JUDGE_NOT_STATED; i++) {
        if (fgets(line, sizeof(line), file) == NULL || strncmp(line, " * Fix", 6) == 0) {
            break;
        }
        is_inside = is_inside || strncmp(line, " * Needs", 8) == 0;
        if (is_inside) {
            needs = find_preemptions(line);
        }
    }
    (void)fclose(file);
    return needs;
}
