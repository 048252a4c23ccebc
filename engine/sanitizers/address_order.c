/*
 * AddressSanitizer, and what orders threads: it does not look at that.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/sanitizer.h"

void hde_sanitizer_switched(void) {}
void hde_sanitizer_started(void) {}

void hde_sanitizer_enter(const void *call) { (void)call; }

void hde_sanitizer_leave(void) {}

void hde_sanitizer_unwind(void) {}

void hde_sanitizer_created(const struct hde_thread *thread) { (void)thread; }

void hde_sanitizer_ended(void) {}

void hde_sanitizer_awaited(const struct hde_thread *thread) { (void)thread; }

void hde_sanitizer_acquire(const struct hde_object *object) { (void)object; }

void hde_sanitizer_release(const struct hde_object *object) { (void)object; }

void hde_sanitizer_acquire_for(const struct hde_thread *thread, const struct hde_object *object)
{
    (void)thread;
    (void)object;
}

void hde_sanitizer_found(const volatile void *object) { (void)object; }

void hde_sanitizer_left(const volatile void *object) { (void)object; }

void hde_sanitizer_acquire_fence(void) {}

void hde_sanitizer_release_fence(void) {}
