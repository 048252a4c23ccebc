/*
 * Standalone: replays inputs through a fuzz target without libFuzzer, so with any compiler,
 * sanitizer or debugger.
 *
 *     build/dev/fuzz/queue_ops_replay fuzz/corpus/queue_ops crash-1234
 *
 * Each argument is an input (/dev/stdin too), or a directory whose regular files are inputs, taken
 * in order of their names; sub-directories are not entered. The name of an input is printed before
 * it runs, so the last line before a crash names its cause. An input lies in a block of exactly its
 * size: reading past it is a heap overflow that AddressSanitizer sees.
 *
 * Exit: 0 all inputs ran; 2 usage, or an input that could not be read, or a directory without
 * inputs. A finding ends the process in its own way.
 *
 * SPDX-License-Identifier: MIT
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/target.h"

enum { EXIT_CANNOT_RUN = 2, BLOCK_SIZE = 4096 };

static _Noreturn void fail(const char *path, const char *why)
{
    (void)fflush(stdout);
    (void)fprintf(stderr, "replay: %s: %s\n", path, why);
    exit(EXIT_CANNOT_RUN);
}

static void *reallocate(const char *path, void *block, size_t size)
{
    void *moved = realloc(block, size);

    if (moved == NULL) {
        fail(path, "does not fit in memory");
    }
    return moved;
}

/* All bytes of the file, in a block of exactly that size, but at least 1; a pipe will do too. */
static uint8_t *read_input(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    uint8_t *data = NULL;
    size_t allocated = 0;
    size_t count = 0;

    if (file == NULL) {
        fail(path, strerror(errno));
    }
    do {
        if (count == allocated) {
            allocated = allocated == 0 ? BLOCK_SIZE : 2 * allocated;
            data = reallocate(path, data, allocated);
        }
        count += fread(data + count, 1, allocated - count, file);
        if (ferror(file) != 0) {
            fail(path, strerror(errno));
        }
    } while (feof(file) == 0);
    (void)fclose(file);
    *size = count;
    return reallocate(path, data, count == 0 ? 1 : count);
}

static void run_file(const char *path)
{
    size_t size = 0;
    uint8_t *data = read_input(path, &size);
    /* An empty input ends where its block does, too. */
    const uint8_t *input = size == 0 ? data + 1 : data;

    (void)printf("%s (%zu bytes)\n", path, size);
    (void)fflush(stdout);
    if (LLVMFuzzerTestOneInput(input, size) != 0) {
        fail(path, "the target returned another value than 0");
    }
    free(data);
}

static int is_name_of_input(const struct dirent *entry) { return entry->d_name[0] != '.'; }

/* Run every regular file of the directory; returns how many there were. */
static size_t run_directory(const char *path)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_name_of_input, alphasort);
    size_t inputs = 0;

    if (count < 0) {
        fail(path, strerror(errno));
    }
    for (int i = 0; i < count; i++) {
        size_t length = strlen(path) + 1 + strlen(entries[i]->d_name) + 1;
        char *name = malloc(length);
        struct stat status;

        if (name == NULL) {
            fail(path, "out of memory");
        }
        (void)snprintf(name, length, "%s/%s", path, entries[i]->d_name);
        if (stat(name, &status) != 0) {
            fail(name, strerror(errno));
        }
        if (S_ISREG(status.st_mode)) {
            run_file(name);
            inputs++;
        }
        free(name);
        free(entries[i]);
    }
    free((void *)entries);
    return inputs;
}

static size_t run_path(const char *path)
{
    struct stat status;

    if (stat(path, &status) != 0) {
        fail(path, strerror(errno));
    }
    if (!S_ISDIR(status.st_mode)) {
        run_file(path);
        return 1;
    }
    size_t inputs = run_directory(path);
    if (inputs == 0) {
        fail(path, "there is no input in this directory");
    }
    return inputs;
}

int main(int argc, char **argv)
{
    const bool is_help = argc == 2 && strcmp(argv[1], "--help") == 0;
    size_t inputs = 0;

    if (argc < 2 || is_help) {
        FILE *stream = is_help ? stdout : stderr;

        (void)fprintf(stream, "usage: %s <input or directory of inputs>...\n", argv[0]);
        (void)fprintf(stream, "Runs the fuzz target once on each input.\n");
        return is_help ? 0 : EXIT_CANNOT_RUN;
    }
    if (LLVMFuzzerInitialize != NULL) {
        (void)LLVMFuzzerInitialize(&argc, &argv);
    }
    for (int i = 1; i < argc; i++) {
        inputs += run_path(argv[i]);
    }
    (void)printf("%zu inputs replayed\n", inputs);
    return 0;
}
