"""Does `heddle report' find in a log what is there, whoever wrote it, and whatever became of it?

The logs are those of real runs: programs/raw_*.c, which mark the lines that a report must name, are
run with the sanitizers of three compilers and under valgrind. Then the logs are damaged.

    logs_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
HEDDLE = pathlib.Path(sys.argv[1]).resolve()
PROGRAMS = HEDDLE.parent / "tests" / "report" / "programs"
COMPILERS = ("clang-14", "clang-19", "gcc-12")

# Mistake: kind, class, and the functions of its places, in order.
THREADS = {
    "race": ("data-race", None, ["increment", "increment"]),
    "half_locked": ("data-race", None, ["half_locked", "set_locked"]),
    "heap_race": ("data-race", None, ["heap_race", "set_block"]),
    "inversion": ("lock-order", None, ["backward", "forward"]),
    "single_inversion": ("lock-order", None, ["single_inversion", "single_inversion"]),
    "thread_leak": ("misuse", "never joined", ["thread_leak"]),
    "destroy_locked": ("misuse", "destroyed in use", ["destroy_locked"]),
    "unlock_unlocked": ("misuse", "release of a lock not held", ["unlock_unlocked"]),
    "unlock_of_other": ("misuse", "release of a lock not held", ["unlock_of_other"]),
    "lock_destroyed": ("misuse", "use of an invalid mutex", ["lock_destroyed"]),
    "double_lock": ("misuse", "locked twice", ["acquire"]),
    "read_lock": ("misuse", "read lock of a write lock", ["acquire"]),
    "read_unlock": ("misuse", "read unlock of a write lock", ["read_unlock"]),
    "signal_unsafe": ("signal-unsafe", None, ["allocate"]),
}
# In a process of its own: what was reported before would hide it, or it ends the process.
THREADS_ALONE = {
    "use_after_free": ("use-after-free", None, ["use_after_free"]),
    "segv": ("crash", "SEGV", ["segv"]),
}
HELGRIND = {
    **{name: THREADS[name] for name in ("race", "half_locked", "heap_race", "inversion",
                                        "destroy_locked", "unlock_unlocked", "unlock_of_other")},
    "lock_destroyed": ("misuse", "failed call", ["lock_destroyed"]),
}
MEMORY = {
    "use_after_free": ("use-after-free", None, ["use_after_free"]),
    "heap_overflow": ("out-of-bounds", "heap", ["heap_overflow"]),
    "copy_too_much": ("out-of-bounds", "heap", ["copy_too_much"]),
    "stack_overflow": ("out-of-bounds", "stack", ["stack_overflow"]),
    "global_overflow": ("out-of-bounds", "global", ["global_overflow"]),
    "use_after_return": ("use-after-return", None, ["use_after_return"]),
    "use_after_scope": ("use-after-scope", None, ["use_after_scope"]),
    "double_free": ("double-free", None, ["double_free"]),
    "bad_free": ("invalid-free", None, ["bad_free"]),
    "leak": ("leak", "direct", ["allocate"]),
    "segv": ("crash", "SEGV", ["segv"]),
    "too_big": ("misuse", "allocation too big", ["too_big"]),
    "overlap": ("undefined", "overlapping memory", ["overlap"]),
    "negative_size": ("out-of-bounds", "negative size", ["negative_size"]),
    "in_thread": ("out-of-bounds", "heap", ["overflow_in_thread"]),
    "integer_overflow": ("undefined", "integer overflow", ["integer_overflow"]),
    "shift": ("undefined", "shift", ["shift"]),
    "index_out": ("undefined", "index out of bounds", ["index_out"]),
}
LEAKS = {"leak": ("leak", "direct", ["allocate"])}
# Where the stack ends is chance.
MEMORY_TOO = ["exhaustion"]
MEMCHECK = {
    "use_after_free": ("use-after-free", None, ["use_after_free"]),
    "heap_overflow": ("out-of-bounds", None, ["heap_overflow"]),
    "double_free": ("double-free", None, ["double_free"]),
    "leak": ("leak", "direct", ["allocate"]),
    "uninitialized": ("uninitialized", None, ["uninitialized"]),
}

faults = []


def expect(condition, *words):
    if not condition:
        faults.append(" ".join(str(word) for word in words))


def marks(source):
    """Mistake: the lines that carry its name, as (function, line)."""
    found = {}
    function = None
    for number, line in enumerate((HERE / "programs" / source).read_text().split("\n"), 1):
        head = re.match(r"^\w[\w ]*[ *](\w+)\([^;]*(?:$|\{)", line)
        function = head.group(1) if head else function
        for mark in re.findall(r"/\* ([a-z_ ]+) \*/(?: })?$", line):
            for name in mark.split():
                found.setdefault(name, []).append((function, number))
    return found


def run_program(program, mistakes, prefix=(), **environment):
    """What it prints; addresses are the same in every run, as old runtimes need it."""
    done = subprocess.run(["setarch", "-R", *prefix, str(PROGRAMS / program), *mistakes],
                          env={**os.environ, **OPTIONS, **environment}, cwd=PROGRAMS,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode(errors="replace")


OPTIONS = {
    "TSAN_OPTIONS": "atexit_sleep_ms=0:second_deadlock_stack=1",
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:detect_leaks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "LSAN_OPTIONS": "",
}


def report(*paths, folder=None):
    """What heddle report makes of logs: findings, and what it complains of."""
    with tempfile.TemporaryDirectory() as output:
        done = subprocess.run([HEDDLE, "report", *map(str, paths), "--format", "json", "--root",
                               ROOT, "--output", output],
                              cwd=folder, text=True, capture_output=True, check=False)
        file = pathlib.Path(output) / "findings.json"
        if not file.exists():
            return [], done.stderr
        found = json.loads(file.read_text(encoding="utf-8"))
        return (found if isinstance(found, list) else found["findings"]), done.stderr


def read(text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "log"
        path.write_text(text, encoding="utf-8", newline="")
        return report(path)


def places(finding):
    return sorted((place["function"], place["line"]) for place in finding["places"]
                  if not place["is_cause"])


def is_it(finding, mistake, expected, marked):
    kind, what, functions = expected
    lines = [place for place in marked[mistake] if place[0] in functions]
    wanted = sorted(lines * len(functions) if len(lines) < len(functions) else lines)
    return (finding["kind"], finding["class"]) == (kind, what) and places(finding) == wanted


def check(name, text, source, expected, others=()):
    """Each mistake is found, at the lines that it marks, and nothing else; returns identities."""
    marked = marks(source)
    findings, complaints = read(text)
    identities = {}
    for mistake, what in expected.items():
        mine = [finding for finding in findings if is_it(finding, mistake, what, marked)]
        expect(len(mine) == 1, f"{name}: {mistake} is found {len(mine)} times")
        for finding in mine:
            identities[mistake] = finding["identity"]
            expect(finding["file"] == f"tests/report/programs/{source}", name, finding["file"])
            expect(finding["excerpts"], name, mistake, "has no excerpt")
            expect(finding["is_whole"], name, mistake, "is not whole")
            expect(not re.search(r"0x[0-9a-f]{5}|pid=\d", finding["message"]), finding["message"])
    known = set(identities.values())
    for finding in findings:
        expect(finding["identity"] in known or finding["kind"] in others,
               f"{name}: nobody asked for {finding['kind']}, {finding['message']}")
    expect(complaints == "", f"{name}: {complaints}")
    return identities


# ---- Real runs ----------------------------------------------------------------------------------


def runs():
    """Name: what prints it."""
    found = {}
    for compiler in COMPILERS:
        threads = f"raw_threads.{compiler}"
        found[f"threads {compiler}"] = (threads, list(THREADS))
        for mistake in THREADS_ALONE:
            found[f"{mistake} {compiler}"] = (threads, [mistake])
        found[f"memory {compiler}"] = (f"raw_blocks.{compiler}", [*MEMORY, *MEMORY_TOO])
        found[f"leaks {compiler}"] = (f"raw_blocks.{compiler}.leak", list(LEAKS))
    found["helgrind"] = ("raw_threads.plain", list(HELGRIND), ["valgrind", "--tool=helgrind"])
    found["drd"] = ("raw_threads.plain", ["half_locked", "destroy_locked"],
                    ["valgrind", "--tool=drd"])
    found["memcheck"] = ("raw_blocks.plain", list(MEMCHECK),
                         ["valgrind", "--leak-check=full", "--trace-children=no"])
    return found


def run_all():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        started = {name: pool.submit(run_program, *what) for name, what in runs().items()}
        return {name: future.result() for name, future in started.items()}


def check_real(logs):
    all_identities = []
    for compiler in COMPILERS:
        identities = check(f"threads {compiler}", logs[f"threads {compiler}"], "raw_threads.c",
                           THREADS, ["misuse"])
        for mistake, what in THREADS_ALONE.items():
            name = f"{mistake} {compiler}"
            identities |= check(name, logs[name], "raw_threads.c", {mistake: what}, ["misuse"])
        all_identities.append(identities)
        # gcc's sanitizers say more of one mistake: load of an address beside an object.
        memory = check(f"memory {compiler}", logs[f"memory {compiler}"], "raw_blocks.c", MEMORY,
                       ["undefined", "out-of-bounds", "stack-overflow"])
        expect("go_down" in [found["function"] for found in read(logs[f"memory {compiler}"])[0]
                             if found["kind"] == "stack-overflow"], compiler, "no stack overflow")
        leaks = check(f"leaks {compiler}", logs[f"leaks {compiler}"], "raw_blocks.c", LEAKS)
        expect(leaks["leak"] == memory["leak"], "a leak is another one without AddressSanitizer")
        all_identities[-1] |= {f"memory.{name}": found for name, found in memory.items()}
    for identities in all_identities[1:]:
        expect(identities == all_identities[0], "identities differ between compilers",
               set(identities.items()) ^ set(all_identities[0].items()))
    helgrind = check("helgrind", logs["helgrind"], "raw_threads.c", HELGRIND, ["misuse"])
    for mistake in ("race", "half_locked", "heap_race", "inversion"):
        expect(helgrind[mistake] == all_identities[0][mistake], "helgrind's is another", mistake)
    check("drd", logs["drd"], "raw_threads.c", {"destroy_locked": THREADS["destroy_locked"]},
          ["data-race"])
    check("memcheck", logs["memcheck"], "raw_blocks.c", MEMCHECK)


def check_details(logs):
    """What else the log says of a race under half a lock, and of an inversion on one thread."""
    for name in ("threads clang-14", "threads gcc-12", "helgrind"):
        findings, _ = read(logs[name])
        race = next(found for found in findings if found["kind"] == "data-race"
                    and found["function"] in ("set_locked", "half_locked"))
        locks = {place["function"]: len(place["locks"]) for place in race["places"]}
        expect(locks == {"set_locked": 1, "half_locked": 0}, name, "locks held", locks)
        expect(len({place["thread"] for place in race["places"]}) == 2, name, "threads")
        expect("shared" in race["message"], name, race["message"])
        runs_what = [thread["function"] for thread in race["threads"] if thread["id"] != 0]
        expect("set_locked" in runs_what, name, "what its threads run", runs_what)
    findings, _ = read(logs["threads clang-19"])
    single = next(found for found in findings if found["function"] == "single_inversion")
    expect({place["thread"] for place in single["places"]} == {0}, "an inversion of one thread")
    expect(all(frame["module"] == "raw_threads.clang-19" for place in single["places"]
               for frame in place["stack"]), "modules of frames")


def check_unsymbolized(logs):
    """Frames without names are looked up in the program, if it is the one that ran."""
    for compiler in ("clang-19", "gcc-12"):
        mistakes = ["half_locked", "single_inversion"]
        text = run_program(f"raw_threads.{compiler}", mistakes,
                           TSAN_OPTIONS=OPTIONS["TSAN_OPTIONS"] + ":symbolize=0")
        expect("raw_threads.c:" not in text, "it was to be without source lines")
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "log").write_text(text)
            lost, _ = report(pathlib.Path(folder) / "log")
            shutil.copy2(PROGRAMS / f"raw_threads.{compiler}", folder)
            found, _ = report(pathlib.Path(folder) / "log")
        whole, _ = read(logs[f"threads {compiler}"])
        expect(len(found) == 2 and {one["identity"] for one in found} <=
               {one["identity"] for one in whole}, compiler, "not symbolized")
        expect(len(lost) == 2 and all(one["line"] == 0 for one in lost), compiler, "no module")


# ---- What becomes of logs -----------------------------------------------------------------------


def identities_of(text):
    findings, complaints = read(text)
    return sorted((found["identity"], found["seen"], found["is_whole"]) for found in findings), \
        complaints


def check_dressed(logs):
    """What stands around the lines of a report changes nothing."""
    dresses = {
        "CRLF": lambda line: line + "\r",
        "colours": lambda line: f"\x1b[1m\x1b[31m{line}\x1b[0m",
        "a time": lambda line: f"2024-05-10T18:59:41.{len(line) % 10}607407Z {line}",
        "a quotation": lambda line: f"> {line}",
        "a container's name": lambda line: f"server-1  | {line}",
        "lines of the program": lambda line: f"{line}\nready.\nwriting 17 of 4: at 0x12 by 3\n"
                                             "#include <stdio.h>",
    }
    for name in ("threads clang-19", "memory clang-14", "leaks gcc-12", "helgrind"):
        expected, _ = identities_of(logs[name])
        for dress, put_on in dresses.items():
            text = "\n".join(put_on(line) for line in logs[name].split("\n"))
            found, complaints = identities_of(text)
            expect((found, complaints) == (expected, ""), name, "with", dress, complaints,
                   set(found) ^ set(expected))


def check_mixed(logs):
    """Two tests of `ctest -V -j2', and two processes of valgrind, line by line."""
    pairs = {
        "ctest": ("threads clang-14", "memory gcc-12", "{}: "),
        "valgrind": ("helgrind", "memcheck", ""),
    }
    for how, (one, other, number) in pairs.items():
        lines = []
        both = [logs[one].split("\n"), logs[other].split("\n")]
        for i in range(max(map(len, both))):
            lines += [number.format(j + 1) + text[i] for j, text in enumerate(both)
                      if i < len(text)]
        head = "    Start 1: threads.all\n    Start 2: memory.all\n" if how == "ctest" else ""
        found, complaints = identities_of(head + "\n".join(lines))
        expected = sorted(identities_of(logs[one])[0] + identities_of(logs[other])[0])
        expect((found, complaints) == (expected, ""), how, "mixed", complaints,
               set(found) ^ set(expected))


HEAD = re.compile(r"WARNING: ThreadSanitizer|ERROR: AddressSanitizer|runtime error: |ect leak of |"
                  r"Possible data race|lock order \"|Thread #\d+(: | unlocked |'s call )")


def check_cut(logs):
    """Cut off behind each line: what began is there, what ended is whole, the rest is said."""
    for name in ("half cut", "memory cut", "helgrind cut"):
        with tempfile.TemporaryDirectory() as folder:
            lines = logs[name].split("\n")
            for end in range(1, len(lines)):
                path = pathlib.Path(folder) / f"cut.{end}"
                path.write_text("\n".join(lines[:end]) + "\n")
            findings, complaints = report(folder)
        heads = [number for number, line in enumerate(lines, 1) if HEAD.search(line)]
        seen = {}
        for finding in findings:
            for sighting in finding["seen_in"]:
                file, line = re.search(r"cut\.(\d+):(\d+)$", sighting["where"]).groups()
                seen.setdefault(int(file), {})[int(line)] = finding["identity"]
        whole = seen[len(lines) - 1]
        for end in range(1, len(lines)):
            begun = {head for head in heads if head <= end}
            got = set(seen.get(end, {}))
            expect(begun <= got | {end}, f"{name}: lost in the first {end} lines: {begun - got}")
            for head in sorted(begun)[:-1]:
                expect(seen[end].get(head) == whole[head],
                       f"{name}: the report of line {head} is another one, cut off at {end}")
        last = heads[-1]
        for end in range(last + 1, len(lines) - 6):
            expect(f"cut.{end}:" in complaints or f"cut.{end}:" not in str(findings),
                   f"{name}: no complaint though cut off behind line {end}")


def check_gaps(logs):
    """A line that is missing from a stack is noticed, and the report is there nevertheless."""
    text = logs["half cut"]
    whole, _ = read(text)
    # All of one stack, and the top of another.
    for function in ("set_locked", "half_locked"):
        line = next(line for line in text.split("\n") if re.match(f" +#0 {function}", line))
        found, complaints = read(text.replace(line + "\n", "", 1))
        expect(len(found) == len(whole) and "not whole" in complaints, "a gap", function)
    behind = text[text.index("  Previous"):]
    found, complaints = read(behind)
    expect(len(found) >= 1 and "belong to no report" in complaints, "a beginning lost", complaints)


def check_files(logs):
    """A set of log_path, a folder, and what holds nothing."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for number, compiler in enumerate(COMPILERS):
            (folder / f"tsan log.{100 + number}").write_text(logs[f"threads {compiler}"])
        (folder / "tsan log.note").write_text("no number")
        found, complaints = report(folder / "tsan log")
        expect({one["seen"] for one in found} >= {3} and complaints == "", "a set", complaints)
        searched, _ = report(folder)
        expect(len(searched) == len(found), "a folder is searched")
        (folder / "clean.log").write_text("all is well\n")
        found, complaints = report(folder / "clean.log")
        expect(found == [] and "clean.log: neither" in complaints, "nothing known", complaints)
        (folder / "bytes").write_bytes(bytes(range(256)) * 64)
        found, complaints = report(folder / "bytes")
        expect(found == [] and "bytes: neither" in complaints, "bytes", complaints)
        _, complaints = report(folder / "missing")
        expect("missing: No such file" in complaints, complaints)


def check_ctest():
    """Whose test it was: in LastTest.log, and in what `ctest -T memcheck' leaves."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        line = "-" * 58
        shown = "".join(
            f"{number}/2 Testing: {test}\n{number}/2 Test: {test}\n"
            f"Command: \"/usr/bin/env\" \"log_path='{folder}/MemoryChecker.{number}.log'\"\n"
            f"Output:\n{line}\n%s<end of output>\n{line}\n"
            for number, test in enumerate(("threads.half", "threads.single"), 1))
        half, single = (run_program("raw_threads.clang-19", [mistake])
                        for mistake in ("half_locked", "single_inversion"))
        (folder / "LastTest.log").write_text(shown % (half, single))
        found, _ = report(folder / "LastTest.log")
        expect([one["test"] for one in found] == ["threads.half", "threads.single"],
               [one["test"] for one in found])
        (folder / "LastTest.log").unlink()
        (folder / "LastDynamicAnalysis_20260101-0000.log").write_text(shown % ("", ""))
        (folder / "MemoryChecker.1.log").write_text(half)
        (folder / "MemoryChecker.2.log").write_text(single)
        found, _ = report(folder)
        expect([one["test"] for one in found] == ["threads.half", "threads.single"],
               [one["test"] for one in found])
        expect(found[0]["seen_in"][0].get("test") == "threads.half", found[0]["seen_in"])


# ---- What others' logs look like ----------------------------------------------------------------

SHAPES = {
    # C++: a virtual table, parameters with spaces, a header of the library on top.
    "vptr": ("""==================
WARNING: ThreadSanitizer: data race on vptr (ctor/dtor vs virtual call) (pid=7)
  Write of size 8 at 0x7b0400000000 by main thread:
    #0 base::~base() shapes.cc:12:3 (shapes+0x11)

  Previous read of size 8 at 0x7b0400000000 by thread T1:
    #0 std::unique_ptr<base>::get() const /usr/include/c++/12/bits/unique_ptr.h:4:1 (shapes+0x12)
    #1 call(base*, (anonymous namespace)::kind) shapes.cc:20:9 (shapes+0x13)
==================
""", ("data-race", "virtual table pointer", [("base::~base()", 12),
                                             ("call(base*, (anonymous namespace)::kind)", 20)])),
    # macOS: a module has its machine; no summary, and the process has no number.
    "mac": ("""WARNING: ThreadSanitizer: data race
  Read of size 4 at 0x00016dd4b7d0 by thread T15 (mutexes: write M0, read M3):
    #0 first_running runner.c:569 (runner-test:arm64+0x1000920e0)

  Previous atomic write of size 4 at 0x00016dd4b7d0 by thread T7:
    #0 run_case runner.c:534 (runner-test:arm64+0x1000917f0)
==================
""", ("data-race", None, [("first_running", 569), ("run_case", 534)])),
    # Only the end is there, of two: a summary is a report.
    "summary": ("""SUMMARY: ThreadSanitizer: data race /far/away/pool.c:31:5 in drain
SUMMARY: AddressSanitizer: heap-use-after-free pool.c:44 in refill(pool*)
""", ("data-race", None, [("drain", 31)])),
    # The sanitizer itself gives up, in the midst of a line of the program.
    "check": ("""loading 12%ThreadSanitizer: CHECK failed: tsan_rtl.cpp:1 "((0)) != (0)" (0x0, 0x0)
    #0 __tsan::CheckUnwind() <null> (app+0x1)
    #1 load app.c:9:2 (app+0x2)
""", ("failure", "of the sanitizer", [("load", 9)])),
    "fatal": ("""FATAL: ThreadSanitizer: unexpected memory mapping 0x5581b3c5e000-0x5581b3ca0000
""", ("failure", "of the sanitizer", [("?", 0)])),
    # A value that nobody wrote, under another sibling.
    "memory": ("""==7==WARNING: MemorySanitizer: use-of-uninitialized-value
    #0 0x4a2b3c in parse /src/my code/parse header.c:31:7
    #1 0x4a2b3d in main /src/my code/main.c:5:1

SUMMARY: MemorySanitizer: use-of-uninitialized-value /src/my code/parse header.c:31:7 in parse
""", ("uninitialized", None, [("parse", 31)])),
    # helgrind's history is short: it does not know the other access.
    "approximate": ("""==31== Thread #4: pthread_cond_{signal,broadcast}: dubious: \
associated lock is not held by any thread
==31==    at 0x4C: pthread_cond_signal_WRK (hg_intercepts.c:1568)
==31==    by 0x40: wake (waker.c:77)
==31==
==31== ----------------------------------------------------------------
""", ("misuse", "lock not held", [("wake", 77)])),
}


def check_shapes():
    for name, (text, (kind, what, where)) in SHAPES.items():
        found, complaints = read(text)
        one = next((one for one in found if one["kind"] == kind), None)
        expect(one is not None, name, "is not found", complaints)
        if one is not None:
            expect((one["class"], places(one)) == (what, sorted(where)), name, one["class"],
                   places(one))
        expect(complaints == "" or name in ("summary", "check"), name, complaints)
    found, _ = read(SHAPES["summary"][0])
    expect(sorted(one["kind"] for one in found) == ["data-race", "use-after-free"], "summaries")
    found, _ = read(SHAPES["mac"][0])
    expect([lock["whereabouts"] for lock in found[0]["places"][0]["locks"]] ==
           [None, "for reading"], "how locks are held")


def main():
    logs = run_all()
    logs["half cut"] = run_program("raw_threads.clang-19", ["half_locked", "inversion"])
    logs["memory cut"] = run_program("raw_blocks.gcc-12", ["heap_overflow", "leak", "shift"])
    logs["helgrind cut"] = logs["helgrind"]
    check_real(logs)
    check_details(logs)
    check_unsymbolized(logs)
    check_dressed(logs)
    check_mixed(logs)
    check_cut(logs)
    check_gaps(logs)
    check_files(logs)
    check_ctest()
    check_shapes()
    for fault in faults[:40]:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
