/*
 * Words.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ci/report/phrase.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define PLACES_SAID_MAX 8
#define ADDRESS_DIGITS_MIN 5 /* what has fewer is a number that means something */

/* ---- What does not differ from run to run ---------------------------------------------------- */

/* What is written is never longer than what was read: a buffer of the text's size is enough. */
struct steady {
    char *end;
};

static void say(struct steady *steady, const char *text, size_t length)
{
    memcpy(steady->end, text, length);
    steady->end += length;
}

/* How much of the text is one of the words that come before numbers of a run, and its number. */
static size_t skip_number_of_run(struct steady *steady, const char *text)
{
    static const char *const words[] = {"pid=", "tid=", "==", NULL};

    for (size_t i = 0; words[i] != NULL; i++) {
        size_t length = strlen(words[i]);
        size_t digits =
            strncmp(text, words[i], length) == 0 ? strspn(text + length, "0123456789") : 0;

        if (digits > 0) {
            say(steady, words[i], length);
            say(steady, "?", 1);
            return length + digits;
        }
    }
    return 0;
}

static size_t skip_address(struct steady *steady, const char *text, char before)
{
    size_t digits = strncmp(text, "0x", 2) == 0 ? strspn(text + 2, "0123456789abcdefABCDEF") : 0;

    if (digits < ADDRESS_DIGITS_MIN || before == '+') {
        return 0;
    }
    say(steady, "0x?", 3);
    return 2 + digits;
}

static size_t skip_root(const char *text, const char *root)
{
    size_t length = strlen(root);

    return length > 1 && strncmp(text, root, length) == 0 && text[length] == '/' ? length + 1 : 0;
}

json_t *hdr_log_steady(const char *text, const char *root)
{
    char *copy = malloc(strlen(text) + 1);
    struct steady steady = {.end = copy};
    char before = '\n';

    if (copy == NULL) {
        hde_fatal("no memory for a report");
    }
    while (*text != '\0') {
        size_t length = strcspn(text, "pt=0/"); /* what the others begin with */

        say(&steady, text, length);
        if (length > 0) {
            before = text[length - 1];
        }
        text += length;
        length = skip_number_of_run(&steady, text);
        length = length == 0 ? skip_address(&steady, text, before) : length;
        length = length == 0 ? skip_root(text, root) : length;
        if (length == 0 && *text != '\0') {
            say(&steady, text, 1);
            length = 1;
        }
        if (length > 0) {
            before = text[length - 1];
        }
        text += length;
    }
    *steady.end = '\0';

    json_t *value = hdr_string(copy);

    free(copy);
    return value;
}

/* ---- Places ---------------------------------------------------------------------------------- */

static const char *verb_of(const char *event)
{
    static const struct {
        const char *event;
        const char *verb;
    } verbs[] = {
        {"read", "reads"},
        {"write", "writes"},
        {"atomic_load", "atomically reads"},
        {"atomic_store", "atomically writes"},
        {"lock", "acquires"},
        {"shared_lock", "acquires for reading"},
        {"unlock", "releases"},
        {"destroy", "destroys"},
        {"free", "frees"},
        {"allocate", "allocates"},
        {"create", "creates"},
    };

    for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
        if (strcmp(verbs[i].event, event) == 0) {
            return verbs[i].verb;
        }
    }
    return NULL;
}

static const char *thread_name(const json_t *record, const json_t *place)
{
    const json_t *thread;
    size_t i;

    if (!hdr_has(place, "thread")) {
        return "a thread";
    }
    json_array_foreach(hdr_list(record, "threads"), i, thread)
    {
        if (hdr_number(thread, "id") == hdr_number(place, "thread")) {
            return hdr_text(thread, "name");
        }
    }
    return "a thread";
}

static json_t *deed(const json_t *record, const json_t *place)
{
    const char *verb = verb_of(hdr_text(place, "event"));
    const char *object = hdr_text(json_object_get(place, "object"), "name");
    json_int_t size = hdr_number(place, "size");

    const json_t *held = json_array_get(hdr_list(place, "locks"), 0);

    if (verb == NULL) {
        return json_null();
    }
    if (strcmp(hdr_text(place, "event"), "lock") == 0 && held != NULL) {
        return hdr_phrase_of("%s acquires `%s' while it holds `%s'", thread_name(record, place),
                             object, hdr_text(held, "name"));
    }
    if (object[0] == '\0' && (strcmp(verb, "acquires") == 0 || strcmp(verb, "releases") == 0 ||
                              strcmp(verb, "destroys") == 0)) {
        return hdr_phrase_of("%s %s a lock", thread_name(record, place), verb);
    }
    if (size == 0) {
        return hdr_phrase_of(object[0] == '\0' ? "%s %s%s" : "%s %s `%s'",
                             thread_name(record, place), verb, object);
    }
    return hdr_phrase_of(object[0] == '\0' ? "%s %s %d byte%s%s" : "%s %s %d byte%s of `%s'",
                         thread_name(record, place), verb, (int)size, size == 1 ? "" : "s", object);
}

/* ---- The sentence ---------------------------------------------------------------------------- */

/* The place with that number among those that are no cause; NULL if there are fewer. */
static const json_t *place_at(const json_t *record, size_t number)
{
    const json_t *place;
    size_t i;

    json_array_foreach(hdr_list(record, "places"), i, place)
    {
        if (!hdr_is(place, "is_cause") && number-- == 0) {
            return place;
        }
    }
    return NULL;
}

static json_t *word_race(const json_t *record)
{
    const json_t *first = place_at(record, 0);
    const json_t *second = place_at(record, 1);
    const char *object = hdr_text(json_object_get(first, "object"), "name");
    const char *verb = verb_of(hdr_text(first, "event"));
    const char *other = verb_of(hdr_text(second, "event"));

    if (verb == NULL || other == NULL) {
        return hdr_phrase_of("%s%s%s", hdr_text(record, "message"), first == NULL ? "" : ": ",
                             hdr_text(first, "text"));
    }
    return hdr_phrase_of("data race on %s%s%s (%d byte%s): %s %s while %s %s, nothing orders them",
                         object[0] == '\0' ? "memory" : "`", object, object[0] == '\0' ? "" : "'",
                         (int)hdr_number(first, "size"), hdr_number(first, "size") == 1 ? "" : "s",
                         thread_name(record, first), verb, thread_name(record, second), other);
}

/* The sanitizer's word for it, and what the first places did. */
static json_t *word_places(const json_t *record, size_t count)
{
    struct hdr_phrase phrase;

    hdr_phrase_begin(&phrase);
    (void)fputs(hdr_text(record, "message"), phrase.stream);
    for (size_t i = 0; i < count; i++) {
        const char *text = hdr_text(place_at(record, i), "text");

        if (text[0] != '\0') {
            (void)fprintf(phrase.stream, "%s%s", i == 0 ? ": " : ", ", text);
        }
    }
    return hdr_phrase_end(&phrase);
}

static json_t *word(const json_t *record)
{
    const char *kind = hdr_text(record, "kind");

    if (strcmp(kind, "data-race") == 0) {
        return word_race(record);
    }
    if (strcmp(kind, "leak") == 0) {
        return hdr_string(hdr_text(record, "message"));
    }
    return word_places(record, strcmp(kind, "lock-order") == 0 ? PLACES_SAID_MAX : 1);
}

void hdr_log_word(json_t *record)
{
    json_t *message;
    json_t *place;
    size_t i;

    json_array_foreach(json_object_get(record, "places"), i, place)
    {
        if (!hdr_has(place, "text")) {
            hdr_set(place, "text", deed(record, place));
        }
    }
    message = word(record);
    json_array_foreach(json_object_get(record, "places"), i, place)
    {
        if (!hdr_has(place, "text")) {
            hdr_set(place, "text", hdr_string(hdr_text(record, "message")));
        }
    }
    hdr_set(record, "message", message);
}
