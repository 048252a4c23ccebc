/*
 * Linearize: the search.
 *
 * The entries, a call and a return of each operation, are a doubly linked list in the order of
 * their times; an operation that has taken effect is unlinked, and linked again when the search
 * goes back. States are kept on a stack, one for each part that has taken effect.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/linearize.h"

#include <stddef.h>
#include <string.h>

#include "engine/fatal.h"
#include "engine/pages.h"

#define OPERATIONS_MAX HD_HISTORY_OPERATIONS_MAX
#define ENTRIES_MAX ((size_t)2 * OPERATIONS_MAX)
#define END ENTRIES_MAX /* of the list, and its beginning */
#define DEPTH_MAX (OPERATIONS_MAX * HD_PARTS_MAX)
#define DONE 3U                          /* progress of an operation that has taken effect */
#define WORDS_MAX (OPERATIONS_MAX / 32U) /* of two bits of progress each */
#define SLOTS_FIRST (UINT32_C(1) << 12)
#define SLOTS_MAX (UINT32_C(1) << 20)
#define FAILED_BYTES ((size_t)256 << 20)

/* A part that has taken effect. */
struct frame {
    uint16_t operation;
    uint16_t possibility;
    uint8_t before; /* progress of the operation */
};

/* A configuration from which nothing leads on; where it lies in `failed', in words. */
struct slot {
    uint64_t hash;
    uint32_t at;
    uint32_t search; /* number of the search that it is of */
};

struct search {
    const struct hde_problem *problem;
    size_t state_words;
    size_t words; /* of progress */
    uint32_t completed;
    uint32_t left; /* completed operations that have not taken effect */
    uint32_t depth;
    uint32_t number;
    size_t failed_words;
    uint32_t failed_count;
    uint32_t slots_count; /* in use: a power of two */
    uint64_t *steps_left;
    bool has_given_up;
    uint16_t next[ENTRIES_MAX + 1]; /* entry 2 i is the call of operation i, 2 i + 1 its return */
    uint16_t previous[ENTRIES_MAX + 1];
    uint64_t progress[WORDS_MAX];
    struct frame frames[DEPTH_MAX + 1];
};

static struct search the_search;
static uint64_t *states; /* (DEPTH_MAX + 1) of HD_STATE_SIZE_MAX bytes at most */
static uint64_t *failed; /* configurations: progress, then state */
static struct slot *slots;

static uint64_t *state_at(const struct search *search, uint32_t depth)
{
    return states + depth * search->state_words;
}

static unsigned progress_of(const struct search *search, uint32_t operation)
{
    return search->progress[operation / 32] >> operation % 32 * 2 & 3U;
}

static void set_progress(struct search *search, uint32_t operation, unsigned progress)
{
    uint64_t *word = &search->progress[operation / 32];
    unsigned shift = operation % 32 * 2;

    *word = (*word & ~(UINT64_C(3) << shift)) | (uint64_t)progress << shift;
}

/* ---- The list of entries --------------------------------------------------------------------- */

static void unlink_entry(struct search *search, uint32_t entry)
{
    search->next[search->previous[entry]] = search->next[entry];
    search->previous[search->next[entry]] = search->previous[entry];
}

static void relink_entry(struct search *search, uint32_t entry)
{
    search->next[search->previous[entry]] = (uint16_t)entry;
    search->previous[search->next[entry]] = (uint16_t)entry;
}

static bool is_pending(const struct search *search, uint32_t operation)
{
    return search->problem->intervals[operation].operation.is_pending;
}

static void take_out(struct search *search, uint32_t operation)
{
    unlink_entry(search, 2 * operation);
    if (!is_pending(search, operation)) {
        unlink_entry(search, 2 * operation + 1);
        search->left--;
    }
}

static void put_back(struct search *search, uint32_t operation)
{
    if (!is_pending(search, operation)) {
        relink_entry(search, 2 * operation + 1);
        search->left++;
    }
    relink_entry(search, 2 * operation);
}

static uint32_t time_of(const struct search *search, uint32_t entry)
{
    const struct hde_interval *interval = &search->problem->intervals[entry / 2];

    return entry % 2 == 0 ? interval->called : interval->returned;
}

/* Histories are nearly sorted: the place is near the end. */
static void insert(struct search *search, uint32_t entry)
{
    uint32_t before = search->previous[END];

    while (before != END && time_of(search, before) > time_of(search, entry)) {
        before = search->previous[before];
    }
    search->previous[entry] = (uint16_t)before;
    search->next[entry] = search->next[before];
    relink_entry(search, entry);
}

static void build_list(struct search *search)
{
    search->next[END] = END;
    search->previous[END] = END;
    for (uint32_t i = 0; i < search->problem->count; i++) {
        insert(search, 2 * i);
        if (!is_pending(search, i)) {
            insert(search, 2 * i + 1);
            search->completed++;
        }
    }
    search->left = search->completed;
}

/* ---- Configurations that failed -------------------------------------------------------------- */

static uint64_t hash_words(uint64_t hash, const uint64_t *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return hash;
}

static uint64_t
hash_configuration(const struct search *search, const uint64_t *progress, const uint64_t *state)
{
    return hash_words(hash_words(search->words, progress, search->words), state,
                      search->state_words);
}

static bool is_at(const struct search *search, const struct slot *slot, const uint64_t *state)
{
    const uint64_t *progress = failed + slot->at;

    return memcmp(progress, search->progress, search->words * sizeof(*progress)) == 0 &&
           memcmp(progress + search->words, state, search->state_words * sizeof(*state)) == 0;
}

/* The slot of a configuration, or the free one for it. */
static struct slot *find_slot(const struct search *search, const uint64_t *state)
{
    uint64_t hash = hash_configuration(search, search->progress, state);
    uint32_t rank = (uint32_t)hash & (search->slots_count - 1);

    while (slots[rank].search == search->number &&
           (slots[rank].hash != hash || !is_at(search, &slots[rank], state))) {
        rank = (rank + 1) & (search->slots_count - 1);
    }
    slots[rank].hash = hash;
    return &slots[rank];
}

static bool has_failed(const struct search *search, const uint64_t *state)
{
    return search->failed_count != 0 && find_slot(search, state)->search == search->number;
}

/* Use all slots. Searches that come here are few; the others stay in the processor's cache. */
static void spread(struct search *search)
{
    size_t size = search->words + search->state_words;

    search->number++;
    search->slots_count = SLOTS_MAX;
    for (size_t at = 0; at < search->failed_words; at += size) {
        uint64_t hash = hash_configuration(search, failed + at, failed + at + search->words);
        uint32_t rank = (uint32_t)hash & (SLOTS_MAX - 1);

        while (slots[rank].search == search->number) {
            rank = (rank + 1) & (SLOTS_MAX - 1);
        }
        slots[rank] = (struct slot){.hash = hash, .at = (uint32_t)at, .search = search->number};
    }
}

/* Nothing leads on from the current configuration. */
static void remember(struct search *search)
{
    const uint64_t *state = state_at(search, search->depth);
    size_t size = search->words + search->state_words;

    if (search->failed_count == SLOTS_FIRST / 2) {
        spread(search);
    }
    if (search->failed_count == SLOTS_MAX / 2 ||
        (search->failed_words + size) * sizeof(*failed) > FAILED_BYTES) {
        search->has_given_up = true;
        return;
    }
    struct slot *slot = find_slot(search, state);

    slot->search = search->number;
    slot->at = (uint32_t)search->failed_words;
    memcpy(failed + search->failed_words, search->progress, search->words * sizeof(*failed));
    memcpy(failed + search->failed_words + search->words, state,
           search->state_words * sizeof(*failed));
    search->failed_words += size;
    search->failed_count++;
}

/* ---- Steps ----------------------------------------------------------------------------------- */

/* Carry out the next part of the operation on a copy of the current state, the next one. */
static enum hd_step step(struct search *search, uint32_t index, unsigned possibility)
{
    uint64_t *after = state_at(search, search->depth + 1);
    struct hd_operation operation = search->problem->intervals[index].operation;

    memcpy(after, state_at(search, search->depth), search->state_words * sizeof(*after));
    operation.part = (uint8_t)progress_of(search, index);
    operation.possibility = (uint16_t)possibility;

    enum hd_step result = search->problem->specification->step(after, &operation);

    if (*search->steps_left == 0 || result == HD_STEP_NO_ROOM) {
        search->has_given_up = true;
        return HD_STEP_WRONG;
    }
    --*search->steps_left;
    if (result == HD_STEP_PART && operation.part + 1 >= HD_PARTS_MAX) {
        hde_fatal("an operation of a specification has more parts than HD_PARTS_MAX");
    }
    return result;
}

/* Whether the operation may take all of its effect. */
static bool may_end(const struct search *search, uint32_t operation)
{
    const struct hde_problem *problem = search->problem;

    return problem->stuck == HDE_NO_OPERATION || !is_pending(search, operation) ||
           (problem->others_may_end && operation != problem->stuck);
}

/* Let a part take effect if it can and leads somewhere new. */
static bool try(struct search *search, uint32_t operation, unsigned possibility)
{
    enum hd_step result = step(search, operation, possibility);
    unsigned before = progress_of(search, operation);

    if ((result != HD_STEP_DONE && result != HD_STEP_PART) ||
        (result == HD_STEP_DONE && !may_end(search, operation))) {
        return false;
    }
    set_progress(search, operation, result == HD_STEP_DONE ? DONE : before + 1);
    if (has_failed(search, state_at(search, search->depth + 1))) {
        set_progress(search, operation, before);
        return false;
    }
    search->frames[search->depth++] = (struct frame){
        .operation = (uint16_t)operation,
        .possibility = (uint16_t)possibility,
        .before = (uint8_t)before,
    };
    if (result == HD_STEP_DONE) {
        take_out(search, operation);
    }
    return true;
}

/* Take back the last part; what comes after it is tried next. */
static void go_back(struct search *search, uint32_t *entry, unsigned *possibility)
{
    const struct frame *frame = &search->frames[--search->depth];

    if (progress_of(search, frame->operation) == DONE) {
        put_back(search, frame->operation);
    }
    set_progress(search, frame->operation, frame->before);
    *entry = 2U * frame->operation;
    *possibility = frame->possibility + 1U;
}

static unsigned possibilities(const struct search *search, uint32_t operation)
{
    unsigned count = search->problem->specification->possibilities;

    return is_pending(search, operation) && count > 1 ? count : 1;
}

/* Try the next part of an operation, with each possibility from one on. */
static bool try_each(struct search *search, uint32_t operation, unsigned possibility)
{
    for (; possibility < possibilities(search, operation); possibility++) {
        if (try(search, operation, possibility)) {
            return true;
        }
    }
    return false;
}

/* Try the candidates from an entry on; those are the calls before the first return. */
static bool try_from(struct search *search, uint32_t entry, unsigned possibility)
{
    for (; entry % 2 == 0 && entry != END; entry = search->next[entry]) {
        if (try_each(search, entry / 2, possibility)) {
            return true;
        }
        possibility = 0;
    }
    return false;
}

/* Whether the current configuration is what is searched for. */
static bool is_goal(struct search *search)
{
    uint32_t stuck = search->problem->stuck;

    return search->left == 0 &&
           (stuck == HDE_NO_OPERATION || step(search, stuck, 0) == HD_STEP_BLOCKED);
}

static void note_longest(const struct search *search, struct hde_linearization *longest)
{
    uint32_t completed = search->completed - search->left;

    if (longest == NULL || (longest->count != 0 && completed <= longest->completed)) {
        return;
    }
    longest->completed = completed;
    longest->count = search->depth;
    for (uint32_t i = 0; i < search->depth; i++) {
        longest->at[i] = search->frames[i].operation;
    }
}

static enum hde_linearizable run(struct search *search, struct hde_linearization *longest)
{
    uint32_t entry = search->next[END];
    unsigned possibility = 0;
    bool is_new = true;

    while (!search->has_given_up) {
        if (is_new) {
            note_longest(search, longest);
        }
        if (is_new && is_goal(search)) {
            return HDE_LINEARIZABLE;
        }
        is_new = try_from(search, entry, possibility);
        entry = search->next[END];
        possibility = 0;
        if (is_new) {
            continue;
        }
        remember(search);
        if (search->depth == 0) {
            break;
        }
        go_back(search, &entry, &possibility);
    }
    return search->has_given_up ? HDE_LINEARIZABLE_UNKNOWN : HDE_NOT_LINEARIZABLE;
}

static void map_memory(void)
{
    if (states == NULL) {
        states = hde_pages_reserve((size_t)(DEPTH_MAX + 2) * HD_STATE_SIZE_MAX, "states");
        failed = hde_pages_reserve(FAILED_BYTES, "configurations");
        slots = hde_pages_reserve(SLOTS_MAX * sizeof(*slots), "configurations");
    }
}

enum hde_linearizable hde_linearize(const struct hde_problem *problem,
                                    uint64_t *steps_left,
                                    struct hde_linearization *longest)
{
    struct search *search = &the_search;
    const struct hd_specification *specification = problem->specification;

    map_memory();
    search->problem = problem;
    search->state_words = (specification->state_size + sizeof(*states) - 1) / sizeof(*states);
    search->words = (problem->count + 31) / 32;
    search->completed = 0;
    search->depth = 0;
    search->number++;
    search->failed_words = 0;
    search->failed_count = 0;
    search->slots_count = SLOTS_FIRST;
    search->steps_left = steps_left;
    search->has_given_up = false;
    memset(search->progress, 0, search->words * sizeof(*search->progress));
    memset(states, 0, search->state_words * sizeof(*states));
    if (specification->init != NULL) {
        specification->init(states, problem->parameter);
    }
    if (longest != NULL) {
        longest->count = 0;
        longest->completed = 0;
    }
    build_list(search);
    return run(search, longest);
}
