/*
 * Two mutexes in both orders, by two threads, each holding a third, which is not the same: it can
 * be a deadlock. Which one a thread holds, or whether, is known only when it runs.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t gates[2] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER};
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t other_gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

#if defined(SOMETIMES)
/* The one of the first thread is locked by none. */
static void nothing(pthread_mutex_t *mutex) { (void)mutex; }

#define CHANGE(change, number) ((number) != 0 ? (void)(change)(&gate) : nothing(&gate))
#elif defined(CHOSEN)
#define CHANGE(change, number) (void)(change)((number) != 0 ? &gate : &other_gate)
#else
#define CHANGE(change, number) (void)(change)(&gates[(number)])
#endif

static void *lock_first(void *argument)
{
    size_t number = (size_t)argument;

    CHANGE(pthread_mutex_lock, number);
    (void)pthread_mutex_lock(&first);
    (void)pthread_mutex_lock(&second);
    (void)pthread_mutex_unlock(&second);
    (void)pthread_mutex_unlock(&first);
    CHANGE(pthread_mutex_unlock, number);
    return NULL;
}

static void *lock_second(void *argument)
{
    size_t number = (size_t)argument;

    CHANGE(pthread_mutex_lock, number);
    (void)pthread_mutex_lock(&second);
    (void)pthread_mutex_lock(&first);
    (void)pthread_mutex_unlock(&first);
    (void)pthread_mutex_unlock(&second);
    CHANGE(pthread_mutex_unlock, number);
    return NULL;
}

int main(void)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, lock_first, (void *)0);
    (void)pthread_join(thread, NULL);
    (void)pthread_create(&thread, NULL, lock_second, (void *)1);
    (void)pthread_join(thread, NULL);
    return 0;
}
