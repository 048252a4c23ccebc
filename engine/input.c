/*
 * Input: from bytes and to bytes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/input.h"

#include "engine/rng.h"

/* Of the byte of the base. */
#define SEES_ALL 0x80U
#define SEEKS_ROUNDS 0x40U

#define VARINT_BYTES_MAX 5U

/* ---- Reading --------------------------------------------------------------------------------- */

struct reader {
    const uint8_t *bytes;
    size_t at; /* of the next one; at most `size' */
    size_t size;
};

static uint8_t read_byte(struct reader *reader)
{
    return reader->at < reader->size ? reader->bytes[reader->at++] : 0;
}

/* Seven bits a byte, the lowest first; the eighth says that there are more. */
static uint32_t read_varint(struct reader *reader)
{
    uint64_t value = 0;
    uint8_t byte = 0;

    for (unsigned i = 0; i < VARINT_BYTES_MAX; i++) {
        byte = read_byte(reader);
        value |= (uint64_t)(byte & 0x7fU) << (7 * i);
        if ((byte & 0x80U) == 0) {
            break;
        }
    }
    return (uint32_t)value;
}

static bool is_before(const struct hde_input_entry *a, const struct hde_input_entry *b)
{
    return a->thread != b->thread ? a->thread < b->thread : a->event < b->event;
}

/* Merge the sorted runs [first, middle) and [middle, end) of `from' into `to'. */
static void merge(struct hde_input_entry *to,
                  const struct hde_input_entry *from,
                  uint32_t first,
                  uint32_t middle,
                  uint32_t end)
{
    uint32_t left = first;
    uint32_t right = middle;

    for (uint32_t at = first; at < end; at++) {
        bool takes_right = left == middle || (right < end && is_before(&from[right], &from[left]));

        to[at] = takes_right ? from[right++] : from[left++];
    }
}

/* Stable, for of several entries of one choice the last counts. */
static void sort(struct hde_input_entry *entries, uint32_t count)
{
    struct hde_input_entry other[HDE_INPUT_ENTRIES_MAX];
    struct hde_input_entry *from = entries;
    struct hde_input_entry *to = other;

    for (uint32_t run = 1; run < count; run *= 2) {
        for (uint32_t first = 0; first < count; first += 2 * run) {
            uint32_t middle = first + run < count ? first + run : count;
            uint32_t end = middle + run < count ? middle + run : count;

            merge(to, from, first, middle, end);
        }
        struct hde_input_entry *swapped = from;

        from = to;
        to = swapped;
    }
    for (uint32_t i = 0; i < count && from != entries; i++) {
        entries[i] = from[i];
    }
}

static void read_entries(struct hde_input *input, struct reader *reader, uint32_t count)
{
    bool is_sorted = true;

    input->entries_count = 0;
    while (input->entries_count < count && reader->at < reader->size) {
        struct hde_input_entry *entry = &input->entries[input->entries_count++];

        entry->thread = read_byte(reader);
        entry->event = read_varint(reader);
        entry->action = read_byte(reader) % HDE_INPUT_ACTIONS;
        entry->argument = read_varint(reader);
        is_sorted = is_sorted && (input->entries_count == 1 || !is_before(entry, entry - 1));
    }
    if (!is_sorted) {
        sort(input->entries, input->entries_count);
    }
}

static void read_values(struct hde_input *input, struct reader *reader)
{
    uint32_t threads_count = 0;

    input->threads_count = 0;
    while (reader->at < reader->size && threads_count < HDE_THREADS_MAX) {
        struct hde_input_bytes *values = &input->values[threads_count++];
        uint32_t size = read_varint(reader);
        uint32_t left = (uint32_t)(reader->size - reader->at);

        values->size = size < left ? size : left;
        values->bytes = reader->bytes + reader->at;
        reader->at += values->size;
        input->threads_count = values->size > 0 ? threads_count : input->threads_count;
    }
}

void hde_input_read(struct hde_input *input, const uint8_t *bytes, size_t size)
{
    struct reader reader = {.bytes = bytes,
                            .size = size < HDE_INPUT_SIZE_MAX ? size : HDE_INPUT_SIZE_MAX};

    (void)read_byte(&reader); /* the version: all bytes are read as the only one there is */
    uint8_t base = read_byte(&reader);

    input->base = (uint8_t)((base & ~(SEES_ALL | SEEKS_ROUNDS)) % HDE_INPUT_BASES);
    input->sees_all = (base & SEES_ALL) != 0;
    input->seeks_rounds = (base & SEEKS_ROUNDS) != 0;
    input->seed = 0;
    for (unsigned i = 0; i < sizeof(input->seed); i++) {
        input->seed |= (uint32_t)read_byte(&reader) << (8 * i);
    }
    uint32_t count = read_varint(&reader);

    read_entries(input, &reader, count < HDE_INPUT_ENTRIES_MAX ? count : HDE_INPUT_ENTRIES_MAX);
    read_values(input, &reader);
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* Counts on where there is no room any more. */
struct writer {
    uint8_t *bytes;
    size_t size;
    size_t size_max;
};

static void write_byte(struct writer *writer, uint32_t byte)
{
    if (writer->size < writer->size_max) {
        writer->bytes[writer->size] = (uint8_t)byte;
    }
    writer->size++;
}

static void write_varint(struct writer *writer, uint32_t value)
{
    for (; value >= 0x80; value >>= 7) {
        write_byte(writer, (value & 0x7fU) | 0x80U);
    }
    write_byte(writer, value);
}

static void write_values(struct writer *writer, const struct hde_input_bytes *values)
{
    write_varint(writer, values->size);
    for (uint32_t i = 0; i < values->size; i++) {
        write_byte(writer, values->bytes[i]);
    }
}

size_t hde_input_write(const struct hde_input *input, uint8_t *bytes, size_t size_max)
{
    struct writer writer = {.bytes = bytes, .size_max = size_max};
    uint32_t threads_count = input->threads_count;

    while (threads_count > 0 && input->values[threads_count - 1].size == 0) {
        threads_count--; /* a mutation may have left none */
    }
    write_byte(&writer, HDE_INPUT_VERSION);
    write_byte(&writer, input->base | (input->sees_all ? SEES_ALL : 0) |
                            (input->seeks_rounds ? SEEKS_ROUNDS : 0));
    for (unsigned i = 0; i < sizeof(input->seed); i++) {
        write_byte(&writer, input->seed >> (8 * i) & UINT8_MAX);
    }
    write_varint(&writer, input->entries_count);
    for (uint32_t i = 0; i < input->entries_count; i++) {
        const struct hde_input_entry *entry = &input->entries[i];

        write_byte(&writer, entry->thread);
        write_varint(&writer, entry->event);
        write_byte(&writer, entry->action);
        write_varint(&writer, entry->argument);
    }
    for (uint32_t thread = 0; thread < threads_count; thread++) {
        write_values(&writer, &input->values[thread]);
    }
    return writer.size;
}

/* ---- Changing -------------------------------------------------------------------------------- */

bool hde_input_add(struct hde_input *input, const struct hde_input_entry *entry)
{
    uint32_t at = input->entries_count;

    if (at == HDE_INPUT_ENTRIES_MAX) {
        return false;
    }
    for (; at > 0 && is_before(entry, &input->entries[at - 1]); at--) {
        input->entries[at] = input->entries[at - 1];
    }
    input->entries[at] = *entry;
    input->entries_count++;
    return true;
}

void hde_input_remove(struct hde_input *input, uint32_t index)
{
    input->entries_count--;
    for (uint32_t i = index; i < input->entries_count; i++) {
        input->entries[i] = input->entries[i + 1];
    }
}

bool hde_input_of_schedule(struct hde_input *input, const struct hde_schedule *schedule)
{
    input->base = HDE_INPUT_NONPREEMPTIVE;
    input->sees_all = true; /* as in a replay */
    input->seeks_rounds = true;
    input->seed = 0;
    input->entries_count = 0;
    input->threads_count = 0;
    for (size_t i = 0; i < schedule->count; i++) {
        const struct hde_entry *choice = &schedule->entries[i];
        const struct hde_input_entry entry = {.event = choice->event,
                                              .argument = choice->alternative,
                                              .thread = choice->thread,
                                              .action = HDE_INPUT_ANSWER};

        if (!hde_input_add(input, &entry)) {
            return false;
        }
    }
    return true;
}

uint32_t hde_input_value(const struct hde_input *input, unsigned thread, uint32_t k)
{
    uint64_t seed = (uint64_t)input->seed << 32 | k;

    seed = hde_rng_mix(&seed) ^ thread;
    return input->base == HDE_INPUT_NONPREEMPTIVE ? 0 : (uint32_t)(hde_rng_mix(&seed) >> 32);
}
