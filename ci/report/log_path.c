/*
 * Paths.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/log_path.h"

#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ci/report/log.h"
#include "ci/report/record.h"
#include "engine/fatal.h"

#define FILES_MAX 100000 /* of a tree; in a larger one base names are not looked for */

/* What was found under one root, for as long as it is asked for. */
static struct {
    char root[PATH_MAX];
    json_t *known; /* path of a log -> path in the tree */
    json_t *files; /* base name -> path, or null if several have it; NULL: not looked at yet */
} tree;

/* ---- Text ------------------------------------------------------------------------------------ */

/* The end of a path without its last name. */
static char *go_up(char *end, const char *floor)
{
    do {
        end--;
    } while (end > floor && end[-1] != '/');
    return end;
}

/* Take "." and what ".." cancels out of a path, in its own place, which has room for one more. */
static void normalize(char *path)
{
    char *start = path + (path[0] == '/');
    char *end = start;   /* of what is done; behind a slash, or at `start` */
    char *floor = start; /* ".." goes no higher than this */
    bool is_last = path[0] == '\0';

    for (const char *at = start; !is_last;) {
        size_t length = strcspn(at, "/");
        bool is_up = length == 2 && strncmp(at, "..", 2) == 0;
        bool is_nothing = length == 0 || (length == 1 && *at == '.');
        const char *next = at + length + 1;

        is_last = at[length] == '\0';
        if (is_up && end > floor) {
            end = go_up(end, floor);
        } else if (!is_nothing) {
            memmove(end, at, length);
            end += length;
            *end++ = '/';
            floor = is_up ? end : floor;
        }
        at = next;
    }
    end -= end > start ? 1 : 0;
    *end = '\0';
}

/* ---- The tree -------------------------------------------------------------------------------- */

static void turn_to(const char *root)
{
    if (tree.known != NULL && strcmp(tree.root, root) == 0) {
        return;
    }
    json_decref(tree.known);
    json_decref(tree.files);
    (void)snprintf(tree.root, sizeof(tree.root), "%s", root);
    tree.known = json_object();
    tree.files = NULL;
}

static bool is_in_tree(const char *path)
{
    char whole[2 * PATH_MAX];
    struct stat status;

    (void)snprintf(whole, sizeof(whole), "%s/%s", tree.root, path);
    return path[0] != '\0' && stat(whole, &status) == 0 && S_ISREG(status.st_mode);
}

/* Folders that have no sources of the tree's own. */
static bool is_left_out(const FTSENT *entry)
{
    return entry->fts_info == FTS_D && entry->fts_level > 0 &&
           (entry->fts_name[0] == '.' || strncmp(entry->fts_name, "build", 5) == 0 ||
            strcmp(entry->fts_name, "node_modules") == 0);
}

static void list_files(void)
{
    char *const roots[] = {tree.root, NULL};
    FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR | FTS_NOSTAT, NULL);
    size_t length = strlen(tree.root);

    tree.files = json_object();
    if (walk == NULL) {
        return;
    }
    for (FTSENT *entry = fts_read(walk); entry != NULL; entry = fts_read(walk)) {
        if (is_left_out(entry)) {
            (void)fts_set(walk, entry, FTS_SKIP);
        } else if (entry->fts_info == FTS_F || entry->fts_info == FTS_NSOK) {
            bool is_second = json_object_get(tree.files, entry->fts_name) != NULL;

            hdr_set(tree.files, entry->fts_name,
                    is_second ? json_null() : hdr_string(entry->fts_path + length + 1));
        }
        if (json_object_size(tree.files) > FILES_MAX) {
            (void)json_object_clear(tree.files);
            break;
        }
    }
    (void)fts_close(walk);
}

/* ---- Looking up ------------------------------------------------------------------------------ */

/* The end of the path, of two or more names, that is a file of the tree; NULL if none is. */
static const char *find_end(const char *path)
{
    for (const char *end = path; end != NULL; end = strchr(end, '/')) {
        end += *end == '/';
        if ((strchr(end, '/') != NULL || strchr(path, '/') == NULL) && is_in_tree(end)) {
            return end;
        }
    }
    return NULL;
}

static const char *find_name(const char *path)
{
    if (strchr(path, '/') != NULL) {
        return NULL;
    }
    if (tree.files == NULL) {
        list_files();
    }
    return json_string_value(json_object_get(tree.files, path));
}

static json_t *look_up(const char *path)
{
    size_t length = strlen(tree.root);
    const char *found = NULL;
    struct stat status;

    if (strncmp(path, tree.root, length) == 0 && path[length] == '/') {
        return hdr_string(path + length + 1);
    }
    if (path[0] != '/' || stat(path, &status) != 0) {
        found = find_end(path);
        found = found == NULL ? find_name(path) : found;
    }
    return hdr_string(found == NULL ? path : found);
}

json_t *hdr_log_path(const char *path, const struct hdr_log_settings *settings)
{
    size_t size = strlen(path) + 2;
    char *copy = malloc(size);
    json_t *known;

    if (copy == NULL) {
        hde_fatal("no memory for a path");
    }
    (void)snprintf(copy, size, "%s", path);
    if (strcmp(path, "?") != 0) {
        normalize(copy);
    }
    if (settings->root[0] == '\0' || strcmp(path, "?") == 0 || copy[0] == '\0') {
        known = hdr_string(copy[0] == '\0' ? "?" : copy); /* "a/.." is no file */
        free(copy);
        return known;
    }
    turn_to(settings->root);
    known = json_object_get(tree.known, copy);
    if (known == NULL) {
        known = look_up(copy);
        hdr_set(tree.known, copy, known);
    }
    free(copy);
    return json_incref(known);
}
