#!/usr/bin/env python3
"""Runs every command of docs/CI.md, in its order, on a small project against the installed copy.

    ci_document.py <stage> <compiler> <work folder>

Where Heddle is a folder of the project, the installed copy stands in for it, and for the prefix
that the document names. A program with a race, which knows nothing of Heddle, is one of the
project's tests.

SPDX-License-Identifier: MIT
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
STAGE, COMPILER, WORK = map(os.path.abspath, sys.argv[1:4])
PROJECT = pathlib.Path(WORK) / "project"
DOCUMENT = (TOP / "docs/CI.md").read_text(encoding="utf-8")
MINE = (TOP / "tests/readme/mine.c").read_text(encoding="utf-8")
CMAKE = """\
cmake_minimum_required(VERSION 3.25)
project(mine C CXX)
enable_testing()
{heddle}
heddle_add_scenarios(my_scenarios SOURCES mine.c)
add_executable(racy racy.c)
target_compile_options(racy PRIVATE -fsanitize=thread -g)
target_link_options(racy PRIVATE -fsanitize=thread)
add_test(NAME racy COMMAND racy)
"""
STAND_IN = """\
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL TRUE)
find_package(heddle REQUIRED)
"""
RACY = """\
#include <pthread.h>
static int counter;
static void *increment(void *unused) { counter++; return unused; }
int main(void)
{
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, increment, NULL);
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    return 0;
}
"""
RACE = "data-race:mine:*"


def fail(what):
    sys.exit(f"install.ci: {what}\nreproduce: ctest --preset explore -R '^install'")


def need(condition, what):
    if not condition:
        fail(what)


def section(title):
    found = re.search(rf"\n## {title}\n(.*?)(?=\n## |\Z)", DOCUMENT, re.DOTALL)
    return found[1] if found else fail(f"docs/CI.md has no section {title}")


def blocks(title, kind):
    return re.findall(rf"```{kind}\n(.*?)```", section(title), re.DOTALL)


def indented(text):
    """Runs of indented lines, each as one text."""
    return re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)


def run(script, code=0):
    """In the project, as CI does: the first command that fails ends it."""
    script = script.replace("/opt/heddle", STAGE).replace("CC=clang-19 CXX=clang++-19 ", "")
    compiler = pathlib.Path(COMPILER)
    plus = compiler.with_name(compiler.name.replace("clang", "clang++"))
    environment = {**os.environ, "CC": COMPILER, "CXX": str(plus), "CMAKE_PREFIX_PATH": STAGE,
                   "GITHUB_STEP_SUMMARY": str(PROJECT / "page.md")}
    done = subprocess.run(["bash", "-e", "-c", script], cwd=PROJECT, env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    need(done.returncode == code, f"exit {done.returncode}, not {code}: {script}\n{done.stdout}")
    return done.stdout


def write(name, text):
    path = PROJECT / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def begin(heddle):
    """The project anew, but for what is built of Heddle's stand-in."""
    write("CMakeLists.txt", CMAKE.format(heddle=heddle))
    write("mine.c", MINE)
    write("racy.c", RACY)
    write("third_party/heddle/CMakeLists.txt", STAND_IN)


def statuses():
    text = (PROJECT / "build/report/findings.json").read_text(encoding="utf-8")
    return sorted((one["status"], one["program"]) for one in json.loads(text)["findings"])


def check_reports():
    """What the first table names is there."""
    names = re.findall(r"`([^`]+)`", "".join(re.findall(r"^\| (`.*?) \|", DOCUMENT, re.MULTILINE)))
    need(len(names) > 6, f"the table of files names {names}")
    for name in names:
        if "." in name:
            need((PROJECT / "build/report" / name).exists(), f"there is no build/report/{name}")


def try_github():
    workflow = yaml.safe_load(blocks("GitHub", "yaml")[0])
    known = re.findall(r"^(\S+) ", (TOP / "ci/packages").read_text(encoding="utf-8"), re.MULTILINE)
    cmake = indented(section("GitHub"))[0].replace("    ", "")
    begin(cmake.replace("heddle_add_scenarios(my_scenarios SOURCES mine.c)\n", ""))
    ours = yaml.safe_load((TOP / ".github/workflows/heddle.yml").read_text(encoding="utf-8"))
    actions = {step.get("uses") for job in ours["jobs"].values() for step in job["steps"]}
    for step in workflow["jobs"]["heddle"]["steps"]:
        if step.get("name") == "Packages":
            wanted = set(re.sub(r"(?s).*recommends |\\\n", "", step["run"]).split())
            wanted -= {"ca-certificates", "libc6-dev", *known}
            need(not wanted, f"not in ci/packages: {wanted}")
        elif "run" in step:
            run(step["run"])
        else:
            need(step["uses"] in actions, f"{step['uses']} is none of our own actions")
            for path in (step["with"].get("sarif_file"), step["with"].get("path")):
                need(path is None or (PROJECT / path).exists(), f"there is no {path} to upload")
    need((PROJECT / "page.md").stat().st_size > 0, "there is no page of the job")
    check_reports()
    need(statuses() == [("owed", "mine")], f"found: {statuses()}")


def try_first_lines():
    write("known.txt", "")
    for line in indented(DOCUMENT.partition("\n## ")[0])[0].splitlines():
        run(line.strip())


def try_gitlab():
    begin("find_package(heddle REQUIRED)")
    shutil.rmtree(PROJECT / "build/report")
    job = yaml.safe_load(blocks("GitLab", "yaml")[0])["heddle"]
    for line in job["script"] + job["after_script"]:
        run(line)
    for path in [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]:
        need((PROJECT / path).exists(), f"there is no {path} to keep")


def known_line():
    return (PROJECT / "known.txt").read_text().splitlines()[-1]


def try_baseline():
    """Of a program that should be clean and is not."""
    write("mine.c", MINE.replace("HD_DATA_RACE", "HD_CLEAN"))
    run("cmake --build build && rm -rf build/records")
    (PROJECT / "known.txt").unlink()
    update, check = blocks("What is known already", "sh")
    verify, update = update.splitlines()
    run(verify, code=1)
    need("1 added" in run(update), "nothing is added to known.txt")
    for text in (indented(section("What is known already"))[0].strip(), known_line()):
        need(re.fullmatch(r"\w{16}  data-race: mine: .*mine.c:\d+  ~\w{16}", text),
             f"no line of a baseline is as the document says: {text}")
    run(check)
    write("known.txt", "# nothing any more\n")
    output = run(check, code=1)
    need("replay: build/my_scenarios replay mine --schedule=" in output, f"no replay: {output}")
    _, suppression = indented(section("What is known already"))
    need(suppression.strip().startswith(RACE), "the suppression is of another program")
    write("suppressed.txt", suppression)
    run(check.rstrip() + " --suppressions=suppressed.txt\n")
    write("known.txt", RACE + "\n")
    run("build/my_scenarios report build/records --output=build/report --baseline=known.txt")
    need(statuses() == [("known", "mine")], f"found: {statuses()}")
    write("known.txt", RACE + "\ngone\n")
    need("known.txt:2: stale" in run(update), "a stale line is not named")
    run(update + " --prune")
    need((PROJECT / "known.txt").read_text() == RACE + "\n", "--prune did not remove it")


def try_logs():
    of_files, of_ctest = blocks("Logs of sanitizers", "sh")
    check = next(line for line in of_files.splitlines() if "baseline check" in line).strip()
    write("known.txt", "")
    run(of_files, code=1)
    need([status for status, _ in statuses()] == ["new"], f"found in logs: {statuses()}")
    write("known.txt", "data-race:*increment*racy.c*\n")
    run(check)
    run("ctest --test-dir build -R racy || true")
    run(of_ctest)
    need(statuses() != [], "CTest's log shows nothing")


def main():
    shutil.rmtree(WORK, ignore_errors=True)
    PROJECT.mkdir(parents=True)
    try_github()
    try_first_lines()
    try_gitlab()
    try_baseline()
    try_logs()
    print("every command of docs/CI.md does what it says")


if __name__ == "__main__":
    main()
