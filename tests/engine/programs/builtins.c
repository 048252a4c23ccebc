/*
 * Builtins: every access and atomic for which -fsanitize=thread makes a call, each checked for what
 * it returns and what it leaves behind.
 *
 * Compiled by each supported compiler; tsan_abi.sh then looks for calls that the engine does not
 * answer. Run in an execution and outside of one by builtins_test.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tests/engine/programs/builtins.h"

#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

/* Clang asks for libatomic where the processor might have no 128-bit compare-and-exchange. */
struct pair {
    uint64_t low;
    uint64_t high;
};

static unsigned wrong;

static void expect(int is_right) { wrong += is_right ? 0 : 1; }

static void check_atomics_8(void)
{
    static uint8_t object;
    uint8_t expected = 1;

    __atomic_store_n(&object, (uint8_t)9, __ATOMIC_RELEASE);
    expect(__atomic_load_n(&object, __ATOMIC_ACQUIRE) == 9);
    expect(__atomic_fetch_add(&object, (uint8_t)3, __ATOMIC_RELAXED) == 9);
    expect(__atomic_fetch_sub(&object, (uint8_t)2, __ATOMIC_ACQUIRE) == 12);
    expect(__atomic_fetch_and(&object, (uint8_t)14, __ATOMIC_RELEASE) == 10);
    expect(__atomic_fetch_or(&object, (uint8_t)5, __ATOMIC_ACQ_REL) == 10);
    expect(__atomic_fetch_xor(&object, (uint8_t)6, __ATOMIC_SEQ_CST) == 15);
    expect(__atomic_fetch_nand(&object, (uint8_t)3, __ATOMIC_SEQ_CST) == 9);
    expect(object == (uint8_t)~(uint8_t)1);
    expect(__atomic_exchange_n(&object, (uint8_t)7, __ATOMIC_ACQ_REL) == (uint8_t)~(uint8_t)1);
    expect(!__atomic_compare_exchange_n(&object, &expected, (uint8_t)5, 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE));
    expect(expected == 7);
    expect(__atomic_compare_exchange_n(&object, &expected, (uint8_t)5, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED));
    expected = 5;
    while (!__atomic_compare_exchange_n(&object, &expected, (uint8_t)6, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
        expect(expected == 5);
    }
    expect(object == 6);
}

static void check_atomics_16(void)
{
    static uint16_t object;
    uint16_t expected = 1;

    __atomic_store_n(&object, (uint16_t)9, __ATOMIC_RELEASE);
    expect(__atomic_load_n(&object, __ATOMIC_ACQUIRE) == 9);
    expect(__atomic_fetch_add(&object, (uint16_t)3, __ATOMIC_RELAXED) == 9);
    expect(__atomic_fetch_sub(&object, (uint16_t)2, __ATOMIC_ACQUIRE) == 12);
    expect(__atomic_fetch_and(&object, (uint16_t)14, __ATOMIC_RELEASE) == 10);
    expect(__atomic_fetch_or(&object, (uint16_t)5, __ATOMIC_ACQ_REL) == 10);
    expect(__atomic_fetch_xor(&object, (uint16_t)6, __ATOMIC_SEQ_CST) == 15);
    expect(__atomic_fetch_nand(&object, (uint16_t)3, __ATOMIC_SEQ_CST) == 9);
    expect(object == (uint16_t)~(uint16_t)1);
    expect(__atomic_exchange_n(&object, (uint16_t)7, __ATOMIC_ACQ_REL) == (uint16_t)~(uint16_t)1);
    expect(!__atomic_compare_exchange_n(&object, &expected, (uint16_t)5, 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE));
    expect(expected == 7);
    expect(__atomic_compare_exchange_n(&object, &expected, (uint16_t)5, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED));
    expected = 5;
    while (!__atomic_compare_exchange_n(&object, &expected, (uint16_t)6, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
        expect(expected == 5);
    }
    expect(object == 6);
}

static void check_atomics_32(void)
{
    static uint32_t object;
    uint32_t expected = 1;

    __atomic_store_n(&object, (uint32_t)9, __ATOMIC_RELEASE);
    expect(__atomic_load_n(&object, __ATOMIC_ACQUIRE) == 9);
    expect(__atomic_fetch_add(&object, (uint32_t)3, __ATOMIC_RELAXED) == 9);
    expect(__atomic_fetch_sub(&object, (uint32_t)2, __ATOMIC_ACQUIRE) == 12);
    expect(__atomic_fetch_and(&object, (uint32_t)14, __ATOMIC_RELEASE) == 10);
    expect(__atomic_fetch_or(&object, (uint32_t)5, __ATOMIC_ACQ_REL) == 10);
    expect(__atomic_fetch_xor(&object, (uint32_t)6, __ATOMIC_SEQ_CST) == 15);
    expect(__atomic_fetch_nand(&object, (uint32_t)3, __ATOMIC_SEQ_CST) == 9);
    expect(object == (uint32_t)~(uint32_t)1);
    expect(__atomic_exchange_n(&object, (uint32_t)7, __ATOMIC_ACQ_REL) == (uint32_t)~(uint32_t)1);
    expect(!__atomic_compare_exchange_n(&object, &expected, (uint32_t)5, 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE));
    expect(expected == 7);
    expect(__atomic_compare_exchange_n(&object, &expected, (uint32_t)5, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED));
    expected = 5;
    while (!__atomic_compare_exchange_n(&object, &expected, (uint32_t)6, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
        expect(expected == 5);
    }
    expect(object == 6);
}

static void check_atomics_64(void)
{
    static uint64_t object;
    uint64_t expected = 1;

    __atomic_store_n(&object, (uint64_t)9, __ATOMIC_RELEASE);
    expect(__atomic_load_n(&object, __ATOMIC_ACQUIRE) == 9);
    expect(__atomic_fetch_add(&object, (uint64_t)3, __ATOMIC_RELAXED) == 9);
    expect(__atomic_fetch_sub(&object, (uint64_t)2, __ATOMIC_ACQUIRE) == 12);
    expect(__atomic_fetch_and(&object, (uint64_t)14, __ATOMIC_RELEASE) == 10);
    expect(__atomic_fetch_or(&object, (uint64_t)5, __ATOMIC_ACQ_REL) == 10);
    expect(__atomic_fetch_xor(&object, (uint64_t)6, __ATOMIC_SEQ_CST) == 15);
    expect(__atomic_fetch_nand(&object, (uint64_t)3, __ATOMIC_SEQ_CST) == 9);
    expect(object == (uint64_t)~(uint64_t)1);
    expect(__atomic_exchange_n(&object, (uint64_t)7, __ATOMIC_ACQ_REL) == (uint64_t)~(uint64_t)1);
    expect(!__atomic_compare_exchange_n(&object, &expected, (uint64_t)5, 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE));
    expect(expected == 7);
    expect(__atomic_compare_exchange_n(&object, &expected, (uint64_t)5, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED));
    expected = 5;
    while (!__atomic_compare_exchange_n(&object, &expected, (uint64_t)6, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
        expect(expected == 5);
    }
    expect(object == 6);
}

static void check_atomics_128(void)
{
    static uint128 object;
    uint128 expected = 1;

    __atomic_store_n(&object, (uint128)9, __ATOMIC_RELEASE);
    expect(__atomic_load_n(&object, __ATOMIC_ACQUIRE) == 9);
    expect(__atomic_fetch_add(&object, (uint128)3, __ATOMIC_RELAXED) == 9);
    expect(__atomic_fetch_sub(&object, (uint128)2, __ATOMIC_ACQUIRE) == 12);
    expect(__atomic_fetch_and(&object, (uint128)14, __ATOMIC_RELEASE) == 10);
    expect(__atomic_fetch_or(&object, (uint128)5, __ATOMIC_ACQ_REL) == 10);
    expect(__atomic_fetch_xor(&object, (uint128)6, __ATOMIC_SEQ_CST) == 15);
    expect(__atomic_fetch_nand(&object, (uint128)3, __ATOMIC_SEQ_CST) == 9);
    expect(object == (uint128) ~(uint128)1);
    expect(__atomic_exchange_n(&object, (uint128)7, __ATOMIC_ACQ_REL) == (uint128) ~(uint128)1);
    expect(!__atomic_compare_exchange_n(&object, &expected, (uint128)5, 0, __ATOMIC_SEQ_CST,
                                        __ATOMIC_ACQUIRE));
    expect(expected == 7);
    expect(__atomic_compare_exchange_n(&object, &expected, (uint128)5, 0, __ATOMIC_ACQ_REL,
                                       __ATOMIC_RELAXED));
    expected = 5;
    while (!__atomic_compare_exchange_n(&object, &expected, (uint128)6, 1, __ATOMIC_RELEASE,
                                        __ATOMIC_RELAXED)) {
        expect(expected == 5);
    }
    expect(object == 6);
}

/* Plain accesses of all sizes; volatile ones, which compilers keep as they are. */
static void check_plain(void)
{
    static volatile struct {
        uint8_t one;
        uint16_t two;
        uint32_t four;
        uint64_t eight;
        uint128 sixteen;
    } aligned;
    static volatile struct __attribute__((packed)) {
        uint8_t one;
        uint16_t two;
        uint32_t four;
        uint64_t eight;
        uint128 sixteen;
    } packed;

    aligned.one = 1;
    aligned.two = 2;
    aligned.four = 4;
    aligned.eight = 8;
    aligned.sixteen = 16;
    packed.one = aligned.one;
    packed.two = aligned.two;
    packed.four = aligned.four;
    packed.eight = aligned.eight;
    packed.sixteen = aligned.sixteen;
    packed.four += packed.one;
    expect(packed.one == 1 && packed.two == 2 && packed.four == 5 && packed.eight == 8 &&
           packed.sixteen == 16);
}

static void check_ranges(void)
{
    static struct pair from[8];
    static struct pair to[8];

    memset(from, 3, sizeof(from));
    memcpy(to, from, sizeof(to));
    memmove(&to[1], &to[0], sizeof(to) - sizeof(to[0]));
    expect(memcmp(from, to, sizeof(to)) == 0);
    to[2] = from[3];
    expect(to[2].low == UINT64_C(0x0303030303030303));
}

static void check_fences(void)
{
    __atomic_thread_fence(__ATOMIC_ACQUIRE);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    __atomic_thread_fence(__ATOMIC_ACQ_REL);
    __atomic_thread_fence(__ATOMIC_SEQ_CST);
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

unsigned hd_builtins_wrong(void)
{
    wrong = 0;
    check_atomics_8();
    check_atomics_16();
    check_atomics_32();
    check_atomics_64();
    check_atomics_128();
    check_plain();
    check_ranges();
    check_fences();
    return wrong;
}
