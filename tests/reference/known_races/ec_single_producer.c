/*
 * Single-producer event count: what it publishes looks unordered.
 *
 * In that mode the count is advanced by one plain x86 instruction, in inline assembly. No atomic
 * release is in the program, so nothing orders what the producer wrote before it and what a
 * consumer reads after it has seen the new count.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <time.h>

#include <ck_ec.h>

#include "tests/reference/known_races/stage.h"

static const struct ck_ec_ops no_ops; /* nobody sleeps */
static const struct ck_ec_mode single_producer = {.ops = &no_ops, .single_producer = true};
static struct ck_ec32 count = CK_EC_INITIALIZER;
static int published;

static void write_and_advance(void)
{
    published = 1;
    ck_ec32_inc(&count, &single_producer);
}

static void read_when_advanced(void)
{
    while (ck_ec32_value(&count) == 0) {
        ck_pr_stall();
    }
    (void)printf("published: %d\n", published);
}

int main(void)
{
    return hd_stage_run("read_when_advanced write_and_advance", write_and_advance,
                        read_when_advanced);
}
