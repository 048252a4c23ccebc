/*
 * Fork: run a function in a child process.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/fork.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <heddle/event.h>

#include "tests/primitives/support.h"

void hd_fork(hd_fork_child *child, void *shared)
{
    int status = 0;
    const pid_t pid = fork();

    if (pid == 0) {
        /* The watchdog is not in the child, and nobody would miss a child that hangs. */
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        (void)alarm(HD_TEST_SECONDS_MAX / 2);
        child(shared);
        _Exit(0);
    }
    HD_CHECK(pid > 0);
    while (waitpid(pid, &status, 0) != pid) {
        HD_CHECK(errno == EINTR);
    }
    HD_CHECK(!WIFSIGNALED(status)); /* SIGALRM: the child hung */
    HD_CHECK_EQUAL((uint64_t)WEXITSTATUS(status), 0);
}

static void wait_for_it(void *shared, size_t index)
{
    (void)index;
    hd_event_wait(shared);
}

void hd_fork_among_threads(hd_fork_child *child, void *shared)
{
    struct hd_event may_end = HD_EVENT_INITIALIZER;
    struct hd_crew crew = {0};

    hd_crew_add(&crew, 3, wait_for_it, &may_end);
    hd_crew_await_sleep(&crew, &may_end.word);
    hd_fork(child, shared);
    hd_event_set(&may_end);
    hd_crew_join(&crew);
}
