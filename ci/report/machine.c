/*
 * Machine: read from /proc, limits and the environment.
 *
 * Source  proc(5), sysctl documentation of the kernel, core(5), getrlimit(2), personality(2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define AS_IT_IS 0xffffffffUL

/* The first line of a file, without its end; false if it cannot be read. */
static bool read_line(const char *path, char *line, int size)
{
    FILE *file = fopen(path, "re");
    bool is_read = file != NULL && fgets(line, size, file) != NULL;

    if (file != NULL) {
        (void)fclose(file);
    }
    line[is_read ? strcspn(line, "\n") : 0] = '\0';
    return is_read;
}

static int read_number(const char *path)
{
    char line[32];

    return read_line(path, line, sizeof(line)) ? (int)strtol(line, NULL, 10) : HDR_UNKNOWN;
}

static uint64_t limit_of(int resource)
{
    struct rlimit limit;

    return getrlimit((__rlimit_resource_t)resource, &limit) != 0 || limit.rlim_max == RLIM_INFINITY
               ? UINT64_MAX
               : limit.rlim_max;
}

/* The first line of /proc/cpuinfo that begins with `what'. */
static void read_features(char features[HDR_MACHINE_TEXT_MAX], const char *what)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char line[HDR_MACHINE_TEXT_MAX];

    features[0] = '\0';
    while (file != NULL && features[0] == '\0' && fgets(line, sizeof(line), file) != NULL) {
        const char *colon = strchr(line, ':');

        if (strncmp(line, what, strlen(what)) == 0 && colon != NULL) {
            (void)snprintf(features, HDR_MACHINE_TEXT_MAX, "%s", colon + 1);
            features[strcspn(features, "\n")] = ' ';
        }
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

void hdr_machine_read(struct hdr_machine *machine)
{
    int persona = personality(AS_IT_IS);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct statvfs disk;

    *machine = (struct hdr_machine){
        .random_bits = read_number("/proc/sys/vm/mmap_rnd_bits"),
        .is_randomized = read_number("/proc/sys/kernel/randomize_va_space") != 0 &&
                         (persona == -1 || (persona & ADDR_NO_RANDOMIZE) == 0),
        .overcommit = read_number("/proc/sys/vm/overcommit_memory"),
        .address_space = limit_of(RLIMIT_AS),
        .core_size = limit_of(RLIMIT_CORE),
        .processors = processors > 0 ? (unsigned)processors : 1,
        .folder = ".",
        .free_bytes = UINT64_MAX,
        .environment = environ,
    };
    (void)read_line("/proc/sys/kernel/core_pattern", machine->core_pattern,
                    sizeof(machine->core_pattern));
    read_features(machine->processor, "flags");
    if (statvfs(machine->folder, &disk) == 0) {
        machine->free_bytes = (uint64_t)disk.f_bavail * disk.f_frsize;
    }
}

const char *hdr_machine_variable(const struct hdr_machine *machine, const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; machine->environment[i] != NULL; i++) {
        if (strncmp(machine->environment[i], name, length) == 0 &&
            machine->environment[i][length] == '=') {
            return machine->environment[i] + length + 1;
        }
    }
    return NULL;
}
