/*
 * Spin: how long a thread looks at a word before it sleeps.
 *
 * A waiter that will be served within a microsecond is served faster if it stays awake; on one core
 * it would only keep the others from serving it. So the number of looks is bounded, short, and 0 on
 * one core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_PRIMITIVES_SPIN_H
#define HEDDLE_PRIMITIVES_SPIN_H

#include <stdbool.h>
#include <stdint.h>

/* How many pauses to make before sleeping: 0 where the process has one core. */
uint32_t hd_spin_limit(void);

/* One pause between two looks: tells the core that this is a spin loop. */
#if defined(__x86_64__)
static inline void hd_spin_pause(void) { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
static inline void hd_spin_pause(void) { __asm__ __volatile__("isb" ::: "memory"); }
#else
#error "Heddle supports x86-64 and aarch64"
#endif

/*
 * Looks at a word that several threads want to change. Each look takes the word's cache line away
 * from whoever has it, so they come ever more seldom; that also leaves the holder of a lock time to
 * take it again while it has the line.
 */
struct hd_spin {
    uint32_t pauses; /* before the next look */
};

#define HD_SPIN_INITIALIZER {4}

/* Pause before the next look; false when it is time to sleep. */
static inline bool hd_spin_again(struct hd_spin *spin)
{
    if (spin->pauses > hd_spin_limit()) {
        return false;
    }
    for (uint32_t i = 0; i < spin->pauses; i++) {
        hd_spin_pause();
    }
    spin->pauses *= 2;
    return true;
}

#endif
