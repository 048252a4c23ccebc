/*
 * File position shared: two threads read and write their own records through one descriptor.
 *
 * Bug      Going to a record and reading or writing it are two calls, and the position between them
 *          belongs to the open file, not to the thread. Each call is atomic, so there is no data
 *          race; but the other thread may go elsewhere in between, and one reads or overwrites a
 *          record that is not its own.
 * Needs    2 threads, 1 preemption: between going to a record and reading or writing it.
 * Fix      Say the position with each call, as pread() and pwrite() do.
 * Source   Textbook; read(2), lseek(2). The file is modelled: what a real one holds would outlive
 *          the execution. Its lock is the one that the kernel keeps for an open file.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stddef.h>
#include <string.h>

#include <heddle/check.h>
#include <heddle/lock.h>

#define RECORDS 2
#define RECORD_SIZE 4

struct file {
    struct hd_lock lock;
    size_t position;                     /* under lock */
    char content[RECORDS * RECORD_SIZE]; /* under lock */
};

struct shared {
    struct file file;
};

static void setup(void *state)
{
    struct shared *shared = state;

    hd_lock_init(&shared->file.lock);
    memcpy(shared->file.content, "a--0b--0", sizeof(shared->file.content));
}

/* ---- The file: each call is atomic ----------------------------------------------------------- */

static void file_seek(struct file *file, size_t position)
{
    hd_lock_acquire(&file->lock);
    file->position = position;
    HD_EXPECT(hd_lock_release(&file->lock) == HD_OK);
}

static void file_read(struct file *file, char *record)
{
    hd_lock_acquire(&file->lock);
    memcpy(record, file->content + file->position, RECORD_SIZE);
    HD_EXPECT(hd_lock_release(&file->lock) == HD_OK);
}

static void file_write(struct file *file, const char *record)
{
    hd_lock_acquire(&file->lock);
    memcpy(file->content + file->position, record, RECORD_SIZE);
    HD_EXPECT(hd_lock_release(&file->lock) == HD_OK);
}

static void file_read_at(struct file *file, char *record, size_t position)
{
    hd_lock_acquire(&file->lock);
    memcpy(record, file->content + position, RECORD_SIZE);
    HD_EXPECT(hd_lock_release(&file->lock) == HD_OK);
}

static void file_write_at(struct file *file, const char *record, size_t position)
{
    hd_lock_acquire(&file->lock);
    memcpy(file->content + position, record, RECORD_SIZE);
    HD_EXPECT(hd_lock_release(&file->lock) == HD_OK);
}

/* ---- Its users ------------------------------------------------------------------------------- */

static void count_in_record(struct shared *shared, size_t position)
{
    char record[RECORD_SIZE];

    file_seek(&shared->file, position);
    file_read(&shared->file, record);
    record[RECORD_SIZE - 1]++;
    file_seek(&shared->file, position);
    file_write(&shared->file, record);
}

static void count_in_record_at(struct shared *shared, size_t position)
{
    char record[RECORD_SIZE];

    file_read_at(&shared->file, record, position);
    record[RECORD_SIZE - 1]++;
    file_write_at(&shared->file, record, position);
}

static void count_a(void *state) { count_in_record(state, 0); }

static void count_b(void *state) { count_in_record(state, RECORD_SIZE); }

static void count_a_at(void *state) { count_in_record_at(state, 0); }

static void count_b_at(void *state) { count_in_record_at(state, RECORD_SIZE); }

static void check(const void *state)
{
    const struct shared *shared = state;
    const char *content = shared->file.content;

    HD_EXPECT(memcmp(content, "a--1b--1", sizeof(shared->file.content)) == 0); /* finding */
}

const struct hd_scenario hd_scenario_file_position_shared = {
    .summary = "two threads seek, read and write through one descriptor",
    .state_size = sizeof(struct shared),
    .setup = setup,
    .threads = {count_a, count_b},
    .fixed = {count_a_at, count_b_at},
    .check = check,
    .sc = HD_FAILURE,
    .c11 = HD_FAILURE,
};
