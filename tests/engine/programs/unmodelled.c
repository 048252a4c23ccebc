/*
 * Calls that may block, some of which cannot: those are not worth a warning.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/unmodelled.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <threads.h>
#include <unistd.h>

#include <heddle/check.h>

static int ends[2]; /* of a pipe with a few bytes in it */
static FILE *file;  /* a regular one */

void hd_unmodelled_open(void)
{
    if (pipe(ends) != 0 || write(ends[1], "bytes", 5) != 5) {
        perror("pipe");
    }
    file = tmpfile();
}

void hd_unmodelled_close(void)
{
    (void)close(ends[0]);
    (void)close(ends[1]);
    (void)fclose(file);
}

static void read_pipe(void)
{
    char byte;

    HD_EXPECT(read(ends[0], &byte, 1) == 1);
}

static void read_file(void)
{
    char byte;

    HD_EXPECT(read(fileno(file), &byte, 1) == 0);
}

static void poll_shortly(void)
{
    struct pollfd polled = {.fd = ends[0], .events = POLLIN};

    HD_EXPECT(poll(&polled, 1, 1) == 1);
}

static void poll_at_once(void)
{
    struct pollfd polled = {.fd = ends[0], .events = POLLIN};

    HD_EXPECT(poll(&polled, 1, 0) == 1);
}

static void requeue(void)
{
    uint32_t words[2] = {0, 0};

    HD_EXPECT(syscall(SYS_futex, &words[0], FUTEX_REQUEUE, 1, 1, &words[1], 0) == -1);
    HD_EXPECT(errno == ENOSYS);
}

static int run(void *unused)
{
    (void)unused;
    return 0;
}

static void create_c11_thread(void)
{
    thrd_t thread;

    (void)thrd_create(&thread, run, NULL);
}

static void pause_for_ever(void) { (void)pause(); }

static void fork_child(void) { (void)fork(); }

static void cancel(void) { (void)pthread_cancel(pthread_self()); }

const struct unmodelled_program unmodelled_programs[] = {
    {"read", HD_CLEAN, read_pipe},
    {NULL, HD_CLEAN, read_pipe}, /* said already */
    {NULL, HD_CLEAN, read_file},
    {NULL, HD_CLEAN, poll_at_once},
    {"poll", HD_CLEAN, poll_shortly},
    {"futex_requeue", HD_CLEAN, requeue},
    {"thrd_create", HD_FAILURE, create_c11_thread},
    {"pause", HD_FAILURE, pause_for_ever},
    {"pthread_cancel", HD_FAILURE, cancel},
    {"fork", HD_FAILURE, fork_child},
};

const size_t unmodelled_programs_count =
    sizeof(unmodelled_programs) / sizeof(unmodelled_programs[0]);
