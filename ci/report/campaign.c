/*
 * Campaign: known by its state.json and findings/; of it findings/ and runs/ are read, of a finding
 * that has a record the record. Of one that has none, as it is a sanitizer's, there is the report:
 *
 *     findings/<identity>/finding.json
 *     findings/<identity>/<flavour>/report.txt
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/campaign.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ci/report/record.h"

#define IDENTITY_LENGTH 16

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

/* The folder that a path is in: where its name ends. NULL if it is in none. */
static const char *end_of_folder(const char *path, const char *end)
{
    while (end > path && end[-1] != '/') {
        end--;
    }
    return end > path ? end - 1 : NULL;
}

void hdr_campaign_identify(json_t *finding, const char *path)
{
    const char *flavour = end_of_folder(path, path + strlen(path));
    const char *end = flavour == NULL ? NULL : end_of_folder(path, flavour);
    char folder[PATH_MAX];

    if (finding == NULL || end == NULL || end - path < IDENTITY_LENGTH || end - path >= PATH_MAX) {
        return;
    }
    (void)snprintf(folder, sizeof(folder), "%.*s/", (int)(end - path), path);

    const char *identity = folder + (end - path) - IDENTITY_LENGTH;

    if (strspn(identity, "0123456789abcdef") == IDENTITY_LENGTH &&
        has_beside(folder, "finding.json")) {
        hdr_set(finding, "identity", json_stringn(identity, IDENTITY_LENGTH));
    }
}
