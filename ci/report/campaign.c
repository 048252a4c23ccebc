/*
 * Campaign: known by its state.json and findings/; of it findings/ and runs/ are read, of a finding
 * that has a record the record.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/campaign.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Whether the folder that `path' is in has this file, which `path' itself is not. */
static bool has_beside(const char *path, const char *name)
{
    const char *slash = strrchr(path, '/');
    int folder = slash == NULL ? 0 : (int)(slash + 1 - path);
    char beside[PATH_MAX];
    int length = snprintf(beside, sizeof(beside), "%.*s%s", folder, path, name);

    return strcmp(path + folder, name) != 0 && length > 0 && (size_t)length < sizeof(beside) &&
           access(beside, F_OK) == 0;
}

/* Beside findings/ there is no findings/, so that it is not kept. */
bool hdr_campaign_keeps(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    bool is_of_campaign = has_beside(path, "state.json") && has_beside(path, "findings");

    return (is_of_campaign && strcmp(name, "runs") != 0) || has_beside(path, "record.json");
}
