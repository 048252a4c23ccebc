/*
 * Budgets and ignored kinds: lists with commas, as options have them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_budgets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/finding.h"
#include "engine/nearest.h"

#define WORD_MAX 64U

/* The next word of a list with commas; false if there is none, or it is too long to be known. */
static bool next_word(const char **text, char word[WORD_MAX])
{
    size_t length = strcspn(*text, ",");

    (void)snprintf(word, WORD_MAX, "%.*s", (int)length, *text);
    *text += length;
    if (**text == ',') {
        (*text)++;
    }
    return length > 0 && length < WORD_MAX;
}

/* ---- Budgets --------------------------------------------------------------------------------- */

static const char *const explanations[HDE_CHOICE_KINDS] = {
    [HDE_CHOICE_THREAD] = "waits that time out though another thread could go on",
    [HDE_CHOICE_WAKE] = "wake-ups of another than who waits longest",
    [HDE_CHOICE_VALUE] = "answers of hd_choose() other than 0",
    [HDE_CHOICE_SPURIOUS] = "condition waits that end without a notify",
    [HDE_CHOICE_FUTEX] = "futex waits that return without a wake",
    [HDE_CHOICE_INTERRUPT] = "waits that end with EINTR",
    [HDE_CHOICE_WEAK_CAS] = "weak compare-and-exchanges that fail though the value is as expected",
    [HDE_CHOICE_ALLOCATION] = "allocations that return NULL",
    [HDE_CHOICE_SPIN] = "loops that look again at once though others could go on",
};

static bool parse_count(const char *text, uint32_t *count)
{
    char *end = NULL;

    if (strcmp(text, "all") == 0) {
        *count = HDE_UNLIMITED;
        return true;
    }
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);

    *count = (uint32_t)value;
    return errno == 0 && end != text && *end == '\0' && text[0] >= '0' && text[0] <= '9' &&
           value < HDE_UNLIMITED;
}

static bool refuse_budget(const char *command, const char *name)
{
    struct hde_nearest nearest = hde_nearest_to(name);

    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        hde_nearest_offer(&nearest, hde_budget_name((enum hde_choice_kind)kind));
    }
    (void)fprintf(stderr, "heddle %s: there is no budget `%s'", command, name);
    hde_nearest_print(&nearest, "");
    (void)fprintf(stderr, "see: heddle %s --help\n", command);
    return false;
}

static bool parse_budget(struct hde_budgets *budgets, const char *command, char *word)
{
    char *value = strchr(word, '=');
    uint32_t count = 0;

    if (value != NULL) {
        *value++ = '\0';
    }
    enum hde_choice_kind kind = hde_budget_named(word);

    if (kind == HDE_CHOICE_KINDS) {
        return refuse_budget(command, word);
    }
    if (value == NULL || !parse_count(value, &count)) {
        (void)fprintf(stderr, "heddle %s: --budget %s= needs a number, or all, not `%s'\n", command,
                      word, value == NULL ? "" : value);
        return false;
    }
    budgets->of[kind] = count;
    return true;
}

bool hde_command_budgets_parse(struct hde_budgets *budgets, const char *command, const char *text)
{
    do {
        char word[WORD_MAX];

        (void)next_word(&text, word);
        if (!parse_budget(budgets, command, word)) {
            return false;
        }
    } while (*text != '\0');
    return true;
}

static const char *spell_count(uint32_t count, char text[16])
{
    if (count == HDE_UNLIMITED) {
        return "all";
    }
    (void)snprintf(text, 16, "%u", count);
    return text;
}

void hde_command_budgets_print(void)
{
    (void)puts("\nBudgets (--budget WHAT=N or WHAT=all; several with commas between):");
    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        char count[16];

        (void)printf("  %-20s %s (default %s)\n", hde_budget_name((enum hde_choice_kind)kind),
                     explanations[kind], spell_count(hde_budgets_default.of[kind], count));
    }
}

/* ---- Ignored kinds --------------------------------------------------------------------------- */

static bool refuse_kind(const char *command, const char *name)
{
    struct hde_nearest nearest = hde_nearest_to(name);

    for (unsigned kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        hde_nearest_offer(&nearest, hde_verdict_identifier((enum hd_verdict)kind));
    }
    (void)fprintf(stderr, "heddle %s: there is no kind of finding `%s'", command, name);
    hde_nearest_print(&nearest, "");
    (void)fputs("the kinds:", stderr);
    for (unsigned kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        (void)fprintf(stderr, " %s", hde_verdict_identifier((enum hd_verdict)kind));
    }
    (void)fputc('\n', stderr);
    return false;
}

bool hde_command_ignored_parse(uint32_t *ignored, const char *command, const char *text)
{
    do {
        char word[WORD_MAX];

        (void)next_word(&text, word);
        enum hd_verdict kind = hde_verdict_identified(word);

        if (kind == HD_VERDICTS || kind == HD_CLEAN) {
            return refuse_kind(command, word);
        }
        *ignored |= 1U << kind;
    } while (*text != '\0');
    return true;
}

/* ---- The same again -------------------------------------------------------------------------- */

static void append(char text[HDE_BUDGETS_TEXT_MAX], const char *word)
{
    size_t length = strlen(text);

    (void)snprintf(text + length, HDE_BUDGETS_TEXT_MAX - length, "%s%s", length == 0 ? "" : ",",
                   word);
}

void hde_command_ignored_spell(uint32_t ignored, char text[HDE_BUDGETS_TEXT_MAX])
{
    text[0] = '\0';
    for (unsigned kind = HD_CLEAN + 1; kind < HD_VERDICTS; kind++) {
        if ((ignored >> kind & 1U) != 0) {
            append(text, hde_verdict_identifier((enum hd_verdict)kind));
        }
    }
}

void hde_command_budgets_spell(const struct hde_budgets *budgets, char text[HDE_BUDGETS_TEXT_MAX])
{
    text[0] = '\0';
    for (unsigned kind = 0; kind < HDE_CHOICE_KINDS; kind++) {
        char word[WORD_MAX];
        char digits[16];

        if (budgets->of[kind] != hde_budgets_default.of[kind]) {
            (void)snprintf(word, sizeof(word), "%s=%s", hde_budget_name((enum hde_choice_kind)kind),
                           spell_count(budgets->of[kind], digits));
            append(text, word);
        }
    }
}

void hde_command_line_spell(const struct hde_command_line *line, char text[HDE_GIVEN_TEXT_MAX])
{
    char ignored[HDE_BUDGETS_TEXT_MAX];
    char budgets[HDE_BUDGETS_TEXT_MAX];

    hde_command_ignored_spell(line->ignored, ignored);
    hde_command_budgets_spell(&line->budgets, budgets);
    (void)snprintf(text, HDE_GIVEN_TEXT_MAX, "%s%s%s%s",
                   ignored[0] == '\0' ? "" : " --ignore=", ignored,
                   budgets[0] == '\0' ? "" : " --budget=", budgets);
}
