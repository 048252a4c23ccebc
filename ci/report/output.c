/*
 * Output: files that are whole or not there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/output.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool complain(const char *path)
{
    (void)fprintf(stderr, "heddle: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

/* All folders of `path' up to `end'. */
static bool make_folders(char *path, const char *end)
{
    for (char *slash = path + 1; slash <= end; slash++) {
        char kept = *slash;

        if (kept != '/' && slash != end) {
            continue;
        }
        *slash = '\0';
        if (mkdir(path, 0777) != 0 && errno != EEXIST) {
            return complain(path);
        }
        *slash = kept;
    }
    return true;
}

static bool fits(int length, const char *name)
{
    if (length >= 0 && length < PATH_MAX) {
        return true;
    }
    errno = ENAMETOOLONG;
    return complain(name);
}

bool hdr_output_make(const struct hdr_output *output)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof(path), "%s", output->folder);

    if (!fits(length, output->folder) || !make_folders(path, path + length)) {
        return false;
    }

    struct stat status;

    if (stat(path, &status) != 0) {
        return complain(path);
    }
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return complain(path);
    }
    return access(path, W_OK | X_OK) == 0 ? true : complain(path);
}

bool hdr_file_open(struct hdr_file *file, const struct hdr_output *output, const char *name)
{
    int length = snprintf(file->path, sizeof(file->path), "%s/%s", output->folder, name);

    if (!fits(length, name) || !make_folders(file->path, strrchr(file->path, '/'))) {
        return false;
    }
    (void)snprintf(file->temporary, sizeof(file->temporary), "%s.new", file->path);
    file->stream = fopen(file->temporary, "w");
    return file->stream != NULL ? true : complain(file->path);
}

bool hdr_file_close(struct hdr_file *file)
{
    bool is_written = ferror(file->stream) == 0 && fflush(file->stream) == 0;
    bool is_closed = fclose(file->stream) == 0;

    if (is_written && is_closed && rename(file->temporary, file->path) == 0) {
        return true;
    }
    (void)complain(file->path);
    (void)unlink(file->temporary);
    return false;
}

bool hdr_output_print(const struct hdr_output *output, const char *name)
{
    char path[PATH_MAX];
    int length = snprintf(path, sizeof(path), "%s/%s", output->folder, name);
    FILE *file = fits(length, name) ? fopen(path, "r") : NULL;
    int letter;

    if (file == NULL) {
        return complain(path);
    }
    while ((letter = fgetc(file)) != EOF) {
        (void)putchar(letter);
    }

    bool is_read = ferror(file) == 0;

    (void)fclose(file);
    return is_read && fflush(stdout) == 0 ? true : complain(path);
}
