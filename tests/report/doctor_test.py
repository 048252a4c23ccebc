#!/usr/bin/env python3
"""heddle doctor: environments that are broken, and look-alikes that are not.

    doctor_test.py HEDDLE

What a runtime does is not taken from a book: what the doctor says of options and suppressions is
compared with what the runtimes of clang 14, clang 19 and gcc 12 do with them.
"""

import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

HEDDLE = pathlib.Path(sys.argv[1]).resolve()
PROGRAMS = HEDDLE.parent / "tests" / "report" / "programs"
VARIABLES = ("TSAN_OPTIONS", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
SYMBOLIZERS = ("TSAN_SYMBOLIZER_PATH", "ASAN_SYMBOLIZER_PATH", "UBSAN_SYMBOLIZER_PATH")
WELL = "atexit_sleep_ms=0:second_deadlock_stack=1"


def environment(**variables):
    kept = {k: v for k, v in os.environ.items() if k not in VARIABLES + SYMBOLIZERS}
    return {**kept, **variables}


class Doctor:
    """One run of the doctor: what each check said, and the exit code."""

    def __init__(self, *arguments, **variables):
        run = subprocess.run([str(HEDDLE), "doctor", *map(str, arguments)], check=False,
                             env=environment(**variables), capture_output=True, text=True)
        self.code = run.returncode
        self.text = run.stdout
        self.errors = run.stderr
        self.said = re.findall(r"^(ok|note|warn|FAIL) +(\w+): (.*)$", run.stdout, re.MULTILINE)

    def of(self, check, severity=None):
        return [what for level, name, what in self.said
                if name == check and severity in (None, level)]

    def worst(self, check):
        levels = [level for level, name, _ in self.said if name == check]
        return max(levels, key=("ok", "note", "warn", "FAIL").index, default=None)


def program(name):
    return PROGRAMS / name


def starts(name, **variables):
    """Whether a program's runtime lets it begin: its reports are no obstacle."""
    run = subprocess.run([str(program(name))], check=False, env=environment(**variables),
                         capture_output=True, text=True)
    return "suppressions" not in run.stderr and "Invalid value" not in run.stderr


class Healthy(unittest.TestCase):
    def test_all_is_well_here(self):
        doctor = Doctor(program("fence.clang-19"), program("clocklock.clang-19"), HEDDLE,
                        TSAN_OPTIONS=WELL)
        self.assertEqual(doctor.of("options", "FAIL") + doctor.of("instrumentation", "warn") +
                         doctor.of("runtime_gaps", "warn") + doctor.of("symbolizer", "FAIL"), [])
        self.assertEqual(doctor.code, 0, doctor.text)

    def test_the_command_examines_itself(self):
        doctor = Doctor()
        self.assertEqual(doctor.code, 0, doctor.text)
        self.assertEqual(len(doctor.of("canaries", "ok")), 1)
        self.assertEqual(len(doctor.of("instrumentation", "ok")), 1)
        for check in ("processor", "disk", "core_files", "build"):
            self.assertEqual(len(doctor.of(check)), 1, check)

    def test_another_program_of_scenarios_is_asked_for_its_canaries(self):
        self.assertEqual(len(Doctor(HEDDLE).of("canaries", "ok")), 1)
        self.assertEqual(Doctor(program("fence.clang-19")).of("canaries"), [])

    def test_only_the_checks_that_are_named(self):
        doctor = Doctor("--check=build,options", program("fence.clang-14"))
        self.assertEqual({name for _, name, _ in doctor.said}, {"build", "options"})


class Usage(unittest.TestCase):
    def test_a_misspelt_check_is_refused(self):
        doctor = Doctor("--check=optons")
        self.assertEqual(doctor.code, 2)
        self.assertIn("did you mean `options'?", doctor.errors)

    def test_what_is_no_program_is_said_and_the_others_are_examined(self):
        doctor = Doctor("--check=build", program("nowhere"), __file__, program("fence.clang-14"))
        self.assertEqual(doctor.code, 3)
        self.assertIn("nowhere: No such file", doctor.errors)
        self.assertIn("doctor_test.py: not an ELF program", doctor.errors)
        self.assertEqual(len(doctor.of("build")), 1)


class Canaries(unittest.TestCase):
    """A program of scenarios that finds nothing: it says it is one, and its `doctor' fails."""

    def make(self, code):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        source = pathlib.Path(folder.name) / "blind.c"
        blind = pathlib.Path(folder.name) / "blind"
        source.write_text("int hde_execution, hde_command_doctor;\n"
                          f"int main(void) {{ {code} }}\n", encoding="utf-8")
        subprocess.run(["gcc-12", "-g", "-w", source, "-o", blind], check=True)
        return blind

    def test_one_that_does_not_find_them_is_told(self):
        for code in ("return 1;", "__builtin_trap();", "return 4;"):
            doctor = Doctor("--check=canaries", self.make(code))
            self.assertEqual(doctor.worst("canaries"), "FAIL", doctor.text)
            self.assertEqual(doctor.code, 1)

    def test_one_that_does_is_not(self):
        self.assertEqual(Doctor("--check=canaries", self.make("return 0;")).code, 0)


class Options(unittest.TestCase):
    def fails(self, name, **variables):
        doctor = Doctor("--check=options", program(name), **variables)
        self.assertEqual(doctor.code, 1, doctor.text)
        return doctor

    def passes(self, name, **variables):
        doctor = Doctor("--check=options", program(name), **variables)
        self.assertEqual(doctor.code, 0, doctor.text)
        return doctor

    def test_a_misspelt_one_is_named_with_what_was_meant(self):
        for name in ("fence.clang-14", "fence.clang-19", "clocklock.gcc-12"):
            doctor = self.fails(name, TSAN_OPTIONS=WELL + ":halt_on_eror=1")
            self.assertIn("halt_on_eror", doctor.of("options", "FAIL")[0])
            self.assertIn("did you mean `halt_on_error'?", doctor.text)
            self.passes(name, TSAN_OPTIONS=WELL + ":halt_on_error=1")

    def test_the_end_of_an_option_is_none(self):
        self.fails("fence.clang-14", TSAN_OPTIONS=WELL + ":alt_on_error=1")

    def test_each_variable_is_for_its_own_runtime(self):
        self.fails("outside.clang-19.asan", ASAN_OPTIONS="detect_leak=1")
        self.fails("outside.clang-19.asan", UBSAN_OPTIONS="print_stacktrce=1")
        self.passes("outside.clang-19.asan", ASAN_OPTIONS="detect_leaks=1",
                    UBSAN_OPTIONS="print_stacktrace=1", LSAN_OPTIONS="report_objects=1")
        self.passes("plain.gcc-12.ubsan", TSAN_OPTIONS="halt_on_eror=1")
        # An option of AddressSanitizer is none of ThreadSanitizer.
        self.fails("fence.clang-19", TSAN_OPTIONS="quarantine_size_mb=1")

    def test_what_is_no_option_is_said(self):
        self.fails("fence.clang-14", TSAN_OPTIONS=WELL + ":halt_on_error")
        self.fails("fence.clang-14", TSAN_OPTIONS=WELL + ":log_path='/tmp/x")
        self.passes("fence.clang-14", TSAN_OPTIONS=" , " + WELL + ":log_path='/tmp/x':")

    def test_what_spoils_reports_is_said(self):
        for option in ("exitcode=77", "exitcode=0", "report_bugs=0", "report_bugs=false",
                       "history_size=9", "log_path=/dev/null/at/all"):
            self.fails("fence.clang-19", TSAN_OPTIONS=f"{WELL}:{option}")
        for option in ("exitcode=66", "report_bugs=1", "history_size=7", "log_path=/tmp/report",
                       "log_path=report", "log_path=/tmp/not/there", "abort_on_error=1"):
            self.passes("fence.clang-19", TSAN_OPTIONS=f"{WELL}:{option}")

    def test_with_libfuzzer_more_is_wrong(self):
        name = "fuzzer.clang-19"
        self.fails(name, TSAN_OPTIONS=WELL)
        self.fails(name, TSAN_OPTIONS=WELL + ":halt_on_error=0")
        self.fails(name, TSAN_OPTIONS=WELL + ":halt_on_error=1:abort_on_error=1")
        self.passes(name, TSAN_OPTIONS=WELL + ":halt_on_error=1")

    def test_what_is_left_out_is_a_note(self):
        self.assertEqual(len(self.passes("fence.clang-14").of("options", "note")), 2)
        self.assertEqual(self.passes("fence.clang-14", TSAN_OPTIONS=WELL).of("options", "note"), [])

    def test_the_options_of_a_runtime_are_all_known(self):
        """Those that `help=1' lists; with a letter less, few of them are an option."""
        listed = {"fence.clang-14": "TSAN_OPTIONS", "fence.clang-19": "TSAN_OPTIONS",
                  "clocklock.gcc-12": "TSAN_OPTIONS", "outside.clang-19.asan": "ASAN_OPTIONS"}
        for name, variable in listed.items():
            text = subprocess.run(
                [str(program(name))], check=False, capture_output=True, text=True,
                env=environment(**{variable: "help=1:suppressions=/nowhere"})).stderr
            flags = re.findall(r"^\t([a-z_0-9]+)$", text, re.MULTILINE)
            self.assertGreater(len(flags), 100)
            known = Doctor("--check=options", program(name),
                           **{variable: ":".join(f"{flag}=5" for flag in flags)})
            self.assertEqual([what for what in known.of("options") if "does not know" in what], [])
            typos = [flag[:4] + flag[5:] for flag in flags if len(flag) > 6]
            wrong = Doctor("--check=options", program(name),
                           **{variable: ":".join(f"{typo}=5" for typo in typos)})
            noticed = [what for what in wrong.of("options") if "does not know" in what]
            self.assertGreaterEqual(len(noticed), len(typos) - 2, set(typos))


class Suppressions(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, text):
        path = self.folder / "suppressions"
        path.write_bytes(text.encode())
        return path

    def judge(self, name, variable, path):
        """What the doctor says, which must be what the runtime does."""
        value = f"suppressions={path}:{WELL}" if variable[0] == "T" else f"suppressions={path}"
        doctor = Doctor("--check=suppressions", program(name), **{variable: value})
        self.assertEqual(doctor.worst("suppressions") != "FAIL", starts(name, **{variable: value}),
                         f"{name}: {path}\n{doctor.text}")
        return doctor

    def test_files_as_the_runtimes_read_them(self):
        texts = {
            "": True,
            "race:f\n": True,
            "  # a comment\n\n\t race_top:f\nmutex:f\nthread:f\nsignal:f\ndeadlock:f\n": True,
            "called_from_lib:f\nrace:f  \n": True,
            "race:f": True,
            "races:f\n": False,
            "race f\n": False,
            "race:f\n// a comment\n": False,
            "leak:f\n": False,
            "race:f\r\n": True,
            "race:f\r\n\r\n": False,
        }
        for number, (text, is_good) in enumerate(texts.items()):
            path = self.write(text)
            others = ("fence.clang-14", "clocklock.gcc-12") if number in (2, 5, 10) else ()
            for name in ("fence.clang-19", *others):
                doctor = self.judge(name, "TSAN_OPTIONS", path)
                self.assertEqual(doctor.code, 0 if is_good else 1, repr(text) + doctor.text)

    def test_files_of_other_sanitizers(self):
        kinds = {
            "ASAN_OPTIONS": {"interceptor_via_fun:f\nodr_violation:f\n": True, "race:f\n": False},
            "UBSAN_OPTIONS": {"alignment:f\nsigned-integer-overflow:f\nvptr_check:f\nbool:f\n"
                              "bounds:f\nfunction:f\nshift-base:f\nreturn:f\nnull:f\n": True,
                              "builtin:f\n": False, "shift:f\n": False},
        }
        for variable, texts in kinds.items():
            for text, is_good in texts.items():
                doctor = self.judge("outside.clang-19.asan", variable, self.write(text))
                self.assertEqual(doctor.code, 0 if is_good else 1, repr(text) + doctor.text)

    def test_one_that_is_missing(self):
        doctor = self.judge("fence.clang-14", "TSAN_OPTIONS", self.folder / "nowhere")
        self.assertEqual(doctor.code, 1)
        self.assertIn("No such file", doctor.of("suppressions")[0])

    def test_one_that_is_a_folder(self):
        doctor = self.judge("fence.clang-14", "TSAN_OPTIONS", self.folder)
        self.assertEqual(doctor.code, 1)
        self.assertIn("Is a directory", doctor.of("suppressions")[0])

    def test_the_last_of_two_counts(self):
        good, bad = self.write("race:f\n"), self.folder / "nowhere"
        for first, last, code in ((good, bad, 1), (bad, good, 0)):
            doctor = self.judge("fence.clang-14", "TSAN_OPTIONS", f"{first}:suppressions={last}")
            self.assertEqual(doctor.code, code)

    def test_a_relative_one_is_a_warning_and_is_also_looked_for_beside_the_program(self):
        doctor = Doctor("--check=suppressions", program("fence.clang-14"),
                        TSAN_OPTIONS=f"suppressions={os.path.relpath(self.write('race:f'))}")
        self.assertEqual((doctor.worst("suppressions"), doctor.code), ("warn", 0))
        beside = program("fence.clang-14.suppressions")
        beside.write_text("race:f\n", encoding="utf-8")
        self.addCleanup(beside.unlink)
        self.assertEqual(self.judge("fence.clang-14", "TSAN_OPTIONS", beside.name).code, 0)


class Symbolizer(unittest.TestCase):
    def worst(self, name, **variables):
        return Doctor("--check=symbolizer", program(name), **variables).worst("symbolizer")

    def test_one_that_is_set_must_be_one(self):
        real = "/usr/bin/llvm-symbolizer-19"
        for path, severity in ((real, "ok"), ("/nowhere/llvm-symbolizer", "FAIL"),
                               ("/bin/true", "FAIL"), ("", "warn")):
            self.assertEqual(self.worst("fence.clang-19", TSAN_SYMBOLIZER_PATH=path), severity)
            self.assertEqual(
                self.worst("fence.clang-14",
                           TSAN_OPTIONS=f"external_symbolizer_path='{path}'"), severity)
        # Of another runtime, and of one that has its own.
        self.assertEqual(self.worst("fence.clang-19", ASAN_SYMBOLIZER_PATH="/bin/true"), "ok")
        self.assertEqual(self.worst("clocklock.gcc-12", TSAN_SYMBOLIZER_PATH="/bin/true"), "ok")

    def test_without_one_on_path_that_of_the_same_version_is_used(self):
        self.assertEqual(self.worst("fence.clang-19", PATH="/nowhere"), "ok")

    def test_without_any_reports_have_no_lines(self):
        """A runtime that was not built to look in /usr/bin, as on other systems."""
        with tempfile.TemporaryDirectory() as folder:
            other = pathlib.Path(folder) / "other"
            code = program("fence.clang-19").read_bytes()
            other.write_bytes(code.replace(b"/usr/bin/llvm-symbolizer-19",
                                           b"/usr/nil/llvm-symbolizer-19"))
            self.assertEqual(self.worst(other, PATH="/nowhere"), "FAIL")
            self.assertEqual(self.worst(other), "ok")

    def test_one_on_path_that_cannot_be_run_is_none(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "llvm-symbolizer").write_text("")
            doctor = Doctor("--check=symbolizer", program("fence.clang-19"), PATH=folder)
            self.assertNotIn(folder, doctor.text)


class Programs(unittest.TestCase):
    def test_what_is_not_instrumented_is_named(self):
        for name in ("outside.clang-14", "outside.gcc-12", "outside.clang-19.asan"):
            doctor = Doctor("--check=instrumentation", program(name))
            self.assertEqual(len(doctor.of("instrumentation", "warn")), 1, doctor.text)
            self.assertIn("outside.c", doctor.of("instrumentation")[0])
        bare = Doctor("--check=instrumentation", program("outside.clang-19.bare"))
        self.assertIn("outside_acquire, outside_release", bare.of("instrumentation", "warn")[0])
        for name in ("outside.clang-19.watched", "fence.clang-14", "gate.gcc-12",
                     "plain.clang-19.cxx"):
            doctor = Doctor("--check=instrumentation", program(name))
            self.assertEqual(doctor.worst("instrumentation"), "ok", doctor.text)

    def test_gaps_are_those_of_the_runtime(self):
        for name in ("clocklock.clang-14", "clocklock.gcc-12"):
            doctor = Doctor("--check=runtime_gaps", program(name))
            self.assertIn("know pthread_mutex_clocklock():", doctor.of("runtime_gaps", "warn")[0])
        for name in ("clocklock.clang-19", "fence.clang-14", "gate.gcc-12"):
            self.assertEqual(Doctor("--check=runtime_gaps", program(name)).worst("runtime_gaps"),
                             "ok")

    def test_a_program_without_sanitizer_is_a_note(self):
        doctor = Doctor("--check=build,options,symbolizer", program("plain.gcc-12"))
        self.assertEqual((doctor.worst("build"), doctor.code), ("note", 0))
        self.assertEqual(doctor.of("options") + doctor.of("symbolizer"), [])

    def test_a_program_without_debug_information_is_a_warning(self):
        with tempfile.TemporaryDirectory() as folder:
            stripped = pathlib.Path(folder) / "stripped"
            subprocess.run(["strip", "-o", stripped, program("fence.clang-19")], check=True)
            doctor = Doctor("--check=build,instrumentation,runtime_gaps", stripped)
            self.assertEqual(len(doctor.of("build", "warn")), 1)
            self.assertEqual(doctor.worst("instrumentation"), "note")
        self.assertEqual(Doctor("--check=build", program("fence.clang-19")).of("build", "warn"), [])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
