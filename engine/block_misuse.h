/*
 * Block misuse: what is wrong with how a block of the heap is used.
 *
 * Each ends the execution, since what comes after is but a consequence, unless the settings ignore
 * it: then it returns, and the execution goes on as if memory were not reused.
 *
 * A use and a free that nothing orders are a use after free whichever came first: which one did is
 * the schedule's doing, the mistake is the same. So both orders give one finding, at the line of
 * the use, and no data race. Likewise, two frees of a block are one finding, at both their lines.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_ENGINE_BLOCK_MISUSE_H
#define HEDDLE_ENGINE_BLOCK_MISUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "engine/arena.h"
#include "engine/finding.h"

/* What the text of a finding says if nothing orders the two. */
#define HDE_BLOCK_UNORDERED "nothing orders the two"

/* The block is freed, and `use' touches it. */
void hde_block_used(const struct hde_place *use, const struct hde_block *block);

/* The running thread frees, at `pc', a block that `use' touches, and nothing orders the two. */
void hde_block_freed_in_use(const struct hde_place *use,
                            const struct hde_block *block,
                            uint32_t pc);

/* `use' touches memory beside the block. */
void hde_block_missed(const struct hde_place *use, const struct hde_block *block);

/* The running thread frees, at `pc', what is freed already; or what is no block at all. */
void hde_block_freed_again(const struct hde_block *block, uint32_t pc);
void hde_block_freed_wildly(const void *memory, uint32_t pc);

#endif
