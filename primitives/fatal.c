/*
 * Fatal: one line on standard error, then abort(), also if the line cannot be written.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/fatal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void hd_fatal(const char *what, int error)
{
    (void)fprintf(
        stderr,
        "heddle: stopped: %s: %s; an object was destroyed, overwritten or misused while in "
        "use, or Heddle has a bug\n",
        what, strerrordesc_np(error));
    abort();
}
