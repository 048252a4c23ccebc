/*
 * Keys of values that each thread has for itself, called at `pc`: C11's tss_t is the same by other
 * names. The results are those of the pthread_ calls.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_HOOKS_THREAD_KEY_H
#define HEDDLE_ENGINE_HOOKS_THREAD_KEY_H

#include <pthread.h>
#include <stdint.h>

int hde_key_create(pthread_key_t *number, void (*destructor)(void *value), uint32_t pc);
int hde_key_delete(pthread_key_t number, uint32_t pc);
int hde_key_set(pthread_key_t number, const void *value, uint32_t pc);
void *hde_key_get(pthread_key_t number, uint32_t pc);

#endif
