/*
 * Whether the runtimes can have the addresses that they are made for.
 *
 * Runtimes lay their tables at fixed addresses, and a kernel that scatters programs far enough puts
 * something there: ThreadSanitizer before LLVM 18.1 then ends the process ("unexpected memory
 * mapping"), later ones begin again without randomization; AddressSanitizer before LLVM 17 prints
 * DEADLYSIGNAL without end, in some runs. They also reserve terabytes that they never use, which a
 * limit of address space, or a kernel that counts what is reserved, refuses.
 *
 * Source  google/sanitizers, issues 1614 and 1716; compiler-rt, tsan_platform_linux.cpp.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "ci/report/check.h"

#define THREAD_BITS_MAX 28
#define ADDRESS_BITS_MAX 31
#define CLANG_OF_ADDRESS 17
#define GCC_OF_ADDRESS 14

static const char fewer_bits[] =
    "as root: sysctl vm.mmap_rnd_bits=28; or start programs by `setarch -R PROGRAM'";

static bool begins_again(const struct hdr_binary *binary)
{
    return binary->runtimes[HDR_HEDDLE].is_there ||
           hdr_binary_contains(binary, "Re-execing with fixed virtual address space");
}

/* The number after `name' in what compilers say of themselves; 0 if none does. */
static int version_of(const struct hdr_binary *binary, const char *name)
{
    int newest = 0;

    for (size_t i = 0; i < binary->compilers_count; i++) {
        const char *found = strstr(binary->compilers[i], name);
        int version = 0;

        found = found == NULL ? NULL : strpbrk(found, "0123456789");
        while (found != NULL && *found >= '0' && *found <= '9' && version < 1000) {
            version = 10 * version + (*found++ - '0');
        }
        newest = version > newest ? version : newest;
    }
    return newest;
}

static bool has_old_address_map(const struct hdr_binary *binary)
{
    int clang = version_of(binary, "clang version");
    int gcc = version_of(binary, ") ");

    return clang != 0 ? clang < CLANG_OF_ADDRESS : gcc != 0 && gcc < GCC_OF_ADDRESS;
}

static void check_bits(struct hdr_examination *examination)
{
    const struct hdr_binary *binary = examination->binary;
    int bits = examination->machine->random_bits;

    if (!examination->machine->is_randomized) {
        hdr_say(examination, HDR_OK, "addresses are not randomized", NULL);
    } else if (bits == HDR_UNKNOWN) {
        hdr_say(examination, HDR_NOTE, "only root may read vm.mmap_rnd_bits",
                "if a program ends with \"unexpected memory mapping\" or prints DEADLYSIGNAL: as\n"
                "root, sysctl vm.mmap_rnd_bits=28; or start it by `setarch -R PROGRAM'");
    } else if (binary->runtimes[HDR_TSAN].is_there && bits > THREAD_BITS_MAX &&
               !begins_again(binary)) {
        hdr_say_of(examination, HDR_FAIL, fewer_bits,
                   "vm.mmap_rnd_bits is %d, and this runtime of ThreadSanitizer, from before LLVM "
                   "18.1, starts with %d at most",
                   bits, THREAD_BITS_MAX);
    } else if (binary->runtimes[HDR_ASAN].is_there && bits > ADDRESS_BITS_MAX &&
               has_old_address_map(binary)) {
        hdr_say_of(examination, HDR_FAIL, fewer_bits,
                   "vm.mmap_rnd_bits is %d, and this runtime of AddressSanitizer, from before LLVM "
                   "17, crashes in some runs with more than %d",
                   bits, ADDRESS_BITS_MAX);
    } else {
        hdr_say_of(examination, HDR_OK, NULL, "vm.mmap_rnd_bits is %d, which its runtime can do",
                   bits);
    }
}

static void run(struct hdr_examination *examination)
{
    const struct hdr_machine *machine = examination->machine;
    const struct hdr_runtime *runtimes = examination->binary->runtimes;

    if (!runtimes[HDR_TSAN].is_there && !runtimes[HDR_ASAN].is_there &&
        !runtimes[HDR_MSAN].is_there && !runtimes[HDR_HEDDLE].is_there) {
        return;
    }
    check_bits(examination);
    if (machine->address_space != UINT64_MAX) {
        hdr_say_of(examination, HDR_FAIL,
                   "ulimit -Hv unlimited, or whoever starts it must raise it",
                   "a process may map %llu MiB; its runtime reserves terabytes",
                   (unsigned long long)(machine->address_space >> 20));
    }
    if (machine->overcommit == 2) {
        hdr_say(examination, HDR_FAIL, "vm.overcommit_memory is 2: what a runtime reserves counts",
                "as root: sysctl vm.overcommit_memory=0");
    }
}

const struct hdr_check hdr_check_address_space = {
    .name = "address_space",
    .summary = "bits of randomization and limits of memory that its runtimes can do with",
    .run = run,
};
