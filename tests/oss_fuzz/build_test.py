#!/usr/bin/env python3
"""Builds the fuzz targets as a cluster does, and checks what it would find in $OUT.

    build_test.py <configuration> <work folder> [program...]

A program holds one target, or many, which it tells apart by the name it is started by. Without a
program named, all are built, as on a cluster. Each program is checked as a whole, each target for
what is its own.

Exit: 0 all is as the contract asks; 1 something is not, each on a line; 2 usage.
"""

import configparser
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import zipfile

TOP = pathlib.Path(__file__).resolve().parent.parent.parent

# The environment of the contract's build image, but for the number of clang.
BASE = ("-O1 -fno-omit-frame-pointer -gline-tables-only -Wno-error=int-conversion "
        "-DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION ")
FEEDBACK = " -fsanitize=fuzzer-no-link"
ADDRESS = "-fsanitize=address -fsanitize-address-use-after-scope"
FATAL = ("bool,array-bounds,float-divide-by-zero,function,integer-divide-by-zero,return,shift,"
         "signed-integer-overflow,vla-bound")
UNDEFINED = f"-fsanitize={FATAL},unsigned-integer-overflow -fno-sanitize-recover={FATAL}"
COVERAGE = ("-fprofile-instr-generate -fcoverage-mapping -pthread -Wl,--no-as-needed -Wl,-ldl "
            "-Wl,-lm -Wno-unused-command-line-argument")
LIBFUZZER = {"FUZZING_ENGINE": "libfuzzer", "LIB_FUZZING_ENGINE": "-fsanitize=fuzzer"}
AFL = {"FUZZING_ENGINE": "afl", "LIB_FUZZING_ENGINE": "/usr/lib/afl/libAFLDriver.a",
       "CC": "afl-clang-fast", "CXX": "afl-clang-fast++", "AFL_QUIET": "1",
       "ASAN_OPTIONS": "detect_leaks=0:symbolize=0:detect_odr_violation=0:abort_on_error=1"}
CONFIGURATIONS = {
    "address": {**LIBFUZZER, "SANITIZER": "address", "CFLAGS": BASE + ADDRESS + FEEDBACK},
    "undefined": {**LIBFUZZER, "SANITIZER": "undefined", "CFLAGS": BASE + UNDEFINED + FEEDBACK},
    "coverage": {**LIBFUZZER, "SANITIZER": "coverage", "CFLAGS": BASE + COVERAGE},
    "afl": {**AFL, "SANITIZER": "address", "CFLAGS": BASE + ADDRESS},
}

# The environment in which a cluster runs the targets.
RUN = {
    "ASAN_OPTIONS": "alloc_dealloc_mismatch=0:allocator_may_return_null=1:detect_leaks=1:"
                    "detect_odr_violation=0:detect_stack_use_after_return=1:handle_abort=1:"
                    "handle_segv=1:handle_sigill=1:max_uar_stack_size_log=16:"
                    "quarantine_size_mb=10:use_sigaltstack=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:print_summary=1:silence_unsigned_overflow=1",
}
AFL_RUN = {"AFL_NO_UI": "1", "AFL_SKIP_CPUFREQ": "1", "AFL_NO_AFFINITY": "1",
           "AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES": "1", "AFL_FORKSRV_INIT_TMOUT": "30000"}

# Calls into the sanitizers' runtimes, at least and at most, by which a cluster tells builds apart.
CALLS = {
    ("libfuzzer", "address"): {"__asan": (1000, None), "__ubsan": (0, 200)},
    ("libfuzzer", "undefined"): {"__asan": (0, 0), "__ubsan": (200, None)},
    ("libfuzzer", "coverage"): {"__asan": (0, 0), "__ubsan": (0, 200)},
    ("afl", "address"): {"__asan": (1000, None), "__ubsan": (0, 200)},
}
EDGES_MIN = 100

# What any image has, because its package manager needs it.
LIBRARIES = {"libc.so.6", "libm.so.6", "libpthread.so.0", "libdl.so.2", "librt.so.1",
             "libresolv.so.2", "libgcc_s.so.1", "libstdc++.so.6", "ld-linux-x86-64.so.2"}


class Failure(Exception):
    """What is not as the contract asks."""


def require(condition, what):
    if not condition:
        raise Failure(what)


def run(command, environment, cwd, seconds=300):
    """The exit code and the output of a command that sees nothing but this environment."""
    seen = {key: os.environ[key] for key in ("PATH", "HOME", "CCACHE_DIR") if key in os.environ}
    done = subprocess.run([str(word) for word in command], env={**seen, **environment}, cwd=cwd,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=seconds,
                          check=False)
    return done.returncode, done.stdout.decode(errors="replace")


def copy_tree(destination):
    """The files of the tree, with their times: what has not changed is not built again."""
    shutil.rmtree(destination, ignore_errors=True)
    listing = subprocess.run(["git", "-C", TOP, "ls-files", "-z", "--cached", "--others",
                              "--exclude-standard"], capture_output=True, check=True).stdout
    for name in filter(None, listing.decode().split("\0")):
        source, copy = TOP / name, destination / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, copy)


def build(environment, work, programs):
    """Runs build.sh as the build image does; returns $OUT, moved to where it was not built."""
    folders = {name: work / name.lower() for name in ("SRC", "WORK", "OUT")}
    moved = work / "not-out"
    for folder in (folders["OUT"], moved):
        shutil.rmtree(folder, ignore_errors=True)
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    copy_tree(folders["SRC"] / "heddle")
    shutil.copy2(TOP / ".clusterfuzzlite" / "build.sh", folders["SRC"] / "build.sh")
    contract = {"CC": "clang-19", "CXX": "clang++-19", "ARCHITECTURE": "x86_64",
                "FUZZING_LANGUAGE": "c", "CXXFLAGS": environment["CFLAGS"], **environment}
    contract.update({name: str(folder) for name, folder in folders.items()})
    code, output = run(["bash", "-eux", folders["SRC"] / "build.sh", *programs], contract,
                       folders["SRC"] / "heddle", 1200)
    require(code == 0, f"build.sh exits with {code}:\n{output[-4000:]}")
    folders["OUT"].rename(moved)
    return moved


def find_targets(out):
    """The rule by which a cluster finds targets: name, permission, and a string inside."""
    return sorted(
        path for path in out.iterdir()
        if path.is_file() and re.fullmatch("[a-zA-Z0-9_-]+", path.name)
        and os.access(path, os.X_OK) and b"LLVMFuzzerTestOneInput" in path.read_bytes())


def check_names(out, targets, programs, sanitizer):
    names = {target.name for target in targets}
    expected = {"queue_ops_fuzz"}
    if not programs and sanitizer != "coverage":
        expected |= {"lost_update-fixed", "gate_locked_ab_ba", "operations_lock"}
    require(expected <= names, f"missing among the targets: {expected - names}")
    daily = {"canary_fuzz", "heddle_fuzz", "lost_update"} & names
    require(not daily, f"these would be reported every day: {daily}")
    wanted = names | {name + ending for name in names
                      for ending in ("_seed_corpus.zip", ".options")}
    found = {path.name for path in out.iterdir()} - {"lib"}
    require(found == wanted, f"missing: {wanted - found}; too much: {found - wanted}")


def check_seeds(target, seeds):
    """Unpacks the seeds, and returns how many there are."""
    with zipfile.ZipFile(f"{target}_seed_corpus.zip") as archive:
        require(archive.testzip() is None, f"{target.name}: the archive of seeds is broken")
        archive.extractall(seeds)
    files = [path for path in seeds.rglob("*") if path.is_file()]
    require(files, f"{target.name}: the archive of seeds is empty")
    require(all(path.parent == seeds for path in files), f"{target.name}: seeds lie in folders")
    return len(files)


def read_options(target):
    """The flags of libFuzzer in <target>.options."""
    parser = configparser.ConfigParser()
    parser.read(f"{target}.options", encoding="utf-8")
    unknown = set(parser.sections()) - {"libfuzzer", "asan", "ubsan"}
    require(not unknown, f"{target.name}.options: there is no section {unknown}")
    require("libfuzzer" in parser, f"{target.name}.options: there is no section libfuzzer")
    return {name: int(value) for name, value in parser["libfuzzer"].items()}


def check_libraries(target):
    """What is loaded at the start is in any image, or in $OUT/lib."""
    _, output = run(["readelf", "-d", target], {}, target.parent)
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", output))
    carried = {path.name for path in target.parent.glob("lib/*")}
    missing = needed - LIBRARIES - carried
    require(not missing, f"{target.name} needs {missing}, which no other image has")
    if needed & carried:
        require("$ORIGIN/lib" in output, f"{target.name} does not look into $ORIGIN/lib")


def check_sanitizer(target, engine, sanitizer):
    _, code = run(["objdump", "-dC", target], {}, target.parent)
    for name, (least, most) in CALLS[engine, sanitizer].items():
        count = len(re.findall(rf"callq?\s+[0-9a-f]+\s+<{name}", code))
        require(count >= least and (most is None or count <= most),
                f"{target.name}: {count} calls of {name}*, wanted {least} to {most}")


def check_libfuzzer(target, seeds, sanitizer):
    """As bad_build_check does: starts, is instrumented, and finds nothing in its seeds."""
    options = read_options(target)
    flags = [f"-{name}={value}" for name, value in options.items()]
    flags += ["-seed=1337", "-rss_limit_mb=2560"]
    code, output = run([target, *flags, "-runs=4"], RUN, target.parent)
    require(code == 0 and "Done 4 runs" in output, f"{target.name} does not start:\n{output}")
    require("unrecognized flag" not in output, f"{target.name}.options:\n{output}")
    if sanitizer != "coverage":
        edges = re.search(r"INFO: Loaded \d+ module.*\(\s*(\d+) inline 8-bit counters\)", output)
        require(edges and int(edges[1]) >= EDGES_MIN, f"{target.name} is not instrumented")
    count = check_seeds(target, seeds)
    code, output = run([target, *flags, "-runs=0", seeds], RUN, target.parent)
    require(code == 0, f"{target.name} fails on its seeds:\n{output}")
    require(re.search(rf"seed corpus: files: {count}\b", output), f"{target.name}: {output}")


def check_afl(target, seeds, _):
    """AFL++'s driver runs an input."""
    read_options(target)
    check_seeds(target, seeds)
    code, output = run([target, min(seeds.iterdir())], RUN, target.parent)
    require(code == 0 and "Execution successful" in output, f"{target.name}:\n{output}")


def check_afl_fuzz(target, seeds):
    """As bad_build_check does: AFL++ itself drives it."""
    found = seeds.parent / "afl"
    command = ["afl-fuzz", "-V", "2", "-m", "none", "-i", seeds, "-o", found, "--", target]
    code, output = run(command, AFL_RUN, target.parent)
    require("All set and ready to roll" in output, f"{target.name}: afl-fuzz:\n{output}")
    require(" 0 crashes saved" in output, f"{target.name}: afl-fuzz finds a crash:\n{output}")


def check_target(target, environment, work, is_first):
    """All that is the target's own; what is its program's, for the first of each program."""
    engine, sanitizer = environment["FUZZING_ENGINE"], environment["SANITIZER"]
    shutil.rmtree(work, ignore_errors=True)
    seeds = work / "seeds"
    seeds.mkdir(parents=True)
    {"libfuzzer": check_libfuzzer, "afl": check_afl}[engine](target, seeds, sanitizer)
    if is_first:
        check_libraries(target)
        check_sanitizer(target, engine, sanitizer)
        if engine == "afl":
            check_afl_fuzz(target, seeds)


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in CONFIGURATIONS:
        print(__doc__, file=sys.stderr)
        return 2
    environment, programs = CONFIGURATIONS[arguments[0]], arguments[2:]
    work = pathlib.Path(arguments[1]).resolve()
    seen = set()
    try:
        out = build(environment, work, programs)
        targets = find_targets(out)
        check_names(out, targets, programs, environment["SANITIZER"])
        for target in targets:
            program = hashlib.sha256(target.read_bytes()).digest()
            check_target(target, environment, work / "run", program not in seen)
            seen.add(program)
    except Failure as failure:
        print(f"FAILED: {failure}")
        print(f"reproduce: {sys.argv[0]} {' '.join(arguments)}")
        return 1
    print(f"{len(targets)} targets of {len(seen)} programs are as a cluster wants them")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
