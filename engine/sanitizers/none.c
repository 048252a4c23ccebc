/*
 * No sanitizer: nothing watches but the engine's own detectors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sanitizer.h"

const char *const hde_sanitizer_name = NULL;
