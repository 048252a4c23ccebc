/*
 * Output file: a full disk shows when a file is written, flushed or closed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "engine/output_file.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path, int reason)
{
    (void)fprintf(stderr, "heddle: cannot write %s: %s\n", path, strerror(reason));
    return false;
}

bool hde_output_file_open(struct hde_output_file *output, const char *folder, const char *name)
{
    int length = snprintf(output->path, sizeof(output->path), "%s/%s", folder, name);
    int temporary_length = snprintf(output->temporary, sizeof(output->temporary), "%s/.%s.%ld",
                                    folder, name, (long)getpid());

    output->file = NULL;
    if (length >= PATH_MAX || temporary_length >= PATH_MAX) {
        return complain(folder, ENAMETOOLONG);
    }
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return complain(folder, errno);
    }
    output->file = fopen(output->temporary, "we");
    return output->file == NULL ? complain(output->path, errno) : true;
}

bool hde_output_folder_make(const char *folder)
{
    struct hde_output_file trial; /* permissions do not tell all: /proc refuses root, too */

    if (!hde_output_file_open(&trial, folder, "trial")) {
        return false;
    }
    (void)fclose(trial.file);
    (void)unlink(trial.temporary);
    return true;
}

bool hde_output_file_close(struct hde_output_file *output, bool is_written)
{
    int reason = is_written ? 0 : errno == 0 ? EIO : errno; /* jansson may set none */

    if (fclose(output->file) != 0 && reason == 0) {
        reason = errno;
    }
    output->file = NULL;
    if (reason == 0 && rename(output->temporary, output->path) != 0) {
        reason = errno;
    }
    if (reason == 0) {
        return true;
    }
    (void)unlink(output->temporary); /* nothing more can be done about it */
    return complain(output->path, reason);
}
