/*
 * Divergence, in words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/command_divergence.h"

#include <stdio.h>

#include "engine/event.h"
#include "engine/symbol.h"

static void print_event(const char *what, enum hde_event_kind kind, uint32_t number, uint32_t pc)
{
    (void)fprintf(stderr, "  %-9s event %u, %s", what, number,
                  kind == HDE_EVENT_NONE ? "of some kind" : hde_event_name(kind));
    if (pc != 0) {
        struct hde_source source = hde_symbol_source(pc);

        (void)fprintf(stderr, " in %s at %s:%d", source.function, source.file, source.line);
    }
    (void)fputc('\n', stderr);
}

void hde_command_print_divergence(const struct hde_divergence *divergence)
{
    const struct hde_entry *wanted = &divergence->wanted;
    bool never_came = divergence->found.kind == HDE_EVENT_NONE;

    (void)fprintf(stderr, "heddle: the schedule cannot be followed at choice %zu, of thread %u:\n",
                  divergence->entry + 1, wanted->thread);
    print_event("recorded", wanted->event_kind, wanted->event, wanted->pc);
    if (never_came) {
        (void)fputs("  but the thread never came there\n", stderr);
    } else {
        print_event("found", divergence->found.kind, divergence->found_event, divergence->found.pc);
    }
    (void)fputs(
        "Probable cause: it is of another program, the program was changed or built anew since, "
        "other\noptions were given, or it does not do the same twice: memory that it never wrote, "
        "addresses as\nkeys, a call that is not modelled, rand().\n",
        stderr);
}
