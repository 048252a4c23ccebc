/*
 * Values that threads keep under keys: programs for thread_key_test.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_KEY_H
#define HEDDLE_TESTS_ENGINE_PROGRAMS_THREAD_KEY_H

#include <pthread.h>

/* Made by the test, outside executions; its destructor is that of the program. */
extern pthread_key_t hd_test_key_outer;

void hd_test_key_destroy_outer(void *value);

/* Two threads use two keys; one returns, the other one exits. */
void hd_test_key_use(void *unused);

/* Keys are made until there are no more, then deleted. */
void hd_test_key_exhaust(void *unused);

/* A destructor that always sets a new value. */
void hd_test_key_insist(void *unused);

/* The outer key has no value yet; it gets one, and is deleted. */
void hd_test_key_lose_outer(void *unused);

#endif
