/*
 * Frames.
 *
 * A function's name may have spaces and parentheses, a path too; what is what is told from the end
 * of the line: build id, module, line, and then the path, which begins behind the last space that
 * is in no parentheses, or at a " /".
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_frame.h"

#include <stdlib.h>
#include <string.h>

#include "ci/report/log_match.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

static json_t *new_frame(void)
{
    json_t *frame = json_object();

    hdr_set(frame, "function", hdr_string("?"));
    hdr_set(frame, "file", hdr_string("?"));
    hdr_set(frame, "line", json_integer(0));
    hdr_set(frame, "module", json_null());
    return frame;
}

static void trim(char *text)
{
    size_t length = strlen(text);

    while (length > 0 && text[length - 1] == ' ') {
        text[--length] = '\0';
    }
}

/* Cut what is from `end` of the text on, and blanks before it. */
static void cut(char *text, const char *end)
{
    text[end - text] = '\0';
    trim(text);
}

/* ---- Where in the source --------------------------------------------------------------------- */

/* If the text ends with `:<number>', the place of the colon. */
static char *find_number(char *text)
{
    char *colon = strrchr(text, ':');

    return colon != NULL && colon[1] != '\0' && colon[1 + strspn(colon + 1, "0123456789")] == '\0'
               ? colon
               : NULL;
}

static json_int_t number_at(const char *digits)
{
    size_t number = hdr_capture_number((struct hdr_capture){digits, strspn(digits, "0123456789")});

    return number > 0x7fffffff ? 0 : (json_int_t)number;
}

/* Cut line and column from a path; returns the line, or 0 if there is none. */
static json_int_t cut_line(char *path)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];
    char *last = find_number(path);

    if (last != NULL) {
        *last = '\0';

        char *first = find_number(path);

        if (first == NULL) {
            return number_at(last + 1);
        }
        *first = '\0';
        return number_at(first + 1);
    }
    if (hdr_log_match(path, "%s(%d,%d)", captures) || hdr_log_match(path, "%s(%d)", captures)) {
        json_int_t line = number_at(captures[1].text);

        path[captures[0].length] = '\0';
        return line;
    }
    return 0;
}

static bool is_path(const char *path)
{
    return path[0] != '\0' && strchr(path, '(') == NULL && path[0] != '<' &&
           (strchr(path, '.') != NULL || strchr(path, '/') != NULL);
}

bool hdr_log_frame_place(json_t *frame, const char *text)
{
    char *path = strdup(text);

    if (path == NULL) {
        hde_fatal("no memory for a frame");
    }

    json_int_t line = cut_line(path);
    bool is_place = (line != 0 && path[0] != '\0' && path[0] != '<') || is_path(path);

    if (is_place) {
        hdr_set(frame, "file", hdr_string(path));
        hdr_set(frame, "line", json_integer(line));
    }
    free(path);
    return is_place;
}

/* Where the path begins, behind the function; NULL if there is but one word. */
static char *find_path(char *text)
{
    char *path = NULL;
    int depth = 0;

    for (char *at = text; *at != '\0'; at++) {
        depth += (*at == '(') - (*at == ')' && depth > 0);
        if (*at == ' ' && depth == 0 && at[1] == '/') {
            return at;
        }
        path = *at == ' ' && depth == 0 ? at : path;
    }
    return path;
}

static void place_in_source(json_t *frame, char *text)
{
    char *space = find_path(text);

    if (space != NULL && (strcmp(space, " <null>") == 0 || hdr_log_frame_place(frame, space + 1))) {
        cut(text, space);
    }
    if (text[0] != '\0' && strcmp(text, "<null>") != 0 && strcmp(text, "???") != 0) {
        hdr_set(frame, "function", hdr_string(text));
    }
}

/* ---- Sanitizers ------------------------------------------------------------------------------ */

static void take_build_id(json_t *frame, char *text)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    if (hdr_log_match(text, "%s(BuildId: %x)", captures)) {
        hdr_set(frame, "build_id", hdr_capture_string(captures[1]));
        cut(text, text + captures[0].length);
    }
    if (hdr_log_match(text, "%s (discriminator %d)", captures)) {
        cut(text, text + captures[0].length);
    }
}

/* `(/build/counter+0x10d0fe)' at the end; of a fat file, `(counter:x86_64+0x1000)'. */
static void take_module(json_t *frame, char *text)
{
    char *open = strrchr(text, '(');
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    if (open == NULL || !hdr_log_match(open, "(%s+0x%x)", captures)) {
        return;
    }

    unsigned long long offset = strtoull(captures[1].text, NULL, 16);

    hdr_set(frame, "module", hdr_capture_string(captures[0]));
    hdr_set(frame, "offset", json_integer((json_int_t)(offset & INT64_MAX)));
    cut(text, open);
}

static json_t *frame_of_sanitizer(const char *line, size_t *number)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    if (!hdr_log_match(line, "#%d %s", captures)) {
        return NULL;
    }
    *number = hdr_capture_number(captures[0]);

    const char *start = captures[1].text;

    if (hdr_log_match(start, "%x in %s", captures) || hdr_log_match(start, "0x%x %s", captures)) {
        start = captures[1].text;
    } else if (hdr_log_match(start, "0x%x", captures)) {
        start = "";
    }

    char *text = strdup(start + strspn(start, " "));
    json_t *frame = new_frame();

    if (text == NULL) {
        hde_fatal("no memory for a frame");
    }
    trim(text);
    take_build_id(frame, text);
    take_module(frame, text);
    place_in_source(frame, text);
    free(text);
    return frame;
}

/* ---- valgrind -------------------------------------------------------------------------------- */

static json_t *frame_of_valgrind(const char *line, size_t *number)
{
    struct hdr_capture captures[HDR_CAPTURES_MAX];

    *number = 0;
    if (!hdr_log_match(line, "at 0x%x: %s", captures)) {
        *number = HDR_FRAME_NEXT;
        if (!hdr_log_match(line, "by 0x%x: %s", captures)) {
            return NULL;
        }
    }

    json_t *frame = new_frame();
    const char *text = captures[1].text;
    const char *open = strrchr(text, '(');
    size_t length = strlen(text);

    if (open != NULL && open > text && text[length - 1] == ')') {
        char *inside = strndup(open + 1, (size_t)(text + length - 1 - (open + 1)));

        if (inside == NULL) {
            hde_fatal("no memory for a frame");
        }
        if (strncmp(inside, "in ", 3) == 0) {
            hdr_set(frame, "module", hdr_string(inside + 3));
            length = (size_t)(open - text);
        } else if (hdr_log_frame_place(frame, inside)) {
            length = (size_t)(open - text);
        }
        free(inside);
    }
    while (length > 0 && text[length - 1] == ' ') {
        length--;
    }
    if (length > 0 && strncmp(text, "???", 3) != 0) {
        hdr_set(frame, "function", hdr_capture_string((struct hdr_capture){text, length}));
    }
    return frame;
}

json_t *hdr_log_frame(const char *line, size_t *number)
{
    const char *text = line + strspn(line, " \t");

    if (text[0] == '#') {
        return frame_of_sanitizer(text, number);
    }
    return text[0] == 'a' || text[0] == 'b' ? frame_of_valgrind(text, number) : NULL;
}

/* ---- Whose it is ----------------------------------------------------------------------------- */

static bool has_any(const char *text, const char *const *pieces)
{
    for (; *pieces != NULL; pieces++) {
        if (strstr(text, *pieces) != NULL) {
            return true;
        }
    }
    return false;
}

static bool begins_with_any(const char *text, const char *const *starts)
{
    for (; *starts != NULL; starts++) {
        if (strncmp(text, *starts, strlen(*starts)) == 0) {
            return true;
        }
    }
    return false;
}

bool hdr_log_frame_is_runtime(const json_t *frame)
{
    static const char *const files[] = {
        "libsanitizer/",    "compiler-rt/",        "sanitizer_common",
        "hg_intercepts.c",  "_pthread_intercepts", "vg_replace_",
        "tsan_interceptor", "asan_interceptor",    NULL};
    static const char *const modules[] = {"libtsan.",    "libasan.",   "libubsan.", "liblsan.",
                                          "libclang_rt", "vgpreload_", NULL};
    static const char *const functions[] = {
        "__tsan",         "__asan",          "__ubsan",           "__lsan", "__msan", "__sanitizer",
        "__interceptor_", "___interceptor_", "asan_thread_start", NULL};

    return has_any(hdr_text(frame, "file"), files) || has_any(hdr_text(frame, "module"), modules) ||
           begins_with_any(hdr_text(frame, "function"), functions);
}

static bool is_system(const json_t *frame)
{
    static const char *const starts[] = {"csu/",
                                         "./csu/",
                                         "../csu/",
                                         "nptl/",
                                         "./nptl/",
                                         "../nptl/",
                                         "../sysdeps/",
                                         "sysdeps/",
                                         "misc/../",
                                         "string/../",
                                         "signal/../",
                                         "./malloc/",
                                         "malloc/malloc",
                                         "./stdlib/",
                                         "./elf/",
                                         "elf/",
                                         "/usr/include/",
                                         "/usr/lib/",
                                         "libc-start.c",
                                         "libc_start_call_main.h",
                                         "pthread_create.c",
                                         "clone.S",
                                         "clone-internal.c",
                                         "clone3.S",
                                         NULL};
    static const char *const pieces[] = {"/include/c++/", "/glibc-", "/sysdeps/", NULL};
    static const char *const modules[] = {"libc.so", "libpthread", "libstdc++", "ld-linux", NULL};
    const char *file = hdr_text(frame, "file");

    return begins_with_any(file, starts) || has_any(file, pieces) ||
           has_any(hdr_text(frame, "module"), modules);
}

bool hdr_log_frame_is_own(const json_t *frame)
{
    return hdr_number(frame, "line") > 0 && !hdr_log_frame_is_runtime(frame) && !is_system(frame);
}
