/*
 * Nearest name: what somebody who misspelt a name may have meant.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_NEAREST_H
#define HEDDLE_ENGINE_NEAREST_H

struct hde_nearest {
    const char *wanted;
    const char *name; /* the nearest so far; NULL: none is near */
    unsigned distance;
};

struct hde_nearest hde_nearest_to(const char *wanted);

/* Offer a name that exists. */
void hde_nearest_offer(struct hde_nearest *nearest, const char *name);

/*
 * Print "; did you mean `...'?" to stderr if a name is near, and a newline in any case. `before'
 * goes before the name: the dashes of an option.
 */
void hde_nearest_print(const struct hde_nearest *nearest, const char *before);

#endif
