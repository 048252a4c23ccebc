#!/usr/bin/env python3
"""What GitHub and GitLab are told to run is there, and nothing that CI finds is lost.

Nothing here can run their pipelines. So the files are read as they are read there: presets,
commands and their options, targets and reports that they name exist; all presets are tested;
reports are kept also of what failed. Each check is seen to fail on files broken on purpose.

SPDX-License-Identifier: MIT
"""

import functools
import json
import pathlib
import re
import shlex
import subprocess
import sys

import yaml

TOP = pathlib.Path(__file__).resolve().parents[2]
GITHUB = ".github/workflows/heddle.yml"
GITLAB = ".gitlab-ci.yml"
# The majors that run on what GitHub's machines have.
ACTIONS = {
    "actions/checkout@v6", "actions/cache@v5", "actions/cache/restore@v5", "actions/cache/save@v5",
    "actions/upload-artifact@v7", "github/codeql-action/upload-sarif@v4",
}
LEFT_OUT = {"dev-gcc"}
MATRIX = r"\$\{\{ matrix\.preset \}\}|\$PRESET"
# What somebody else writes: CMake, CTest and fuzz/campaign.
WRITTEN = {
    "logs", "ctest/*.xml", "findings", "report", "summary.*", "events.log", "overnight", "ccache",
    "hunt", "test",
}


class Broken(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Broken(what)


@functools.cache
def presets(kind):
    all_presets = json.loads((TOP / "CMakePresets.json").read_text(encoding="utf-8"))[kind]
    return {preset["name"] for preset in all_presets if not preset.get("hidden")}


@functools.cache
def formats():
    """The files that `heddle report' writes."""
    sources = (TOP / "ci/report/formats").glob("*.c")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    return set(re.findall(r'\.writes = "([^"]+)"', text))


@functools.cache
def help_of(command):
    done = subprocess.run([TOP / "ci/run", command, "--help"], capture_output=True, text=True,
                          check=False)
    need(done.returncode == 0, f"there is no command ci/run {command}")
    return done.stdout


def check_command(words):
    """One of ours, or a build of a preset with a target that there is."""
    if words[0] == "ci/run":
        usage = help_of(words[1])
        for option in (word for word in words[2:] if word.startswith("--")):
            need(re.search(rf"{option}\b", usage), f"ci/run {words[1]} has no option {option}")
    if "--preset" in words:
        preset = words[words.index("--preset") + 1]
        need(re.fullmatch(MATRIX, preset) or preset in presets("configurePresets"),
             f"there is no preset {preset}")
    if "--target" in words:
        target = words[words.index("--target") + 1]
        files = (TOP / "fuzz/CMakeLists.txt").read_text(encoding="utf-8")
        need(f"add_custom_target({target}" in files, f"there is no target {target}")
    for word in words:
        name = re.match(r"-D([A-Z_]+)=", word)
        files = (TOP / "fuzz/CMakeLists.txt").read_text(encoding="utf-8")
        need(not name or name[1] in files, f"nothing asks for {word}")


def check_script(text):
    """Is shell, and every command of ours in it is one."""
    done = subprocess.run(["bash", "-n"], input=text, capture_output=True, text=True, check=False)
    need(done.returncode == 0, f"is no shell: {text}\n{done.stderr}")
    for line in text.splitlines():
        line = re.sub(MATRIX, "$PRESET", line)
        if re.match(r"ci/run|cmake ", line):
            check_command(shlex.split(line))


def check_matrix(given):
    wanted = presets("testPresets") - {name for name in presets("testPresets") if "-soak" in name}
    need(len(given) == len(set(given)), "a preset is tested twice")
    need(set(given) == wanted - LEFT_OUT, f"presets: {set(given) ^ (wanted - LEFT_OUT)}")


def check_path(path):
    """What is kept is what something writes."""
    need(path.startswith(("build/", ".cache/")), f"{path} is not where anything is written")
    last = "/".join(path.split("/")[-2:]) if "ctest/" in path else path.rsplit("/", 1)[-1]
    need(last in formats() | WRITTEN, f"nothing writes {path}")


# ---- GitHub --------------------------------------------------------------------------------------


def check_step(step, job):
    condition = step.get("if", "")
    uses, given = step.get("uses", ""), step.get("with", {})
    need(("uses" in step) != ("run" in step), f"runs and uses nothing, or both: {step}")
    need(not uses or uses in ACTIONS, f"{uses} is no action that is known")
    if "upload" in uses or "/save" in uses:
        need("always()" in condition, f"{uses} is left out when something failed")
    if "upload-sarif" in uses:
        need(job["permissions"].get("security-events") == "write", "may not write alerts")
        check_path(given["sarif_file"])
        need(given["sarif_file"] in condition, f"fails where there is no {given['sarif_file']}")
    if "cache" in uses or "upload-artifact" in uses:
        for path in given["path"].split():
            check_path(path)
    if "run" in step:
        check_script(re.sub(r"\$\{\{ [a-z.]+ \}\}", "$PRESET", step["run"]))


def check_github(text):
    file = yaml.safe_load(text)
    triggers = file[True]  # what YAML makes of `on'
    for when in triggers["schedule"]:
        need(len(when["cron"].split()) == 5, f"is no time: {when}")
    need({"push", "pull_request", "schedule"} <= set(triggers), "does not always run")
    need(file["permissions"] == {"contents": "read"}, "may do more than it needs")
    for job in file["jobs"].values():
        need("seccomp=unconfined" in job["container"]["options"], "sanitizers cannot work")
        need(job["timeout-minutes"] <= 360, "GitHub ends a job after six hours")
        names = [step["uses"].split("@")[0] for step in job["steps"] if "uses" in step]
        need({"actions/checkout", "actions/upload-artifact", "github/codeql-action/upload-sarif"}
             <= set(names), "a job checks nothing out, or keeps nothing")
        for step in job["steps"]:
            check_step(step, job)
    test = file["jobs"]["test"]["strategy"]
    need(test["fail-fast"] is False, "one preset that fails ends the others")
    check_matrix(test["matrix"]["preset"])
    nightly = file["jobs"]["campaign"]
    need("schedule" in nightly["if"], "no campaign at night")
    need("runs: overnight" in str({"runs: " + word for step in nightly["steps"]
                                   for word in step.get("run", "").split()}), "no campaign")


# ---- GitLab --------------------------------------------------------------------------------------


def check_gitlab(text):
    file = yaml.safe_load(text)
    jobs = {name: job for name, job in file.items()
            if isinstance(job, dict) and "script" in job}
    need(set(jobs) == {"hunt", "test", "campaign"}, f"jobs: {set(jobs)}")
    check_script("\n".join(file["default"]["before_script"]))
    for name, job in jobs.items():
        job = {**file.get(job.get("extends"), {}), **job}
        check_script("\n".join(job["script"]))
        need(job["artifacts"]["when"] == "always", f"{name}: nothing is kept of what failed")
        need(job["cache"]["when"] == "always", f"{name}: what failed is compiled again")
        reports = job["artifacts"]["reports"]
        junit = reports.get("junit", [])
        paths = job["artifacts"]["paths"] + [reports["codequality"]] + job["cache"]["paths"]
        for path in paths + ([junit] if isinstance(junit, str) else junit):
            check_path(path)
        nightly = {"if": '$CI_PIPELINE_SOURCE == "schedule"'}
        rule = nightly if name == "campaign" else {**nightly, "when": "never"}
        need(job["rules"][0] == rule, f"{name}: runs at the wrong time")
    check_matrix(jobs["test"]["parallel"]["matrix"][0]["PRESET"])


# ---- Broken on purpose ---------------------------------------------------------------------------

BREAKS = {
    GITHUB: [
        ("- dev\n", "- devel\n"), ("- fuzz-asan\n", ""), ("fail-fast: false", "fail-fast: true"),
        ("ci/run hunt", "ci/run hutn"), ("--preset ${{", "--presets ${{"),
        ("--target overnight", "--target overnigth"), ("-DHEDDLE_OVERNIGHT", "-DHEDDLE_NIGHT"),
        ("if: always()\n", "if: success()\n"), ("security-events: write", "security-events: read"),
        ("sarif_file: build/report/hunt", "sarif_file: build/reports/hunt"),
        ("hunt/heddle.sarif\n", "hunt/heddle.serif\n"), ("checkout@v6", "chekcout@v6"),
        ("0 2 * * *", "2 * * *"), ("security-opt seccomp=unconfined", "init"),
        ("summary.*", "sumary.*"), ("\"$PWD\"", "\"$PWD"), ("minutes: 350", "minutes: 500"),
        ("build/fuzz/overnight/events.log", "events.log"), ("--preset fuzz\n", "--preset fuz\n"),
    ],
    GITLAB: [
        ("- dev\n", "- devel\n"), ("- fuzz-asan\n", ""), ("ci/run hunt", "ci/run hutn"),
        ("when: always\n    paths", "when: on_failure\n    paths"), ("test --pre", "test --per"),
        ("junit.xml", "junit.html"), ("gl-code-quality-report", "code-quality"),
        ("--target overnight", "--target overnigth"), ("      when: never", "      when: always"),
        ("ctest/*.xml", "ctest.xml"), ("campaign:\n  rules", "campaign:\n  only"),
        ("hunt:", "hutn:"), ("== \"schedule\"\n  timeout", "== \"push\"\n  timeout"),
    ],
}


def main():
    failures = 0
    for path, check in ((GITHUB, check_github), (GITLAB, check_gitlab)):
        text = (TOP / path).read_text(encoding="utf-8")
        try:
            check(text)
            print(f"ok: {path}")
        except (Broken, KeyError) as why:
            failures += 1
            print(f"FAILED: {path}: {why}")
        for old, new in BREAKS[path]:
            need(old in text, f"{path} has no {old!r} to break")
            try:
                check(text.replace(old, new))
            except (Broken, KeyError, ValueError, yaml.YAMLError):
                continue
            failures += 1
            print(f"FAILED: {path} is thought sound with {new!r} for {old!r}")
    print(f"reproduce: {sys.argv[0]}" if failures else "all that was broken was found")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
