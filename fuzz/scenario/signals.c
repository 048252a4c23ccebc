/*
 * Signals: handlers that step out of the execution and call those that were there before.
 *
 * An execution that was interrupted goes on as it was if the fuzzer's handler returns.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/execution.h"
#include "engine/fatal.h"

/* Those of the fuzzers that are no crashes. */
static const int numbers[] = {SIGALRM, SIGINT, SIGTERM, SIGUSR1, SIGUSR2, SIGXCPU, SIGXFSZ};

#define NUMBERS (sizeof(numbers) / sizeof(numbers[0]))

static struct sigaction sheltered[NUMBERS];

static void handle(int number, siginfo_t *info, void *context)
{
    struct hde_thread *self = hde_self;
    size_t i = 0;

    while (numbers[i] != number) {
        i++;
    }
    hde_self = NULL;
    if ((sheltered[i].sa_flags & SA_SIGINFO) != 0) {
        sheltered[i].sa_sigaction(number, info, context);
    } else {
        sheltered[i].sa_handler(number);
    }
    hde_self = self;
}

static bool is_handled(const struct sigaction *action)
{
    return (action->sa_flags & SA_SIGINFO) != 0 ||
           (action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN);
}

static void shelter(size_t i)
{
    if (sigaction(numbers[i], NULL, &sheltered[i]) != 0) {
        hde_fatal_errno("cannot see the handler of a signal");
    }
    if (is_handled(&sheltered[i])) {
        struct sigaction action = sheltered[i];

        action.sa_flags |= SA_SIGINFO | SA_ONSTACK;
        action.sa_sigaction = handle;
        if (sigaction(numbers[i], &action, NULL) != 0) {
            hde_fatal_errno("cannot handle a signal");
        }
    }
}

void hd_signals_shelter(void)
{
    for (size_t i = 0; i < NUMBERS; i++) {
        shelter(i);
    }
}
