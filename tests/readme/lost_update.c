/*
 * The program at the head of the top README: two threads increment a counter, and one line is
 * outside the lock. README shows the lines from the first include to the end of increment().
 *
 * SPDX-License-Identifier: MIT
 */
#include <heddle/lock.h>
#include <heddle/thread.h>
static struct hd_lock lock = HD_LOCK_INITIALIZER;
static int counter;
static void *increment(void *unused)
{
    int seen = counter; // the bug: read before the lock is taken
    hd_lock_acquire(&lock);
    counter = seen + 1;
    return hd_lock_release(&lock) == HD_OK ? unused : &counter;
}

int main(void)
{
    struct hd_thread threads[2] = {HD_THREAD_INITIALIZER, HD_THREAD_INITIALIZER};

    for (int i = 0; i < 2; i++) {
        if (hd_thread_spawn(&threads[i], NULL, increment, NULL) != HD_OK) {
            return 2;
        }
    }
    for (int i = 0; i < 2; i++) {
        if (hd_thread_join(&threads[i], NULL) != HD_OK) {
            return 2;
        }
    }
    return 0;
}
