/*
 * Lifetime: objects that one thread makes and another one frees, as soon as the first lets it go.
 *
 * Each object is malloc()ed, so that AddressSanitizer, or ThreadSanitizer, sees any touch that
 * comes after its end.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_PRIMITIVES_LIFETIME_H
#define HEDDLE_TESTS_PRIMITIVES_LIFETIME_H

#include <stddef.h>

/* What the last call of one thread lets another do. `kind` is passed on. */
struct hd_lifetime {
    size_t size;
    void (*make)(const void *kind, void *object); /* by the giver */
    void (*give)(const void *kind, void *object); /* the giver's last call */
    void (*take)(const void *kind, void *object); /* waits for it, and destroys the object */
};

/* How many objects hd_lifetime_run() makes. */
#define HD_LIFETIME_ROUNDS 1500U

/* Make, give and take one object after the other. */
void hd_lifetime_run(const struct hd_lifetime *lifetime, const void *kind);

#endif
