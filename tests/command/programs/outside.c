/*
 * Outside: what no execution sees or undoes, so that a program can be made to differ each time.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/command/programs/outside.h"

unsigned hd_outside_count(void)
{
    static unsigned count;

    return ++count;
}
