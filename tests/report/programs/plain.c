/*
 * What nothing is wrong with.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>

int main(void)
{
    (void)puts("hello");
    return 0;
}
