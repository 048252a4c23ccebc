/*
 * Warning: texts, and which were printed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/warning.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "engine/backtrace.h"
#include "engine/contract.h"
#include "engine/unmodelled.h"

#define PRINTED_MAX 64U

static char printed[PRINTED_MAX][HDE_WARNING_MAX];
static size_t printed_count;

/* A history without an answer: a clean exploration would say more than it knows. */
static bool next_unjudged(char text[HDE_WARNING_MAX])
{
    const struct hd_specification *specification = hde_contract_unjudged();

    if (specification == NULL) {
        return false;
    }
    (void)snprintf(text, HDE_WARNING_MAX,
                   "a history of a %s was not judged: it is too long, or too much of it ran at the "
                   "same time",
                   specification->name);
    return true;
}

bool hde_warning_next(char text[HDE_WARNING_MAX])
{
    struct hde_unmodelled unmodelled;
    struct hde_backtrace backtrace;

    if (!hde_unmodelled_next(&unmodelled)) {
        return next_unjudged(text);
    }
    hde_backtrace_take(&backtrace, unmodelled.context, unmodelled.pc);

    struct hde_source source = hde_backtrace_program(&backtrace);

    (void)snprintf(text, HDE_WARNING_MAX, "%s() is not modelled: %s; called in %s at %s:%d",
                   unmodelled.call, unmodelled.instead, source.function, source.file, source.line);
    return true;
}

void hde_warning_print(const char *text)
{
    for (size_t i = 0; i < printed_count; i++) {
        if (strcmp(printed[i], text) == 0) {
            return;
        }
    }
    if (printed_count < PRINTED_MAX) {
        (void)snprintf(printed[printed_count++], HDE_WARNING_MAX, "%s", text);
    }
    (void)fprintf(stderr, "heddle: warning: %s\n", text);
}

const char *hde_warning_printed(size_t number)
{
    return number < printed_count ? printed[number] : NULL;
}
