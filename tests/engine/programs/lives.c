/*
 * Lives: what they note, they note through functions of the test's, whose memory no execution gives
 * back.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/lives.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#define MANY 254 /* with thread 0 and their creator 256 */

static atomic_int child_began;
static atomic_int child_ended;
static atomic_int parent_ended;

static void *live(void *unused)
{
    atomic_store_explicit(&child_began, 1, memory_order_relaxed);
    if (atomic_load_explicit(&parent_ended, memory_order_relaxed) != 0) {
        hd_lives_note(LIVES_PARENT_DONE_FIRST);
    }
    atomic_store_explicit(&child_ended, 1, memory_order_relaxed);
    return unused;
}

void hd_lives_parent(void *unused)
{
    pthread_t child;

    (void)unused;
    if (pthread_create(&child, NULL, live, NULL) != 0) {
        return;
    }
    (void)pthread_detach(child);
    if (atomic_load_explicit(&child_ended, memory_order_relaxed) != 0) {
        hd_lives_note(LIVES_CHILD_DONE_FIRST);
    } else if (atomic_load_explicit(&child_began, memory_order_relaxed) != 0) {
        hd_lives_note(LIVES_INTERLEAVED);
    }
    atomic_store_explicit(&parent_ended, 1, memory_order_relaxed);
}

static unsigned counted; /* under counted_lock */
static pthread_mutex_t counted_lock = PTHREAD_MUTEX_INITIALIZER;

static void *count(void *unused)
{
    (void)pthread_mutex_lock(&counted_lock);
    counted++;
    (void)pthread_mutex_unlock(&counted_lock);
    return unused;
}

void hd_lives_many(void *unused)
{
    static pthread_t children[MANY];
    unsigned created = 0;

    (void)unused;
    while (created < MANY && pthread_create(&children[created], NULL, count, NULL) == 0) {
        created++;
    }
    for (unsigned i = 0; i < created; i++) {
        (void)pthread_join(children[i], NULL);
    }
    hd_lives_note_count(counted);
}

void hd_lives_too_many(void *unused)
{
    pthread_t child;
    unsigned created = 0;
    int error = 0;

    (void)unused;
    for (; created < 1000; created++) {
        error = pthread_create(&child, NULL, count, NULL);
        if (error != 0) {
            break;
        }
    }
    hd_lives_note_creation(created, error);
}
