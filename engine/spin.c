/*
 * Spinning: a thread that only repeats reads that find the same values.
 *
 * Each thread keeps the last few reads that changed nothing: place, address, value. When one of
 * them comes for the third time, and the thread has changed nothing since the first, it would go
 * round and round until somebody writes what it reads; it is passed over until then, or until
 * nobody else can step. While others go on, it is passed over for so many steps only.
 *
 * A loop may also give up after some tries, as a lock does that spins for a while and then sleeps.
 * So whether it is passed over is a choice, with a budget: if not, it may look SPIN_TRIES times
 * more without being asked again.
 *
 * What this leaves out: loops that give up later than that, and more of them in an execution than
 * the budget allows, while others could still step.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>

#include "engine/execution.h"
#include "engine/round.h"
#include "engine/step.h"

#define REPEATS_MAX 2
#define SPIN_TRIES 128

static bool may_be_livelock(void) { return hde_execution.spin_rounds > HDE_SPIN_ROUNDS_MAX / 2; }

/*
 * It may be a livelock: is the thread where it was before? A loop that counts, or goes through an
 * array, is not. Compared with one turn, a later one each time that twice as many have been: so it
 * may come round after any number of turns.
 */
static void watch_turn(struct hde_thread *self)
{
    if (!may_be_livelock()) {
        self->spin_passes = 0;
        self->is_repeating = false;
        return;
    }
    uint64_t state = hde_round_hash_self();

    self->is_repeating = self->is_repeating || (self->spin_passes > 0 && self->spin_state == state);
    self->spin_passes++;
    if ((self->spin_passes & (self->spin_passes - 1)) == 0) {
        self->spin_state = state;
    }
}

/* Let the others go first. Not inlined: its frame is to lie where hde_round_scrub() has been. */
__attribute__((noinline)) static void pass_over(uint32_t pc)
{
    const struct hde_event event = {.kind = HDE_EVENT_YIELD, .pc = pc};
    struct hde_thread *self = hde_self;

    watch_turn(self);
    hde_step_spin();
    hde_step_announce(&event);
    hde_step_next(true);
    self->reads_count = 0;
    hde_step_carry_out();
}

/* The same read, if it is among the last ones; NULL otherwise. */
static struct hde_spin_read *
find_read(struct hde_thread *thread, uint64_t address, uint64_t value, uint32_t pc)
{
    uint32_t known = thread->reads_count < HDE_SPIN_SET ? thread->reads_count : HDE_SPIN_SET;

    for (uint32_t i = 0; i < known; i++) {
        struct hde_spin_read *read = &thread->reads[i];

        if (read->pc == pc && read->address == address && read->value == value) {
            return read;
        }
    }
    return NULL;
}

/* The reads that it goes round with do not count for a while. */
static void go_on(struct hde_thread *self)
{
    uint32_t known = self->reads_count < HDE_SPIN_SET ? self->reads_count : HDE_SPIN_SET;

    for (uint32_t i = 0; i < known; i++) {
        self->reads[i].repeats = -SPIN_TRIES;
    }
}

__attribute__((noinline)) static void note_read(uint64_t address, uint64_t value, uint32_t pc)
{
    struct hde_thread *self = hde_self;
    struct hde_spin_read *read = find_read(self, address, value, pc);

    hde_round_read(address, value, pc);
    if (read == NULL) {
        self->reads[self->reads_count++ % HDE_SPIN_SET] =
            (struct hde_spin_read){.address = address, .value = value, .pc = pc};
        return;
    }
    read->repeats++;
    if (read->repeats < REPEATS_MAX || hde_execution.is_priming) {
        return;
    }
    (void)hde_spin_pass_over(pc);
}

bool hde_spin_pass_over(uint32_t pc)
{
    if (hde_choose_fault(HDE_CHOICE_SPIN)) {
        go_on(hde_self);
        return false;
    }
    if (may_be_livelock()) {
        hde_round_scrub();
    }
    pass_over(pc);
    return true;
}

void hde_spin_read(uint64_t address, uint64_t value, uint32_t pc)
{
    if (__builtin_expect(may_be_livelock(), 0)) {
        hde_round_scrub();
    }
    note_read(address, value, pc);
}

static bool has_read(const struct hde_thread *thread, uint64_t address, uint64_t size)
{
    uint32_t known = thread->reads_count < HDE_SPIN_SET ? thread->reads_count : HDE_SPIN_SET;

    for (uint32_t i = 0; i < known; i++) {
        if (thread->reads[i].address < address + size && address < thread->reads[i].address + 16) {
            return true;
        }
    }
    return false;
}

void hde_spin_wake(uint64_t address, uint64_t size)
{
    struct hde_set *spinning = &hde_execution.spinning;

    for (unsigned id = hde_set_first(spinning); id < HDE_THREADS_MAX;
         id = hde_set_next(spinning, id + 1)) {
        if (has_read(&hde_execution.threads[id], address, size)) {
            hde_set_remove(spinning, id);
            hde_set_add(&hde_execution.ready, id);
        }
    }
}
