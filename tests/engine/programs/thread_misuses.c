/*
 * What must not be done with threads, keys and condition variables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/thread_misuses.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <threads.h>
#include <time.h>

static void *pass(void *argument) { return argument; }

/* One that nobody joins. */
static void create_alone(void *(*function)(void *))
{
    pthread_t thread;

    (void)pthread_create(&thread, NULL, function, NULL);
}

static pthread_t create(void *(*function)(void *), void *argument)
{
    pthread_t thread = 0;

    (void)pthread_create(&thread, NULL, function, argument);
    return thread;
}

/* ---- Joins ----------------------------------------------------------------------------------- */

static void join_twice(void)
{
    pthread_t thread = create(pass, NULL);

    (void)pthread_join(thread, NULL);
    (void)pthread_join(thread, NULL);
}

static void join_two(void)
{
    pthread_t first = create(pass, NULL);
    pthread_t second = create(pass, NULL);

    (void)pthread_join(first, NULL);
    (void)pthread_join(second, NULL);
}

static void try_join_twice(void)
{
    pthread_t thread = create(pass, NULL);

    (void)pthread_join(thread, NULL);
    (void)pthread_tryjoin_np(thread, NULL);
}

/* Until it has ended it may be tried as often as one likes. */
static void try_until_joined(void)
{
    pthread_t thread = create(pass, NULL);

    while (pthread_tryjoin_np(thread, NULL) != 0) {
        (void)sched_yield();
    }
}

static void *join_given(void *thread)
{
    (void)pthread_join(*(pthread_t *)thread, NULL);
    return NULL;
}

static void join_by_two(void)
{
    pthread_t thread = create(pass, NULL);
    pthread_t other = create(join_given, &thread);

    (void)pthread_join(thread, NULL);
    (void)pthread_join(other, NULL);
}

static void join_by_another(void)
{
    pthread_t thread = create(pass, NULL);
    pthread_t other = create(join_given, &thread);

    (void)pthread_join(other, NULL);
}

static void join_detached(void)
{
    pthread_t thread = create(pass, NULL);

    (void)pthread_detach(thread);
    (void)pthread_join(thread, NULL);
}

static void join_created_detached(void)
{
    pthread_attr_t attributes;
    pthread_t thread;

    (void)pthread_attr_init(&attributes);
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)pthread_create(&thread, &attributes, pass, NULL);
    (void)pthread_attr_destroy(&attributes);
    (void)pthread_join(thread, NULL);
}

static void detach_twice(void)
{
    pthread_t thread = create(pass, NULL);

    (void)pthread_detach(thread);
    (void)pthread_detach(thread);
}

static void detach_joined(void)
{
    pthread_t thread = create(pass, NULL);

    (void)pthread_join(thread, NULL);
    (void)pthread_detach(thread);
}

static void join_self(void) { (void)pthread_join(pthread_self(), NULL); }

static void *detach_self(void *unused)
{
    (void)pthread_detach(pthread_self());
    return unused;
}

static void detach_oneself(void) { create_alone(detach_self); }

static void join_nobody(void)
{
    pthread_t thread;

    memset(&thread, 0, sizeof(thread));
    (void)pthread_join(thread, NULL);
}

static int pass_c11(void *unused)
{
    (void)unused;
    return 0;
}

static void join_c11_twice(void)
{
    thrd_t thread;

    (void)thrd_create(&thread, pass_c11, NULL);
    (void)thrd_join(thread, NULL);
    (void)thrd_join(thread, NULL);
}

/* ---- Never joined ---------------------------------------------------------------------------- */

static void never_join(void)
{
    create_alone(pass);
    (void)sched_yield();
    (void)sched_yield();
    (void)sched_yield();
}

static void exit_without_join(void)
{
    create_alone(pass);
    pthread_exit(NULL);
}

static void exit_with_detached(void)
{
    (void)pthread_detach(create(pass, NULL));
    pthread_exit(NULL);
}

static void *run_for_long(void *unused)
{
    for (unsigned i = 0; i < 100000; i++) {
        (void)sched_yield();
    }
    return unused;
}

/* It ends with the process. */
static void leave_running(void) { create_alone(run_for_long); }

/* The join that a cancellation ended was none. */
static void cancel_join(void)
{
    pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
    pthread_t thread = create(pass, NULL);
    pthread_t other = create(join_given, &thread);

    (void)pthread_mutex_lock(&gate);
    (void)pthread_cancel(other);
    (void)pthread_join(other, NULL);
    (void)pthread_mutex_unlock(&gate);
    pthread_exit(NULL);
}

/* ---- Keys ------------------------------------------------------------------------------------ */

static void *used;

static void use(void *value) { used = value; }

static void set_deleted(void)
{
    pthread_key_t key;

    (void)pthread_key_create(&key, NULL);
    (void)pthread_key_delete(key);
    (void)pthread_setspecific(key, &key);
}

static void get_deleted(void)
{
    pthread_key_t key;

    (void)pthread_key_create(&key, NULL);
    (void)pthread_key_delete(key);
    use(pthread_getspecific(key));
}

static void delete_twice(void)
{
    pthread_key_t key;

    (void)pthread_key_create(&key, NULL);
    (void)pthread_key_delete(key);
    (void)pthread_key_delete(key);
}

static void set_never_created(void)
{
    pthread_key_t key = 900;

    (void)pthread_setspecific(key, &key);
}

static void delete_after_use(void)
{
    pthread_key_t key;

    (void)pthread_key_create(&key, NULL);
    (void)pthread_setspecific(key, &key);
    use(pthread_getspecific(key));
    (void)pthread_key_delete(key);
    (void)pthread_key_create(&key, NULL);
    use(pthread_getspecific(key));
    (void)pthread_key_delete(key);
}

/* ---- Condition variables --------------------------------------------------------------------- */

struct room {
    pthread_mutex_t mutexes[2];
    pthread_cond_t conditions[2];
    unsigned waiting; /* under mutexes[0] */
    bool is_open[2];  /* under mutexes[] */
};

static const struct room empty_room = {
    .mutexes = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER},
    .conditions = {PTHREAD_COND_INITIALIZER, PTHREAD_COND_INITIALIZER},
};

static void await(struct room *room, unsigned mutex, unsigned condition)
{
    (void)pthread_mutex_lock(&room->mutexes[mutex]);
    while (!room->is_open[mutex]) {
        (void)pthread_cond_wait(&room->conditions[condition], &room->mutexes[mutex]);
    }
    (void)pthread_mutex_unlock(&room->mutexes[mutex]);
}

static void *await_first(void *room)
{
    await(room, 0, 0);
    return NULL;
}

static void *await_with_second_mutex(void *room)
{
    await(room, 1, 0);
    return NULL;
}

static void *await_second(void *room)
{
    await(room, 1, 1);
    return NULL;
}

static void open(struct room *room)
{
    for (unsigned i = 0; i < 2; i++) {
        (void)pthread_mutex_lock(&room->mutexes[i]);
        room->is_open[i] = true;
        (void)pthread_mutex_unlock(&room->mutexes[i]);
        (void)pthread_cond_broadcast(&room->conditions[0]);
        (void)pthread_cond_broadcast(&room->conditions[1]);
    }
}

static void open_for(void *(*first)(void *), void *(*second)(void *))
{
    struct room room = empty_room;
    pthread_t threads[2] = {create(first, &room), create(second, &room)};

    open(&room);
    (void)pthread_join(threads[0], NULL);
    (void)pthread_join(threads[1], NULL);
}

static void wait_with_two_mutexes(void) { open_for(await_first, await_with_second_mutex); }
static void wait_on_two_conditions(void) { open_for(await_first, await_second); }
static void wait_with_one_mutex(void) { open_for(await_first, await_first); }

/* One after the other: not at the same time. */
static void wait_with_another_later(void)
{
    struct room room = empty_room;
    pthread_t thread = create(await_first, &room);

    open(&room);
    (void)pthread_join(thread, NULL);
    room.is_open[1] = false;
    thread = create(await_with_second_mutex, &room);
    open(&room);
    (void)pthread_join(thread, NULL);
}

static const struct timespec long_ago = {.tv_sec = 1};

static void wait_without_mutex(void)
{
    struct room room = empty_room;

    (void)pthread_cond_timedwait(&room.conditions[0], &room.mutexes[0], &long_ago);
}

static void wait_with_mutex(void)
{
    struct room room = empty_room;

    (void)pthread_mutex_lock(&room.mutexes[0]);
    (void)pthread_cond_timedwait(&room.conditions[0], &room.mutexes[0], &long_ago);
    (void)pthread_mutex_unlock(&room.mutexes[0]);
}

static void destroy_in_use(void)
{
    struct room room = empty_room;
    pthread_t thread = create(await_first, &room);

    (void)pthread_cond_destroy(&room.conditions[0]);
    (void)pthread_cond_init(&room.conditions[0], NULL);
    open(&room);
    (void)pthread_join(thread, NULL);
}

static void *await_counted(void *argument)
{
    struct room *room = argument;

    (void)pthread_mutex_lock(&room->mutexes[0]);
    room->waiting++;
    while (!room->is_open[0]) {
        (void)pthread_cond_wait(&room->conditions[0], &room->mutexes[0]);
    }
    (void)pthread_mutex_unlock(&room->mutexes[0]);
    return NULL;
}

/* As POSIX has it: once all are woken it may be destroyed, though they have not returned yet. */
static void destroy_after_broadcast(void)
{
    struct room room = empty_room;
    pthread_t threads[2] = {create(await_counted, &room), create(await_counted, &room)};
    bool are_all = false;

    while (!are_all) {
        (void)sched_yield();
        (void)pthread_mutex_lock(&room.mutexes[0]);
        are_all = room.waiting == 2;
        room.is_open[0] = are_all;
        (void)pthread_mutex_unlock(&room.mutexes[0]);
    }
    (void)pthread_cond_broadcast(&room.conditions[0]);
    (void)pthread_cond_destroy(&room.conditions[0]);
    (void)pthread_join(threads[0], NULL);
    (void)pthread_join(threads[1], NULL);
}

static void signal_destroyed(void)
{
    struct room room = empty_room;

    (void)pthread_cond_destroy(&room.conditions[0]);
    (void)pthread_cond_signal(&room.conditions[0]);
}

static void destroy_twice(void)
{
    struct room room = empty_room;

    (void)pthread_cond_destroy(&room.conditions[0]);
    (void)pthread_cond_destroy(&room.conditions[0]);
}

/* What lies there is another one each time, made by a constant or by a call. */
static void make_anew(void)
{
    struct room room;

    for (unsigned i = 0; i < 3; i++) {
        room = empty_room;
        if (i == 2) {
            (void)pthread_cond_destroy(&room.conditions[0]);
            (void)pthread_cond_init(&room.conditions[0], NULL);
        }
        (void)pthread_cond_signal(&room.conditions[0]);
        (void)pthread_cond_destroy(&room.conditions[0]);
    }
}

const struct thread_misuse thread_misuses[] = {
    {"join twice", HDE_CLASS_JOINED_TWICE, true, join_twice},
    {"join two", HDE_CLASS_NONE, false, join_two},
    {"try to join after a join", HDE_CLASS_JOINED_TWICE, true, try_join_twice},
    {"try until it is joined", HDE_CLASS_NONE, false, try_until_joined},
    {"join by two", HDE_CLASS_JOINED_TWICE, true, join_by_two},
    {"join by another", HDE_CLASS_NONE, false, join_by_another},
    {"join a detached thread", HDE_CLASS_JOINED_TWICE, true, join_detached},
    {"join one created detached", HDE_CLASS_JOINED_TWICE, true, join_created_detached},
    {"detach twice", HDE_CLASS_JOINED_TWICE, true, detach_twice},
    {"detach after a join", HDE_CLASS_JOINED_TWICE, true, detach_joined},
    {"detach oneself", HDE_CLASS_NONE, false, detach_oneself},
    {"join oneself", HDE_CLASS_SELF, false, join_self},
    {"join nobody", HDE_CLASS_UNINITIALIZED, false, join_nobody},
    {"join twice in C11", HDE_CLASS_JOINED_TWICE, true, join_c11_twice},
    {"never join", HDE_CLASS_NEVER_JOINED, false, never_join},
    {"exit without a join", HDE_CLASS_NEVER_JOINED, false, exit_without_join},
    {"exit with a detached thread", HDE_CLASS_NONE, false, exit_with_detached},
    {"leave a thread running", HDE_CLASS_NONE, false, leave_running},
    {"a join that was cancelled", HDE_CLASS_NEVER_JOINED, false, cancel_join},
    {"set under a deleted key", HDE_CLASS_DESTROYED, true, set_deleted},
    {"get under a deleted key", HDE_CLASS_DESTROYED, true, get_deleted},
    {"delete a key twice", HDE_CLASS_DESTROYED, true, delete_twice},
    {"a key that never was", HDE_CLASS_UNINITIALIZED, false, set_never_created},
    {"delete a key after use", HDE_CLASS_NONE, false, delete_after_use},
    {"wait with two mutexes", HDE_CLASS_TWO_LOCKS, true, wait_with_two_mutexes},
    {"wait on two conditions", HDE_CLASS_NONE, false, wait_on_two_conditions},
    {"wait with one mutex", HDE_CLASS_NONE, false, wait_with_one_mutex},
    {"wait with another mutex later", HDE_CLASS_NONE, false, wait_with_another_later},
    {"wait without the mutex", HDE_CLASS_NOT_HELD, false, wait_without_mutex},
    {"wait with the mutex", HDE_CLASS_NONE, false, wait_with_mutex},
    {"destroy while somebody waits", HDE_CLASS_IN_USE, true, destroy_in_use},
    {"destroy after a broadcast", HDE_CLASS_NONE, false, destroy_after_broadcast},
    {"signal after destruction", HDE_CLASS_DESTROYED, true, signal_destroyed},
    {"destroy twice", HDE_CLASS_DESTROYED, true, destroy_twice},
    {"make anew", HDE_CLASS_NONE, false, make_anew},
    {NULL, HDE_CLASS_NONE, false, NULL},
};
