/*
 * Fatal errors: written with write(), since the heap and stdio may be in any state.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/fatal.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "engine/execution.h"

static struct iovec piece(const char *text)
{
    /* writev() does not write to what it is given. */
    union {
        const char *text;
        void *base;
    } same = {.text = text};

    return (struct iovec){.iov_base = same.base, .iov_len = strlen(text)};
}

static noreturn void stop(const char *what, const char *separator, const char *why)
{
    struct iovec line[] = {piece("heddle: "), piece(what), piece(separator), piece(why),
                           piece("\n")};

    hde_self = NULL;
    if (writev(STDERR_FILENO, line, sizeof(line) / sizeof(line[0])) < 0) {
        _exit(3);
    }
    (void)signal(SIGABRT, SIG_DFL);
    (void)raise(SIGABRT);
    _exit(3);
}

void hde_fatal(const char *what) { stop(what, "", ""); }

void hde_fatal_errno(const char *what)
{
    const char *why = strerrordesc_np(errno);

    stop(what, ": ", why == NULL ? "unknown error" : why);
}
