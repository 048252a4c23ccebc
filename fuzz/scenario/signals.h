/*
 * Signals: a fuzzer's handlers, outside executions.
 *
 * libFuzzer has handlers for its time limit (SIGALRM), for an end that it is asked for (SIGINT,
 * SIGTERM, SIGUSR1 ...), and for crashes. They print, allocate and write files, and the signal may
 * come in an execution: on a fiber's small stack, where all of that would be taken for what the
 * code under test does. Crashes are the engine's (engine/process.h), which calls the fuzzer's
 * handlers for those that no execution has to do with.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_FUZZ_SCENARIO_SIGNALS_H
#define HEDDLE_FUZZ_SCENARIO_SIGNALS_H

/*
 * From now on the handlers there are, but for those of crashes, run on the stack of signal handlers
 * and with no execution in sight. Requires hde_execution_start(), on the same thread.
 */
void hd_signals_shelter(void);

#endif
