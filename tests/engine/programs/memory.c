/*
 * Memory functions: pairs of threads, of which one calls a function of libc and the other writes,
 * or reads, a byte that the function touches, or the next one, which it does not.
 *
 * Functions are called through pointers that the compiler cannot see through: otherwise it would
 * replace the calls by accesses, or by calls of __tsan_memcpy().
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/memory.h"

#include <stddef.h>
#include <string.h>

#include <heddle/check.h>

struct pair {
    char bytes[24];
};

static char text[32] = "abc\0efghijkl";
static char same[32] = "abX\0efghijkl";
static char target[32] = "....\0...........";
static struct pair pair;
static struct pair other = {"0123456789"};

static void *(*volatile call_memcpy)(void *, const void *, size_t) = memcpy;
static void *(*volatile call_memmove)(void *, const void *, size_t) = memmove;
static void *(*volatile call_mempcpy)(void *, const void *, size_t) = mempcpy;
static void *(*volatile call_memset)(void *, int, size_t) = memset;
static int (*volatile call_memcmp)(const void *, const void *, size_t) = memcmp;
static void *(*volatile call_memchr)(const void *, int, size_t) = memchr;
static size_t (*volatile call_strlen)(const char *) = strlen;
static size_t (*volatile call_strnlen)(const char *, size_t) = strnlen;
static int (*volatile call_strcmp)(const char *, const char *) = strcmp;
static int (*volatile call_strncmp)(const char *, const char *, size_t) = strncmp;
static char *(*volatile call_strchr)(const char *, int) = strchr;
static char *(*volatile call_strrchr)(const char *, int) = strrchr;
static char *(*volatile call_strcpy)(char *, const char *) = strcpy;
static char *(*volatile call_stpcpy)(char *, const char *) = stpcpy;
static char *(*volatile call_strncpy)(char *, const char *, size_t) = strncpy;
static char *(*volatile call_strcat)(char *, const char *) = strcat;

/* What _FORTIFY_SOURCE makes of them. */
void *__memcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__memmove_chk(void *to, const void *from, size_t size, size_t room);
void *__mempcpy_chk(void *to, const void *from, size_t size, size_t room);
void *__memset_chk(void *memory, int byte, size_t size, size_t room);
char *__strcpy_chk(char *to, const char *from, size_t room);
char *__stpcpy_chk(char *to, const char *from, size_t room);
char *__strncpy_chk(char *to, const char *from, size_t size, size_t room);
char *__strcat_chk(char *to, const char *from, size_t room);
char *__strncat_chk(char *to, const char *from, size_t size_max, size_t room);

static char *(*volatile call_strncat)(char *, const char *, size_t) = strncat;

/* ---- What the other thread does -------------------------------------------------------------- */

static void write_text_2(void *unused)
{
    (void)unused;
    text[2] = 'c';
}

static void write_text_3(void *unused)
{
    (void)unused;
    text[3] = '\0';
}

static void write_text_4(void *unused)
{
    (void)unused;
    text[4] = 'e';
}

static void read_target_3(void *unused)
{
    (void)unused;
    HD_EXPECT(target[3] != 1);
}

static void read_target_4(void *unused)
{
    (void)unused;
    HD_EXPECT(target[4] != 1);
}

static void write_same_2(void *unused)
{
    (void)unused;
    same[2] = 'X';
}

static void read_target_6(void *unused)
{
    (void)unused;
    HD_EXPECT(target[6] != 1);
}

static void read_target_7(void *unused)
{
    (void)unused;
    HD_EXPECT(target[7] != 1);
}

static void read_target_8(void *unused)
{
    (void)unused;
    HD_EXPECT(target[8] != 1);
}

static void read_pair_23(void *unused)
{
    (void)unused;
    HD_EXPECT(pair.bytes[23] == '\0');
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static void copy_4(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_memcpy(target, text, 4) == target);
    HD_EXPECT(target[0] == 'a' && target[4] == '\0');
}

static void move_4(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_memmove(target, text, 4) == target);
    HD_EXPECT(call_memmove(target + 1, target, 2) == target + 1);
    HD_EXPECT(target[0] == 'a' && target[1] == 'a' && target[2] == 'b');
}

static void copy_4_and_on(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_mempcpy(target, text, 4) == target + 4);
}

static void set_4(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_memset(target, 'x', 4) == target);
    HD_EXPECT(target[3] == 'x' && target[4] == '\0');
}

static void set_nothing(void *unused)
{
    (void)unused;
    HD_EXPECT(call_memset(target + 3, 'x', 0) == target + 3);
}

static void compare_8(void *unused)
{
    (void)unused;
    HD_EXPECT(call_memcmp(text, same, 8) != 0);
}

static void search_c(void *unused)
{
    (void)unused;
    HD_EXPECT(call_memchr(text, 'c', sizeof(text)) == text + 2);
}

static void assign(void *unused)
{
    (void)unused;
    HD_EXPECT(pair.bytes[0] == '\0');
    pair = other;
    HD_EXPECT(pair.bytes[0] == '0');
}

/* ---- Strings --------------------------------------------------------------------------------- */

static void measure(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strlen(text) == 3);
}

static void measure_3(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strnlen(text, 3) == 3);
}

static void compare(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strcmp(text, same) > 0);
}

static void compare_2(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strncmp(text, same, 2) == 0);
}

static void search(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strchr(text, 'c') == text + 2);
}

static void search_last(void *unused)
{
    (void)unused;
    HD_EXPECT(call_strrchr(text, 'a') == text);
}

static void copy_string(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_strcpy(target, text) == target);
    HD_EXPECT(target[2] == 'c' && target[3] == '\0');
}

static void copy_string_and_on(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.');
    HD_EXPECT(call_stpcpy(target, text) == target + 3);
}

static void copy_string_8(void *unused)
{
    (void)unused;
    HD_EXPECT(target[0] == '.' && target[7] == '.');
    HD_EXPECT(call_strncpy(target, text, 8) == target);
    HD_EXPECT(target[2] == 'c' && target[7] == '\0' && target[8] == '.');
}

static void append(void *unused)
{
    (void)unused;
    HD_EXPECT(target[4] == '\0' && target[7] == '.');
    HD_EXPECT(call_strcat(target, text) == target);
    HD_EXPECT(target[4] == 'a' && target[7] == '\0');
}

static void append_2(void *unused)
{
    (void)unused;
    HD_EXPECT(target[4] == '\0' && target[7] == '.');
    HD_EXPECT(call_strncat(target, text, 2) == target);
    HD_EXPECT(target[5] == 'b' && target[6] == '\0');
}

/* Each in what the one before left behind; the last byte that any writes is 7. */
static void call_checked(void *unused)
{
    (void)unused;
    HD_EXPECT(__memset_chk(target, 'x', 3, 32) == target && target[2] == 'x');
    HD_EXPECT(__memcpy_chk(target, "uvw", 3, 32) == target && target[2] == 'w');
    HD_EXPECT(__memmove_chk(target, target + 1, 2, 32) == target && target[0] == 'v');
    HD_EXPECT(__mempcpy_chk(target, "xyz", 3, 32) == target + 3 && target[0] == 'x');
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.strcpy): it is what is tested */
    HD_EXPECT(__strcpy_chk(target, "ab", 32) == target && target[2] == '\0');
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.strcpy): it is what is tested */
    HD_EXPECT(__strcat_chk(target, "cd", 32) == target && target[3] == 'd');
    HD_EXPECT(__strncat_chk(target, "efgh", 1, 32) == target && target[5] == '\0');
    HD_EXPECT(__stpcpy_chk(target, "abc", 32) == target + 3 && target[4] == 'e');
    HD_EXPECT(__strncpy_chk(target, text, 8, 32) == target && target[7] == '\0');
}

static void overflow_checked(void *unused)
{
    (void)unused;
    /* NOLINTNEXTLINE(clang-analyzer-security.insecureAPI.strcpy): it is what is tested */
    (void)__strcpy_chk(target, text, 3);
}

const struct memory_program memory_overflow = {
    "checked strcpy without room", false, {overflow_checked, read_target_8}};

const struct memory_program memory_programs[] = {
    {"checked functions write", true, {call_checked, read_target_7}},
    {"checked functions do not write beyond", false, {call_checked, read_target_8}},
    {"memcpy reads its last byte", true, {copy_4, write_text_3}},
    {"memcpy does not read beyond", false, {copy_4, write_text_4}},
    {"memcpy writes its last byte", true, {copy_4, read_target_3}},
    {"memcpy does not write beyond", false, {copy_4, read_target_4}},
    {"memmove reads its last byte", true, {move_4, write_text_3}},
    {"memmove does not write beyond", false, {move_4, read_target_4}},
    {"mempcpy writes its last byte", true, {copy_4_and_on, read_target_3}},
    {"mempcpy does not write beyond", false, {copy_4_and_on, read_target_4}},
    {"memset writes its last byte", true, {set_4, read_target_3}},
    {"memset does not write beyond", false, {set_4, read_target_4}},
    {"memset of nothing", false, {set_nothing, read_target_3}},
    {"memcmp reads up to the difference", true, {compare_8, write_text_2}},
    {"memcmp reads the other up to the difference", true, {compare_8, write_same_2}},
    {"memcmp does not read beyond", false, {compare_8, write_text_3}},
    {"memchr reads what it finds", true, {search_c, write_text_2}},
    {"memchr does not read beyond", false, {search_c, write_text_3}},
    {"the copy of a struct writes it", true, {assign, read_pair_23}},
    {"the copy of a struct does not write elsewhere", false, {assign, read_target_3}},
    {"strlen reads the end", true, {measure, write_text_3}},
    {"strlen does not read beyond", false, {measure, write_text_4}},
    {"strnlen reads its last byte", true, {measure_3, write_text_2}},
    {"strnlen does not read beyond", false, {measure_3, write_text_3}},
    {"strcmp reads up to the difference", true, {compare, write_text_2}},
    {"strcmp reads the other up to the difference", true, {compare, write_same_2}},
    {"strcmp does not read beyond", false, {compare, write_text_3}},
    {"strncmp does not read beyond", false, {compare_2, write_text_2}},
    {"strchr reads what it finds", true, {search, write_text_2}},
    {"strchr does not read beyond", false, {search, write_text_3}},
    {"strrchr reads the end", true, {search_last, write_text_3}},
    {"strrchr does not read beyond", false, {search_last, write_text_4}},
    {"strcpy reads the end", true, {copy_string, write_text_3}},
    {"strcpy writes the end", true, {copy_string, read_target_3}},
    {"strcpy does not write beyond", false, {copy_string, read_target_4}},
    {"stpcpy writes the end", true, {copy_string_and_on, read_target_3}},
    {"strncpy does not read beyond the end", false, {copy_string_8, write_text_4}},
    {"strncpy fills", true, {copy_string_8, read_target_7}},
    {"strncpy does not write beyond", false, {copy_string_8, read_target_8}},
    {"strcat writes the end", true, {append, read_target_7}},
    {"strcat does not write beyond", false, {append, read_target_8}},
    {"strcat reads the old end", true, {append, read_target_4}},
    {"strncat writes the end", true, {append_2, read_target_6}},
    {"strncat does not write beyond", false, {append_2, read_target_7}},
    {"strncat does not read beyond", false, {append_2, write_text_2}},
    {NULL, false, {NULL, NULL}},
};
