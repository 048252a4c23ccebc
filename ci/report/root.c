/*
 * Root: finding it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/root.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_address(const char *root)
{
    return strncmp(root, "https://", 8) == 0 || strncmp(root, "http://", 7) == 0;
}

/* The nearest folder above this process that has a repository. */
static bool find_repository(char folder[PATH_MAX])
{
    char git[PATH_MAX + 8];

    if (getcwd(folder, PATH_MAX) == NULL) {
        return false;
    }
    for (char *slash = folder + strlen(folder); slash != NULL; slash = strrchr(folder, '/')) {
        *slash = '\0';
        (void)snprintf(git, sizeof(git), "%s/.git", folder);
        if (access(git, F_OK) == 0) {
            return true;
        }
    }
    return false;
}

/* One "../" for each folder of `inner' that is below `outer'. */
static void climb(const char *outer, const char *inner, char prefix[PATH_MAX])
{
    size_t length = strlen(outer);
    size_t used = 0;

    if (strncmp(outer, inner, length) != 0 || (inner[length] != '/' && inner[length] != '\0')) {
        return; /* it lies elsewhere, and may be taken anywhere */
    }
    (void)snprintf(prefix, PATH_MAX, "./");
    for (const char *at = inner + length; *at != '\0' && used + 4 < PATH_MAX; at++) {
        if (*at == '/') {
            memcpy(prefix + used, "../", 4);
            used += 3;
        }
    }
}

void hdr_root_find(const char *root, const char *folder, char prefix[PATH_MAX])
{
    char wanted[PATH_MAX];
    char outer[PATH_MAX];
    char inner[PATH_MAX];

    prefix[0] = '\0';
    if (root != NULL && is_address(root)) {
        (void)snprintf(prefix, PATH_MAX, "%s%s", root, root[strlen(root) - 1] == '/' ? "" : "/");
        return;
    }
    if (root == NULL && !find_repository(wanted)) {
        return;
    }
    if (realpath(root == NULL ? wanted : root, outer) != NULL && realpath(folder, inner) != NULL) {
        climb(outer, inner, prefix);
    }
}

void hdr_root_folder(const char *root, char folder[PATH_MAX])
{
    char wanted[PATH_MAX];

    if (root != NULL && !is_address(root)) {
        (void)snprintf(wanted, sizeof(wanted), "%s", root);
    } else if (!find_repository(wanted)) {
        (void)snprintf(wanted, sizeof(wanted), ".");
    }
    if (realpath(wanted, folder) == NULL) {
        (void)snprintf(folder, PATH_MAX, "%s", wanted);
    }
}
