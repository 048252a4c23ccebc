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

#include <stdint.h>

/* How often to look before sleeping: 0 where the process has one core. */
uint32_t hd_spin_limit(void);

/* One pause between two looks: tells the core that this is a spin loop. */
#if defined(__x86_64__)
static inline void hd_spin_pause(void) { __builtin_ia32_pause(); }
#elif defined(__aarch64__)
static inline void hd_spin_pause(void) { __asm__ __volatile__("isb" ::: "memory"); }
#else
#error "Heddle supports x86-64 and aarch64"
#endif

#endif
