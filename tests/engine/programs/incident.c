/*
 * Incidents: lines are noted beside what they are of.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/incident.h"

#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>

#include <heddle/check.h>
#include <heddle/lock.h>

struct incident_node {
    struct incident_node *next;
    int value;
};

static struct incident_node *incident_first; /* atomic */
int incident_seen;
static int incident_is_spoilt; /* atomic */
static int incident_total;
static struct hd_lock incident_ours = HD_LOCK_INITIALIZER;
static pthread_mutex_t incident_theirs = PTHREAD_MUTEX_INITIALIZER;

const int incident_line_of_malloc = __LINE__ + 3;
void hd_incident_publish(void *unused)
{
    struct incident_node *node = malloc(sizeof(*node));

    (void)unused;
    if (node != NULL) {
        __atomic_store_n(&incident_first, node, __ATOMIC_RELAXED);
        node->value = 1;
    }
}

const int incident_line_of_free = __LINE__ + 9;
void hd_incident_free(void *unused)
{
    struct incident_node *node = malloc(sizeof(*node));

    (void)unused;
    if (node != NULL) {
        node->value = 1;
        __atomic_store_n(&incident_first, node, __ATOMIC_RELEASE);
        free(node);
    }
}

void hd_incident_follow(void *unused)
{
    struct incident_node *node = __atomic_load_n(&incident_first, __ATOMIC_ACQUIRE);

    (void)unused;
    if (node != NULL) {
        incident_seen = node->value;
    }
}

const int incident_line_of_expectation = __LINE__ + 4;
void hd_incident_expect(void *unused)
{
    (void)unused;
    HD_EXPECT(__atomic_load_n(&incident_is_spoilt, __ATOMIC_RELAXED) == 0);
}

void hd_incident_spoil(void *unused)
{
    (void)unused;
    __atomic_store_n(&incident_is_spoilt, 1, __ATOMIC_RELAXED);
}

void hd_incident_take_ours_first(void *unused)
{
    (void)unused;
    hd_lock_acquire(&incident_ours);
    (void)pthread_mutex_lock(&incident_theirs);
    (void)pthread_mutex_unlock(&incident_theirs);
    HD_EXPECT(hd_lock_release(&incident_ours) == HD_OK);
}

void hd_incident_take_theirs_first(void *unused)
{
    (void)unused;
    (void)pthread_mutex_lock(&incident_theirs);
    hd_lock_acquire(&incident_ours);
    HD_EXPECT(hd_lock_release(&incident_ours) == HD_OK);
    (void)pthread_mutex_unlock(&incident_theirs);
}

static void *add(void *argument)
{
    incident_total++;
    return argument;
}

void hd_incident_create(void *unused)
{
    pthread_t thread;

    (void)unused;
    if (pthread_create(&thread, NULL, add, NULL) == 0) {
        incident_total++;
        (void)pthread_join(thread, NULL);
    }
}
