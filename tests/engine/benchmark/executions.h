/*
 * Executions: run a program of increments.h many times. For C++.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_TESTS_ENGINE_BENCHMARK_EXECUTIONS_H
#define HEDDLE_TESTS_ENGINE_BENCHMARK_EXECUTIONS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define EXECUTIONS_THREADS_MAX 128

struct executions;

/*
 * Under the strategy of that name, with `threads` threads that run function() each; stops the
 * process if there is none.
 */
struct executions *
hd_executions_new(const char *strategy, unsigned threads, void (*function)(void *));

/* Run one. Returns the events that its threads carried out; stops the process if it went wrong. */
uint64_t hd_executions_run(struct executions *executions);

void hd_executions_delete(struct executions *executions);

#ifdef __cplusplus
}
#endif

#endif
