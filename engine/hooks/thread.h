/*
 * Threads by the names that the code under test has for them, and what is done with whole threads,
 * called at `pc`: C11's are the same by other names.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_THREAD_H
#define HEDDLE_ENGINE_HOOKS_THREAD_H

#include <pthread.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine/thread.h"

/*
 * The thread that a pthread_t of this execution means; NULL if none, or one that is gone for good.
 */
struct hde_thread *hde_thread_named(pthread_t name);

/* The id of the thread that it means, gone or not; HDE_NOBODY if none. */
unsigned hde_thread_id(pthread_t name);

/* What gettid() returns: above all ids of the system's own, and the same in every run. */
pid_t hde_thread_tid(const struct hde_thread *thread);

/* pthread_create(); *child is the new thread, which has not begun yet. */
int hde_thread_start(pthread_t *name,
                     const pthread_attr_t *attributes,
                     void *(*function)(void *),
                     void *argument,
                     uint32_t pc,
                     struct hde_thread **child);

/* pthread_join() */
int hde_thread_join(pthread_t name, void **result, uint32_t pc);

/* pthread_detach() */
int hde_thread_detach(pthread_t name, uint32_t pc);

/* sched_yield() */
void hde_thread_yield(uint32_t pc);

#endif
