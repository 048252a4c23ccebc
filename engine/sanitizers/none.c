/*
 * No sanitizer: nothing watches but the engine's own detectors.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sanitizer.h"

const char *const hde_sanitizer_name = NULL;
const char *const hde_sanitizer_flavour = "explore";

const char *hde_sanitizer_text(void) { return ""; }
