/*
 * Formats: what a call of the printf() family reads and writes in the program's memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_FORMAT_H
#define HEDDLE_ENGINE_HOOKS_FORMAT_H

#include <stdarg.h>
#include <stdint.h>

/* Announce the format, the strings that it prints, and the numbers that it stores. */
void hde_format_announce(const char *format, va_list arguments, uint32_t pc);

#endif
