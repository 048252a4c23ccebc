/*
 * Two mutexes in both orders, by one thread alone: no deadlock, and ThreadSanitizer reports one.
 *
 * SPDX-License-Identifier: MIT
 */
#include <pthread.h>

static pthread_mutex_t first = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t second = PTHREAD_MUTEX_INITIALIZER;

static void lock_both(pthread_mutex_t *outer, pthread_mutex_t *inner)
{
    (void)pthread_mutex_lock(outer);
    (void)pthread_mutex_lock(inner);
    (void)pthread_mutex_unlock(inner);
    (void)pthread_mutex_unlock(outer);
}

int main(void)
{
    lock_both(&first, &second);
    lock_both(&second, &first);
    return 0;
}
