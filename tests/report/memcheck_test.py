"""Does `ctest -T memcheck' carry a race to CDash, and does `heddle report' read the logs it leaves?

A project with the modules of this one, in flavour tsan, has a test that races twice and one that
does not. DynamicAnalysis.xml is what CTest sends to CDash: it must have both races of the first.

    CC=clang memcheck_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import base64
import json
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree
import zlib

MODULES = pathlib.Path(__file__).resolve().parents[2] / "cmake"

DEFECTS = 16  # ctest's exit code for them

PROJECT = f"""
cmake_minimum_required(VERSION 3.25)
project(planted LANGUAGES C)
set(HEDDLE_FLAVOUR tsan)
enable_testing()
include({MODULES}/flavour.cmake)
include({MODULES}/memcheck.cmake)
find_package(Threads REQUIRED)
add_executable(planted planted.c)
target_link_libraries(planted PRIVATE hd_instrumented Threads::Threads)
add_test(NAME races COMMAND planted races)
add_test(NAME orders COMMAND planted)
"""

# Two races, one after the other, and the same with a lock.
PROGRAM = """
#include <pthread.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long counters[16]; /* ThreadSanitizer keeps books on 8 bytes at a time */
static int races;
static void *count(void *unused)
{
    if (!races) (void)pthread_mutex_lock(&lock);
    counters[0]++; /* line 9 */
    counters[8]++; /* line 10 */
    if (!races) (void)pthread_mutex_unlock(&lock);
    return unused;
}
int main(int argc, char **argv)
{
    pthread_t thread;
    (void)argv;
    races = argc > 1;
    (void)pthread_create(&thread, NULL, count, NULL);
    (void)count(NULL);
    (void)pthread_join(thread, NULL);
    return 0;
}
"""


def run(*command, expected=(0,)):
    done = subprocess.run(command, text=True, capture_output=True, check=False)
    if done.returncode not in expected:
        sys.exit(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stdout[-3000:]}"
                 f"{done.stderr[-3000:]}")
    return done


def check_for_cdash(build):
    """DynamicAnalysis.xml: a test with its defects by kind and the whole log."""
    (path,) = build.glob("Testing/*/DynamicAnalysis.xml")
    analysis = xml.etree.ElementTree.parse(path).getroot().find("DynamicAnalysis")
    if analysis.get("Checker") != "ThreadSanitizer":
        yield f"the checker is {analysis.get('Checker')}"
    listed = {test.text.split("/")[-1] for test in analysis.find("TestList")}
    if listed != {"races", "orders"}:
        yield f"the tests are {listed}"
    found = {test.findtext("Name"): test for test in analysis.findall("Test")}
    if set(found) != {"races"}:
        yield f"defects in {set(found)}"
        return
    defects = {node.get("type"): int(node.text) for node in found["races"].find("Results")}
    if defects != {"data race": 2}:
        yield f"the defects are {defects}"
    log = zlib.decompress(base64.b64decode(found["races"].findtext("Log"))).decode()
    for part in ("planted.c:9", "planted.c:10", "Previous write of size 8"):
        if part not in log:
            yield f"no `{part}' in the log"


def check_for_report(heddle, build, folder):
    run(heddle, "report", build / "Testing" / "Temporary", "--root", build.parent, "--format",
        "json", "--output", folder)
    findings = json.loads((folder / "findings.json").read_text())["findings"]
    found = sorted((finding["kind"], pathlib.Path(finding["file"]).name, finding["line"])
                   for finding in findings)
    if found != [("data-race", "planted.c", 9), ("data-race", "planted.c", 10)]:
        yield f"heddle report finds {found}"


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        build = root / "build"
        (root / "CMakeLists.txt").write_text(PROJECT)
        (root / "planted.c").write_text(PROGRAM)
        run("cmake", "-G", "Ninja", "-S", root, "-B", build)
        run("cmake", "--build", build)
        run("ctest", "--test-dir", build, "-T", "memcheck", expected=(DEFECTS,))
        found = [*check_for_cdash(build), *check_for_report(heddle, build, root / "report")]
    sys.exit("\n".join(found) or None)


if __name__ == "__main__":
    main()
