/*
 * Record: one JSON object of docs/FINDING_FORMAT.md, and how to look things up in it.
 *
 * What is looked up in a record that lacks it is empty: a writer of a format asks for what it
 * shows, and need not ask first whether it is there.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_RECORD_H
#define HEDDLE_CI_REPORT_RECORD_H

#include <stdbool.h>

#include <jansson.h>

#define HDR_FORMAT_VERSION 2

/* The text of a key; "" if there is none. */
const char *hdr_text(const json_t *object, const char *key);

/* The number of a key; 0 if there is none. */
json_int_t hdr_number(const json_t *object, const char *key);

/* Whether a key is there and true. */
bool hdr_is(const json_t *object, const char *key);

/* Whether a key is there and not null. */
bool hdr_has(const json_t *object, const char *key);

/* The array of a key; NULL, which jansson takes for an empty one, if there is none. */
const json_t *hdr_list(const json_t *object, const char *key);

/* The thread of a finding that has this id; NULL, in which nothing is found, if there is none. */
const json_t *hdr_thread(const json_t *finding, json_int_t id);

/* The text at an index of an array of texts; "" if there is none. */
const char *hdr_text_at(const json_t *list, size_t index);

/* Give a key a value, which is taken over. Out of memory stops the process. */
void hdr_set(json_t *object, const char *key, json_t *value);

/* Append a value, which is taken over. Out of memory stops the process. */
void hdr_push(json_t *array, json_t *value);

/* A JSON string of any bytes: what is no UTF-8 becomes U+FFFD. */
json_t *hdr_string(const char *text);

#endif
