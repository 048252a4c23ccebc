/*
 * Two mutexes in both orders, by two threads, both holding a third: no deadlock, and
 * ThreadSanitizer reports one. With WITHOUT_GATE it can be one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

#ifdef WITHOUT_GATE
static pthread_mutex_t other_gate = PTHREAD_MUTEX_INITIALIZER;
#define GATE_OF_SECOND (&other_gate)
#else
#define GATE_OF_SECOND (&gate)
#endif

static void *lock_first(void *unused)
{
    (void)pthread_mutex_lock(&gate);
    (void)pthread_mutex_lock(&first);
    (void)pthread_mutex_lock(&second);
    (void)pthread_mutex_unlock(&second);
    (void)pthread_mutex_unlock(&first);
    (void)pthread_mutex_unlock(&gate);
    return unused;
}

static void *lock_second(void *unused)
{
    (void)pthread_mutex_lock(&gate);
    (void)pthread_mutex_unlock(&gate);
    (void)pthread_mutex_lock(GATE_OF_SECOND);
    (void)pthread_mutex_lock(&second);
    (void)pthread_mutex_lock(&first);
    (void)pthread_mutex_unlock(&first);
    (void)pthread_mutex_unlock(&second);
    (void)pthread_mutex_unlock(GATE_OF_SECOND);
    return unused;
}

int main(void)
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, lock_first, NULL);
    (void)pthread_join(thread, NULL);
    (void)pthread_create(&thread, NULL, lock_second, NULL);
    (void)pthread_join(thread, NULL);
    return 0;
}
