/*
 * What stops the process where a parser is without its command: a finding.
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

noreturn void hde_fatal_errno(const char *what) { hde_fatal(what); }
