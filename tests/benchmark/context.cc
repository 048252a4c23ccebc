/*
 * Context: what the figures were compiled with, for the last line of the table.
 *
 * SPDX-License-Identifier: MIT
 */
#include <benchmark/benchmark.h>

namespace
{

bool add_context()
{
    benchmark::AddCustomContext("compiler", __VERSION__);
    return true;
}

const bool is_added = add_context();

} // namespace
