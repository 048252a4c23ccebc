/*
 * What stops the process, without the engine around it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fatal.h"

#include <stdio.h>
#include <stdlib.h>

noreturn void hde_fatal(const char *what)
{
    (void)fprintf(stderr, "heddle: %s\n", what);
    abort();
}
