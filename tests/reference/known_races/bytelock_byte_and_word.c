/*
 * Bytelock: a reader writes a byte, the writer reads the word around it.
 *
 * A reader announces itself and leaves by storing to the byte of its slot; the writer waits until
 * whole words of such bytes are zero. C11 has no atomic accesses of different size to the same
 * object, and ThreadSanitizer takes an order only from an access to the same address: of eight
 * slots only the first. So what the reader read and what the writer writes race.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/reference/ck_pr_port.h"

#include <ck_bytelock.h>

#include "tests/reference/known_races/stage.h"

enum { READ = 1, READER_SLOT = 2, WRITER_SLOT = 9 };

static struct ck_bytelock lock = CK_BYTELOCK_INITIALIZER;
static int guarded;

static void read_under_lock(void)
{
    ck_bytelock_read_lock(&lock, READER_SLOT);
    (void)printf("guarded: %d\n", guarded);
    ck_bytelock_read_unlock(&lock, READER_SLOT);
    hd_stage_reach(READ);
}

static void write_under_lock(void)
{
    hd_stage_await(READ);
    ck_bytelock_write_lock(&lock, WRITER_SLOT);
    guarded = 1;
    ck_bytelock_write_unlock(&lock);
}

int main(void)
{
    return hd_stage_run("read_under_lock write_under_lock", read_under_lock, write_under_lock);
}
