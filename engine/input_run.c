/*
 * Running an input, under the strategy `input'.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/input_run.h"

#include <stddef.h>
#include <stdlib.h>

#include "engine/fatal.h"

extern const struct hde_strategy hde_strategy_input;

static struct hde_input_follower runner;

void hde_input_follow(struct hde_input_follower *follower, const struct hde_input *input)
{
    const struct hde_strategy_options options = {.input = input};

    if (follower->input != input) {
        if (follower->state == NULL) {
            follower->state = calloc(1, hde_strategy_input.state_size);
        } else {
            hde_strategy_input.stop(follower->state);
        }
        if (follower->state == NULL) {
            hde_fatal_errno("no memory for a strategy");
        }
        hde_strategy_input.start(follower->state, &options);
        follower->input = input;
    }
    hde_strategy_input.begin(follower->state, 0);
}

static void run(const struct hde_program *program,
                const struct hde_settings *settings,
                const struct hde_input *input)
{
    hde_input_follow(&runner, input);
    hde_execution_run(program, settings, &hde_strategy_input, runner.state);
    (void)hde_strategy_input.end(runner.state);
}

struct hde_settings hde_input_settings(const struct hde_settings *settings,
                                       const struct hde_input *input)
{
    struct hde_settings own = *settings;

    own.visibility = input->sees_all || input->seeks_rounds ? HDE_VISIBLE_ALL : HDE_VISIBLE_SYNC;
    own.skips_rounds = !input->seeks_rounds;
    return own;
}

void hde_input_run(const struct hde_program *program,
                   const struct hde_settings *settings,
                   const struct hde_input *input)
{
    static struct hde_settings own; /* what came of it may still be asked for them */

    own = hde_input_settings(settings, input);
    run(program, &own, input);
    if (hde_execution.end == HDE_END_STEPS && !input->seeks_rounds) {
        own.visibility = HDE_VISIBLE_ALL;
        own.skips_rounds = false;
        run(program, &own, input);
    }
}
