/*
 * What AddressSanitizer, LeakSanitizer, UndefinedBehaviorSanitizer and memcheck report, one mistake
 * a function, for the reader of logs: the arguments say which to make, each in a process of its
 * own, one after the other.
 *
 * The lines that a report must name carry the mistake's name. It knows nothing of Heddle.
 *
 * SPDX-License-Identifier: MIT
 */
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static int global[4];
static int *volatile kept;
static volatile int four = 4;
static volatile int zero;
static volatile int most = INT_MAX;
static volatile int result;

static int *allocate(void)
{
    int *block = malloc(4 * sizeof(int)); /* leak */

    memset(block, 0, 4 * sizeof(int));
    return block;
}

static void use_after_free(void)
{
    int *volatile block = allocate();

    free(block);
    result = block[1]; /* use_after_free */
}

static void heap_overflow(void)
{
    int *volatile block = allocate();

    block[four] = 1; /* heap_overflow */
    free(block);
}

static void heap_underflow(void)
{
    char *volatile block = malloc(4);

    result = block[-1]; /* heap_underflow */
    free(block);
}

static void copy_too_much(void)
{
    char *volatile block = malloc(4);

    memcpy(block, "123456789", (size_t)four + 4); /* copy_too_much */
    free(block);
}

static void stack_overflow(void)
{
    char local[4];

    memset(local, 0, (size_t)four + 4); /* stack_overflow */
    result = local[0];
}

static void global_overflow(void)
{
    int *volatile start = global;

    result = start[four]; /* global_overflow */
}

static void keep_local(void)
{
    int local[4];

    memset(local, 0, sizeof(local));
    kept = local;
}

static void use_after_return(void)
{
    keep_local();
    result = kept[0]; /* use_after_return */
}

static void use_after_scope(void)
{
    {
        int local = 1;

        kept = &local;
    }
    result = *kept; /* use_after_scope */
}

static void double_free(void)
{
    int *volatile block = allocate();

    free(block);
    free(block); /* double_free */
}

static void bad_free(void)
{
    int local;
    int *volatile block = &local;

    free(block); /* bad_free */
}

static void leak(void)
{
    kept = allocate();
    kept = NULL;
}

static void indirect_leak(void)
{
    int **block = malloc(sizeof(*block)); /* indirect_leak */

    *block = malloc(16); /* indirect_leak */
    kept = (int *)block;
    kept = NULL;
}

static void segv(void) { *(volatile int *)8 = 1; /* segv */ }

static int go_down(int depth)
{
    volatile char space[4096];

    space[0] = (char)depth;
    return go_down(depth + 1) + space[0]; /* exhaustion */
}

static void exhaustion(void) { result = go_down(0); }

static void too_big(void)
{
    char *volatile block = malloc((size_t)zero - 100); /* too_big */

    free(block);
}

static void overlap(void)
{
    char buffer[20] = "0123456789";

    memcpy(buffer + 1, buffer, (size_t)four + 8); /* overlap */
    result = buffer[0];
}

static void negative_size(void)
{
    char *volatile block = malloc(16);

    memset(block, 0, (size_t)zero - 1); /* negative_size */
}

static void *overflow_in_thread(void *block)
{
    ((int *)block)[four] = 1; /* in_thread */
    return NULL;
}

static void in_thread(void)
{
    pthread_t thread;
    int *block = allocate();

    pthread_create(&thread, NULL, overflow_in_thread, block);
    pthread_join(thread, NULL);
    free(block);
}

static void integer_overflow(void) { result = most + 1; /* integer_overflow */ }

static void shift(void) { result = 1 << (four * 10); /* shift */ }

static void index_out(void)
{
    static const int table[4];

    result = table[four - 8]; /* index_out */
}

static void misaligned(void)
{
    char *volatile block = malloc(16);

    result = *(int *)(block + 1); /* misaligned */
    free(block);
}

static void uninitialized(void)
{
    int *volatile block = malloc(16);

    if (block[1] > 3) { /* uninitialized */
        result = 1;
    }
    free(block);
}

static const struct {
    const char *name;
    void (*make)(void);
} mistakes[] = {
    {"use_after_free", use_after_free},
    {"heap_overflow", heap_overflow},
    {"heap_underflow", heap_underflow},
    {"copy_too_much", copy_too_much},
    {"stack_overflow", stack_overflow},
    {"global_overflow", global_overflow},
    {"use_after_return", use_after_return},
    {"use_after_scope", use_after_scope},
    {"double_free", double_free},
    {"bad_free", bad_free},
    {"leak", leak},
    {"indirect_leak", indirect_leak},
    {"segv", segv},
    {"exhaustion", exhaustion},
    {"too_big", too_big},
    {"overlap", overlap},
    {"negative_size", negative_size},
    {"in_thread", in_thread},
    {"integer_overflow", integer_overflow},
    {"shift", shift},
    {"index_out", index_out},
    {"misaligned", misaligned},
    {"uninitialized", uninitialized},
};

static int make(const char *name)
{
    for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
        if (strcmp(name, mistakes[i].name) == 0) {
            printf("the program makes the mistake %s\n", name);
            fflush(stdout);
            mistakes[i].make();
        }
    }
    return 0;
}

int main(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        pid_t child = fork();

        if (child == 0) {
            return make(arguments[i]);
        }
        waitpid(child, NULL, 0);
    }
    return 0;
}
