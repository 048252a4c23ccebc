/*
 * Instruction: prefixes, opcode, ModR/M, displacement and immediate, one after the other.
 *
 * What follows an opcode is a table with a letter for each of 256 opcodes:
 *
 *     .  nothing            m  ModR/M             x  no instruction, or a prefix
 *     b  one byte           M  ModR/M, one byte   w  two bytes       W  three bytes
 *     d  four bytes, or two if the operands have 16 bits
 *     D  ModR/M, and as d   r  four bytes, relative
 *     q  as d, eight bytes with REX.W             o  eight bytes, an address
 *     t  ModR/M; and, if its middle is 0 or 1, one byte     T  or as d
 *
 * SPDX-License-Identifier: MIT
 */
#include "ci/report/instruction.h"

#include <string.h>

static const char one_byte[] = "mmmmbdxxmmmmbdxx"  /* 00 */
                               "mmmmbdxxmmmmbdxx"  /* 10 */
                               "mmmmbdxxmmmmbdxx"  /* 20 */
                               "mmmmbdxxmmmmbdxx"  /* 30 */
                               "xxxxxxxxxxxxxxxx"  /* 40: REX */
                               "................"  /* 50 */
                               "xxxmxxxxdDbM...."  /* 60 */
                               "bbbbbbbbbbbbbbbb"  /* 70 */
                               "MDxMmmmmmmmmmmmm"  /* 80 */
                               "..........x....."  /* 90 */
                               "oooo....bd......"  /* a0 */
                               "bbbbbbbbqqqqqqqq"  /* b0 */
                               "MMw.xxMDW.w..bx."  /* c0 */
                               "mmmmxxx.mmmmmmmm"  /* d0 */
                               "bbbbbbbbrrxb...."  /* e0 */
                               "x.xx..tT......mm"; /* f0 */

static const char two_bytes[] = "mmmmx.....x.xm.M"  /* 00 */
                                "mmmmmmmmmmmmmmmm"  /* 10 */
                                "mmmmxxxxmmmmmmmm"  /* 20 */
                                "........xxxxxxxx"  /* 30 */
                                "mmmmmmmmmmmmmmmm"  /* 40 */
                                "mmmmmmmmmmmmmmmm"  /* 50 */
                                "mmmmmmmmmmmmmmmm"  /* 60 */
                                "MMMMmmm.mmmmmmmm"  /* 70 */
                                "rrrrrrrrrrrrrrrr"  /* 80 */
                                "mmmmmmmmmmmmmmmm"  /* 90 */
                                "...mMmxx...mMmmm"  /* a0 */
                                "mmmmmmmmmmMmmmmm"  /* b0 */
                                "mmMmMMMm........"  /* c0 */
                                "mmmmmmmmmmmmmmmm"  /* d0 */
                                "mmmmmmmmmmmmmmmm"  /* e0 */
                                "mmmmmmmmmmmmmmmm"; /* f0 */

/* The maps of opcodes. */
enum { MAP_ONE_BYTE, MAP_TWO_BYTES, MAP_38, MAP_3A };

struct decoder {
    const unsigned char *code;
    size_t size;
    size_t at;
    unsigned map;
    unsigned opcode;
    unsigned rex;
    unsigned modrm;
    bool is_16_bits;
    bool is_thread; /* prefix %fs or %gs */
    bool is_locked;
    bool is_vector; /* VEX or EVEX */
};

/* 0 past the end; `at' says then that it was too far. */
static unsigned next(struct decoder *decoder)
{
    size_t at = decoder->at++;

    return at < decoder->size ? decoder->code[at] : 0;
}

static uint64_t next_signed(struct decoder *decoder, size_t bytes)
{
    uint64_t value = 0;
    uint64_t sign = UINT64_C(1) << (8 * bytes - 1);

    for (size_t i = 0; i < bytes; i++) {
        value |= (uint64_t)next(decoder) << (8 * i);
    }
    return bytes == 8 ? value : (value ^ sign) - sign;
}

/* ---- Prefixes and opcode --------------------------------------------------------------------- */

static bool skip_prefix(struct decoder *decoder, unsigned byte)
{
    switch (byte) {
    case 0xf0:
        decoder->is_locked = true;
        return true;
    case 0x66:
        decoder->is_16_bits = true;
        return true;
    case 0x64:
    case 0x65:
        decoder->is_thread = true;
        return true;
    case 0xf2:
    case 0xf3:
    case 0x2e:
    case 0x36:
    case 0x3e:
    case 0x26:
    case 0x67:
        return true;
    default:
        return false;
    }
}

/* C5: one byte more; C4: two, the first with the map; 62: three, the first with the map. */
static void take_vector_prefix(struct decoder *decoder, unsigned byte)
{
    unsigned first = next(decoder);

    decoder->is_vector = true;
    decoder->map = MAP_TWO_BYTES;
    if (byte == 0xc4) {
        decoder->map = first & 0x1f;
        (void)next(decoder);
    } else if (byte == 0x62) {
        decoder->map = first & 7;
        (void)next(decoder);
        (void)next(decoder);
    }
    decoder->opcode = next(decoder);
}

static void take_escape(struct decoder *decoder)
{
    decoder->map = MAP_TWO_BYTES;
    decoder->opcode = next(decoder);
    if (decoder->opcode == 0x38 || decoder->opcode == 0x3a) {
        decoder->map = decoder->opcode == 0x38 ? MAP_38 : MAP_3A;
        decoder->opcode = next(decoder);
    }
}

static void take_opcode(struct decoder *decoder)
{
    unsigned byte = next(decoder);

    while (skip_prefix(decoder, byte) && decoder->at < decoder->size) {
        byte = next(decoder);
    }
    if ((byte & 0xf0) == 0x40) {
        decoder->rex = byte;
        byte = next(decoder);
    }
    decoder->opcode = byte;
    if (byte == 0x0f) {
        take_escape(decoder);
    } else if (byte == 0xc4 || byte == 0xc5 || byte == 0x62) {
        take_vector_prefix(decoder, byte);
    }
}

static char what_follows(const struct decoder *decoder)
{
    switch (decoder->map) {
    case MAP_ONE_BYTE:
        return one_byte[decoder->opcode];
    case MAP_38:
        return 'm';
    case MAP_3A:
        return 'M';
    default:
        break;
    }
    if (decoder->is_vector && two_bytes[decoder->opcode] == 'r') {
        return 'm';
    }
    return two_bytes[decoder->opcode];
}

/* ---- Operands -------------------------------------------------------------------------------- */

static unsigned mode_of(const struct decoder *decoder) { return decoder->modrm >> 6; }

static unsigned middle_of(const struct decoder *decoder) { return decoder->modrm >> 3 & 7; }

/* The register that `middle' names, and the one that the lowest bits name. */
static int middle_register(const struct decoder *decoder)
{
    return (int)(middle_of(decoder) | (decoder->rex & 4) << 1);
}

static int low_register(const struct decoder *decoder)
{
    return (int)((decoder->modrm & 7) | (decoder->rex & 1) << 3);
}

static enum hdr_base take_memory(struct decoder *decoder, uint64_t *displacement)
{
    unsigned mode = mode_of(decoder);
    unsigned base = decoder->modrm & 7;
    bool is_stack;

    if (mode == 0 && base == 5) {
        *displacement = next_signed(decoder, 4);
        return HDR_BASE_RELATIVE;
    }
    if (base == 4) {
        base = next(decoder) & 7; /* SIB */
    }
    is_stack = (decoder->rex & 1) == 0 && (base == 4 || (base == 5 && mode != 0));
    if (mode == 1) {
        (void)next(decoder);
    } else if (mode == 2 || (mode == 0 && base == 5)) {
        (void)next_signed(decoder, 4);
    }
    return is_stack ? HDR_BASE_STACK : HDR_BASE_REGISTER;
}

static size_t immediate_size(const struct decoder *decoder, char follows)
{
    size_t operand = decoder->is_16_bits ? 2 : 4;
    bool is_test = middle_of(decoder) < 2;

    switch (follows) {
    case 'b':
    case 'M':
        return 1;
    case 'w':
        return 2;
    case 'W':
        return 3;
    case 'd':
    case 'D':
        return operand;
    case 'r':
        return 4;
    case 'q':
        return (decoder->rex & 8) != 0 ? 8 : operand;
    case 'o':
        return 8;
    case 't':
        return is_test ? 1 : 0;
    case 'T':
        return is_test ? operand : 0;
    default:
        return 0;
    }
}

/* ---- Meaning --------------------------------------------------------------------------------- */

static bool is_lea(const struct decoder *decoder)
{
    return decoder->map == MAP_ONE_BYTE && decoder->opcode == 0x8d;
}

/* nop, prefetch and endbr touch nothing; a jump or call through memory is no access of interest. */
static bool touches_memory(const struct decoder *decoder)
{
    unsigned opcode = decoder->opcode;

    if (decoder->map == MAP_TWO_BYTES && !decoder->is_vector) {
        return opcode != 0x0d && (opcode < 0x18 || opcode > 0x1f) && opcode != 0xae;
    }
    return decoder->map != MAP_ONE_BYTE || decoder->is_vector ||
           (opcode != 0x8d && (opcode != 0xff || middle_of(decoder) < 2 || middle_of(decoder) > 5));
}

static bool is_fence(const struct decoder *decoder)
{
    return decoder->map == MAP_TWO_BYTES && !decoder->is_vector && decoder->opcode == 0xae &&
           mode_of(decoder) == 3 && middle_of(decoder) >= 6;
}

/* Those whose middle says what to do, not a register. */
static bool is_group(unsigned opcode)
{
    return (opcode & 0xfc) == 0x80 || (opcode & 0xec) == 0xc0 || (opcode & 0xf6) == 0xf6 ||
           opcode == 0x8f || (opcode | 1) == 0xc7;
}

/* push, jumps, calls, nop and test; pop and what loads a constant are seen to by themselves. */
static bool leaves_registers(const struct decoder *decoder)
{
    unsigned opcode = decoder->opcode;

    return (opcode & 0xf0) == 0x50 || (opcode & 0xf8) == 0xb8 || (opcode | 2) == 0x6a ||
           (opcode & 0xf0) == 0x70 || opcode == 0x90 || (opcode | 1) == 0xa9 ||
           (opcode & 0xf8) == 0xe8;
}

/* cmp, test, and what only stores. */
static bool compares(unsigned opcode) { return (opcode & 0xfc) == 0x38 || (opcode | 1) == 0x85; }

/* What may be in a register that was not loaded with a constant: rather one too many. */
static unsigned computed(const struct decoder *decoder, bool has_modrm)
{
    bool is_one_byte = decoder->map == MAP_ONE_BYTE && !decoder->is_vector;
    unsigned middle = 1U << middle_register(decoder);
    unsigned low = mode_of(decoder) == 3 ? 1U << low_register(decoder) : 0;

    if (!has_modrm) {
        bool is_branch = decoder->map == MAP_TWO_BYTES && (decoder->opcode & 0xf0) == 0x80;

        return is_branch || (is_one_byte && leaves_registers(decoder)) ? 0 : 0xffff;
    }
    if (is_one_byte && compares(decoder->opcode)) {
        return 0;
    }
    if (is_one_byte && (decoder->opcode | 1) == 0x89) {
        return low; /* mov, to memory or a register */
    }
    if (is_one_byte && is_group(decoder->opcode)) {
        /* mul and div: rax and rdx */
        return low | ((decoder->opcode | 1) == 0xf7 ? 1U << 0 | 1U << 2 : 0);
    }
    return middle | low;
}

/* lea, mov and pop; of what is loaded from memory, and computed, nothing is known. */
static void note_register(struct hdr_instruction *instruction,
                          const struct decoder *decoder,
                          uint64_t immediate)
{
    unsigned opcode = decoder->opcode;

    if (decoder->map != MAP_ONE_BYTE || decoder->is_vector) {
        return;
    }
    if (is_lea(decoder)) {
        instruction->sets = middle_register(decoder);
        instruction->constant = instruction->address;
    } else if (opcode >= 0xb8 && opcode <= 0xbf) {
        instruction->sets = (int)((opcode & 7) | (decoder->rex & 1) << 3);
        instruction->constant = immediate;
    } else if (opcode == 0xc7 && mode_of(decoder) == 3) {
        instruction->sets = low_register(decoder);
        instruction->constant = immediate;
    } else if (opcode == 0x89 && mode_of(decoder) == 3) {
        instruction->sets = low_register(decoder);
        instruction->copies = middle_register(decoder);
    } else if (opcode == 0x8b) {
        instruction->sets = middle_register(decoder);
        instruction->copies = mode_of(decoder) == 3 ? low_register(decoder) : -1;
    } else if (opcode >= 0x58 && opcode <= 0x5f) {
        instruction->sets = (int)((opcode & 7) | (decoder->rex & 1) << 3);
    } else if (opcode == 0x31 && mode_of(decoder) == 3) {
        instruction->sets = low_register(decoder);
    }
}

static void
note_target(struct hdr_instruction *instruction, const struct decoder *decoder, uint64_t target)
{
    unsigned opcode = decoder->opcode;
    bool is_near = decoder->map == MAP_TWO_BYTES && !decoder->is_vector && (opcode & 0xf0) == 0x80;
    bool is_short = (opcode & 0xf0) == 0x70 || (opcode & 0xfc) == 0xe0 || opcode == 0xeb;

    if (is_near || (decoder->map == MAP_ONE_BYTE && !decoder->is_vector &&
                    (opcode == 0xe8 || opcode == 0xe9 || is_short))) {
        instruction->is_call = !is_near && opcode == 0xe8;
        instruction->is_jump = !instruction->is_call;
        instruction->target = target;
    }
}

bool hdr_instruction_decode(struct hdr_instruction *instruction,
                            const unsigned char *code,
                            size_t size,
                            uint64_t address)
{
    struct decoder decoder = {.code = code, .size = size};
    enum hdr_base base = HDR_BASE_NONE;
    uint64_t displacement = 0;
    uint64_t immediate = 0;

    *instruction = (struct hdr_instruction){.sets = -1, .copies = -1};
    take_opcode(&decoder);

    char follows = what_follows(&decoder);
    bool has_modrm = strchr("mMDtT", follows) != NULL;

    if (has_modrm) {
        decoder.modrm = next(&decoder);
        base = mode_of(&decoder) == 3 ? HDR_BASE_NONE : take_memory(&decoder, &displacement);
    }

    size_t bytes = immediate_size(&decoder, follows);

    immediate = bytes == 0 ? 0 : next_signed(&decoder, bytes);
    instruction->length = decoder.at;
    if (base == HDR_BASE_RELATIVE) {
        instruction->address = address + decoder.at + displacement;
    }
    instruction->computes = computed(&decoder, has_modrm);
    instruction->is_switch = decoder.map == MAP_ONE_BYTE && !decoder.is_vector &&
                             decoder.opcode == 0xff && middle_of(&decoder) == 4 &&
                             base != HDR_BASE_RELATIVE;
    note_register(instruction, &decoder, immediate);
    note_target(instruction, &decoder, address + decoder.at + immediate);
    instruction->is_fence = has_modrm && is_fence(&decoder);
    if (base != HDR_BASE_NONE && touches_memory(&decoder)) {
        instruction->base = decoder.is_thread ? HDR_BASE_THREAD : base;
        instruction->is_locked =
            decoder.is_locked || (decoder.map == MAP_ONE_BYTE && (decoder.opcode | 1) == 0x87);
    }
    return follows != 'x' && decoder.at <= size;
}
