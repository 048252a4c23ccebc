/*
 * Queue: one guard, two positions, and three lists of waiters.
 *
 * Each put wakes the getter that has waited longest, each get the putter; the one that is woken
 * looks again, because a running thread may have been faster, and waits again at the end of the
 * list. A thread that was taken off a list looks before it gives up, so its wake-up is never lost.
 *
 * A getter may count its item without the guard. So a putter that must wait first says so in
 * `are_putters_waiting` and then looks at `gets` once more, while the getter changes `gets` and
 * then looks whether a putter waits: all four sequentially consistent, so one of them sees the
 * other.
 *
 * A put touches the queue no more once its item can be taken: an item can be taken only by a thread
 * that has had the guard after the put released it. Waking a getter touches that getter only.
 *
 * SPDX-License-Identifier: MIT
 */
#include "primitives/queue.h"

#include <stdlib.h>

#include "primitives/spin.h"
#include "primitives/waiter.h"
#include "primitives/word_lock.h"

/* Entries of the first array. */
#define ALLOCATED_FIRST 8U

/* Pauses before the second look at what is in the way: some tenths of a microsecond. */
#define PAUSES_FIRST 16U

static uint64_t load_puts(const struct hd_queue *queue)
{
    return __atomic_load_n(&queue->puts, __ATOMIC_RELAXED);
}

static uint64_t load_gets(const struct hd_queue *queue)
{
    return __atomic_load_n(&queue->gets, __ATOMIC_RELAXED);
}

/* Under guard: whether more than `limit` items would be there after one more put. */
static bool would_exceed(struct hd_queue *queue, size_t limit)
{
    uint64_t puts = load_puts(queue);

    if (puts - queue->gets_seen >= limit) {
        /* Sequentially consistent: see above. Acquire: the places up to it are empty. Pairs with
         * the store in hd_queue_take(). */
        queue->gets_seen = __atomic_load_n(&queue->gets, __ATOMIC_SEQ_CST);
    }
    return puts - queue->gets_seen >= limit;
}

static bool is_full(struct hd_queue *queue)
{
    return queue->capacity != 0 && would_exceed(queue, queue->capacity);
}

/* Without the guard, so only a hint. */
static bool looks_full(const struct hd_queue *queue)
{
    return queue->capacity != 0 && hd_queue_size(queue) >= queue->capacity;
}

static bool looks_empty(const struct hd_queue *queue) { return hd_queue_size(queue) == 0; }

/*
 * Without the guard: give the other side a moment to change what is in the way. The looks come ever
 * more seldom, because each slows the other side down, and so that more than one item can gather.
 */
static void look_while(const struct hd_queue *queue, bool (*in_the_way)(const struct hd_queue *))
{
    struct hd_spin spin = {.pauses = PAUSES_FIRST};

    while (in_the_way(queue) && hd_spin_again(&spin)) {
    }
}

void hd_queue_look_for_items(const struct hd_queue *queue) { look_while(queue, looks_empty); }

/* Under guard: the list of putters has changed. */
static void note_putters(struct hd_queue *queue)
{
    uint32_t are_waiting = hd_waiter_list_is_empty(&queue->putters) ? 0 : 1;

    /* Sequentially consistent: see above. Pairs with the load in hd_queue_take(). */
    __atomic_store_n(&queue->are_putters_waiting, are_waiting, __ATOMIC_SEQ_CST);
}

static struct hd_waiter *take_putter(struct hd_queue *queue)
{
    struct hd_waiter *putter = hd_waiter_list_take_first(&queue->putters);

    if (putter != NULL) {
        note_putters(queue);
    }
    return putter;
}

/* Release the guard, then wake `waiter` if there is one. */
static void release_and_wake(struct hd_queue *queue, struct hd_waiter *waiter)
{
    (void)hd_word_lock_release(&queue->guard);
    if (waiter != NULL) {
        hd_waiter_wake(waiter, HD_OK);
    }
}

static enum hd_result fail(struct hd_queue *queue, enum hd_result result)
{
    (void)hd_word_lock_release(&queue->guard);
    return result;
}

/* Under guard, the queue being full: wait for room. True, without the guard, if woken. */
static bool await_room(struct hd_queue *queue, uint64_t deadline_ns)
{
    struct hd_waiter waiter;

    hd_waiter_list_append(&queue->putters, &waiter);
    note_putters(queue);
    if (!is_full(queue)) {
        hd_waiter_list_remove(&queue->putters, &waiter);
    } else if (hd_waiter_wait(&waiter, &queue->putters, &queue->guard, deadline_ns)) {
        return true;
    }
    note_putters(queue);
    return false;
}

enum hd_result hd_queue_put_begin(struct hd_queue *queue, uint64_t deadline_ns)
{
    bool has_looked = false;

    for (;;) {
        hd_word_lock_acquire(&queue->guard);
        if (queue->is_shut_down) {
            return fail(queue, HD_SHUTDOWN);
        }
        if (!is_full(queue)) {
            return HD_OK;
        }
        if (deadline_ns == 0) {
            return fail(queue, HD_TIMEOUT);
        }
        if (!has_looked) {
            (void)hd_word_lock_release(&queue->guard);
            look_while(queue, looks_full);
            has_looked = true;
            continue;
        }
        if (!await_room(queue, deadline_ns)) {
            return is_full(queue) ? fail(queue, HD_TIMEOUT) : HD_OK;
        }
    }
}

void hd_queue_put_end(struct hd_queue *queue)
{
    __atomic_store_n(&queue->puts, load_puts(queue) + 1, __ATOMIC_RELAXED);
    release_and_wake(queue, hd_waiter_list_take_first(&queue->getters));
}

void hd_queue_put_cancel(struct hd_queue *queue) { release_and_wake(queue, take_putter(queue)); }

enum hd_result hd_queue_get_begin(struct hd_queue *queue, uint64_t deadline_ns)
{
    struct hd_waiter waiter;
    bool has_looked = false;

    for (;;) {
        hd_word_lock_acquire(&queue->guard);
        if (load_puts(queue) != load_gets(queue)) {
            return HD_OK;
        }
        if (queue->is_shut_down) {
            return fail(queue, HD_SHUTDOWN);
        }
        if (deadline_ns == 0) {
            return fail(queue, HD_TIMEOUT);
        }
        if (!has_looked) {
            (void)hd_word_lock_release(&queue->guard);
            look_while(queue, looks_empty);
            has_looked = true;
            continue;
        }
        hd_waiter_list_append(&queue->getters, &waiter);
        if (!hd_waiter_wait(&waiter, &queue->getters, &queue->guard, deadline_ns)) {
            return load_puts(queue) != load_gets(queue) ? HD_OK : fail(queue, HD_TIMEOUT);
        }
    }
}

void hd_queue_get_end(struct hd_queue *queue)
{
    /* Relaxed: the guard orders it. */
    __atomic_store_n(&queue->gets, load_gets(queue) + 1, __ATOMIC_RELAXED);
    release_and_wake(queue, take_putter(queue));
}

void hd_queue_take(struct hd_queue *queue)
{
    /* Sequentially consistent: see above. Release: the place is empty. Pairs with the load in
     * would_exceed(). */
    __atomic_store_n(&queue->gets, load_gets(queue) + 1, __ATOMIC_SEQ_CST);
    /* Sequentially consistent: see above. Pairs with the store in note_putters(). */
    if (__atomic_load_n(&queue->are_putters_waiting, __ATOMIC_SEQ_CST) != 0) {
        hd_word_lock_acquire(&queue->guard);
        release_and_wake(queue, take_putter(queue));
    }
}

bool hd_queue_has_room(struct hd_queue *queue) { return !would_exceed(queue, queue->allocated); }

bool hd_queue_grow(struct hd_queue *queue, size_t item_size)
{
    size_t allocated = queue->allocated == 0 ? ALLOCATED_FIRST : 2 * queue->allocated;

    if (allocated > SIZE_MAX / 2 / item_size) {
        return false;
    }
    void *items = realloc(queue->items, allocated * item_size);

    if (items == NULL) {
        return false;
    }
    queue->items = items;
    queue->allocated = allocated;
    return true;
}

size_t hd_queue_size(const struct hd_queue *queue)
{
    /* Two loads, and threads in between: what no single moment shows is brought into range. */
    uint64_t gets = load_gets(queue);
    uint64_t puts = load_puts(queue);
    uint64_t size = puts > gets ? puts - gets : 0;

    return queue->capacity != 0 && size > queue->capacity ? queue->capacity : size;
}

enum hd_result hd_queue_task_done(struct hd_queue *queue)
{
    struct hd_waiter *joiners = NULL;

    hd_word_lock_acquire(&queue->guard);
    if (queue->done == load_puts(queue)) {
        return fail(queue, HD_OVERFLOW);
    }
    queue->done++;
    if (queue->done == load_puts(queue)) {
        joiners = hd_waiter_list_take_all(&queue->joiners);
    }
    (void)hd_word_lock_release(&queue->guard);
    hd_waiter_wake_all(joiners, HD_OK);
    return HD_OK;
}

enum hd_result hd_queue_join_until(struct hd_queue *queue, uint64_t deadline_ns)
{
    struct hd_waiter waiter;

    hd_word_lock_acquire(&queue->guard);
    if (queue->done == load_puts(queue)) {
        (void)hd_word_lock_release(&queue->guard);
        return HD_OK;
    }
    hd_waiter_list_append(&queue->joiners, &waiter);
    if (hd_waiter_wait(&waiter, &queue->joiners, &queue->guard, deadline_ns)) {
        return HD_OK;
    }
    return fail(queue, HD_TIMEOUT);
}

/* Under all guards: drop the items, each counting as done unless it was said to be done before. */
static void drop_items(struct hd_queue *queue)
{
    uint64_t puts = load_puts(queue);
    uint64_t dropped = puts - load_gets(queue);
    uint64_t unfinished = puts - queue->done;

    queue->done += dropped < unfinished ? dropped : unfinished;
    __atomic_store_n(&queue->gets, puts, __ATOMIC_RELAXED);
}

void hd_queue_shutdown(struct hd_queue *queue, bool immediate, uint32_t *get_guard)
{
    struct hd_waiter *joiners = NULL;

    hd_word_lock_acquire(&queue->guard);
    queue->is_shut_down = true;
    if (immediate) {
        drop_items(queue);
    }
    if (queue->done == load_puts(queue)) {
        joiners = hd_waiter_list_take_all(&queue->joiners);
    }
    struct hd_waiter *getters = hd_waiter_list_take_all(&queue->getters);
    struct hd_waiter *putters = hd_waiter_list_take_all(&queue->putters);

    note_putters(queue);
    if (get_guard != NULL) {
        (void)hd_word_lock_release(get_guard);
    }
    (void)hd_word_lock_release(&queue->guard);
    hd_waiter_wake_all(getters, HD_OK);
    hd_waiter_wake_all(putters, HD_OK);
    hd_waiter_wake_all(joiners, HD_OK);
}
