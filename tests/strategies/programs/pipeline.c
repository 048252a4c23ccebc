/*
 * Pipeline: `depth` stages of `threads` workers each pass `rounds` items on through queues.
 *
 * Bug      The first worker of a stage that finds its queue closed and empty closes the next one,
 *          while another still has an item in hand: that one comes too late.
 * Needs    1 preemption: of a worker that has an item in hand.
 * Fix      The last worker of a stage closes the next queue.
 * Source   Pipelines of channels with more than one sender.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/strategies/programs/crew.h"

#define STAGES_MAX 8U

struct queue {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    unsigned items;   /* under lock */
    unsigned leaving; /* under lock: workers that will take no more of them */
    bool is_closed;   /* under lock */
};

static struct queue queues[STAGES_MAX + 1];

static void put(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->items++;
    (void)pthread_cond_signal(&queue->changed);
    (void)pthread_mutex_unlock(&queue->lock);
}

static void close_queue(struct queue *queue)
{
    (void)pthread_mutex_lock(&queue->lock);
    queue->is_closed = true;
    (void)pthread_cond_broadcast(&queue->changed);
    (void)pthread_mutex_unlock(&queue->lock);
}

/* False if there will be no more. *others: workers that may still have an item. */
static bool take(struct queue *queue, unsigned *others)
{
    (void)pthread_mutex_lock(&queue->lock);
    while (queue->items == 0 && !queue->is_closed) {
        (void)pthread_cond_wait(&queue->changed, &queue->lock);
    }
    bool has_item = queue->items > 0;

    queue->items -= has_item;
    queue->leaving += !has_item;
    *others = crew_sizes.threads - queue->leaving;
    (void)pthread_mutex_unlock(&queue->lock);
    return has_item;
}

static void work(unsigned number)
{
    unsigned stage = number / crew_sizes.threads;
    unsigned others = 0;

    while (take(&queues[stage], &others)) {
        crew_toil(number, 2);
        put(&queues[stage + 1]);
    }
    if (others == 0 || !crew_sizes.is_fixed) {
        close_queue(&queues[stage + 1]);
    }
}

void generated_pipeline(const struct generated_sizes *sizes)
{
    unsigned taken = 0;
    unsigned others = 0;

    for (unsigned i = 0; i <= STAGES_MAX; i++) {
        (void)pthread_mutex_init(&queues[i].lock, NULL);
        (void)pthread_cond_init(&queues[i].changed, NULL);
    }
    crew_start(sizes, sizes->depth * sizes->threads, work);
    for (unsigned i = 0; i < sizes->rounds; i++) {
        put(&queues[0]);
    }
    close_queue(&queues[0]);
    while (take(&queues[sizes->depth], &others)) {
        taken++;
    }
    HD_EXPECT(taken == sizes->rounds);
    crew_join();
}
