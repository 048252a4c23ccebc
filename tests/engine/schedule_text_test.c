/*
 * Schedules as text: what is written is read back; what is damaged is refused with a reason; and
 * no bytes whatever do harm.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/choice.h"
#include "engine/rng.h"
#include "engine/schedule_text.h"

#define TEXT_SIZE 65536U

static char error[HDE_SCHEDULE_ERROR_SIZE];

/* ---- Reading what is right ------------------------------------------------------------------- */

static const char example[] =
    "heddle-schedule 1\n"
    "program   lost_update\n"
    "build     3f61c0de\n"
    "flavour   explore\n"
    "memory    sc\n"
    "strategy  random\n"
    "seed      18446744073709551615\n"
    "finding   data race on `counter': 100 % sure # not a comment\n"
    "\n"
    "# a comment\n"
    "  # another one\n"
    "thread 1  event 7  read  step 2  at scenarios/race/a.c:19  time 1\n"
    "thread 2 event 9\tnotify wake 3 at dir with blanks/time 3:40 time 2\r\n"
    "thread 0 event 2 choose value 4294967295 at C:\\x.c:3\n"
    "thread 255 event 4294967295 ? step 0";

static bool parse(struct hde_schedule_text *text, const char *bytes, size_t size)
{
    *text = (struct hde_schedule_text){.names = NULL};
    error[0] = '\0';
    return hde_schedule_text_parse(text, "x.schedule", bytes, size, error);
}

static void must_parse(struct hde_schedule_text *text, const char *bytes, size_t size)
{
    if (!parse(text, bytes, size)) {
        fail_msg("%s\n%s", error, bytes);
    }
}

static void check_entry(const struct hde_schedule_text *text, size_t index, struct hde_entry wanted)
{
    const struct hde_entry *entry = &text->schedule.entries[index];

    assert_int_equal(entry->thread, wanted.thread);
    assert_int_equal(entry->event, wanted.event);
    assert_int_equal(entry->event_kind, wanted.event_kind);
    assert_int_equal(entry->choice, wanted.choice);
    assert_int_equal(entry->alternative, wanted.alternative);
}

static void check_anchor(
    const struct hde_schedule_text *text, size_t index, const char *file, int line, uint32_t time)
{
    const struct hde_anchor *anchor = &text->anchors[index];

    if (file == NULL) {
        assert_null(anchor->file);
        return;
    }
    assert_string_equal(anchor->file, file);
    assert_int_equal(anchor->line, line);
    assert_int_equal(anchor->time, time);
}

static void a_schedule_is_read(void **state)
{
    struct hde_schedule_text text;

    (void)state;
    if (!parse(&text, example, strlen(example))) {
        fail_msg("%s", error);
    }
    assert_string_equal(text.header.program, "lost_update");
    assert_string_equal(text.header.finding, "data race on `counter': 100 % sure # not a comment");
    assert_true(text.header.seed == UINT64_MAX);
    assert_int_equal(text.schedule.count, 4);
    check_entry(&text, 0, (struct hde_entry){7, 2, 0, 1, HDE_CHOICE_THREAD, HDE_EVENT_READ, 0});
    check_anchor(&text, 0, "scenarios/race/a.c", 19, 1);
    check_entry(&text, 1, (struct hde_entry){9, 3, 0, 2, HDE_CHOICE_WAKE, HDE_EVENT_NOTIFY, 0});
    check_anchor(&text, 1, "dir with blanks/time 3", 40, 2);
    check_entry(&text, 2,
                (struct hde_entry){2, UINT32_MAX, 0, 0, HDE_CHOICE_VALUE, HDE_EVENT_CHOOSE, 0});
    check_anchor(&text, 2, "C:\\x.c", 3, 0);
    check_entry(&text, 3,
                (struct hde_entry){UINT32_MAX, 0, 0, 255, HDE_CHOICE_THREAD, HDE_EVENT_NONE, 0});
    check_anchor(&text, 3, NULL, 0, 0);
    hde_schedule_text_release(&text);
}

/* ---- There and back -------------------------------------------------------------------------- */

static const char *const names[] = {NULL, "a.c", "some where/b.c", "time 7.c", "x:1", "\xc3\xa4.c"};

static void make_random(struct hde_schedule_text *text, struct hde_rng *rng)
{
    uint32_t events[HDE_THREADS_MAX] = {0};
    uint32_t count = hde_rng_below(rng, 30);

    *text = (struct hde_schedule_text){.names = NULL};
    (void)snprintf(text->header.program, HDE_FIELD_SIZE, "program %u", hde_rng_below(rng, 10));
    (void)snprintf(text->header.memory, HDE_FIELD_SIZE, "%s", hde_rng_below(rng, 2) ? "sc" : "");
    text->header.seed = hde_rng_next(rng);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t thread = (uint8_t)hde_rng_below(rng, 4);
        struct hde_entry entry = {.thread = thread};
        struct hde_anchor anchor = {.file = names[hde_rng_below(rng, 6)]};

        events[thread] += 1 + hde_rng_below(rng, 1000);
        entry.event = events[thread];
        entry.choice = (uint8_t)hde_rng_below(rng, HDE_CHOICE_KINDS);
        entry.event_kind = (uint8_t)hde_rng_below(rng, HDE_EVENT_KINDS);
        entry.alternative = hde_rng_below(rng, HDE_THREADS_MAX);
        anchor.line = anchor.file != NULL ? 1 + (int)hde_rng_below(rng, 9999) : 0;
        anchor.time = anchor.file != NULL ? hde_rng_below(rng, 5) : 0;
        hde_schedule_text_append(text, &entry, &anchor);
    }
}

static size_t write_text(const struct hde_schedule_text *text, char *bytes)
{
    FILE *file = fmemopen(bytes, TEXT_SIZE, "w");

    assert_non_null(file);
    assert_true(hde_schedule_text_write(text, file));
    long size = ftell(file);

    assert_int_equal(fclose(file), 0);
    return (size_t)size;
}

static void what_is_written_is_read_back(void **state)
{
    static char bytes[TEXT_SIZE];
    struct hde_rng rng;

    (void)state;
    hde_rng_seed(&rng, 1);
    for (unsigned round = 0; round < 2000; round++) {
        struct hde_schedule_text text;
        struct hde_schedule_text back;

        make_random(&text, &rng);
        size_t size = write_text(&text, bytes);

        must_parse(&back, bytes, size);
        assert_string_equal(back.header.program, text.header.program);
        assert_string_equal(back.header.memory, text.header.memory);
        assert_true(back.header.seed == text.header.seed);
        assert_int_equal(back.schedule.count, text.schedule.count);
        for (size_t i = 0; i < text.schedule.count; i++) {
            check_entry(&back, i, text.schedule.entries[i]);
            check_anchor(&back, i, text.anchors[i].file, text.anchors[i].line,
                         text.anchors[i].time);
        }
        hde_schedule_text_release(&text);
        hde_schedule_text_release(&back);
    }
}

/* A line end in a value would make two lines of it. */
static void what_cannot_be_printed_is_not_written(void **state)
{
    static char bytes[TEXT_SIZE];
    const struct hde_entry entry = {.thread = 1, .event = 1};
    const struct hde_anchor anchor = {.file = "a\nb.c", .line = 1, .time = 1};
    struct hde_schedule_text text = {.header = {.program = "a\nb", .finding = "\x01\x7f"}};
    struct hde_schedule_text back;

    (void)state;
    hde_schedule_text_append(&text, &entry, &anchor);
    assert_true(parse(&back, bytes, write_text(&text, bytes)));
    assert_string_equal(back.header.program, "a?b");
    assert_string_equal(back.header.finding, "??");
    assert_null(back.anchors[0].file);
    hde_schedule_text_release(&text);
    hde_schedule_text_release(&back);
}

/* ---- Damage ---------------------------------------------------------------------------------- */

#define HEAD "heddle-schedule 1\nprogram a\n"

/* What is wrong, and what the message must say. */
static const struct {
    const char *bytes;
    const char *message;
} damaged[] = {
    {"", "x.schedule:1: this is no schedule"},
    {"\x7f"
     "ELF",
     "x.schedule:1: this is no schedule"},
    {"heddle-schedule", "x.schedule:1: the number of the format is missing"},
    {"heddle-schedule one", "x.schedule:1: the number of the format is missing"},
    {"heddle-schedule 2", "x.schedule:1: this is format 2, and only 1 is known"},
    {"heddle-schedule 1\nseed 3\n", "has no line `program'"},
    {HEAD "program b\n", "x.schedule:3: `program' is here a second time"},
    {HEAD "seed 1\nseed 1\n", "x.schedule:4: `seed' is here a second time"},
    {HEAD "seed x\n", "`x' is no seed"},
    {HEAD "seed 18446744073709551616\n", "is no seed"},
    {HEAD "colour blue\n", "x.schedule:3: `colour' begins neither a choice"},
    {HEAD "build a\x01"
          "b\n",
     "`build' has the byte 0x01 in it"},
    {HEAD "thread 1 event 1 lock step 2\nseed 3\n", "`seed' comes after a choice"},
    {HEAD "thread\n", "x.schedule:3: `' is no number for `thread'"},
    {HEAD "thread 256 event 1 lock step 2\n", "`256' is no number for `thread'"},
    {HEAD "thread -1 event 1 lock step 2\n", "`-1' is no number for `thread'"},
    {HEAD "thread 1x event 1 lock step 2\n", "`1x' is no number for `thread'"},
    {HEAD "thread 1 evnt 1 lock step 2\n", "`event' and a number are expected here, not `evnt'"},
    {HEAD "thread 1 event 4294967296 lock step 2\n", "is no number for `event'"},
    {HEAD "thread 1 event 1 luck step 2\n", "`luck' is no kind of event"},
    {HEAD "thread 1 event 1\n", "`' is no kind of event"},
    {HEAD "thread 1 event 1 lock stop 2\n", "`step', `wake', `value' or a fault is expected here"},
    {HEAD "thread 1 event 1 lock step 256\n", "`256' is no number for `step'"},
    {HEAD "thread 1 event 1 lock step 2 in a.c:3\n", "`at' and a place are expected here"},
    {HEAD "thread 1 event 1 lock step 2 at a.c\n", "`a.c' is no place"},
    {HEAD "thread 1 event 1 lock step 2 at :3\n", "`:3' is no place"},
    {HEAD "thread 1 event 1 lock step 2 at a.c:\n", "`a.c:' is no place"},
    {HEAD "thread 1 event 1 lock step 2 at a.c:99999999999\n", "is no place"},
    {HEAD "thread 1 event 1 lock step 2 at a.c:3 time x\n", "is no place"},
    {HEAD "thread 1 event 1 lock step 2 at a.c:3 time 4294967296\n", "is no place"},
    {HEAD "thread 1 event 4 lock step 2\nthread 1 event 4 lock step 3\n",
     "x.schedule:4: event 4 of thread 1 has a choice on line 3 already"},
    {HEAD "thread 1 event 4 lock step 2\nthread 1 event 3 lock step 3\n",
     "x.schedule:4: event 3 of thread 1 comes before its event 4 on line 3"},
};

static void check_message(const char *message)
{
    if (strstr(error, message) == NULL) {
        fail_msg("`%s' should say `%s'", error, message);
    }
}

static void damage_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
        struct hde_schedule_text text;

        assert_false(parse(&text, damaged[i].bytes, strlen(damaged[i].bytes)));
        check_message(damaged[i].message);
        assert_int_equal(text.schedule.count, 0);
    }
}

static void a_value_that_is_too_long_is_refused(void **state)
{
    char bytes[HDE_FIELD_SIZE + 100];
    struct hde_schedule_text text;
    int head = snprintf(bytes, sizeof(bytes), "heddle-schedule 1\nprogram ");

    (void)state;
    memset(bytes + head, 'a', HDE_FIELD_SIZE);
    assert_true(parse(&text, bytes, (size_t)head + HDE_FIELD_SIZE - 1));
    hde_schedule_text_release(&text);
    assert_false(parse(&text, bytes, (size_t)head + HDE_FIELD_SIZE));
    assert_non_null(strstr(error, "longer than 255 bytes"));
}

/* ---- Any bytes ------------------------------------------------------------------------------- */

/* Parsed or refused with a reason; what is accepted can be written and is read back as the same. */
static void check_any(const char *bytes, size_t size)
{
    static char written[TEXT_SIZE];
    struct hde_schedule_text text;
    struct hde_schedule_text back;
    char *exact = malloc(size > 0 ? size : 1); /* a sanitizer sees what is read beyond it */

    assert_non_null(exact);
    memcpy(exact, bytes, size);
    if (parse(&text, exact, size)) {
        assert_true(parse(&back, written, write_text(&text, written)));
        assert_int_equal(back.schedule.count, text.schedule.count);
        hde_schedule_text_release(&back);
    } else {
        assert_true(strncmp(error, "x.schedule:", 11) == 0);
    }
    hde_schedule_text_release(&text);
    free(exact);
}

static void change(char *bytes, size_t *size, struct hde_rng *rng)
{
    uint32_t at = hde_rng_below(rng, (uint32_t)*size);

    switch (hde_rng_below(rng, 4)) {
    case 0:
        bytes[at] = (char)hde_rng_next(rng);
        break;
    case 1: /* take one out */
        memmove(bytes + at, bytes + at + 1, *size - at - 1);
        (*size)--;
        break;
    case 2: /* double a piece */
        memmove(bytes + at, bytes, *size - at);
        break;
    default: /* cut off */
        *size = at + 1;
        break;
    }
}

static void any_bytes_are_read_or_refused(void **state)
{
    static char bytes[TEXT_SIZE];
    struct hde_rng rng;

    (void)state;
    hde_rng_seed(&rng, 2);
    for (unsigned round = 0; round < 20000; round++) {
        size_t size = sizeof(example) - 1;

        memcpy(bytes, example, size);
        for (uint32_t changes = 1 + hde_rng_below(&rng, 4); changes > 0 && size > 1; changes--) {
            change(bytes, &size, &rng);
        }
        check_any(bytes, size);
    }
    for (unsigned round = 0; round < 5000; round++) {
        size_t size = hde_rng_below(&rng, 200);

        for (size_t i = 0; i < size; i++) {
            bytes[i] = (char)hde_rng_next(&rng);
        }
        check_any(bytes, size);
    }
    for (size_t size = 0; size < sizeof(example); size++) {
        check_any(example, size);
    }
}

/* ---- The short form -------------------------------------------------------------------------- */

static void must_expand(struct hde_schedule *schedule, const char *argument)
{
    if (!hde_schedule_expand(schedule, argument, error)) {
        fail_msg("%s: %s", argument, error);
    }
}

static void the_short_form_is_read_back(void **state)
{
    struct hde_rng rng;

    (void)state;
    hde_rng_seed(&rng, 3);
    for (unsigned round = 0; round < 2000; round++) {
        struct hde_schedule_text text;
        struct hde_schedule back = {.count = 0};

        make_random(&text, &rng);
        char *argument = hde_schedule_shorten(&text.schedule);

        assert_non_null(argument);
        must_expand(&back, argument);
        assert_int_equal(back.count, text.schedule.count);
        for (size_t i = 0; i < back.count; i++) {
            assert_int_equal(back.entries[i].thread, text.schedule.entries[i].thread);
            assert_int_equal(back.entries[i].event, text.schedule.entries[i].event);
            assert_int_equal(back.entries[i].choice, text.schedule.entries[i].choice);
            assert_int_equal(back.entries[i].alternative, text.schedule.entries[i].alternative);
        }
        free(argument);
        hde_schedule_release(&back);
        hde_schedule_text_release(&text);
    }
}

static void the_short_form_looks_the_same_for_ever(void **state)
{
    const struct hde_entry entries[] = {
        {.thread = 1, .event = 7, .choice = HDE_CHOICE_THREAD, .alternative = 2},
        {.thread = 2, .event = 9, .choice = HDE_CHOICE_WAKE, .alternative = 3},
        {.thread = 255, .event = UINT32_MAX, .choice = HDE_CHOICE_VALUE, .alternative = UINT32_MAX},
    };
    struct hde_schedule schedule = {.count = 0};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        hde_schedule_append(&schedule, &entries[i]);
    }
    char *argument = hde_schedule_shorten(&schedule);

    assert_string_equal(argument, "5c00:1@7=2,w2@9=3,v255@4294967295=4294967295");
    free(argument);
    hde_schedule_release(&schedule);
}

/* Every argument that is not one: cut off, one character changed, one left out. */
static void a_damaged_short_form_is_refused(void **state)
{
    static const char good[] = "5c00:1@7=2,w2@9=3,v255@4294967295=4294967295";
    static const char *const bad[] = {"", ":", "0000", "0000:", "zzzz:1@7=2", "1@7=2"};
    struct hde_schedule schedule = {.count = 0};
    char argument[sizeof(good)];

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(hde_schedule_expand(&schedule, bad[i], error));
        assert_true(strncmp(error, "--schedule: ", 12) == 0);
    }
    for (size_t length = 0; length < sizeof(good) - 1; length++) {
        memcpy(argument, good, length);
        argument[length] = '\0';
        assert_false(hde_schedule_expand(&schedule, argument, error));
        memcpy(argument, good, sizeof(good));
        argument[length]++;
        assert_false(hde_schedule_expand(&schedule, argument, error));
        memmove(argument + length, good + length + 1, sizeof(good) - length - 1);
        assert_false(hde_schedule_expand(&schedule, argument, error));
        assert_int_equal(schedule.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_schedule_is_read),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_cannot_be_printed_is_not_written),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(a_value_that_is_too_long_is_refused),
        cmocka_unit_test(any_bytes_are_read_or_refused),
        cmocka_unit_test(the_short_form_is_read_back),
        cmocka_unit_test(the_short_form_looks_the_same_for_ever),
        cmocka_unit_test(a_damaged_short_form_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
