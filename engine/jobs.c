/*
 * Jobs: workers, and what comes through their pipes.
 *
 * A message is a header and, if it tells of a finding, the entries of its schedule, or the text of
 * a warning, an inversion or a nesting. A worker's last message says that it is done; a pipe that
 * ends without one belonged to a worker that died. One that says nothing for twice as long as its
 * own watchdog waits is killed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/jobs.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/fatal.h"
#include "engine/interrupt.h"
#include "engine/warning.h"
#include "engine/watchdog.h"

#define POLL_MS 100
#define ENTRIES_MAX (UINT64_C(1) << 24) /* of a schedule that can be true */

enum message_kind {
    MESSAGE_PROGRESS,
    MESSAGE_FOUND,
    MESSAGE_WARNING,
    MESSAGE_UNREALISED,
    MESSAGE_NESTED,
    MESSAGE_SAMPLE,
    MESSAGE_DONE,
};

struct message {
    enum message_kind kind;
    struct hde_tally tally;
    uint64_t execution; /* FOUND */
    uint64_t entries;   /* FOUND: how many follow */
};

struct worker {
    pid_t process;
    int pipe;               /* read end; -1 once it is over */
    bool is_done;           /* its last message came */
    bool has_sample;        /* its last message was one */
    unsigned silent_rounds; /* polls since its last message */
    struct hde_tally tally; /* as of its last message */
};

/* ---- The worker ------------------------------------------------------------------------------ */

static int worker_pipe;

static void write_all(const void *data, size_t size)
{
    const char *from = data;

    while (size > 0) {
        ssize_t written = write(worker_pipe, from, size);

        if (written < 0 && errno != EINTR) {
            _exit(HDE_WATCHDOG_EXIT);
        }
        if (written > 0) {
            from += written;
            size -= (size_t)written;
        }
    }
}

static void tell_found(void *listener, uint64_t execution, const struct hde_schedule *schedule)
{
    const struct message message = {
        .kind = MESSAGE_FOUND,
        .execution = execution,
        .entries = schedule->count,
    };

    (void)listener;
    write_all(&message, sizeof(message));
    write_all(schedule->entries, schedule->count * sizeof(*schedule->entries));
}

static void tell_unrealised(void *listener, const struct hde_inversion *inversion)
{
    const struct message message = {.kind = MESSAGE_UNREALISED};

    (void)listener;
    write_all(&message, sizeof(message));
    write_all(inversion, sizeof(*inversion));
}

static void tell_nested(void *listener, const struct hde_nesting *nesting)
{
    const struct message message = {.kind = MESSAGE_NESTED};

    (void)listener;
    write_all(&message, sizeof(message));
    write_all(nesting, sizeof(*nesting));
}

static void tell_sample(void *listener, const struct hde_tally *tally)
{
    const struct message message = {.kind = MESSAGE_SAMPLE, .tally = *tally};

    (void)listener;
    write_all(&message, sizeof(message));
}

static void tell_warnings(void)
{
    const struct message message = {.kind = MESSAGE_WARNING};
    char text[HDE_WARNING_MAX] = "";

    while (hde_warning_next(text)) {
        write_all(&message, sizeof(message));
        write_all(text, sizeof(text));
    }
}

static bool tell_progress(void *listener, const struct hde_tally *tally)
{
    const struct message message = {.kind = MESSAGE_PROGRESS, .tally = *tally};

    (void)listener;
    write_all(&message, sizeof(message));
    return hde_interrupt_came();
}

static noreturn void work(const struct hde_exploration *exploration, unsigned limit_s, int pipe)
{
    struct hde_exploration own = *exploration;
    struct message message = {.kind = MESSAGE_DONE};

    worker_pipe = pipe;
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    /* An interrupt from the terminal reaches all processes, and then one comes from the parent. */
    hde_interrupt_install(false);
    hde_watchdog_start(limit_s, NULL);
    own.found = tell_found;
    own.unrealised = tell_unrealised;
    own.nested = exploration->nested == NULL ? NULL : tell_nested;
    own.sampled = exploration->sampled == NULL ? NULL : tell_sample;
    own.listen = tell_progress;
    message.tally = hde_explore(&own);
    tell_warnings();
    write_all(&message, sizeof(message));
    _exit(0);
}

static struct worker start_worker(const struct hde_exploration *exploration,
                                  unsigned number,
                                  unsigned jobs,
                                  unsigned limit_s)
{
    struct hde_exploration part = *exploration;
    int ends[2];

    part.first = exploration->first + number;
    part.stride = jobs;
    part.executions_max = exploration->executions_max / jobs;
    part.executions_max += number < exploration->executions_max % jobs;
    (void)fflush(NULL);
    if (pipe(ends) != 0) {
        hde_fatal_errno("no pipe for a worker");
    }
    pid_t process = fork();

    if (process < 0) {
        hde_fatal_errno("no process for a worker");
    }
    if (process == 0) {
        (void)close(ends[0]);
        work(&part, limit_s, ends[1]);
    }
    (void)close(ends[1]);
    return (struct worker){
        .process = process, .pipe = ends[0], .tally = {.states = HDE_STATES_UNKNOWN}};
}

/* ---- The parent ------------------------------------------------------------------------------ */

static bool read_all(int pipe, void *data, size_t size)
{
    char *to = data;

    while (size > 0) {
        ssize_t got = read(pipe, to, size);

        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        if (got > 0) {
            to += got;
            size -= (size_t)got;
        }
    }
    return true;
}

static bool receive_found(const struct hde_exploration *exploration,
                          const struct worker *worker,
                          const struct message *message)
{
    struct hde_schedule schedule = {0};
    bool is_whole = message->entries <= ENTRIES_MAX;

    for (uint64_t i = 0; is_whole && i < message->entries; i++) {
        struct hde_entry entry;

        is_whole = read_all(worker->pipe, &entry, sizeof(entry));
        if (is_whole) {
            hde_schedule_append(&schedule, &entry);
        }
    }
    if (is_whole && exploration->found != NULL) {
        exploration->found(exploration->listener, message->execution, &schedule);
    }
    hde_schedule_release(&schedule);
    return is_whole;
}

static bool receive_warning(const struct worker *worker)
{
    char text[HDE_WARNING_MAX];

    if (!read_all(worker->pipe, text, sizeof(text))) {
        return false;
    }
    text[sizeof(text) - 1] = '\0';
    hde_warning_print(text);
    return true;
}

static bool receive_unrealised(const struct hde_exploration *exploration,
                               const struct worker *worker)
{
    static struct hde_inversion inversion;

    if (!read_all(worker->pipe, &inversion, sizeof(inversion)) || inversion.count > HDE_CYCLE_MAX) {
        return false;
    }
    if (exploration->unrealised != NULL) {
        exploration->unrealised(exploration->listener, &inversion);
    }
    return true;
}

static bool receive_nested(const struct hde_exploration *exploration, const struct worker *worker)
{
    static struct hde_nesting nesting;

    if (!read_all(worker->pipe, &nesting, sizeof(nesting))) {
        return false;
    }
    nesting.held_at[sizeof(nesting.held_at) - 1] = '\0';
    nesting.wanted_at[sizeof(nesting.wanted_at) - 1] = '\0';
    if (exploration->nested != NULL) {
        exploration->nested(exploration->listener, &nesting);
    }
    return true;
}

/* One message; returns false when there will be no more. */
static bool receive(const struct hde_exploration *exploration, struct worker *worker)
{
    struct message message;

    if (!read_all(worker->pipe, &message, sizeof(message))) {
        return false;
    }
    worker->silent_rounds = 0;
    if (message.kind == MESSAGE_FOUND) {
        return receive_found(exploration, worker, &message);
    }
    if (message.kind == MESSAGE_WARNING) {
        return receive_warning(worker);
    }
    if (message.kind == MESSAGE_UNREALISED) {
        return receive_unrealised(exploration, worker);
    }
    if (message.kind == MESSAGE_NESTED) {
        return receive_nested(exploration, worker);
    }
    worker->has_sample = message.kind == MESSAGE_SAMPLE;
    worker->tally = message.tally;
    worker->is_done = message.kind == MESSAGE_DONE;
    return !worker->is_done;
}

/* Wait for its end; say how it ended unless that was well. */
static void bury(struct worker *worker, unsigned number)
{
    int status = 0;

    (void)close(worker->pipe);
    worker->pipe = -1;
    while (waitpid(worker->process, &status, 0) < 0 && errno == EINTR) {
    }
    if (worker->is_done) {
        return;
    }
    if (WIFSIGNALED(status)) {
        (void)fprintf(stderr, "heddle: worker %u died of signal %d; the others go on\n", number,
                      WTERMSIG(status));
    } else {
        (void)fprintf(stderr, "heddle: worker %u ended with exit code %d; the others go on\n",
                      number, WEXITSTATUS(status));
    }
}

static void add_up(struct hde_tally *sum, const struct worker *workers, unsigned jobs)
{
    *sum = (struct hde_tally){.is_complete = true, .states = HDE_STATES_UNKNOWN};
    for (unsigned i = 0; i < jobs; i++) {
        const struct hde_tally *tally = &workers[i].tally;

        sum->executions += tally->executions;
        sum->cut += tally->cut;
        sum->given_up += tally->given_up;
        sum->guilty += tally->guilty;
        sum->steps += tally->steps;
        sum->driven += tally->driven;
        if (tally->states != HDE_STATES_UNKNOWN &&
            (sum->states == HDE_STATES_UNKNOWN || sum->states < tally->states)) {
            sum->states = tally->states; /* each has seen much of what the others have */
        }
        sum->lost += workers[i].pipe < 0 && !workers[i].is_done;
        sum->is_complete = sum->is_complete && tally->is_complete;
        sum->is_stopped = sum->is_stopped || tally->is_stopped;
        if (tally->executions_to_first != 0 &&
            (sum->executions_to_first == 0 ||
             tally->executions_to_first < sum->executions_to_first)) {
            sum->executions_to_first = tally->executions_to_first;
        }
    }
}

/* Pass on a sample that has just come: of what all have done. */
static void
pass_sample(const struct hde_exploration *exploration, struct worker *workers, unsigned jobs)
{
    struct hde_tally sum;

    for (unsigned i = 0; i < jobs; i++) {
        if (workers[i].has_sample && exploration->sampled != NULL) {
            add_up(&sum, workers, jobs);
            exploration->sampled(exploration->listener, &sum);
        }
        workers[i].has_sample = false;
    }
}

static void end_all(const struct worker *workers, unsigned jobs, int number)
{
    for (unsigned i = 0; i < jobs; i++) {
        if (workers[i].pipe >= 0) {
            (void)kill(workers[i].process, number);
        }
    }
}

/* Take what the workers have sent; returns how many have more to send. */
static unsigned attend(const struct hde_exploration *exploration,
                       struct worker *workers,
                       unsigned jobs,
                       unsigned limit_s)
{
    unsigned silent_max = 2 * limit_s * (1000 / POLL_MS);
    struct pollfd pipes[HDE_JOBS_MAX];
    unsigned open = 0;

    for (unsigned i = 0; i < jobs; i++) {
        pipes[i] = (struct pollfd){.fd = workers[i].pipe, .events = POLLIN};
    }
    if (poll(pipes, jobs, POLL_MS) < 0 && errno != EINTR) {
        hde_fatal_errno("poll");
    }
    for (unsigned i = 0; i < jobs; i++) {
        bool has_news = workers[i].pipe >= 0 && pipes[i].revents != 0;

        if (has_news && !receive(exploration, &workers[i])) {
            bury(&workers[i], i);
        } else if (workers[i].pipe >= 0 && ++workers[i].silent_rounds > silent_max) {
            (void)kill(workers[i].process, SIGKILL);
        }
        open += workers[i].pipe >= 0;
        pass_sample(exploration, workers, jobs);
    }
    return open;
}

static struct hde_tally
explore_in_parallel(const struct hde_exploration *exploration, unsigned jobs, unsigned limit_s)
{
    struct worker workers[HDE_JOBS_MAX];
    struct hde_tally sum = {0};
    bool is_ending = false;

    for (unsigned i = 0; i < jobs; i++) {
        workers[i] = start_worker(exploration, i, jobs, limit_s);
    }
    while (attend(exploration, workers, jobs, limit_s) > 0) {
        add_up(&sum, workers, jobs);
        bool is_over = sum.executions_to_first != 0 && !exploration->keeps_going;
        bool is_told =
            exploration->listen != NULL && exploration->listen(exploration->listener, &sum);

        if ((is_over || is_told) && !is_ending) {
            is_ending = true;
            end_all(workers, jobs, SIGTERM);
        }
    }
    add_up(&sum, workers, jobs);
    return sum;
}

struct hde_tally
hde_jobs_explore(const struct hde_exploration *exploration, unsigned jobs, unsigned limit_s)
{
    return exploration->strategy->is_exhaustive ? hde_explore(exploration)
                                                : explore_in_parallel(exploration, jobs, limit_s);
}
