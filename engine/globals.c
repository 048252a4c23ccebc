/*
 * Globals: the undo log.
 *
 * Log and stamps are reserved for the worst case, every byte of every granule in an entry of its
 * own, and take memory from the system only as far as they are used.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/globals.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "engine/pages.h"

#define GRANULE_BYTES UINT64_C(8)
#define ALL_BYTES UINT64_C(0xff)

struct entry {
    unsigned char *granule;
    unsigned char old[GRANULE_BYTES];
    uint64_t bytes; /* which of them to restore: bits 0-7 */
};

/*
 * By granule, from that of __data_start on; NULL until something is written.
 *
 * bits 0-7   which of its bytes are logged
 * bits 8-63  in which execution; void in any other
 */
static uint64_t *stamps;

static struct entry *entries;
static size_t count;
static uint64_t execution = 1; /* a number of its own for each */

static uint64_t first_granule(void) { return (uint64_t)__data_start & ~(GRANULE_BYTES - 1); }

static void map(void)
{
    size_t granules = ((uint64_t)_end - first_granule()) / GRANULE_BYTES + 1;

    stamps = hde_pages_reserve(granules * sizeof(stamps[0]), "stamps of the program's globals");
    entries = hde_pages_reserve(granules * GRANULE_BYTES * sizeof(entries[0]),
                                "undo log of the program's globals");
}

static void log_granule(uint64_t granule, uint64_t bytes)
{
    uint64_t *stamp = &stamps[(granule - first_granule()) / GRANULE_BYTES];
    uint64_t logged = *stamp >> 8 == execution ? *stamp & ALL_BYTES : 0;
    uint64_t missing = bytes & ~logged;

    if (missing == 0) {
        return;
    }
    *stamp = execution << 8 | logged | missing;

    struct entry *entry = &entries[count++];

    entry->granule = (unsigned char *)granule;
    entry->bytes = missing;
    memcpy(entry->old, entry->granule, GRANULE_BYTES);
}

void hde_globals_log(uint64_t address, uint64_t size)
{
    uint64_t end = address + size;

    if (stamps == NULL) {
        map();
    }
    if (end > (uint64_t)_end) {
        end = (uint64_t)_end;
    }
    while (address < end) {
        uint64_t granule = address & ~(GRANULE_BYTES - 1);
        uint64_t next = granule + GRANULE_BYTES;
        uint64_t stop = next < end ? next : end;
        uint64_t below_stop = ALL_BYTES >> (next - stop);

        log_granule(granule, below_stop & (ALL_BYTES << (address - granule)));
        address = stop;
    }
}

size_t hde_globals_logged(void) { return count; }

uint64_t hde_globals_granule(size_t entry) { return (uint64_t)entries[entry].granule; }

uint64_t hde_globals_hash(void)
{
    uint64_t hash = count;

    for (size_t i = 0; i < count; i++) {
        uint64_t word;

        memcpy(&word, entries[i].granule, sizeof(word));
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 29;
    }
    return hash;
}

static void restore(const struct entry *entry)
{
    if (entry->bytes == ALL_BYTES) {
        memcpy(entry->granule, entry->old, GRANULE_BYTES);
        return;
    }
    for (unsigned i = 0; i < GRANULE_BYTES; i++) {
        if ((entry->bytes >> i & 1) != 0) {
            entry->granule[i] = entry->old[i];
        }
    }
}

void hde_globals_restore(void)
{
    while (count > 0) {
        restore(&entries[--count]);
    }
    execution++;
}
