/*
 * Formats: a walk over the conversions of a format, each of which takes its argument.
 *
 * It ends, and the rest is not announced, at what it does not know: numbered arguments (%1$d) and
 * conversions that a program adds to libc. Wide strings are not announced.
 *
 * Source: printf(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/hooks/format.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <wchar.h>

#include "engine/execution.h"

enum length {
    LENGTH_NONE,
    LENGTH_CHAR,
    LENGTH_SHORT,
    LENGTH_LONG, /* and what is as long: intmax_t, size_t, ptrdiff_t, long long */
    LENGTH_LONG_DOUBLE,
};

struct conversion {
    enum length length;
    bool has_precision;
    int precision; /* < 0: as if there were none */
    char letter;
};

/* In a struct, it can be passed on: a va_list may be an array. */
struct arguments {
    va_list list;
};

_Static_assert(sizeof(long) == sizeof(long long) && sizeof(long) == sizeof(size_t),
               "arguments of these types are taken as the same");

/* A number in the format, or of the arguments; moves *format behind it. */
static int take_number(const char **format, struct arguments *arguments)
{
    int number = 0;

    if (**format == '*') {
        (*format)++;
        return va_arg(arguments->list, int);
    }
    for (; **format >= '0' && **format <= '9' && number < 1000000; (*format)++) {
        number = number * 10 + (**format - '0');
    }
    return number;
}

static enum length take_length(const char **format)
{
    enum length length = LENGTH_NONE;

    for (;; (*format)++) {
        switch (**format) {
        case 'h':
            length = length == LENGTH_SHORT ? LENGTH_CHAR : LENGTH_SHORT;
            break;
        case 'l':
        case 'q':
        case 'j':
        case 'z':
        case 't':
            length = LENGTH_LONG;
            break;
        case 'L':
            length = LENGTH_LONG_DOUBLE;
            break;
        default:
            return length;
        }
    }
}

/* What stands behind a %; moves *format behind it. */
static struct conversion take_conversion(const char **format, struct arguments *arguments)
{
    struct conversion conversion = {.length = LENGTH_NONE};

    while (**format != '\0' && strchr("-+ #0'I", **format) != NULL) {
        (*format)++;
    }
    (void)take_number(format, arguments);
    if (**format == '.') {
        (*format)++;
        conversion.has_precision = true;
        conversion.precision = take_number(format, arguments);
    }
    conversion.length = take_length(format);
    conversion.letter = **format;
    *format += **format != '\0';
    return conversion;
}

static void announce_string(const struct conversion *conversion, const char *string, uint32_t pc)
{
    size_t size = 0;

    if (string == NULL || conversion->length == LENGTH_LONG || conversion->letter == 'S') {
        return;
    }
    if (conversion->has_precision && conversion->precision >= 0) {
        size_t most = (size_t)conversion->precision;

        size = strnlen(string, most);
        size += size < most;
    } else {
        size = strlen(string) + 1;
    }
    hde_access((uint64_t)string, size, false, pc);
}

static size_t size_of_count(enum length length)
{
    static const size_t sizes[] = {
        [LENGTH_NONE] = sizeof(int),         [LENGTH_CHAR] = sizeof(char),
        [LENGTH_SHORT] = sizeof(short),      [LENGTH_LONG] = sizeof(long),
        [LENGTH_LONG_DOUBLE] = sizeof(long),
    };

    return sizes[length];
}

/* Returns whether it is known what comes behind. */
static bool announce(const struct conversion *conversion, struct arguments *arguments, uint32_t pc)
{
    switch (conversion->letter) {
    case 'd':
    case 'i':
    case 'o':
    case 'u':
    case 'x':
    case 'X':
    case 'c':
    case 'C':
        /* Smaller ones, and an int itself, take as much room as a long. */
        (void)va_arg(arguments->list, long);
        return true;
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
    case 'a':
    case 'A':
        if (conversion->length == LENGTH_LONG_DOUBLE) {
            (void)va_arg(arguments->list, long double);
            return true;
        }
        (void)va_arg(arguments->list, double);
        return true;
    case 's':
    case 'S':
        announce_string(conversion, va_arg(arguments->list, const char *), pc);
        return true;
    case 'p':
        (void)va_arg(arguments->list, void *);
        return true;
    case 'n':
        hde_access((uint64_t)va_arg(arguments->list, void *), size_of_count(conversion->length),
                   true, pc);
        return true;
    default:
        return conversion->letter == 'm' || conversion->letter == '%';
    }
}

void hde_format_announce(const char *format, va_list arguments, uint32_t pc)
{
    struct arguments taken;
    bool goes_on = true;

    hde_access((uint64_t)format, strlen(format) + 1, false, pc);
    va_copy(taken.list, arguments);
    while (goes_on && (format = strchr(format, '%')) != NULL) {
        format++;

        struct conversion conversion = take_conversion(&format, &taken);

        goes_on = announce(&conversion, &taken, pc);
    }
    va_end(taken.list);
}
