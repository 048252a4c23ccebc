/*
 * Hooks for rand(), random(), drand48() and their relatives, and for what asks the system for
 * randomness.
 *
 * libc keeps a hidden state for each family, in which one execution would see what the last one
 * left. So each has a state of its own here, which every execution begins anew, with the numbers
 * that libc's would give. What the system is asked for comes from a fixed sequence.
 *
 * Who draws first gets the first number, so a draw is a scheduling point. It orders nothing else:
 * libc has a lock there, but does not promise one.
 *
 * What random() does to a state that the program itself gave it by initstate() is not announced.
 *
 * Modelled   arc4random arc4random_buf arc4random_uniform drand48 getentropy getrandom initstate
 *            lrand48 mrand48 rand rand_r random setstate srand srand48 srandom
 *
 * Source: random_r(3), drand48_r(3); the sequence: Steele, Lea and Flood, Fast splittable
 *         pseudorandom number generators, OOPSLA 2014 (rng.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"
#include "engine/rng.h"

#define STATE_SIZE 128U /* of libc's default state */

/* Of one execution; void in any other. */
static struct {
    uint32_t generation;
    struct random_data data;
    char state[STATE_SIZE];
    struct drand48_data data48;
    struct hde_rng system;
} own;

static void begin(void)
{
    if (own.generation == hde_execution.generation) {
        return;
    }
    own.generation = hde_execution.generation;
    (void)memset(&own.data, 0, sizeof(own.data));
    (void)initstate_r(1, own.state, sizeof(own.state), &own.data);
    (void)memset(&own.data48, 0, sizeof(own.data48)); /* as before any call of srand48() */
    hde_rng_seed(&own.system, 1);
}

/* The running thread changes the state; returns when it is its turn. */
static void step(const void *state, uint32_t pc)
{
    const struct hde_event event = {
        .kind = HDE_EVENT_ATOMIC_UPDATE,
        .address = (uintptr_t)state,
        .size = 1,
        .writes = true,
        .pc = pc,
    };

    hde_step(&event);
    hde_spin_write(event.address, 1);
    begin();
}

/* ---- random() -------------------------------------------------------------------------------- */

static int32_t draw(uint32_t pc)
{
    int32_t number = 0;

    step(&own.data, pc);
    (void)random_r(&own.data, &number);
    return number;
}

static void seed(unsigned number, uint32_t pc)
{
    step(&own.data, pc);
    (void)srandom_r(number, &own.data);
}

int rand(void) { return hde_self == NULL ? HDE_REAL(rand)() : draw(HDE_CALLER()); }

long random(void) { return hde_self == NULL ? HDE_REAL(random)() : draw(HDE_CALLER()); }

void srand(unsigned number)
{
    if (hde_self == NULL) {
        HDE_REAL(srand)(number);
    } else {
        seed(number, HDE_CALLER());
    }
}

void srandom(unsigned number)
{
    if (hde_self == NULL) {
        HDE_REAL(srandom)(number);
    } else {
        seed(number, HDE_CALLER());
    }
}

char *initstate(unsigned number, char *state, size_t size)
{
    if (hde_self == NULL) {
        return HDE_REAL(initstate)(number, state, size);
    }
    step(&own.data, HDE_CALLER());
    hde_access((uint64_t)state, size, true, HDE_CALLER());
    char *before = (char *)own.data.state - sizeof(int32_t);

    return initstate_r(number, state, size, &own.data) == 0 ? before : NULL;
}

char *setstate(char *state)
{
    if (hde_self == NULL) {
        return HDE_REAL(setstate)(state);
    }
    step(&own.data, HDE_CALLER());
    char *before = (char *)own.data.state - sizeof(int32_t);

    return setstate_r(state, &own.data) == 0 ? before : NULL;
}

int rand_r(unsigned *state)
{
    if (hde_self != NULL) {
        hde_access((uint64_t)state, sizeof(*state), true, HDE_CALLER());
    }
    return HDE_REAL(rand_r)(state);
}

/* ---- drand48() ------------------------------------------------------------------------------- */

double drand48(void)
{
    double number = 0;

    if (hde_self == NULL) {
        return HDE_REAL(drand48)();
    }
    step(&own.data48, HDE_CALLER());
    (void)drand48_r(&own.data48, &number);
    return number;
}

long lrand48(void)
{
    long number = 0;

    if (hde_self == NULL) {
        return HDE_REAL(lrand48)();
    }
    step(&own.data48, HDE_CALLER());
    (void)lrand48_r(&own.data48, &number);
    return number;
}

long mrand48(void)
{
    long number = 0;

    if (hde_self == NULL) {
        return HDE_REAL(mrand48)();
    }
    step(&own.data48, HDE_CALLER());
    (void)mrand48_r(&own.data48, &number);
    return number;
}

void srand48(long number)
{
    if (hde_self == NULL) {
        HDE_REAL(srand48)(number);
    } else {
        step(&own.data48, HDE_CALLER());
        (void)srand48_r(number, &own.data48);
    }
}

/* ---- The system's ---------------------------------------------------------------------------- */

static void fill(void *buffer, size_t size, uint32_t pc)
{
    unsigned char *bytes = buffer;

    step(&own.system, pc);
    hde_access((uint64_t)buffer, size, true, pc);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (unsigned char)hde_rng_next(&own.system);
    }
}

ssize_t getrandom(void *buffer, size_t size, unsigned flags)
{
    if (hde_self == NULL) {
        return HDE_REAL(getrandom)(buffer, size, flags);
    }
    fill(buffer, size, HDE_CALLER());
    return (ssize_t)size;
}

int getentropy(void *buffer, size_t size)
{
    if (hde_self == NULL) {
        return HDE_REAL(getentropy)(buffer, size);
    }
    if (size > 256) {
        errno = EIO;
        return -1;
    }
    fill(buffer, size, HDE_CALLER());
    return 0;
}

uint32_t arc4random(void)
{
    if (hde_self == NULL) {
        return HDE_REAL(arc4random)();
    }
    step(&own.system, HDE_CALLER());
    return (uint32_t)hde_rng_next(&own.system);
}

void arc4random_buf(void *buffer, size_t size)
{
    if (hde_self == NULL) {
        HDE_REAL(arc4random_buf)(buffer, size);
    } else {
        fill(buffer, size, HDE_CALLER());
    }
}

uint32_t arc4random_uniform(uint32_t bound)
{
    if (hde_self == NULL) {
        return HDE_REAL(arc4random_uniform)(bound);
    }
    step(&own.system, HDE_CALLER());
    return bound < 2 ? 0 : hde_rng_below(&own.system, bound);
}
