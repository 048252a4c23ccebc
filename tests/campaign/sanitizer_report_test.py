#!/usr/bin/env python3
"""A report's identity is its kind and its places: the same in every run of one bug only."""

import unittest

import support  # noqa: F401  (makes campaigns importable)
from campaigns.sanitizer_report import read

ASAN = """\
==20463==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x502000108160 at pc 0x561f bp 0x7
WRITE of size 1 at 0x502000108160 thread T0
    #0 0x561f1e64 in __asan_memcpy (/b/x_fuzz+0x1064df) (BuildId: 8b824c)
    #1 0x561f1e68 in overrun /w/fuzz/canary_fuzz.c:27:18
    #2 0x561f1e68 in caller /w/fuzz/canary_fuzz.c:33:5
    #3 0x561f1e68 in LLVMFuzzerTestOneInput /w/fuzz/canary_fuzz.c:45:5
    #4 0x561f1e58 in fuzzer::Fuzzer::ExecuteCallback(unsigned char const*, unsigned long) (/b/x+0x4)

0x502000108160 is located 0 bytes after 16-byte region [0x502000108150,0x502000108160)
allocated by thread T0 here:
    #0 0x561f1e64 in malloc (/b/x_fuzz+0x1064df) (BuildId: 8b824c)
    #1 0x561f1e68 in overrun /w/fuzz/canary_fuzz.c:21:31

SUMMARY: AddressSanitizer: heap-buffer-overflow /w/fuzz/canary_fuzz.c:27:18 in overrun
"""
TSAN = """\
==================
WARNING: ThreadSanitizer: data race (pid=4711)
  Write of size 4 at 0x7b0400000800 by thread T2:
    #0 increment /w/scenarios/lost_update.c:20:5 (heddle+0x1234) (BuildId: 77aa)
    #1 thread_body /w/run.c:9:3 (heddle+0x5678)

  Previous read of size 4 at 0x7b0400000800 by thread T1:
    #0 look /w/scenarios/lost_update.c:31:12 (heddle+0x2222)

SUMMARY: ThreadSanitizer: data race /w/scenarios/lost_update.c:20:5 in increment
"""
UBSAN = """\
/w/primitives/ring.c:12:9: runtime error: signed integer overflow: 2147483647 + 1 cannot be \
represented in type 'int'
    #0 0x55d1 in hd_ring_put /w/primitives/ring.c:12:9
    #1 0x55d2 in LLVMFuzzerTestOneInput /w/fuzz/ring_fuzz.c:40:5

SUMMARY: UndefinedBehaviorSanitizer: undefined-behavior /w/primitives/ring.c:12:9
"""
LEAK = """\
==99==ERROR: LeakSanitizer: detected memory leaks

Direct leak of 16 byte(s) in 1 object(s) allocated from:
    #0 0x561f1e64 in malloc (/b/x_fuzz+0x1064df)
    #1 0x561f1e68 in make /w/fuzz/leak.c:5:10
    #2 0x561f1e68 in LLVMFuzzerTestOneInput /w/fuzz/leak.c:9:5
"""
TIMEOUT = """\
ALARM: working on the last Unit for 11 seconds
==4==ERROR: libFuzzer: timeout after 11 seconds
    #0 0x4f in __sanitizer_print_stack_trace (/b/x+0x1)
    #1 0x4f in fuzzer::PrintStackTrace() (/b/x+0x2)
    #2 0x7f in __restore_rt sigaction.c
    #3 0x4f in deepest /w/x.c:%d:3
    #4 0x4f in loop /w/x.c:40:3
    #5 0x4f in LLVMFuzzerTestOneInput /w/x.c:50:3
"""


class SanitizerReportTest(unittest.TestCase):
    def test_asan(self):
        report = read("#1 INITED cov: 1\n" + ASAN)
        self.assertEqual(report.kind, "heap-buffer-overflow")
        self.assertEqual(report.title(), "heap-buffer-overflow: overrun canary_fuzz.c:27")

    def test_tsan_has_two_places_in_an_order_of_their_own(self):
        report = read(TSAN)
        self.assertEqual(report.kind, "data-race")
        self.assertIn("increment lost_update.c:20, look lost_update.c:31", report.title())
        first, second = TSAN.find("  Write"), TSAN.find("  Previous")
        end = TSAN.find("SUMMARY")
        other = TSAN[:first] + TSAN[second:end] + TSAN[first:second] + TSAN[end:]
        self.assertEqual(read(other).identity("t"), report.identity("t"))

    def test_ubsan_numbers_are_no_part_of_it(self):
        report = read(UBSAN)
        self.assertTrue(report.kind.startswith("undefined: signed integer overflow: N + N"))
        other = UBSAN.replace("2147483647 + 1", "-2147483648 + -9")
        self.assertEqual(read(other).identity("t"), report.identity("t"))

    def test_leak(self):
        self.assertEqual(read(LEAK).title(), "leak: make leak.c:5")

    def test_same_bug_same_identity(self):
        """Addresses, process numbers, columns, folders and offsets change from run to run."""
        identity = read(ASAN).identity("one")
        for old, new in (
            ("20463", "1"),
            ("0x502000108160", "0x602000001230"),
            ("0x561f", "0x7777"),
            ("27:18", "27:3"),
            ("/w/fuzz/", "/elsewhere/"),
            ("+0x4d", "+0x99"),
        ):
            self.assertEqual(read(ASAN.replace(old, new)).identity("two"), identity, old)

    def test_another_bug_another_identity(self):
        identity = read(ASAN).identity("t")
        for old, new in (
            ("canary_fuzz.c:27", "canary_fuzz.c:28"),
            ("in overrun", "in underrun"),
            ("heap-buffer-overflow on", "heap-use-after-free on"),
            ("canary_fuzz.c:33", "canary_fuzz.c:34"),
        ):
            self.assertNotEqual(read(ASAN.replace(old, new)).identity("t"), identity, old)

    def test_a_timeout_is_where_the_target_was_called_not_where_it_happened_to_be(self):
        self.assertEqual(read(TIMEOUT % 1).identity("t"), read(TIMEOUT % 2).identity("t"))
        other = TIMEOUT.replace("loop /w/x.c:40", "loop /w/x.c:41") % 1
        self.assertNotEqual(read(other).identity("t"), read(TIMEOUT % 1).identity("t"))

    def test_a_timeout_is_of_its_target(self):
        """All of Heddle's targets in one program are called from the same outermost frames."""
        report = read(TIMEOUT % 1)
        self.assertNotEqual(report.identity("a"), report.identity("b"))

    def test_without_a_place_it_is_of_its_target(self):
        report = read("==4==ERROR: libFuzzer: out-of-memory (used: 2050Mb; limit: 2048Mb)\n")
        self.assertEqual(report.kind, "out-of-memory")
        self.assertNotEqual(report.identity("a"), report.identity("b"))

    def test_no_report(self):
        self.assertIsNone(read("#2 INITED cov: 1 ft: 1 corp: 1/1b\nDone 3 runs\n"))


if __name__ == "__main__":
    unittest.main()
