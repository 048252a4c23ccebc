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
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/syscall.h>
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

static void lock_with_priority(void)
{
    uint32_t word = 0;

    HD_EXPECT(syscall(SYS_futex, &word, FUTEX_LOCK_PI, 0, NULL, NULL, 0) == -1);
    HD_EXPECT(errno == ENOSYS);
}

static void *run(void *unused) { return unused; }

static void interrupt_thread(void)
{
    pthread_t thread;

    HD_EXPECT(pthread_create(&thread, NULL, run, NULL) == 0);
    (void)pthread_kill(thread, SIGUSR1);
}

/* A warning, and no more: the thread runs all the same. */
static void ask_for_stack(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    HD_EXPECT(pthread_attr_init(&attributes) == 0);
    HD_EXPECT(pthread_attr_setstacksize(&attributes, 1 << 20) == 0);
    HD_EXPECT(pthread_create(&thread, &attributes, run, NULL) == 0);
    HD_EXPECT(pthread_join(thread, NULL) == 0);
    HD_EXPECT(pthread_attr_destroy(&attributes) == 0);
}

static void pause_for_ever(void) { (void)pause(); }

static void fork_child(void) { (void)fork(); }

static void clone_process(void) { (void)syscall(SYS_clone, 0, NULL, NULL, NULL, 0); }

const struct unmodelled_program unmodelled_programs[] = {
    {"read", HD_CLEAN, read_pipe},
    {NULL, HD_CLEAN, read_pipe}, /* said already */
    {NULL, HD_CLEAN, read_file},
    {NULL, HD_CLEAN, poll_at_once},
    {"poll", HD_CLEAN, poll_shortly},
    {"futex_lock_pi", HD_CLEAN, lock_with_priority},
    {"pthread_kill", HD_FAILURE, interrupt_thread},
    {"pthread_attr_setstacksize", HD_CLEAN, ask_for_stack},
    {"pause", HD_FAILURE, pause_for_ever},
    {"fork", HD_FAILURE, fork_child},
    {"syscall", HD_FAILURE, clone_process},
};

const size_t unmodelled_programs_count =
    sizeof(unmodelled_programs) / sizeof(unmodelled_programs[0]);
