/*
 * Binary: sections, symbols, the loader's words, the runtimes and their libraries.
 *
 * A runtime that is linked statically is known by a function of its interface that only it defines.
 * One that is shared is known by its name, and looked for where the loader would: in DT_RUNPATH, in
 * LD_LIBRARY_PATH, and in the folders that Linux distributions use.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/binary.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ci/report/binary_parts.h"
#include "engine/fatal.h"

const char *const hdr_runtime_names[HDR_RUNTIMES] = {
    [HDR_TSAN] = "ThreadSanitizer",
    [HDR_ASAN] = "AddressSanitizer",
    [HDR_UBSAN] = "UndefinedBehaviorSanitizer",
    [HDR_LSAN] = "LeakSanitizer",
    [HDR_MSAN] = "MemorySanitizer",
    [HDR_LIBFUZZER] = "libFuzzer",
    [HDR_HEDDLE] = "Heddle",
};

/* What only the runtime defines, and what a library of it is called. */
static const struct {
    const char *symbol;
    const char *library; /* clang's: libclang_rt.<this> */
    const char *of_gcc;
} marks[HDR_RUNTIMES] = {
    [HDR_TSAN] = {"__tsan_flush_memory", "tsan", "libtsan.so"},
    [HDR_ASAN] = {"__asan_report_present", "asan", "libasan.so"},
    [HDR_UBSAN] = {"__ubsan_handle_add_overflow", "ubsan_standalone", "libubsan.so"},
    [HDR_LSAN] = {"__lsan_do_leak_check", "lsan", "liblsan.so"},
    [HDR_MSAN] = {"__msan_get_shadow_size", "msan", NULL},
    [HDR_LIBFUZZER] = {"LLVMFuzzerRunDriver", NULL, NULL},
    [HDR_HEDDLE] = {"hde_execution", NULL, NULL},
};

void *hdr_binary_grow(void *array, size_t count, size_t size)
{
    if (count != 0 && (count < 16 || (count & (count - 1)) != 0)) {
        return array;
    }
    void *grown = realloc(array, (count < 16 ? 16 : 2 * count) * size);

    if (grown == NULL) {
        hde_fatal("no memory for what is in a program");
    }
    return grown;
}

/* ---- Opening --------------------------------------------------------------------------------- */

static bool refuse(char error[HDR_BINARY_ERROR_SIZE], const char *why)
{
    (void)snprintf(error, HDR_BINARY_ERROR_SIZE, "%s", why);
    return false;
}

static bool open_elf(struct hdr_binary *binary, char error[HDR_BINARY_ERROR_SIZE])
{
    struct hdr_binary_parts *parts = binary->parts;
    GElf_Ehdr header;

    parts->file = open(binary->path, O_RDONLY | O_CLOEXEC);
    if (parts->file < 0) {
        return refuse(error, strerror(errno));
    }
    (void)elf_version(EV_CURRENT);
    parts->elf = elf_begin(parts->file, ELF_C_READ_MMAP, NULL);
    if (parts->elf == NULL || elf_kind(parts->elf) != ELF_K_ELF ||
        gelf_getehdr(parts->elf, &header) == NULL) {
        return refuse(error, "not an ELF program: a script, or damaged");
    }
    if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
        return refuse(error, "an ELF file, but no program and no shared library");
    }
    /* All of it is mapped: libdw need not look for what lies beside the file, and where that is. */
    (void)elf_cntl(parts->elf, ELF_C_FDDONE);
    parts->image = elf_rawfile(parts->elf, &parts->image_size);
    parts->dwarf = dwarf_begin_elf(parts->elf, DWARF_C_READ, NULL);
    binary->is_decoded = header.e_machine == EM_X86_64;
    return true;
}

static void close_alone(struct hdr_binary *binary)
{
    struct hdr_binary_parts *parts = binary->parts;

    (void)dwarf_end(parts->dwarf);
    (void)elf_end(parts->elf);
    if (parts->file >= 0) {
        (void)close(parts->file);
    }
    for (size_t i = 0; i < binary->compilers_count; i++) {
        free(binary->compilers[i]);
    }
    free((void *)binary->compilers);
    free(parts->symbols);
    free(parts->slots);
    free(parts->sections);
    free(parts->dies);
    free(binary->units);
    free(binary->functions);
    free(parts->path);
    free(parts);
    free(binary);
}

static struct hdr_binary *open_alone(const char *path, char error[HDR_BINARY_ERROR_SIZE])
{
    struct hdr_binary *binary = calloc(1, sizeof(*binary));
    struct hdr_binary_parts *parts = calloc(1, sizeof(*parts));
    char *copy = strdup(path);

    if (binary == NULL || parts == NULL || copy == NULL) {
        hde_fatal("no memory for what is in a program");
    }
    *parts = (struct hdr_binary_parts){.path = copy, .file = -1};
    *binary = (struct hdr_binary){.path = copy, .parts = parts};
    if (!open_elf(binary, error)) {
        close_alone(binary);
        return NULL;
    }
    hdr_binary_read_sections(binary);
    return binary;
}

/* ---- Runtimes -------------------------------------------------------------------------------- */

static bool defines_alone(const struct hdr_binary *binary, const char *name)
{
    const struct hdr_binary_parts *parts = binary->parts;

    for (size_t i = 0; i < parts->symbols_count; i++) {
        if (parts->symbols[i].address != 0 && strcmp(parts->symbols[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* "libclang_rt.tsan-x86_64.so", "libclang_rt.tsan.so", "libtsan.so.2" */
static bool is_library_of(const char *library, enum hdr_runtime_kind kind)
{
    static const char clang[] = "libclang_rt.";
    const char *name = marks[kind].library;
    const char *of_gcc = marks[kind].of_gcc;

    if (of_gcc != NULL && strncmp(library, of_gcc, strlen(of_gcc)) == 0) {
        return true;
    }
    if (name == NULL || strncmp(library, clang, strlen(clang)) != 0) {
        return false;
    }
    library += strlen(clang);
    return strncmp(library, name, strlen(name)) == 0 && strchr("-.", library[strlen(name)]) != NULL;
}

/* One folder of a list with colons between, at *list, which becomes what follows it. */
static bool next_folder(const char **list, const char *origin, char folder[PATH_MAX])
{
    size_t length = strcspn(*list, ":");

    if (length == 0) {
        return false;
    }
    if (strncmp(*list, "$ORIGIN", 7) == 0) {
        (void)snprintf(folder, PATH_MAX, "%.*s/%.*s", (int)(strrchr(origin, '/') - origin), origin,
                       (int)length - 7, *list + 7);
    } else {
        (void)snprintf(folder, PATH_MAX, "%.*s", (int)length, *list);
    }
    *list += length + ((*list)[length] == ':' ? 1 : 0);
    return true;
}

static bool find_in(const char *list, const char *origin, const char *library, char path[PATH_MAX])
{
    char folder[PATH_MAX];

    while (list != NULL && next_folder(&list, origin, folder)) {
        int length = snprintf(path, PATH_MAX, "%s/%s", folder, library);

        if (length < PATH_MAX && access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

static bool find_library(const struct hdr_binary *binary,
                         const char *run_path,
                         const char *library,
                         char path[PATH_MAX])
{
    static const char standard[] = "/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:"
                                   "/lib/aarch64-linux-gnu:/usr/lib/aarch64-linux-gnu:"
                                   "/lib64:/usr/lib64:/lib:/usr/lib:/usr/local/lib";
    char origin[PATH_MAX];

    if (realpath(binary->path, origin) == NULL) {
        return false;
    }
    return find_in(run_path, origin, library, path) ||
           find_in(getenv("LD_LIBRARY_PATH"), origin, library, path) ||
           find_in(standard, origin, library, path);
}

static void add_library(struct hdr_binary *binary,
                        enum hdr_runtime_kind kind,
                        const char *library,
                        const char *run_path)
{
    struct hdr_binary_parts *parts = binary->parts;
    char error[HDR_BINARY_ERROR_SIZE];
    char path[PATH_MAX];
    struct hdr_binary *opened = NULL;

    binary->runtimes[kind] = (struct hdr_runtime){.is_there = true, .is_shared = true};
    if (parts->libraries_count < HDR_LIBRARIES_MAX &&
        find_library(binary, run_path, library, path)) {
        opened = open_alone(path, error);
    }
    if (opened != NULL) {
        parts->libraries[parts->libraries_count++] = opened;
        binary->runtimes[kind].library = opened->path;
    }
}

/* The dynamic section, and in *strings where its names are; NULL if there is none. */
static Elf_Data *dynamic_section(Elf *elf, size_t *strings)
{
    Elf_Scn *scn = NULL;
    GElf_Shdr header;

    while ((scn = elf_nextscn(elf, scn)) != NULL) {
        if (gelf_getshdr(scn, &header) != NULL && header.sh_type == SHT_DYNAMIC) {
            *strings = header.sh_link;
            return elf_getdata(scn, NULL);
        }
    }
    return NULL;
}

/* The name in entry `which' of this tag, from 0; NULL if there are not so many. */
static const char *dynamic_name(const struct hdr_binary *binary, GElf_Sxword tag, int which)
{
    size_t strings = 0;
    Elf_Data *data = dynamic_section(binary->parts->elf, &strings);
    GElf_Dyn entry;

    for (int i = 0; data != NULL && gelf_getdyn(data, i, &entry) != NULL; i++) {
        if (entry.d_tag == tag && which-- == 0) {
            return elf_strptr(binary->parts->elf, strings, entry.d_un.d_val);
        }
    }
    return NULL;
}

static void find_libraries(struct hdr_binary *binary, enum hdr_runtime_kind kind)
{
    const char *run_path = dynamic_name(binary, DT_RUNPATH, 0);
    const char *library;

    run_path = run_path == NULL ? dynamic_name(binary, DT_RPATH, 0) : run_path;
    for (int i = 0; (library = dynamic_name(binary, DT_NEEDED, i)) != NULL; i++) {
        if (is_library_of(library, kind)) {
            add_library(binary, kind, library, run_path);
        }
    }
}

static void find_runtimes(struct hdr_binary *binary)
{
    for (int kind = 0; kind < HDR_RUNTIMES; kind++) {
        binary->runtimes[kind].is_there = defines_alone(binary, marks[kind].symbol);
        find_libraries(binary, (enum hdr_runtime_kind)kind);
    }
}

/* ---- The interface --------------------------------------------------------------------------- */

struct hdr_binary *hdr_binary_open(const char *path, char error[HDR_BINARY_ERROR_SIZE])
{
    struct hdr_binary *binary = open_alone(path, error);

    if (binary != NULL) {
        find_runtimes(binary);
        hdr_binary_read_code(binary);
    }
    return binary;
}

void hdr_binary_close(struct hdr_binary *binary)
{
    for (size_t i = 0; i < binary->parts->libraries_count; i++) {
        close_alone(binary->parts->libraries[i]);
    }
    close_alone(binary);
}

bool hdr_binary_imports(const struct hdr_binary *binary, const char *name)
{
    const struct hdr_binary_parts *parts = binary->parts;
    size_t length = strlen(name);

    /* .symtab says "name@VERSION". */
    for (size_t i = 0; i < parts->symbols_count && parts->symbols[i].address == 0; i++) {
        const char *symbol = parts->symbols[i].name;

        if (strncmp(symbol, name, length) == 0 && strchr("@", symbol[length]) != NULL) {
            return true;
        }
    }
    return false;
}

bool hdr_binary_defines(const struct hdr_binary *binary, const char *name)
{
    bool is_there = defines_alone(binary, name);

    for (size_t i = 0; i < binary->parts->libraries_count && !is_there; i++) {
        is_there = defines_alone(binary->parts->libraries[i], name);
    }
    return is_there;
}

static bool contains_alone(const struct hdr_binary *binary, const char *text)
{
    const struct hdr_binary_parts *parts = binary->parts;

    return parts->image != NULL &&
           memmem(parts->image, parts->image_size, text, strlen(text)) != NULL;
}

bool hdr_binary_contains(const struct hdr_binary *binary, const char *text)
{
    bool is_there = contains_alone(binary, text);

    for (size_t i = 0; i < binary->parts->libraries_count && !is_there; i++) {
        is_there = contains_alone(binary->parts->libraries[i], text);
    }
    return is_there;
}

/* ---- Words ----------------------------------------------------------------------------------- */

/* The file that a runtime is in: the program, or a library. */
static const struct hdr_binary *file_of(const struct hdr_binary *binary,
                                        enum hdr_runtime_kind runtime)
{
    const struct hdr_binary_parts *parts = binary->parts;

    for (size_t i = 0; i < parts->libraries_count; i++) {
        if (parts->libraries[i]->path == binary->runtimes[runtime].library) {
            return parts->libraries[i];
        }
    }
    return binary;
}

static bool is_letter(char character)
{
    return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
           (character >= '0' && character <= '9');
}

static bool is_of_words(char character)
{
    return character == '_' || (character >= 'a' && character <= 'z') ||
           (character >= '0' && character <= '9');
}

/* The words that a string ends in, the shortest first: of `print_suppressions' two. */
static bool tell_ends(const char *text,
                      size_t length,
                      bool (*visit)(void *context, const char *word),
                      void *context)
{
    size_t at = length;
    bool goes_on = true;

    while (at > 0 && is_of_words(text[at - 1]) && goes_on) {
        at--;
        if (text[at] > '9' && text[at] != '_' && length - at > 2 &&
            (at == 0 || !is_letter(text[at - 1]))) {
            goes_on = visit(context, text + at);
        }
    }
    return goes_on;
}

/* Those of the strings of a section. */
static bool tell_words(const struct hdr_section *section,
                       bool (*visit)(void *context, const char *word),
                       void *context)
{
    const char *text = (const char *)section->bytes;
    const char *end = text + (section->end - section->begin);
    bool goes_on = true;

    while (text < end && goes_on) {
        size_t length = strnlen(text, (size_t)(end - text));

        goes_on = text + length == end || tell_ends(text, length, visit, context);
        text += length + 1;
    }
    return goes_on;
}

void hdr_binary_words(const struct hdr_binary *binary,
                      enum hdr_runtime_kind runtime,
                      bool (*visit)(void *context, const char *word),
                      void *context)
{
    const struct hdr_binary_parts *parts = file_of(binary, runtime)->parts;
    bool goes_on = true;

    for (size_t i = 0; i < parts->sections_count && goes_on; i++) {
        const struct hdr_section *section = &parts->sections[i];

        if (section->bytes != NULL && !section->is_code && !section->is_variables) {
            goes_on = tell_words(section, visit, context);
        }
    }
}

struct search {
    const char *word;
    bool is_found;
};

static bool compare(void *context, const char *word)
{
    struct search *search = context;

    search->is_found = strcmp(word, search->word) == 0;
    return !search->is_found;
}

bool hdr_binary_has_word(const struct hdr_binary *binary,
                         enum hdr_runtime_kind runtime,
                         const char *word)
{
    struct search search = {.word = word};

    hdr_binary_words(binary, runtime, compare, &search);
    return search.is_found;
}
