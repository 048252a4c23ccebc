/*
 * Machine: what of the machine and of the environment sanitizers depend on.
 *
 * It is read once and then is plain data, so that a test can describe a machine that it has not.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HEDDLE_CI_REPORT_MACHINE_H
#define HEDDLE_CI_REPORT_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

#define HDR_UNKNOWN (-1)
#define HDR_MACHINE_TEXT_MAX 4096

struct hdr_machine {
    int random_bits;        /* vm.mmap_rnd_bits; HDR_UNKNOWN: only root may read it */
    bool is_randomized;     /* addresses of this process's children are */
    int overcommit;         /* vm.overcommit_memory; HDR_UNKNOWN */
    uint64_t address_space; /* bytes that a process may map; UINT64_MAX: any number */
    uint64_t core_size;     /* bytes that a core file may have; UINT64_MAX: any number */
    char core_pattern[256];
    char processor[HDR_MACHINE_TEXT_MAX]; /* its features, each between spaces; "": not known */
    unsigned processors;
    const char *folder;       /* where reports and builds are written */
    uint64_t free_bytes;      /* there; UINT64_MAX: not known */
    char *const *environment; /* "NAME=value"; the last is NULL */
};

void hdr_machine_read(struct hdr_machine *machine);

/* The value of an environment variable; NULL if it has none. */
const char *hdr_machine_variable(const struct hdr_machine *machine, const char *name);

#endif
