/*
 * Source files: a list of those seen so far, with their texts once a line was asked for.
 *
 * There are few: the list is searched from its start. Nothing is freed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/source_file.h"

#include <ctype.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/fatal.h"

/* The top of Heddle's tree when it was built. */
#ifndef HDE_SOURCE_ROOT
#define HDE_SOURCE_ROOT ""
#endif

struct list {
    struct list *next;
    struct hde_source_file file;
};

static struct list *files;

static char *copy(const char *text)
{
    char *copied = strdup(text);

    if (copied == NULL) {
        hde_fatal("no memory for the name of a source file");
    }
    return copied;
}

/* The length of `absolute` without its last part. */
static size_t parent_length(const char *absolute, size_t length)
{
    while (length > 0 && absolute[length - 1] != '/') {
        length--;
    }
    return length == 0 ? 0 : length - 1;
}

/* Write `path` behind what `absolute` holds, resolving "." and "..", as far as it fits. */
static void append_path(char absolute[PATH_MAX], const char *path)
{
    size_t length = strlen(absolute);

    while (*path != '\0') {
        size_t part = strcspn(path, "/");

        if (part == 2 && strncmp(path, "..", 2) == 0) {
            length = parent_length(absolute, length);
        } else if (part > 0 && strncmp(path, "./", 2) != 0 && length + part + 2 < PATH_MAX) {
            absolute[length++] = '/';
            memcpy(absolute + length, path, part);
            length += part;
        }
        absolute[length] = '\0';
        path += part;
        path += strspn(path, "/");
    }
}

/* What remains of `path` below the folder `root`; NULL if it does not lie there. */
static const char *below(const char *root, const char *path)
{
    size_t length = strlen(root);

    while (length > 0 && root[length - 1] == '/') {
        length--;
    }
    if (length == 0 || strncmp(path, root, length) != 0 || path[length] != '/') {
        return NULL;
    }
    return path + length + 1;
}

static const char *below_working_directory(const char *path)
{
    char directory[PATH_MAX];

    return getcwd(directory, sizeof(directory)) == NULL ? NULL : below(directory, path);
}

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static enum hde_origin origin_of(const char *path)
{
    const char *own = below(HDE_SOURCE_ROOT, path);

    if (own != NULL && begins(own, "engine/canary/")) {
        return HDE_ORIGIN_PROGRAM; /* what the engine is tried on */
    }
    if (own != NULL && (begins(own, "engine/") || strcmp(own, "primitives/annotate.h") == 0)) {
        return HDE_ORIGIN_ENGINE; /* annotations are talk with the engine */
    }
    if (own != NULL && (begins(own, "primitives/") || begins(own, "include/heddle/"))) {
        return HDE_ORIGIN_PRIMITIVES;
    }
    return HDE_ORIGIN_PROGRAM;
}

static const char *name_of(const char *path)
{
    const char *name = hde_program_root == NULL ? NULL : below(hde_program_root, path);

    if (name == NULL) {
        name = below(HDE_SOURCE_ROOT, path);
    }
    if (name == NULL) {
        name = below_working_directory(path);
    }
    return name == NULL ? path : name;
}

const struct hde_source_file *hde_source_file_at(const char *directory, const char *path)
{
    char absolute[PATH_MAX] = "";

    if (path[0] != '/' && directory != NULL) {
        append_path(absolute, directory);
    }
    append_path(absolute, path);
    for (struct list *seen = files; seen != NULL; seen = seen->next) {
        if (strcmp(seen->file.path, absolute) == 0) {
            return &seen->file;
        }
    }

    struct list *added = calloc(1, sizeof(*added));

    if (added == NULL) {
        hde_fatal("no memory for a source file");
    }
    added->file.path = copy(absolute);
    added->file.name = name_of(added->file.path);
    added->file.origin = origin_of(added->file.path);
    added->next = files;
    files = added;
    return &added->file;
}

const char *hde_source_file_program(const char *path)
{
    return path[0] == '/' ? name_of(path) : path;
}

static void add_line(struct hde_source_file *file, char *text, size_t *capacity)
{
    size_t end = strlen(text);

    while (end > 0 && isspace((unsigned char)text[end - 1])) {
        text[--end] = '\0';
    }
    if (file->lines == NULL || file->lines_count == *capacity) {
        size_t more = *capacity == 0 ? 256 : *capacity * 2;
        char **lines = (char **)realloc((void *)file->lines, more * sizeof(*lines));

        if (lines == NULL) {
            hde_fatal("no memory for the text of a source file");
        }
        file->lines = lines;
        *capacity = more;
    }
    file->lines[file->lines_count++] = copy(text);
}

static void read_lines(struct hde_source_file *file)
{
    FILE *stream = fopen(file->path, "re");
    char *text = NULL;
    size_t size = 0;
    size_t capacity = 0;

    if (stream == NULL) {
        return;
    }
    while (getline(&text, &size, stream) >= 0) {
        add_line(file, text, &capacity);
    }
    free(text);
    if (fclose(stream) != 0) {
        file->lines_count = 0; /* what was read may not be all */
    }
}

const char *hde_source_file_line(const char *name, int line)
{
    struct list *seen = files;

    while (seen != NULL && strcmp(seen->file.name, name) != 0) {
        seen = seen->next;
    }
    if (seen == NULL || line <= 0) {
        return NULL;
    }
    if (seen->file.lines == NULL) {
        read_lines(&seen->file);
    }
    if (seen->file.lines == NULL || (size_t)line > seen->file.lines_count) {
        return NULL;
    }
    return seen->file.lines[line - 1];
}

const char *hde_symbol_line(const struct hde_source *source)
{
    const char *line = hde_source_file_line(source->file, source->line);

    return line == NULL ? NULL : line + strspn(line, " \t");
}
