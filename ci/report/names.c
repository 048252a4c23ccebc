/*
 * Names: short enough for every file system, and no two of them equal.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/names.h"

#include <string.h>

#include "ci/report/record.h"

#define PART_MAX 40 /* bytes of a part */

static const char kept[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

static void add_part(struct hdr_name *name, const char *part)
{
    size_t begin = strlen(name->text);

    (void)snprintf(name->text + begin, sizeof(name->text) - begin, "%s%.*s", begin == 0 ? "" : ".",
                   PART_MAX, part);
    for (char *c = name->text + begin; *c != '\0'; c++) {
        if (strchr(kept, *c) == NULL) {
            *c = '_';
        }
    }
    /* No hidden file, no parent folder. */
    if (name->text[0] == '.') {
        name->text[0] = '_';
    }
}

struct hdr_name
hdr_name_make(json_t *used, const char *folder, const char *const parts[3], const char *ending)
{
    struct hdr_name base = {""};
    struct hdr_name whole;
    char number[16] = "";

    for (unsigned i = 0; i < 3; i++) {
        if (parts[i][0] != '\0') {
            add_part(&base, parts[i]);
        }
    }
    for (unsigned i = 2; json_object_get(used, base.text) != NULL; i++) {
        size_t end = strlen(base.text) - strlen(number);

        (void)snprintf(number, sizeof(number), "_%u", i);
        (void)snprintf(base.text + end, sizeof(base.text) - end, "%s", number);
    }
    hdr_set(used, base.text, json_true());
    (void)snprintf(whole.text, sizeof(whole.text), "%.20s/%.140s%.9s", folder, base.text, ending);
    return whole;
}
