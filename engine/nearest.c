/*
 * Nearest name: one that begins with what was typed; otherwise the least number of letters to
 * insert, delete or replace.
 *
 * Source: Levenshtein, Binary codes capable of correcting deletions, insertions and reversals,
 * 1966;
 *         one row at a time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/nearest.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define LENGTH_MAX 64U
#define FAR 1000U
#define BEGINNING_MIN 2U

static unsigned least(unsigned a, unsigned b, unsigned c)
{
    unsigned best = a < b ? a : b;

    return best < c ? best : c;
}

static unsigned distance(const char *a, const char *b)
{
    unsigned row[LENGTH_MAX + 1];
    size_t length = strlen(b);

    if (length > LENGTH_MAX) {
        return FAR;
    }
    for (unsigned j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];

        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned replaced = diagonal + (a[i - 1] != b[j - 1]);

            diagonal = row[j];
            row[j] = least(replaced, row[j] + 1, row[j - 1] + 1);
        }
    }
    return row[length];
}

struct hde_nearest hde_nearest_to(const char *wanted)
{
    size_t third = strlen(wanted) / 3;

    /* Further away than a third of its letters it is another word. */
    return (struct hde_nearest){.wanted = wanted, .distance = 2 + (unsigned)third};
}

/* What was typed is often a name that was cut short, which then is the best guess. */
static bool is_beginning(const char *wanted, const char *name)
{
    size_t length = strlen(wanted);

    return length >= BEGINNING_MIN && strncmp(wanted, name, length) == 0;
}

void hde_nearest_offer(struct hde_nearest *nearest, const char *name)
{
    unsigned found = is_beginning(nearest->wanted, name) ? 0 : distance(nearest->wanted, name);

    if (found < nearest->distance) {
        nearest->distance = found;
        nearest->name = name;
    }
}

void hde_nearest_print(const struct hde_nearest *nearest, const char *before)
{
    if (nearest->name != NULL) {
        (void)fprintf(stderr, "; did you mean `%s%s'?", before, nearest->name);
    }
    (void)fputc('\n', stderr);
}
