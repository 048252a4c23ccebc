/*
 * Hooks for stdio: what it reads from the program's memory, or writes there.
 *
 * The file itself is libc's affair (print.c). What is read from a file into memory is announced
 * before as much as there is room for, except where the end can be known: fgets() writes one line.
 * Its lines are read into the program's memory by libc at once, with no turn of others in between.
 *
 * getline() takes its memory from the arena, as malloc() does; a line is first read into a buffer
 * of libc's own.
 *
 * Modelled   __getdelim fgets fputs fread fwrite getdelim getline puts
 *
 * Source: fread(3), fgets(3), puts(3), getline(3).
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/heap.h"
#include "engine/hooks/libc_call.h"
#include "engine/hooks/real.h"

/* Headers define it inline, by the one above, where the compiler optimizes. */
ssize_t hook_getline(char **line, size_t *room, FILE *file) __asm__("getline");

static void will_read(const void *memory, size_t size, uint32_t pc)
{
    hde_access((uint64_t)memory, size, false, pc);
    hde_libc_call_begins(pc);
}

/* ---- To a file ------------------------------------------------------------------------------- */

size_t fwrite(const void *restrict memory, size_t size, size_t count, FILE *restrict file)
{
    if (hde_self != NULL) {
        will_read(memory, size * count, HDE_CALLER());
    }
    return HDE_REAL(fwrite)(memory, size, count, file);
}

int fputs(const char *restrict string, FILE *restrict file)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        will_read(string, strlen(string) + 1, HDE_CALLER());
    }
    return HDE_REAL(fputs)(string, file);
}

int puts(const char *string)
{
    if (hde_self != NULL) {
        hde_libc_call_begins(HDE_CALLER());
        will_read(string, strlen(string) + 1, HDE_CALLER());
    }
    return HDE_REAL(puts)(string);
}

/* ---- From a file ----------------------------------------------------------------------------- */

size_t fread(void *restrict memory, size_t size, size_t count, FILE *restrict file)
{
    if (hde_self != NULL) {
        hde_access((uint64_t)memory, size * count, true, HDE_CALLER());
        hde_libc_call_begins(HDE_CALLER());
    }
    return HDE_REAL(fread)(memory, size, count, file);
}

char *fgets(char *restrict string, int size, FILE *restrict file)
{
    if (hde_self != NULL && size > 0) {
        hde_access((uint64_t)string, (uint64_t)size, true, HDE_CALLER());
        hde_libc_call_begins(HDE_CALLER());
    }
    return HDE_REAL(fgets)(string, size, file);
}

/* Returns whether there is room for `size` bytes at *line. */
static bool make_room(char **line, size_t *room, size_t size, uint32_t pc)
{
    hde_access((uint64_t)line, sizeof(*line), false, pc);
    hde_access((uint64_t)room, sizeof(*room), false, pc);
    if (*line != NULL && *room >= size) {
        return true;
    }
    size_t wanted = size < 120 ? 120 : size * 2; /* libc begins with 120 */
    char *larger = hde_heap_resize(*line, wanted, pc);

    if (larger == NULL) {
        return false;
    }
    hde_access((uint64_t)line, sizeof(*line), true, pc);
    *line = larger;
    hde_access((uint64_t)room, sizeof(*room), true, pc);
    *room = wanted;
    return true;
}

static ssize_t get_line(char **line, size_t *room, int delimiter, FILE *file, uint32_t pc)
{
    char *read = NULL;
    size_t read_room = 0;

    hde_libc_call_begins(pc);
    ssize_t length = HDE_REAL(getdelim)(&read, &read_room, delimiter, file);
    size_t size = length < 0 ? 1 : (size_t)length + 1;

    if (!make_room(line, room, size, pc)) {
        length = -1;
    } else if (length >= 0) {
        hde_access((uint64_t)*line, size, true, pc);
        (void)memcpy(*line, read, size);
    }
    hde_heap_free_of_libc(read);
    return length;
}

ssize_t hook_getline(char **line, size_t *room, FILE *file)
{
    return hde_self == NULL ? HDE_REAL(getdelim)(line, room, '\n', file)
                            : get_line(line, room, '\n', file, HDE_CALLER());
}

ssize_t getdelim(char **line, size_t *room, int delimiter, FILE *file)
{
    return hde_self == NULL ? HDE_REAL(getdelim)(line, room, delimiter, file)
                            : get_line(line, room, delimiter, file, HDE_CALLER());
}

ssize_t __getdelim(char **line, size_t *room, int delimiter, FILE *file)
{
    return hde_self == NULL ? HDE_REAL(getdelim)(line, room, delimiter, file)
                            : get_line(line, room, delimiter, file, HDE_CALLER());
}
