/*
 * Shadow memory: what is known of each 8 bytes (a granule) of the code under test.
 *
 * Two levels: a directory by address, reserved but not touched, and slabs that are mapped when they
 * are first touched. Nothing is cleared between executions: records carry times that only grow
 * (race.c), and the rest carries the execution's generation.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_SHADOW_H
#define HEDDLE_ENGINE_SHADOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HDE_GRANULE_BYTES 8U
#define HDE_SLAB_BITS 21 /* of the address: one slab for 2 MiB */
#define HDE_ADDRESS_BITS 47
#define HDE_CELLS 3U

/* Parts of hde_cell.word. */
#define HDE_CELL_WRITES (UINT64_C(1) << 8)
#define HDE_CELL_PLAIN (UINT64_C(1) << 9)
#define HDE_CELL_THREAD_SHIFT 10
#define HDE_CELL_TIME_SHIFT 18
#define HDE_TIME_BITS 46

/* One access that later ones are compared with. */
struct hde_cell {
    /*
     * bits 0-7    which bytes of the granule
     * bit  8      writes
     * bit  9      is plain, not atomic
     * bits 10-17  thread
     * bits 18-63  time: the execution's base plus the thread's clock; older than the base: void
     */
    uint64_t word;
    uint32_t pc;
    uint32_t context;
};

/* One cache line. */
struct hde_granule {
    struct hde_cell cells[HDE_CELLS];
    uint32_t generation; /* of `objects', `overflow' and `poisoned': all are 0 in any other */
    uint32_t objects;    /* index of the first object here (object.h) */
    uint32_t overflow;   /* index of further cells (race.c) */
    bool is_visible;     /* its plain accesses are scheduling points; kept across executions */

    /* Bytes, by bit. */
    uint8_t poisoned; /* that nobody may touch (poison.h) */
    uint8_t slow;     /* whose accesses are looked at more closely: all if it is visible, those
                         that are poisoned, and some that were so in an earlier execution */
    uint8_t unused;
};

extern struct hde_granule **hde_shadow_slabs;

/* Map the directory; once a process. */
void hde_shadow_map(void);

/* Map the slab of an address; returns its granule. */
struct hde_granule *hde_shadow_map_slab(uint64_t address);

/* NULL if its slab has not been mapped yet. */
static inline struct hde_granule *hde_shadow_peek(uint64_t address)
{
    uint64_t slab = (address & ((UINT64_C(1) << HDE_ADDRESS_BITS) - 1)) >> HDE_SLAB_BITS;
    uint64_t offset = address & ((UINT64_C(1) << HDE_SLAB_BITS) - 1);
    struct hde_granule *granules = hde_shadow_slabs[slab];

    return __builtin_expect(granules == NULL, 0) ? NULL : &granules[offset / HDE_GRANULE_BYTES];
}

static inline struct hde_granule *hde_shadow_at(uint64_t address)
{
    struct hde_granule *granule = hde_shadow_peek(address);

    return __builtin_expect(granule == NULL, 0) ? hde_shadow_map_slab(address) : granule;
}

/* Drop what was noted here in an earlier execution. */
static inline void hde_granule_renew(struct hde_granule *granule, uint32_t generation)
{
    if (granule->generation != generation) {
        granule->generation = generation;
        granule->objects = 0;
        granule->overflow = 0;
        granule->poisoned = 0;
    }
}

/* Its plain accesses are scheduling points from now on. The 4,097th one is not made visible. */
void hde_shadow_make_visible(struct hde_granule *granule);

/* How many are. */
extern uint32_t hde_shadow_visible_count;

/* Make no granule visible any more: a new exploration begins. */
void hde_shadow_forget_visible(void);

#endif
