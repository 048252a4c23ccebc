/*
 * Binary, its sections: symbols, the loader's words, notes; and what code at an address is called.
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/binary_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Sections -------------------------------------------------------------------------------- */

/* What the linker and the loader write, and nobody else. */
static bool is_loaders(const char *name)
{
    static const char *const names[] = {".got",           ".got.plt",    ".dynamic",
                                        ".init_array",    ".fini_array", ".data.rel.ro",
                                        ".preinit_array", NULL};
    size_t i = 0;

    while (names[i] != NULL && strcmp(names[i], name) != 0) {
        i++;
    }
    return names[i] != NULL;
}

static void add_section(struct hdr_binary *binary, Elf_Scn *scn, const char *name)
{
    struct hdr_binary_parts *parts = binary->parts;
    GElf_Shdr header;

    if (gelf_getshdr(scn, &header) == NULL || (header.sh_flags & SHF_ALLOC) == 0) {
        return;
    }
    parts->sections =
        hdr_binary_grow(parts->sections, parts->sections_count, sizeof(*parts->sections));

    bool has_bytes = header.sh_type != SHT_NOBITS && header.sh_offset < parts->image_size &&
                     header.sh_size <= parts->image_size - header.sh_offset;

    parts->sections[parts->sections_count++] = (struct hdr_section){
        .begin = header.sh_addr,
        .end = header.sh_addr + header.sh_size,
        .bytes = has_bytes ? (const unsigned char *)parts->image + header.sh_offset : NULL,
        .is_code = (header.sh_flags & SHF_EXECINSTR) != 0,
        .is_variables = (header.sh_flags & (SHF_WRITE | SHF_TLS)) == SHF_WRITE && !is_loaders(name),
    };
}

const struct hdr_section *hdr_binary_section(const struct hdr_binary *binary, uint64_t address)
{
    const struct hdr_binary_parts *parts = binary->parts;

    for (size_t i = 0; i < parts->sections_count; i++) {
        if (address >= parts->sections[i].begin && address < parts->sections[i].end) {
            return &parts->sections[i];
        }
    }
    return NULL;
}

/* ---- Symbols --------------------------------------------------------------------------------- */

static int compare_addresses(uint64_t a, uint64_t b) { return (a > b) - (a < b); }

static int by_address(const void *left, const void *right)
{
    const struct hdr_symbol *a = left;
    const struct hdr_symbol *b = right;
    int order = compare_addresses(a->address, b->address);

    if (order == 0) {
        order = compare_addresses(strlen(a->name), strlen(b->name));
    }
    return order != 0 ? order : strcmp(a->name, b->name);
}

static int by_slot(const void *left, const void *right)
{
    return compare_addresses(((const struct hdr_slot *)left)->address,
                             ((const struct hdr_slot *)right)->address);
}

static void add_symbols(struct hdr_binary *binary, Elf_Data *data, const GElf_Shdr *header)
{
    struct hdr_binary_parts *parts = binary->parts;
    GElf_Sym symbol;

    for (int i = 0; data != NULL && gelf_getsym(data, i, &symbol) != NULL; i++) {
        const char *name = elf_strptr(parts->elf, header->sh_link, symbol.st_name);
        int type = GELF_ST_TYPE(symbol.st_info);

        if (name == NULL || name[0] == '\0' || type == STT_FILE || type == STT_SECTION ||
            type == STT_TLS) {
            continue;
        }
        parts->symbols =
            hdr_binary_grow(parts->symbols, parts->symbols_count, sizeof(*parts->symbols));
        parts->symbols[parts->symbols_count++] = (struct hdr_symbol){
            .name = name,
            .address = symbol.st_shndx == SHN_UNDEF ? 0 : symbol.st_value,
            .size = symbol.st_size,
            .is_function = type == STT_FUNC,
        };
    }
}

static void add_slots(struct hdr_binary *binary, Elf_Data *data, const GElf_Shdr *header)
{
    struct hdr_binary_parts *parts = binary->parts;
    Elf_Scn *scn = elf_getscn(parts->elf, header->sh_link);
    GElf_Shdr table;
    GElf_Rela relocation;
    GElf_Sym symbol;

    if (scn == NULL || gelf_getshdr(scn, &table) == NULL) {
        return;
    }
    for (int i = 0; data != NULL && gelf_getrela(data, i, &relocation) != NULL; i++) {
        size_t index = GELF_R_SYM(relocation.r_info);

        if (index == 0 || gelf_getsym(elf_getdata(scn, NULL), (int)index, &symbol) == NULL) {
            continue;
        }
        const char *name = elf_strptr(parts->elf, table.sh_link, symbol.st_name);

        parts->slots = hdr_binary_grow(parts->slots, parts->slots_count, sizeof(*parts->slots));
        parts->slots[parts->slots_count++] =
            (struct hdr_slot){relocation.r_offset, name == NULL ? "" : name};
    }
}

/* Both forms of code that goes on to wherever a word says: with endbr64 and without. */
static const char *name_behind(const struct hdr_binary *binary, uint64_t address)
{
    static const unsigned char landing[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const struct hdr_binary_parts *parts = binary->parts;
    const struct hdr_section *section = hdr_binary_section(binary, address);
    struct hdr_slot wanted = {.name = NULL};
    const struct hdr_slot *slot;
    int32_t displacement;
    size_t at;

    if (section == NULL || !section->is_code || section->bytes == NULL ||
        section->end - address < 16) {
        return NULL;
    }
    at = address - section->begin;
    at += memcmp(section->bytes + at, landing, sizeof(landing)) == 0 ? sizeof(landing) : 0;
    at += section->bytes[at] == 0xf2 ? 1 : 0;
    if (section->bytes[at] != 0xff || section->bytes[at + 1] != 0x25) {
        return NULL;
    }
    memcpy(&displacement, section->bytes + at + 2, sizeof(displacement));
    wanted.address = section->begin + at + 6 + (uint64_t)(int64_t)displacement;
    slot = bsearch(&wanted, parts->slots, parts->slots_count, sizeof(wanted), by_slot);
    return slot == NULL ? NULL : slot->name;
}

const char *hdr_binary_name_at(const struct hdr_binary *binary, uint64_t address)
{
    const struct hdr_binary_parts *parts = binary->parts;
    size_t low = 0;
    size_t high = parts->symbols_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (parts->symbols[middle].address < address) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < parts->symbols_count && parts->symbols[low].address == address
               ? parts->symbols[low].name
               : name_behind(binary, address);
}

/* ---- Reading --------------------------------------------------------------------------------- */

static void add_compilers(struct hdr_binary *binary, const Elf_Data *data)
{
    const char *text = data == NULL ? NULL : data->d_buf;
    const char *end = text == NULL ? NULL : text + data->d_size;

    while (text != NULL && text < end) {
        size_t length = strnlen(text, (size_t)(end - text));

        if (length != 0) {
            binary->compilers = (char **)hdr_binary_grow((void *)binary->compilers,
                                                         binary->compilers_count, sizeof(char *));
            binary->compilers[binary->compilers_count++] = strndup(text, length);
        }
        text += length + 1;
    }
}

static void add_build_id(struct hdr_binary *binary, Elf_Data *data)
{
    GElf_Nhdr note;
    size_t name;
    size_t content;
    size_t at = 0;

    while (data != NULL && (at = gelf_getnote(data, at, &note, &name, &content)) > 0) {
        const unsigned char *bytes = (const unsigned char *)data->d_buf + content;
        bool is_gnu = note.n_namesz == 4 && memcmp((char *)data->d_buf + name, "GNU", 4) == 0;

        if (!is_gnu || note.n_type != NT_GNU_BUILD_ID) {
            continue;
        }
        for (size_t i = 0; i < note.n_descsz && 2 * i + 2 < sizeof(binary->build_id); i++) {
            (void)snprintf(binary->build_id + 2 * i, 3, "%02x", bytes[i]);
        }
    }
}

static void read_section(struct hdr_binary *binary, Elf_Scn *scn, const char *name)
{
    GElf_Shdr header;

    add_section(binary, scn, name);
    if (gelf_getshdr(scn, &header) == NULL) {
        return;
    }
    if (header.sh_type == SHT_SYMTAB || header.sh_type == SHT_DYNSYM) {
        binary->has_symbols = binary->has_symbols || header.sh_type == SHT_SYMTAB;
        add_symbols(binary, elf_getdata(scn, NULL), &header);
    } else if (header.sh_type == SHT_RELA) {
        add_slots(binary, elf_getdata(scn, NULL), &header);
    } else if (header.sh_type == SHT_NOTE) {
        add_build_id(binary, elf_getdata(scn, NULL));
    } else if (strcmp(name, ".comment") == 0) {
        add_compilers(binary, elf_getdata(scn, NULL));
    }
}

void hdr_binary_read_sections(struct hdr_binary *binary)
{
    struct hdr_binary_parts *parts = binary->parts;
    size_t names = 0;
    Elf_Scn *scn = NULL;

    (void)elf_getshdrstrndx(parts->elf, &names);
    while ((scn = elf_nextscn(parts->elf, scn)) != NULL) {
        GElf_Shdr header;
        const char *name = gelf_getshdr(scn, &header) == NULL
                               ? NULL
                               : elf_strptr(parts->elf, names, header.sh_name);

        read_section(binary, scn, name == NULL ? "" : name);
    }
    if (parts->symbols_count != 0) {
        qsort(parts->symbols, parts->symbols_count, sizeof(*parts->symbols), by_address);
    }
    if (parts->slots_count != 0) {
        qsort(parts->slots, parts->slots_count, sizeof(*parts->slots), by_slot);
    }
}
