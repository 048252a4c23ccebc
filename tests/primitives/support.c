/*
 * Support: the run, the watchdog, the checks and the crew.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/primitives/support.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <heddle/clock.h>

#include "primitives/waiter.h"
#include "primitives/word_lock.h"

/* A test as cmocka runs it, and the group that it came from. */
struct run_test {
    const struct CMUnitTest *test;
    const void *subject;
};

#define TESTS_MAX 128

/* What cmocka takes over in each test, only to say less about it than the sanitizers do. */
static const int crashes[] = {SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGSYS};
static struct sigaction crash_actions[HD_COUNT_OF(crashes)]; /* as they were before the tests */

static const char *program = "";
static pid_t process;                 /* constant once the tests run */
static const char *running_name = ""; /* atomic; of the test that runs */
static uint64_t running_until_ns;     /* atomic; when the watchdog ends it */
static uint32_t crew_running;         /* atomic; threads started and not joined */

/* The rest of a failure's message, and the end of the test or the process. */
static _Noreturn void end_failed(const char *file, int line)
{
    (void)fprintf(stderr, "  reproduce with: %s '%s'\n", program,
                  __atomic_load_n(&running_name, __ATOMIC_RELAXED));
    if (getpid() == process && gettid() == process &&
        __atomic_load_n(&crew_running, __ATOMIC_RELAXED) == 0) {
        _fail(file, line);
    }
    _Exit(1);
}

void hd_check(bool holds, const char *text, const char *file, int line)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, text);
        end_failed(file, line);
    }
}

void hd_check_equal(
    uint64_t actual, uint64_t expected, const char *text, const char *file, int line)
{
    if (actual != expected) {
        (void)fprintf(stderr, "%s:%d: %s is %" PRIu64 ", expected %" PRIu64 "\n", file, line, text,
                      actual, expected);
        end_failed(file, line);
    }
}

void hd_check_result(
    enum hd_result actual, enum hd_result expected, const char *text, const char *file, int line)
{
    if (actual != expected) {
        (void)fprintf(stderr, "%s:%d: %s is %s, expected %s\n", file, line, text,
                      hd_result_name(actual), hd_result_name(expected));
        end_failed(file, line);
    }
}

static void pause_ns(long duration_ns)
{
    const struct timespec duration = {.tv_sec = 0, .tv_nsec = duration_ns};

    (void)nanosleep(&duration, NULL);
}

uint64_t hd_await_begin(void) { return hd_clock_after_ns(HD_TEST_SECONDS_MAX / 2 * HD_SECOND_NS); }

void hd_await_pause(uint64_t until_ns, const char *text, const char *file, int line)
{
    if (hd_clock_ns() > until_ns) {
        (void)fprintf(stderr, "%s:%d: never came true: %s\n", file, line, text);
        end_failed(file, line);
    }
    pause_ns(20000);
}

bool hd_mark_is_set(const uint32_t *mark) { return __atomic_load_n(mark, __ATOMIC_RELAXED) != 0; }

/* NOLINTNEXTLINE(readability-non-const-parameter): it does not see that a builtin writes. */
void hd_mark_set(uint32_t *mark) { __atomic_store_n(mark, 1U, __ATOMIC_RELAXED); }

/* NOLINTNEXTLINE(readability-non-const-parameter): it does not see that a builtin writes. */
uint32_t hd_mark_add(uint32_t *counter, uint32_t amount)
{
    return __atomic_fetch_add(counter, amount, __ATOMIC_RELAXED);
}

void hd_meet(uint32_t *meetings, uint32_t count)
{
    const uint32_t mine = hd_mark_add(meetings, 1);
    const uint32_t all = mine - mine % count + count;

    for (uint32_t looks = 0; __atomic_load_n(meetings, __ATOMIC_RELAXED) < all; looks++) {
        if (looks > 1000) {
            (void)sched_yield(); /* there may be fewer cores than threads */
        }
    }
}

static void *run_member(void *argument)
{
    struct hd_crew_member *member = argument;

    __atomic_store_n(&member->tid, gettid(), __ATOMIC_RELAXED);
    member->function(member->shared, member->index);
    __atomic_store_n(&member->is_done, 1U, __ATOMIC_RELAXED);
    return NULL;
}

void hd_crew_add(struct hd_crew *crew, size_t count, hd_crew_function *function, void *shared)
{
    HD_CHECK(crew->count + count <= HD_CREW_MAX);
    for (; count > 0; count--) {
        struct hd_crew_member *member = &crew->members[crew->count];

        *member =
            (struct hd_crew_member){.function = function, .shared = shared, .index = crew->count};
        (void)hd_mark_add(&crew_running, 1);
        crew->count++;
        HD_CHECK_EQUAL((uint64_t)pthread_create(&member->thread, NULL, run_member, member), 0);
    }
}

void hd_crew_join(struct hd_crew *crew)
{
    for (size_t i = 0; i < crew->count; i++) {
        HD_CHECK_EQUAL((uint64_t)pthread_join(crew->members[i].thread, NULL), 0);
        (void)__atomic_fetch_sub(&crew_running, 1U, __ATOMIC_RELAXED);
    }
    crew->count = 0;
}

size_t hd_crew_done(const struct hd_crew *crew)
{
    size_t done = 0;

    for (size_t i = 0; i < crew->count; i++) {
        done += hd_mark_is_set(&crew->members[i].is_done) ? 1 : 0;
    }
    return done;
}

bool hd_read_file(const char *path, char *text, size_t size)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0) {
        return false;
    }
    const ssize_t length = read(file, text, size - 1);

    HD_CHECK(close(file) == 0);
    text[length > 0 ? length : 0] = '\0';
    return length > 0;
}

/* The kernel shows its own number of the call: that of x86-64 where an emulator runs on that. */
static bool is_futex(long number)
{
    static const long numbers[] = {SYS_futex, 202};

    return number == numbers[0] || number == numbers[1];
}

uint32_t *hd_crew_slept_on(const struct hd_crew *crew, size_t index)
{
    const pid_t tid = __atomic_load_n(&crew->members[index].tid, __ATOMIC_RELAXED);
    char path[64];
    char text[256];
    char *end = NULL;

    if (tid == 0) {
        return NULL;
    }
    HD_CHECK(snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", (int)tid) > 0);
    /* "number argument...", or "running"; there is no file once the thread has ended. */
    if (!hd_read_file(path, text, sizeof(text)) || !is_futex(strtol(text, &end, 10))) {
        return NULL;
    }
    return (uint32_t *)strtoull(end, NULL, 16);
}

static bool is_asleep(const struct hd_crew *crew, size_t index, const uint32_t *word)
{
    const uint32_t *slept_on = hd_crew_slept_on(crew, index);

    return slept_on != NULL && (word == NULL || slept_on == word);
}

void hd_crew_await_sleep(const struct hd_crew *crew, const uint32_t *word)
{
    for (size_t i = 0; i < crew->count; i++) {
        HD_AWAIT(is_asleep(crew, i, word));
    }
}

/*
 * Not instrumented: what a thread does inside an annotated acquire, the guard included,
 * ThreadSanitizer ignores, and so it cannot know that the guard orders this after it.
 */
__attribute__((no_sanitize("thread"))) size_t hd_count_listed(const struct hd_waiter_list *list)
{
    size_t count = 0;

    for (const struct hd_waiter *waiter = list->first; waiter != NULL; waiter = waiter->next) {
        count++;
    }
    return count;
}

size_t hd_count_waiters(const struct hd_waiter_list *list, uint32_t *guard)
{
    hd_word_lock_acquire(guard);
    const size_t count = hd_count_listed(list);

    HD_CHECK(hd_word_lock_release(guard));
    return count;
}

bool hd_is_filled(const void *memory, unsigned char byte, size_t size)
{
    const unsigned char *bytes = memory;

    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != byte) {
            return false;
        }
    }
    return true;
}

uint32_t hd_random_below(uint64_t *seed, uint32_t limit)
{
    /* xorshift64 (Marsaglia, 2003); the upper half scaled to the limit. */
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return (uint32_t)(((*seed >> 32) * limit) >> 32);
}

void hd_hesitate(uint64_t *seed, uint32_t steps)
{
    for (volatile uint32_t step = hd_random_below(seed, steps); step > 0; step--) {
    }
}

static void *watch(void *argument)
{
    (void)argument;
    for (;;) {
        pause_ns(100000000);
        if (hd_clock_ns() > __atomic_load_n(&running_until_ns, __ATOMIC_RELAXED)) {
            (void)fprintf(stderr, "the test did not end within %u s: it hangs\n",
                          HD_TEST_SECONDS_MAX);
            end_failed(__FILE__, __LINE__);
        }
    }
    return NULL;
}

static void start_watchdog(void)
{
    pthread_t watchdog;

    __atomic_store_n(&running_until_ns, HD_FOREVER, __ATOMIC_RELAXED);
    HD_CHECK_EQUAL((uint64_t)pthread_create(&watchdog, NULL, watch, NULL), 0);
    HD_CHECK_EQUAL((uint64_t)pthread_detach(watchdog), 0);
}

const void *hd_test_subject(void **state)
{
    const struct run_test *run = *state;

    return run->subject;
}

static void run_one(void **state)
{
    const struct run_test *run = *state;
    const uint64_t until_ns = hd_clock_after_ns(HD_TEST_SECONDS_MAX * HD_SECOND_NS);

    for (size_t i = 0; i < HD_COUNT_OF(crashes); i++) {
        HD_CHECK(sigaction(crashes[i], &crash_actions[i], NULL) == 0);
    }
    __atomic_store_n(&running_name, run->test->name, __ATOMIC_RELAXED);
    __atomic_store_n(&running_until_ns, until_ns, __ATOMIC_RELAXED);
    run->test->test_func(state);
    __atomic_store_n(&running_until_ns, HD_FOREVER, __ATOMIC_RELAXED);
    HD_CHECK_EQUAL(__atomic_load_n(&crew_running, __ATOMIC_RELAXED), 0);
}

int hd_test_run(int argc, char **argv, const struct hd_test_group *groups, size_t group_count)
{
    static struct run_test runs[TESTS_MAX];
    static struct CMUnitTest tests[TESTS_MAX];
    size_t count = 0;

    program = argv[0];
    process = getpid();
    for (size_t g = 0; g < group_count; g++) {
        for (size_t t = 0; t < groups[g].count; t++, count++) {
            HD_CHECK(count < TESTS_MAX);
            runs[count] = (struct run_test){&groups[g].tests[t], groups[g].subject};
            tests[count] =
                (struct CMUnitTest){groups[g].tests[t].name, run_one, NULL, NULL, &runs[count]};
        }
    }
    for (size_t i = 0; i < HD_COUNT_OF(crashes); i++) {
        HD_CHECK(sigaction(crashes[i], NULL, &crash_actions[i]) == 0);
    }
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    start_watchdog();
    return _cmocka_run_group_tests(program_invocation_short_name, tests, count, NULL, NULL);
}
