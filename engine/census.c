/*
 * Census: hash tables without deletion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/census.h"

#include "engine/rng.h"

/* A new count is a quarter of what is expected from then on. */
#define RECENT 4

static uint64_t mix_in(uint64_t hash, uint64_t word)
{
    uint64_t seed = hash ^ word;

    return hde_rng_mix(&seed);
}

static uint32_t slot_of(uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

/* ---- Roles ----------------------------------------------------------------------------------- */

/* 1 + its index; 0: there is no room. */
static uint16_t add_role(struct hde_census *census, uint64_t name, uint32_t parent)
{
    if (census->roles_count == HDE_CENSUS_ROLES_MAX) {
        return 0;
    }
    census->roles[census->roles_count].name = name;
    census->roles[census->roles_count].parent = parent;
    return (uint16_t)++census->roles_count;
}

/* Role 0 is shared by those for whom there is no room. */
static uint32_t find_role(struct hde_census *census, uint64_t name, uint32_t parent)
{
    for (uint32_t slot = slot_of(name);; slot++) {
        uint16_t *index = &census->role_slots[slot % (2 * HDE_CENSUS_ROLES_MAX)];

        if (*index == 0) {
            *index = add_role(census, name, parent);
            return *index == 0 ? 0 : *index - 1U;
        }
        if (census->roles[*index - 1].name == name) {
            return *index - 1U;
        }
    }
}

/*
 * Who has created it is who did so last: a thread that was created is ready at once, so that its
 * creator's next step is a choice, at which it is met.
 */
static uint32_t role_of_next(struct hde_census *census)
{
    uint32_t thread = census->threads_count;

    if (census->creator == HDE_CENSUS_NONE) {
        return find_role(census, mix_in(1, thread), HDE_CENSUS_NONE);
    }
    uint32_t parent = census->role_of[census->creator];
    struct hde_census_role *role = &census->roles[parent];
    uint64_t name = mix_in(mix_in(role->name, census->creator_pc), role->children);

    role->children++;
    return find_role(census, name, parent);
}

void hde_census_meet(struct hde_census *census, unsigned thread)
{
    while (census->threads_count <= thread) {
        uint32_t role = role_of_next(census);

        census->roles[role].has_run = true;
        census->role_of[census->threads_count++] = role;
    }
}

/* ---- What is expected ------------------------------------------------------------------------ */

static uint32_t learn(uint32_t expected, uint32_t now, bool is_known)
{
    uint32_t units = now < UINT32_MAX / HDE_CENSUS_UNIT ? now * HDE_CENSUS_UNIT : UINT32_MAX;

    if (!is_known) {
        return units;
    }
    return expected < units ? expected + (units - expected + RECENT - 1) / RECENT
                            : expected - (expected - units) / RECENT;
}

static void learn_all(struct hde_census *census)
{
    for (uint32_t i = 0; i < census->counts_count && census->counts_objects; i++) {
        struct hde_census_count *count = &census->counts[i];
        const struct hde_census_role *role = &census->roles[count->role];

        if (role->has_run) {
            count->expected = learn(count->expected, count->now, role->is_known);
            count->now = 0;
        }
    }
    for (uint32_t i = 0; i < census->roles_count; i++) {
        struct hde_census_role *role = &census->roles[i];

        if (role->has_run) {
            role->expected = learn(role->expected, role->now, role->is_known);
            role->is_known = true;
            role->has_run = false;
            role->now = 0;
            role->children = 0;
        }
    }
}

void hde_census_begin(struct hde_census *census, bool counts_objects)
{
    learn_all(census);
    census->counts_objects = counts_objects;
    census->threads_count = 0;
    census->creator = HDE_CENSUS_NONE;
    hde_census_meet(census, 0);
}

/* ---- Objects --------------------------------------------------------------------------------- */

uint32_t hde_census_object(const struct hde_census *census, uint64_t address)
{
    for (uint32_t slot = slot_of(address);; slot++) {
        uint16_t index = census->object_slots[slot % (2 * HDE_CENSUS_OBJECTS_MAX)];

        if (index == 0) {
            return HDE_CENSUS_NONE;
        }
        if (census->objects[index - 1].address == address) {
            return index - 1U;
        }
    }
}

static uint32_t add_object(struct hde_census *census, uint64_t address, uint32_t role)
{
    uint32_t slot = slot_of(address);

    if (census->objects_count == HDE_CENSUS_OBJECTS_MAX) {
        return HDE_CENSUS_NONE;
    }
    while (census->object_slots[slot % (2 * HDE_CENSUS_OBJECTS_MAX)] != 0) {
        slot++;
    }
    census->objects[census->objects_count] =
        (struct hde_census_object){.address = address, .role = role};
    census->object_slots[slot % (2 * HDE_CENSUS_OBJECTS_MAX)] = (uint16_t)++census->objects_count;
    return census->objects_count - 1;
}

/* 1 + its index; 0: there is no room. */
static uint16_t add_count(struct hde_census *census, uint32_t role, uint32_t object)
{
    if (census->counts_count == HDE_CENSUS_COUNTS_MAX) {
        return 0;
    }
    census->counts[census->counts_count] =
        (struct hde_census_count){.role = role, .object = object};
    return (uint16_t)++census->counts_count;
}

/* NULL: there is no room. */
static struct hde_census_count *
find_count(struct hde_census *census, uint32_t role, uint32_t object)
{
    for (uint32_t slot = slot_of((uint64_t)role << 32 | object);; slot++) {
        uint16_t *index = &census->count_slots[slot % (2 * HDE_CENSUS_COUNTS_MAX)];

        if (*index == 0) {
            *index = add_count(census, role, object);
            return *index == 0 ? NULL : &census->counts[*index - 1];
        }
        if (census->counts[*index - 1].role == role &&
            census->counts[*index - 1].object == object) {
            return &census->counts[*index - 1];
        }
    }
}

static bool is_memory(enum hde_event_kind kind)
{
    return kind >= HDE_EVENT_READ && kind <= HDE_EVENT_ATOMIC_UPDATE;
}

static void note_object(struct hde_census *census,
                        uint32_t role,
                        uint64_t address,
                        const struct hde_event *event)
{
    uint32_t index = hde_census_object(census, address);

    if (index == HDE_CENSUS_NONE) {
        index = add_object(census, address, role);
    }
    if (index == HDE_CENSUS_NONE) {
        return;
    }
    struct hde_census_object *object = &census->objects[index];
    struct hde_census_count *count = find_count(census, role, index);

    object->is_shared = object->is_shared || object->role != role;
    object->is_written = object->is_written || event->writes;
    object->is_sync = object->is_sync || !is_memory(event->kind);
    if (object->is_shared && object->is_written && !object->is_contended) {
        object->is_contended = true;
        census->contended[census->contended_count++] = index;
    }
    if (count != NULL) {
        count->now++;
    }
}

void hde_census_note(struct hde_census *census, unsigned thread, const struct hde_event *event)
{
    if (thread >= census->threads_count) {
        hde_census_meet(census, thread);
    }
    uint32_t role = census->role_of[thread];

    census->roles[role].now++;
    if (event->kind == HDE_EVENT_CREATE) {
        census->creator = thread;
        census->creator_pc = event->pc;
    }
    if (!census->counts_objects || event->address == 0) {
        return;
    }
    note_object(census, role, event->address, event);
    if (event->address2 != 0) {
        note_object(census, role, event->address2, event);
    }
}
