/*
 * Fatal: one line on standard error, then abort().
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/fatal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void hd_fatal(const char *what, int error)
{
    if (fprintf(stderr,
                "heddle: internal error: %s: %s; the object may have been destroyed or overwritten "
                "while in use\n",
                what, strerrordesc_np(error)) < 0) {
        abort();
    }
    abort();
}
