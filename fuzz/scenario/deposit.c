/*
 * Deposit: written under names of this process, then renamed.
 *
 * A full disk shows when a file is written, flushed or closed, so all three are complete before the
 * first has its name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fuzz/scenario/deposit.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz/scenario/program.h"

enum part { PART_INPUT, PART_TEXT, PART_RECORD, PARTS };

static const char *const suffixes[PARTS] = {"input", "txt", "json"};

struct paths {
    char temporary[PARTS][PATH_MAX];
    char final[PARTS][PATH_MAX];
};

static bool complain(const char *path)
{
    (void)fprintf(stderr, "heddle: cannot write %s: %s\n", path, strerror(errno));
    return false;
}

bool hd_deposit_prepare(const char *folder)
{
    struct stat status;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        return complain(folder);
    }
    if (stat(folder, &status) != 0) {
        return complain(folder);
    }
    if (!S_ISDIR(status.st_mode)) {
        errno = ENOTDIR;
        return complain(folder);
    }
    return access(folder, W_OK | X_OK) == 0 ? true : complain(folder);
}

static bool take_paths(const struct hd_deposit *deposit, struct paths *paths)
{
    char identity[HDE_IDENTITY_SIZE];

    hde_finding_identify(deposit->report->finding, identity);
    for (unsigned part = 0; part < PARTS; part++) {
        int length = snprintf(paths->final[part], PATH_MAX, "%s/%s-%s.%s", deposit->folder,
                              deposit->target, identity, suffixes[part]);
        int temporary_length =
            snprintf(paths->temporary[part], PATH_MAX, "%s/.%s-%s.%s.%ld", deposit->folder,
                     deposit->target, identity, suffixes[part], (long)getpid());

        if (length >= PATH_MAX || temporary_length >= PATH_MAX) {
            errno = ENAMETOOLONG;
            return complain(deposit->folder);
        }
    }
    return true;
}

/* As one word of a shell, in quotes if it needs them. */
static void put_word(const char *word, FILE *file)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_-./,:+=@%";

    if (word[strspn(word, plain)] == '\0') {
        (void)fputs(word, file);
        return;
    }
    (void)fputc('\'', file);
    for (; *word != '\0'; word++) {
        if (*word == '\'') {
            (void)fputs("'\\'", file); /* ends the quotes, is itself; then they go on */
        }
        (void)fputc(*word, file);
    }
    (void)fputc('\'', file);
}

/* Returns whether nothing has failed so far. */
static bool
put_part(const struct hd_deposit *deposit, const struct paths *paths, enum part part, FILE *file)
{
    if (part == PART_INPUT) {
        return fwrite(deposit->input, 1, deposit->input_size, file) == deposit->input_size;
    }
    if (part == PART_RECORD) {
        return hde_report_json(deposit->report, file) == 0;
    }
    hde_report_text(deposit->report, file);
    (void)fprintf(file, "  input: %s replay %s --input=", hd_target_command,
                  deposit->report->program);
    put_word(paths->final[PART_INPUT], file);
    (void)fputc('\n', file);
    return ferror(file) == 0;
}

static bool write_part(const struct hd_deposit *deposit, const struct paths *paths, enum part part)
{
    const char *path = paths->temporary[part];
    FILE *file = fopen(path, "wb");

    if (file == NULL) {
        return complain(path);
    }
    /* Synchronized: what a campaign has found should survive the machine. */
    bool is_written =
        put_part(deposit, paths, part, file) && fflush(file) == 0 && fsync(fileno(file)) == 0;
    int reason = errno;

    if (fclose(file) == 0 && is_written) {
        return true;
    }
    errno = is_written ? errno : reason;
    return complain(path);
}

static bool write_parts(const struct hd_deposit *deposit, const struct paths *paths)
{
    for (unsigned part = 0; part < PARTS; part++) {
        if (!write_part(deposit, paths, (enum part)part)) {
            return false;
        }
    }
    return true;
}

static bool rename_parts(const struct paths *paths)
{
    for (unsigned part = 0; part < PARTS; part++) {
        if (rename(paths->temporary[part], paths->final[part]) != 0) {
            return complain(paths->final[part]);
        }
    }
    return true;
}

bool hd_deposit_write(const struct hd_deposit *deposit)
{
    static struct paths paths;

    if (!take_paths(deposit, &paths)) {
        return false;
    }
    if (access(paths.final[PART_RECORD], F_OK) == 0) {
        return true;
    }
    if (write_parts(deposit, &paths) && rename_parts(&paths)) {
        (void)fprintf(stderr, "heddle: new finding: %s\n", paths.final[PART_TEXT]);
        return true;
    }
    for (unsigned part = 0; part < PARTS; part++) {
        (void)unlink(paths.temporary[part]);
    }
    return false;
}
