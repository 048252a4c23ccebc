/*
 * What both rings promise, and the tables that they are tested through.
 *
 * SPDX-License-Identifier: MIT
 */
#include <sched.h>
#include <string.h>

#include "tests/primitives/ring_kinds.h"

static enum hd_result ring_init(struct hd_any_ring *any, size_t capacity)
{
    return hd_ring_init(&any->ring, any->ring_slots, capacity);
}

static void ring_destroy(struct hd_any_ring *any) { hd_ring_destroy(&any->ring); }

static enum hd_result ring_try_put(struct hd_any_ring *any, void *item)
{
    return hd_ring_try_put(&any->ring, item);
}

static enum hd_result ring_try_get(struct hd_any_ring *any, void **item)
{
    return hd_ring_try_get(&any->ring, item);
}

static size_t ring_size(const struct hd_any_ring *any) { return hd_ring_size(&any->ring); }

const struct hd_ring_kind hd_ring_kind = {
    .init = ring_init,
    .destroy = ring_destroy,
    .try_put = ring_try_put,
    .try_get = ring_try_get,
    .size = ring_size,
    .capacity_min = 2,
};

static enum hd_result spsc_init(struct hd_any_ring *any, size_t capacity)
{
    return hd_spsc_ring_init(&any->spsc, any->spsc_slots, capacity);
}

static void spsc_destroy(struct hd_any_ring *any) { hd_spsc_ring_destroy(&any->spsc); }

static enum hd_result spsc_try_put(struct hd_any_ring *any, void *item)
{
    return hd_spsc_ring_try_put(&any->spsc, item);
}

static enum hd_result spsc_try_get(struct hd_any_ring *any, void **item)
{
    return hd_spsc_ring_try_get(&any->spsc, item);
}

static size_t spsc_size(const struct hd_any_ring *any) { return hd_spsc_ring_size(&any->spsc); }

const struct hd_ring_kind hd_spsc_ring_kind = {
    .init = spsc_init,
    .destroy = spsc_destroy,
    .try_put = spsc_try_put,
    .try_get = spsc_try_get,
    .size = spsc_size,
    .capacity_min = 1,
};

/* Items are addresses in here. */
static char items[4 * HD_RING_CAPACITY_MAX];

/* A ring whose contents are known: the items from got_count to put_count - 1. */
struct use {
    const struct hd_ring_kind *kind;
    struct hd_any_ring any;
    size_t put_count;
    size_t got_count;
};

static void put(struct use *use)
{
    void *item = &items[use->put_count % sizeof(items)];

    HD_CHECK_RESULT(use->kind->try_put(&use->any, item), HD_OK);
    use->put_count++;
    HD_CHECK_EQUAL(use->kind->size(&use->any), use->put_count - use->got_count);
}

static void get(struct use *use)
{
    void *item = NULL;

    HD_CHECK_RESULT(use->kind->try_get(&use->any, &item), HD_OK);
    HD_CHECK(item == &items[use->got_count % sizeof(items)]);
    use->got_count++;
    HD_CHECK_EQUAL(use->kind->size(&use->any), use->put_count - use->got_count);
}

static void check_full(struct use *use)
{
    HD_CHECK_RESULT(use->kind->try_put(&use->any, use), HD_FULL);
    HD_CHECK_EQUAL(use->kind->size(&use->any), use->put_count - use->got_count);
}

/* What a get that fails leaves in its argument. */
static char untouched;

static void check_empty(struct use *use)
{
    void *item = &untouched;

    HD_CHECK_RESULT(use->kind->try_get(&use->any, &item), HD_EMPTY);
    HD_CHECK(item == &untouched);
    HD_CHECK_EQUAL(use->kind->size(&use->any), 0);
}

static void a_capacity_that_is_no_power_of_two_is_invalid_and_changes_nothing(void **state)
{
    static const size_t capacities[] = {0, 3, 5, 6, 7, 9, 63, 65, SIZE_MAX, SIZE_MAX / 2};
    const struct hd_ring_kind *kind = hd_test_subject(state);
    static struct hd_any_ring any;

    memset(&any, 0x55, sizeof(any));
    for (size_t i = 0; i < HD_COUNT_OF(capacities); i++) {
        HD_CHECK_RESULT(kind->init(&any, capacities[i]), HD_INVALID);
        HD_CHECK(hd_is_filled(&any, 0x55, sizeof(any)));
    }
    HD_CHECK_RESULT(kind->init(&any, kind->capacity_min / 2), HD_INVALID);
    HD_CHECK(hd_is_filled(&any, 0x55, sizeof(any)));
}

/* Each round fills it from another offset; many rounds, so that each slot is used many times. */
static void check_order(struct use *use, size_t capacity)
{
    for (size_t round = 0; round < 5 * capacity; round++) {
        check_empty(use);
        while (use->put_count - use->got_count < capacity) {
            put(use);
        }
        check_full(use);
        get(use);
        put(use);
        check_full(use);
        while (use->got_count < use->put_count) {
            get(use);
        }
        check_empty(use);
        put(use);
        get(use);
    }
}

static void items_leave_in_order_round_after_round(void **state)
{
    static struct use use;
    const struct hd_ring_kind *kind = hd_test_subject(state);

    for (size_t capacity = kind->capacity_min; capacity <= HD_RING_CAPACITY_MAX; capacity *= 2) {
        memset(&use, 0xff, sizeof(use)); /* init() must clear all that matters */
        use.kind = kind;
        use.put_count = 0;
        use.got_count = 0;
        HD_CHECK_RESULT(kind->init(&use.any, capacity), HD_OK);
        check_order(&use, capacity);
        kind->destroy(&use.any);
    }
}

static void one_made_by_the_static_initializer_works(void **state)
{
    static struct use use = {
        .any.ring = HD_RING_INITIALIZER(use.any.ring_slots, 4),
        .any.spsc = HD_SPSC_RING_INITIALIZER(use.any.spsc_slots, 4),
    };

    use.kind = hd_test_subject(state);
    check_order(&use, 4);
    use.kind->destroy(&use.any);
}

static void null_is_an_item_like_any_other(void **state)
{
    const struct hd_ring_kind *kind = hd_test_subject(state);
    static struct hd_any_ring any;
    void *item = &any;

    HD_CHECK_RESULT(kind->init(&any, 2), HD_OK);
    HD_CHECK_RESULT(kind->try_put(&any, NULL), HD_OK);
    HD_CHECK_RESULT(kind->try_get(&any, &item), HD_OK);
    HD_CHECK(item == NULL);
    kind->destroy(&any);
}

/*
 * One producer and one consumer; what they tell each other is plain, so a missing order is a race.
 * The producer writes a letter before it puts its address. The consumer writes a receipt before it
 * gets the letter of that number, and the producer reads it once it has filled the slot anew.
 */
#define LETTERS 20000U
#define STREAM_CAPACITY 8U

struct stream {
    const struct hd_ring_kind *kind;
    struct hd_any_ring any;
    uint64_t letters[LETTERS];
    uint64_t receipts[LETTERS];
};

static void produce(void *shared, size_t index)
{
    struct stream *stream = shared;

    (void)index;
    for (uint64_t i = 0; i < LETTERS; i++) {
        stream->letters[i] = i + 1;
        while (stream->kind->try_put(&stream->any, &stream->letters[i]) != HD_OK) {
            (void)sched_yield();
        }
        if (i >= STREAM_CAPACITY) {
            HD_CHECK_EQUAL(stream->receipts[i - STREAM_CAPACITY], i - STREAM_CAPACITY + 1);
        }
    }
}

static void consume(void *shared, size_t index)
{
    struct stream *stream = shared;

    (void)index;
    for (uint64_t i = 0; i < LETTERS; i++) {
        void *item = NULL;

        stream->receipts[i] = i + 1;
        while (stream->kind->try_get(&stream->any, &item) != HD_OK) {
            (void)sched_yield();
        }
        const uint64_t *letter = item;

        HD_CHECK(letter == &stream->letters[i]);
        HD_CHECK_EQUAL(*letter, i + 1);
    }
}

static void a_put_comes_before_its_get_and_a_get_before_the_slot_is_used_again(void **state)
{
    static struct stream stream;
    struct hd_crew crew = {0};

    memset(&stream, 0, sizeof(stream));
    stream.kind = hd_test_subject(state);
    HD_CHECK_RESULT(stream.kind->init(&stream.any, STREAM_CAPACITY), HD_OK);
    hd_crew_add(&crew, 1, produce, &stream);
    hd_crew_add(&crew, 1, consume, &stream);
    hd_crew_join(&crew);
    HD_CHECK_EQUAL(stream.kind->size(&stream.any), 0);
    stream.kind->destroy(&stream.any);
}

const struct CMUnitTest hd_ring_properties[] = {
    cmocka_unit_test(a_capacity_that_is_no_power_of_two_is_invalid_and_changes_nothing),
    cmocka_unit_test(items_leave_in_order_round_after_round),
    cmocka_unit_test(one_made_by_the_static_initializer_works),
    cmocka_unit_test(null_is_an_item_like_any_other),
    cmocka_unit_test(a_put_comes_before_its_get_and_a_get_before_the_slot_is_used_again),
};
const size_t hd_ring_property_count = HD_COUNT_OF(hd_ring_properties);
