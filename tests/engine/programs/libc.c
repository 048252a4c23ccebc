/*
 * libc: the programs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/libc.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <search.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* It is the functions which are not safe with threads that are tested, and those that nobody should
 * use. NOLINTBEGIN(concurrency-mt-unsafe,cert-err33-c,cert-err34-c,cert-msc30-c,cert-msc32-c,
 * cert-msc50-cpp,cert-msc51-cpp,clang-analyzer-security.insecureAPI.*) */

char libc_memory[256];

/* ---- Answers --------------------------------------------------------------------------------- */

static void add(char text[LIBC_TEXT_MAX], const char *more)
{
    strncat(text, more, LIBC_TEXT_MAX - 1 - strlen(text));
    strncat(text, ";", LIBC_TEXT_MAX - 1 - strlen(text));
}

static void add_number(char text[LIBC_TEXT_MAX], long long number)
{
    char digits[32];

    snprintf(digits, sizeof(digits), "%lld", number);
    add(text, digits);
}

static void draw_random(char text[LIBC_TEXT_MAX])
{
    unsigned state = 5;

    for (int i = 0; i < 4; i++) {
        add_number(text, rand());
        add_number(text, random());
        add_number(text, rand_r(&state));
    }
    srand(7);
    add_number(text, rand());
    srandom(8);
    add_number(text, random());
}

static void draw_48(char text[LIBC_TEXT_MAX])
{
    add_number(text, lrand48());
    add_number(text, mrand48());
    srand48(9);
    add_number(text, lrand48());
    add_number(text, (long long)(drand48() * 1e9));
}

static int seeded[40];

static void draw_own(char text[LIBC_TEXT_MAX])
{
    char *before = initstate(3, (char *)seeded, 64);

    add_number(text, random());
    add_number(text, random());
    char *mine = setstate(before);

    add_number(text, mine == (char *)seeded);
    srandom(4);
    add_number(text, random());
}

static void tokenize(char text[LIBC_TEXT_MAX])
{
    char string[] = ",a,,bc,d";
    char again[] = "x y";
    char *rest = NULL;

    for (char *token = strtok(string, ","); token != NULL; token = strtok(NULL, ",")) {
        add(text, token);
    }
    add(text, strtok(NULL, ",") == NULL ? "end" : "more");
    for (char *token = strtok_r(again, " ", &rest); token != NULL;
         token = strtok_r(NULL, " ", &rest)) {
        add(text, token);
    }
    add(text, rest == again + 3 ? "at the end" : "elsewhere");
}

static void separate(char text[LIBC_TEXT_MAX])
{
    char string[] = "a::b:";
    char *rest = string;

    for (char *token = strsep(&rest, ":"); token != NULL; token = strsep(&rest, ":")) {
        add(text, token);
    }
    add(text, rest == NULL ? "end" : "more");
}

static void parse(char text[LIBC_TEXT_MAX])
{
    const char *string = "  -12x";
    char *end = NULL;

    add_number(text, strtol(string, &end, 10));
    add(text, end);
    add_number(text, (long long)strtoul("0x1fg", &end, 16));
    add(text, end);
    errno = 0;
    add_number(text, strtoll("99999999999999999999", &end, 10));
    add_number(text, errno == ERANGE);
    add_number(text, (long long)strtoull("17", NULL, 8));
    add_number(text, strtoimax("z", &end, 36));
    add_number(text, (long long)strtoumax("none", &end, 10));
    add(text, end);
    add_number(text, (long long)(strtod("1.5e3,", &end) * 10));
    add(text, end);
    add_number(text, (long long)(strtof("2.5", NULL) * 10));
    add_number(text, (long long)(strtold("3.5", NULL) * 10));
    add_number(text, atoi("4x") + atol("5") + (long)atof("6.0"));
    errno = 0;
    add_number(text, strtol("1", NULL, 77));
    add_number(text, errno == EINVAL);
}

static void search(char text[LIBC_TEXT_MAX])
{
    const char *string = "one two one";

    add(text, strstr(string, "two"));
    add(text, strcasestr(string, "TWO"));
    add_number(text, (long long)strspn(string, "eno"));
    add_number(text, (long long)strcspn(string, " "));
    add(text, strpbrk(string, "wt"));
    add(text, strchrnul(string, 'z')[0] == '\0' ? "end" : "found");
    add(text, (const char *)rawmemchr(string, 't'));
    add(text, (const char *)memrchr(string, 'o', 11));
    add(text, (const char *)memmem(string, 11, "o o", 3));
    add(text, strstr(string, "three") == NULL ? "none" : "some");
    add_number(text, strcasecmp("AbC", "aBc"));
    add_number(text, strncasecmp("ABx", "aby", 2));
    add_number(text, strcasecmp("a", "b") < 0);
}

static void copy(char text[LIBC_TEXT_MAX])
{
    char to[16] = "";

    add_number(text, (char *)memccpy(to, "ab,cd", ',', 5) - to);
    add(text, to);
    add_number(text, memccpy(to, "xyz", ',', 2) == NULL);
    add(text, to);
    add_number(text, stpncpy(to, "ab", 4) - to);
    add(text, to);
}

static void format(char text[LIBC_TEXT_MAX])
{
    static volatile size_t room = 8;
    char to[64];
    int length = 0;
    char *made = NULL;

    add_number(text, snprintf(to, room, "%5.3s|%-4d|%n", "abcdef", 12, &length));
    add(text, to);
    add_number(text, length);
    add_number(text, sprintf(to, "%*.*f %c %%%s %Lg", 7, 2, 3.14159, 'c', "s", 2.5L));
    add(text, to);
    add_number(text, asprintf(&made, "%lu %zu %p", 1UL, (size_t)2, (void *)0));
    add(text, made);
    free(made);
}

static void read_lines(char text[LIBC_TEXT_MAX])
{
    char memory[] = "first\nsecond\nthird and last";
    FILE *file = fmemopen(memory, sizeof(memory) - 1, "r");
    char *line = NULL;
    size_t room = 0;
    char part[8];

    HD_EXPECT(file != NULL);
    add(text, fgets(part, sizeof(part), file));
    add_number(text, getline(&line, &room, file));
    add(text, line);
    add_number(text, (long long)room);
    add_number(text, (long long)fread(part, 1, 5, file));
    part[5] = '\0';
    add(text, part);
    add_number(text, getdelim(&line, &room, 'l', file));
    add(text, line);
    add_number(text, getline(&line, &room, file));
    add_number(text, getline(&line, &room, file));
    free(line);
    fclose(file);
}

static int compare_ints(const void *a, const void *b)
{
    int left = *(const int *)a;
    int right = *(const int *)b;

    return (left > right) - (left < right);
}

static int compare_by(const void *a, const void *b, void *sign)
{
    return compare_ints(a, b) * *(const int *)sign;
}

static void sort(char text[LIBC_TEXT_MAX])
{
    int numbers[300];
    int sign = -1;
    size_t count = 3;
    int key = 5;
    int some[4] = {1, 2, 3};

    for (int i = 0; i < 300; i++) {
        numbers[i] = i * 7919 % 300;
    }
    qsort(numbers, 300, sizeof(int), compare_ints);
    add_number(text, numbers[0] * 1000 + numbers[299]);
    qsort_r(numbers, 300, sizeof(int), compare_by, &sign);
    add_number(text, numbers[0] * 1000 + numbers[299]);
    add_number(text, *(int *)lsearch(&key, some, &count, sizeof(int), compare_ints));
    add_number(text, (long long)count);
    add_number(text, *(int *)bsearch(&key, some, count, sizeof(int), compare_ints));
}

const struct libc_answer libc_answers[] = {
    {"rand", draw_random}, {"drand48", draw_48},    {"initstate", draw_own}, {"strtok", tokenize},
    {"strsep", separate},  {"strtol", parse},       {"strstr", search},      {"memccpy", copy},
    {"printf", format},    {"getline", read_lines}, {"qsort", sort},         {NULL, NULL},
};

/* ---- Touches --------------------------------------------------------------------------------- */

static char *volatile memory = libc_memory;

void hd_libc_write(void *unused)
{
    (void)unused;
    libc_memory[1] = 'w';
}

static void touch_sprintf(void) { sprintf(memory, "%d", 123); }

static volatile size_t four = 4;

static void touch_snprintf(void) { snprintf(memory, four, "%d", 12345); }

static void touch_printed(void)
{
    char to[64];

    snprintf(to, sizeof(to), "%d %5.2f %s", 1, 2.0, memory);
}

static void touch_fputs(void)
{
    FILE *file = fopen("/dev/null", "w");

    HD_EXPECT(file != NULL);
    fputs(memory, file);
    fclose(file);
}

static void touch_fwrite(void)
{
    FILE *file = fopen("/dev/null", "w");

    HD_EXPECT(file != NULL);
    fwrite(memory, 1, 2, file);
    fclose(file);
}

static void touch_fread(void)
{
    FILE *file = fopen("/dev/zero", "r");

    HD_EXPECT(file != NULL);
    HD_EXPECT(fread(memory, 1, 2, file) == 2);
    fclose(file);
}

static void touch_fgets(void)
{
    char text[] = "xyz";
    FILE *file = fmemopen(text, 3, "r");

    HD_EXPECT(file != NULL);
    HD_EXPECT(fgets(memory, 4, file) == memory);
    fclose(file);
}

static void touch_end(void) { (void)strtol("1", (char **)(void *)memory, 10); }

static void touch_number(void) { (void)strtol(memory, NULL, 36); }

static int never(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return 0;
}

static void touch_qsort(void) { qsort(memory, 4, 1, never); }

static void touch_strtok(void)
{
    char *rest = NULL;

    (void)strtok_r(memory, "w", &rest);
}

static void touch_memccpy(void) { (void)memccpy(memory, "abc", 'c', 3); }

static void touch_stpncpy(void) { (void)stpncpy(memory, "abc", 3); }

static void touch_strstr(void) { HD_EXPECT(strstr(memory, "none at all") == NULL); }

static void touch_strspn(void) { HD_EXPECT(strspn(memory, "mw") > 1); }

static void touch_strcasecmp(void) { HD_EXPECT(strcasecmp(memory, memory) == 0); }

static void touch_rand_r(void) { (void)rand_r((unsigned *)(void *)memory); }

const struct libc_touch libc_touches[] = {
    {"sprintf", touch_sprintf},       {"snprintf", touch_snprintf}, {"%s", touch_printed},
    {"fputs", touch_fputs},           {"fwrite", touch_fwrite},     {"fread", touch_fread},
    {"fgets", touch_fgets},           {"end of strtol", touch_end}, {"strtol", touch_number},
    {"qsort", touch_qsort},           {"strtok_r", touch_strtok},   {"memccpy", touch_memccpy},
    {"stpncpy", touch_stpncpy},       {"strstr", touch_strstr},     {"strspn", touch_strspn},
    {"strcasecmp", touch_strcasecmp}, {"rand_r", touch_rand_r},     {NULL, NULL},
};

/* ---- Others ---------------------------------------------------------------------------------- */

void hd_libc_tokenize(void *unused)
{
    char string[] = "a b";

    (void)unused;
    (void)strtok(string, " ");
}

void hd_libc_tokenize_nothing(void *unused)
{
    (void)unused;
    HD_EXPECT(strtok(NULL, " ") == NULL);
}

static int compare_stepping(const void *a, const void *b)
{
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

    pthread_mutex_lock(&lock);
    pthread_mutex_unlock(&lock);
    return compare_ints(a, b);
}

void hd_libc_sort(void *unused)
{
    int numbers[400]; /* so many that libc allocates */

    (void)unused;
    for (int i = 0; i < 400; i++) {
        numbers[i] = i * 7919 % 400;
    }
    qsort(numbers, 400, sizeof(int), compare_stepping);
    for (int i = 1; i < 400; i++) {
        HD_EXPECT(numbers[i - 1] <= numbers[i]);
    }
}

void hd_libc_allocate(void *unused)
{
    char *made = NULL;

    (void)unused;
    HD_EXPECT(asprintf(&made, "%d", 1) == 1);
    made[2] = 'x'; /* behind its end */
    free(made);
}

/* NOLINTEND(concurrency-mt-unsafe,cert-err33-c,cert-err34-c,cert-msc30-c,cert-msc32-c,
 * cert-msc50-cpp,cert-msc51-cpp,clang-analyzer-security.insecureAPI.*) */
