/*
 * What ThreadSanitizer and helgrind report, one mistake a function, for the reader of logs: the
 * arguments say which to make, in one process one after the other.
 *
 * The lines that a report must name carry the mistake's name. It knows nothing of Heddle.
 *
 * SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PAUSE_US 20000

/* ThreadSanitizer's interface for locks of the program's own; nothing without it. */
__attribute__((weak)) void __tsan_mutex_create(void *lock, unsigned flags);
__attribute__((weak)) void __tsan_mutex_pre_lock(void *lock, unsigned flags);
__attribute__((weak)) void __tsan_mutex_post_lock(void *lock, unsigned flags, int recursion);
__attribute__((weak)) int __tsan_mutex_pre_unlock(void *lock, unsigned flags);
__attribute__((weak)) void __tsan_mutex_post_unlock(void *lock, unsigned flags);

#define READ_LOCK (1U << 3)

static int counter;
static int shared;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t third = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t fourth = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t unlocked = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t abandoned = PTHREAD_MUTEX_INITIALIZER;
static int of_own_making[3];
static volatile sig_atomic_t is_handled;

static void run(void *(*function)(void *), void *argument)
{
    pthread_t thread;

    pthread_create(&thread, NULL, function, argument);
    pthread_join(thread, NULL);
}

static void *increment(void *unused)
{
    counter++; /* race */
    return unused;
}

static void race(void)
{
    pthread_t threads[2];

    pthread_create(&threads[0], NULL, increment, NULL);
    pthread_create(&threads[1], NULL, increment, NULL);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
}

static void *set_locked(void *unused)
{
    pthread_mutex_lock(&guard);
    shared = 1; /* half_locked */
    pthread_mutex_unlock(&guard);
    return unused;
}

static void half_locked(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, set_locked, NULL);
    shared = 2; /* half_locked */
    pthread_join(thread, NULL);
}

static void *set_block(void *block)
{
    *(int *)block = 1; /* heap_race */
    return NULL;
}

static void heap_race(void)
{
    int *block = malloc(sizeof(*block));
    pthread_t thread;

    pthread_create(&thread, NULL, set_block, block);
    *block = 2; /* heap_race */
    pthread_join(thread, NULL);
    free(block);
}

static void *release_block(void *block)
{
    free(block);
    return NULL;
}

static void use_after_free(void)
{
    int *volatile block = malloc(sizeof(*block));

    run(release_block, block);
    *block = 1; /* use_after_free */
}

static void *forward(void *unused)
{
    pthread_mutex_lock(&first);
    pthread_mutex_lock(&second); /* inversion */
    pthread_mutex_unlock(&second);
    pthread_mutex_unlock(&first);
    return unused;
}

static void *backward(void *unused)
{
    pthread_mutex_lock(&second);
    pthread_mutex_lock(&first); /* inversion */
    pthread_mutex_unlock(&first);
    pthread_mutex_unlock(&second);
    return unused;
}

static void inversion(void)
{
    run(forward, NULL);
    run(backward, NULL);
}

static void single_inversion(void)
{
    pthread_mutex_lock(&third);
    pthread_mutex_lock(&fourth); /* single_inversion */
    pthread_mutex_unlock(&fourth);
    pthread_mutex_unlock(&third);
    pthread_mutex_lock(&fourth);
    pthread_mutex_lock(&third); /* single_inversion */
    pthread_mutex_unlock(&third);
    pthread_mutex_unlock(&fourth);
}

static void *return_at_once(void *argument) { return argument; }

static void thread_leak(void)
{
    pthread_t thread;

    pthread_create(&thread, NULL, return_at_once, NULL); /* thread_leak */
    usleep(PAUSE_US);
}

static void destroy_locked(void)
{
    static pthread_mutex_t lock;

    pthread_mutex_init(&lock, NULL);
    pthread_mutex_lock(&lock);
    pthread_mutex_destroy(&lock); /* destroy_locked */
}

static void unlock_unlocked(void) { pthread_mutex_unlock(&unlocked); /* unlock_unlocked */ }

static void *lock_and_leave(void *lock)
{
    pthread_mutex_lock(lock);
    return NULL;
}

static void unlock_of_other(void)
{
    run(lock_and_leave, &abandoned);
    pthread_mutex_unlock(&abandoned); /* unlock_of_other */
}

static void lock_destroyed(void)
{
    static pthread_mutex_t lock;

    pthread_mutex_init(&lock, NULL);
    pthread_mutex_destroy(&lock);
    pthread_mutex_lock(&lock); /* lock_destroyed */
}

/* A lock that lets everybody in. */
static void acquire(void *lock, unsigned flags)
{
    __tsan_mutex_pre_lock(lock, flags);
    __tsan_mutex_post_lock(lock, flags, 0); /* double_lock read_lock */
}

static void *acquire_own(void *lock)
{
    acquire(lock, 0);
    return NULL;
}

static void double_lock(void)
{
    __tsan_mutex_create(&of_own_making[0], 0);
    acquire(&of_own_making[0], 0);
    run(acquire_own, &of_own_making[0]);
}

static void *acquire_own_to_read(void *lock)
{
    acquire(lock, READ_LOCK);
    return NULL;
}

static void read_lock(void)
{
    __tsan_mutex_create(&of_own_making[1], 0);
    acquire(&of_own_making[1], 0);
    run(acquire_own_to_read, &of_own_making[1]);
}

static void read_unlock(void)
{
    __tsan_mutex_create(&of_own_making[2], 0);
    acquire(&of_own_making[2], 0);
    (void)__tsan_mutex_pre_unlock(&of_own_making[2], READ_LOCK); /* read_unlock */
    __tsan_mutex_post_unlock(&of_own_making[2], READ_LOCK);
}

static void allocate(int number)
{
    char *volatile block = malloc(16); /* signal_unsafe */

    (void)number;
    (void)block;
    is_handled = 1;
}

static void change_errno(int number)
{
    (void)number;
    errno = 42;
    is_handled = 1;
}

static void *send(void *to)
{
    pthread_kill(*(pthread_t *)to, SIGUSR1);
    return NULL;
}

static void handle_by(void (*handler)(int))
{
    struct sigaction action;
    pthread_t self = pthread_self();

    memset(&action, 0, sizeof(action));
    action.sa_handler = handler;
    sigaction(SIGUSR1, &action, NULL);
    is_handled = 0;
    run(send, &self);
    while (!is_handled) {
        usleep(PAUSE_US);
    }
}

static void signal_unsafe(void) { handle_by(allocate); }

static void errno_spoiled(void) { handle_by(change_errno); }

static void segv(void) { *(volatile int *)8 = 1; /* segv */ }

static const struct {
    const char *name;
    void (*make)(void);
} mistakes[] = {
    {"race", race},
    {"half_locked", half_locked},
    {"heap_race", heap_race},
    {"use_after_free", use_after_free},
    {"inversion", inversion},
    {"single_inversion", single_inversion},
    {"thread_leak", thread_leak},
    {"destroy_locked", destroy_locked},
    {"unlock_unlocked", unlock_unlocked},
    {"unlock_of_other", unlock_of_other},
    {"lock_destroyed", lock_destroyed},
    {"double_lock", double_lock},
    {"read_lock", read_lock},
    {"read_unlock", read_unlock},
    {"signal_unsafe", signal_unsafe},
    {"errno_spoiled", errno_spoiled},
    {"segv", segv},
};

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        for (size_t j = 0; j < sizeof(mistakes) / sizeof(*mistakes); j++) {
            if (strcmp(arguments[i], mistakes[j].name) == 0) {
                printf("the program makes the mistake %s\n", arguments[i]);
                fflush(stdout);
                mistakes[j].make();
            }
        }
    }
    return 0;
}
