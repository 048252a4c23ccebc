/*
 * Canary: a race and a deadlock that must be found before anything else is looked for, or it would
 * prove nothing that nothing is found.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_CANARY_H
#define HEDDLE_ENGINE_CANARY_H

/* Explore the canaries. Returns NULL, or the name of one that was not found. */
const char *hde_canary_missed(void);

#endif
