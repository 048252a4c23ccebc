/*
 * Threads by the names that the code under test has for them.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_THREAD_H
#define HEDDLE_ENGINE_HOOKS_THREAD_H

#include <pthread.h>
#include <sys/types.h>

#include "engine/thread.h"

/*
 * The thread that a pthread_t of this execution means; NULL if none, or one that is gone for good.
 */
struct hde_thread *hde_thread_named(pthread_t name);

/* What gettid() returns: above all ids of the system's own, and the same in every run. */
pid_t hde_thread_tid(const struct hde_thread *thread);

#endif
