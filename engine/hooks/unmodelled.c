/*
 * Calls that are not modelled: the table of those that were met, and the system calls that may
 * block.
 *
 * A system call passes through: while it blocks, so does the whole execution, and what it returns
 * is not the engine's choice. Calls that can be seen not to block (a regular file, a time-out of 0)
 * are not noted.
 *
 * Noted      read recv recvfrom recvmsg accept accept4 poll ppoll select pselect epoll_wait wait
 *            waitpid waitid flock lockf sigwait
 * Refused    sigsuspend pause: ends the execution.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/unmodelled.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/code.h"
#include "engine/execution.h"
#include "engine/hooks/real.h"

#define NOTED_MAX 128U

/* ---- What was met ---------------------------------------------------------------------------- */

static struct hde_unmodelled noted[NOTED_MAX]; /* [0, noted_count), in the order in which met */
static unsigned noted_count;
static unsigned told_count; /* of them, by hde_unmodelled_next() */

bool hde_unmodelled_next(struct hde_unmodelled *unmodelled)
{
    if (told_count == noted_count) {
        return false;
    }
    *unmodelled = noted[told_count++];
    return true;
}

void hde_unmodelled_note_instead(const char *call, const char *instead, uint32_t pc)
{
    for (unsigned i = 0; i < noted_count; i++) {
        if (strcmp(noted[i].call, call) == 0) {
            return;
        }
    }
    if (noted_count < NOTED_MAX) {
        noted[noted_count++] = (struct hde_unmodelled){
            .call = call,
            .instead = instead,
            .pc = pc,
            .context = hde_self->context,
        };
    }
}

void hde_unmodelled_note(const char *call, uint32_t pc)
{
    hde_unmodelled_note_instead(call, "passes through", pc);
}

static void append(char *text, const char *what)
{
    size_t length = strlen(text);

    for (; *what != '\0' && length + 1 < HDE_TEXT_MAX; what++) {
        text[length++] = *what;
    }
    text[length] = '\0';
}

void hde_unmodelled_fail(const char *call, uint32_t pc)
{
    struct hde_finding finding = {.kind = HD_FAILURE, .places_count = 1};

    hde_unmodelled_note_instead(call, "ends the execution", pc);
    finding.places[0] = (struct hde_place){
        .pc = pc,
        .context = hde_self->context,
        .event = hde_self->events,
        .thread = hde_self->id,
    };
    append(finding.text, call);
    append(finding.text, "() is not modelled: the execution cannot go on from here");
    hde_execution_fail(&finding);
}

/* ---- System calls that may block ------------------------------------------------------------- */

/* Reading a regular file does not block. */
static bool may_block(int file)
{
    struct stat status;

    return fstat(file, &status) != 0 || !S_ISREG(status.st_mode);
}

ssize_t read(int file, void *buffer, size_t size)
{
    if (hde_self != NULL && may_block(file)) {
        hde_unmodelled_note("read", HDE_CALLER());
    }
    return HDE_REAL(read)(file, buffer, size);
}

ssize_t recv(int socket, void *buffer, size_t size, int flags)
{
    if (hde_self != NULL && (flags & MSG_DONTWAIT) == 0) {
        hde_unmodelled_note("recv", HDE_CALLER());
    }
    return HDE_REAL(recv)(socket, buffer, size, flags);
}

ssize_t recvfrom(int socket,
                 void *restrict buffer,
                 size_t size,
                 int flags,
                 __SOCKADDR_ARG address,
                 socklen_t *restrict length)
{
    if (hde_self != NULL && (flags & MSG_DONTWAIT) == 0) {
        hde_unmodelled_note("recvfrom", HDE_CALLER());
    }
    return HDE_REAL(recvfrom)(socket, buffer, size, flags, address, length);
}

ssize_t recvmsg(int socket, struct msghdr *message, int flags)
{
    if (hde_self != NULL && (flags & MSG_DONTWAIT) == 0) {
        hde_unmodelled_note("recvmsg", HDE_CALLER());
    }
    return HDE_REAL(recvmsg)(socket, message, flags);
}

int accept(int socket, __SOCKADDR_ARG address, socklen_t *restrict length)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("accept", HDE_CALLER());
    }
    return HDE_REAL(accept)(socket, address, length);
}

int accept4(int socket, __SOCKADDR_ARG address, socklen_t *restrict length, int flags)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("accept4", HDE_CALLER());
    }
    return HDE_REAL(accept4)(socket, address, length, flags);
}

int poll(struct pollfd *files, nfds_t count, int timeout_ms)
{
    if (hde_self != NULL && timeout_ms != 0) {
        hde_unmodelled_note("poll", HDE_CALLER());
    }
    return HDE_REAL(poll)(files, count, timeout_ms);
}

int ppoll(struct pollfd *files,
          nfds_t count,
          const struct timespec *timeout,
          const sigset_t *signals)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("ppoll", HDE_CALLER());
    }
    return HDE_REAL(ppoll)(files, count, timeout, signals);
}

int select(int count,
           fd_set *restrict readable,
           fd_set *restrict writable,
           fd_set *restrict exceptional,
           struct timeval *restrict timeout)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("select", HDE_CALLER());
    }
    return HDE_REAL(select)(count, readable, writable, exceptional, timeout);
}

int pselect(int count,
            fd_set *restrict readable,
            fd_set *restrict writable,
            fd_set *restrict exceptional,
            const struct timespec *restrict timeout,
            const sigset_t *restrict signals)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("pselect", HDE_CALLER());
    }
    return HDE_REAL(pselect)(count, readable, writable, exceptional, timeout, signals);
}

int epoll_wait(int file, struct epoll_event *events, int count, int timeout_ms)
{
    if (hde_self != NULL && timeout_ms != 0) {
        hde_unmodelled_note("epoll_wait", HDE_CALLER());
    }
    return HDE_REAL(epoll_wait)(file, events, count, timeout_ms);
}

pid_t wait(int *status)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("wait", HDE_CALLER());
    }
    return HDE_REAL(wait)(status);
}

pid_t waitpid(pid_t process, int *status, int options)
{
    if (hde_self != NULL && (options & WNOHANG) == 0) {
        hde_unmodelled_note("waitpid", HDE_CALLER());
    }
    return HDE_REAL(waitpid)(process, status, options);
}

int waitid(idtype_t type, id_t id, siginfo_t *information, int options)
{
    if (hde_self != NULL && (options & WNOHANG) == 0) {
        hde_unmodelled_note("waitid", HDE_CALLER());
    }
    return HDE_REAL(waitid)(type, id, information, options);
}

int flock(int file, int operation)
{
    if (hde_self != NULL && (operation & LOCK_NB) == 0) {
        hde_unmodelled_note("flock", HDE_CALLER());
    }
    return HDE_REAL(flock)(file, operation);
}

int lockf(int file, int operation, off_t size)
{
    if (hde_self != NULL && operation == F_LOCK) {
        hde_unmodelled_note("lockf", HDE_CALLER());
    }
    return HDE_REAL(lockf)(file, operation, size);
}

int sigwait(const sigset_t *restrict signals, int *restrict which)
{
    if (hde_self != NULL) {
        hde_unmodelled_note("sigwait", HDE_CALLER());
    }
    return HDE_REAL(sigwait)(signals, which);
}

/* Nobody but another process could send the signal. */
int sigsuspend(const sigset_t *signals)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("sigsuspend", HDE_CALLER());
    }
    return HDE_REAL(sigsuspend)(signals);
}

int pause(void)
{
    if (hde_self != NULL) {
        hde_unmodelled_fail("pause", HDE_CALLER());
    }
    return HDE_REAL(pause)();
}
