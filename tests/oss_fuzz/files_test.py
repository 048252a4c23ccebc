#!/usr/bin/env python3
"""Checks the files for a cluster that nothing here runs: images, descriptions, workflows.

Exit: 0 all is as the contract asks; 1 something is not, each on a line.
"""

import pathlib
import re
import shlex
import sys

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BASE_IMAGE = r"gcr\.io/oss-fuzz-base/base-builder(:v1|:ubuntu-24-04)?"
ACTION = r"google/clusterfuzzlite/actions/(build_fuzzers|run_fuzzers)@v1"
# What the actions document; `prune' and `coverage' run no fuzzer.
INPUTS = {"language", "github-token", "sanitizer", "fuzz-seconds", "mode", "upload-build",
          "storage-repo", "storage-repo-branch", "storage-repo-branch-coverage"}
MODES = {"code-change", "batch", "prune", "coverage"}

failures = []


def require(condition, what):
    if not condition:
        failures.append(what)


def read(path):
    require((TOP / path).is_file(), f"{path}: is missing")
    return (TOP / path).read_text(encoding="utf-8") if (TOP / path).is_file() else ""


def items(text, key):
    """The elements of a list of a YAML file, written in lines or in brackets."""
    inline = re.search(rf"^ *{key}: \[(.*)\]$", text, re.M)
    if inline:
        return {item.strip() for item in inline[1].split(",")}
    block = re.search(rf"^{key}:\n((?:  - .*\n)+)", text, re.M)
    return set(re.findall(r"- (.*)", block[1])) if block else set()


def check_image(path, context):
    """What is copied exists, what is installed is known, build.sh is where it is looked for."""
    text = read(path).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line and line[0] != "#"]
    require(lines and lines[0][0] == "FROM" and re.fullmatch(BASE_IMAGE, lines[0][1]),
            f"{path}: does not begin with a base image of the contract")
    known = {line.split()[0] for line in read("ci/packages").splitlines() if line[:1].isalpha()}
    copied = [shlex.split(rest) for word, rest in lines if word == "COPY"]
    for *sources, _ in copied:
        for source in sources:
            require((TOP / context / source).exists(), f"{path}: there is no {source} to copy")
    require(any(words[0].endswith("build.sh") and words[-1] == "$SRC/" for words in copied),
            f"{path}: build.sh is not copied to $SRC")
    require(["WORKDIR", "$SRC/heddle"] in lines, f"{path}: WORKDIR is not $SRC/heddle")
    installed = re.search(r"apt-get install (.*)", text)
    packages = {word for word in installed[1].split() if not word.startswith("-")}
    require(packages <= known, f"{path}: not in ci/packages: {packages - known}")
    return packages


def check_project(path):
    text = read(path)
    require(re.search("^language: c$", text, re.M), f"{path}: no language: c")
    return items(text, "sanitizers"), items(text, "fuzzing_engines")


def check_workflow(path, sanitizers):
    """Every action and input is a documented one; returns the modes that are run."""
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(TOP)
    for used in re.findall(r"uses: (.*)", text):
        require(re.fullmatch(ACTION, used), f"{name}: {used} is no action of the contract")
    for given in re.findall(r"with:\n((?: {10}.*\n)+)", text):
        inputs = set(re.findall(r"^ {10}([a-z-]+):", given, re.M))
        require(inputs <= INPUTS, f"{name}: no inputs of the actions: {inputs - INPUTS}")
    require(items(text, "sanitizer") <= sanitizers, f"{name}: a sanitizer that is not built for")
    require("permissions: read-all" in text, f"{name}: permissions are not stated")
    require("language: c\n" in text, f"{name}: the language is not stated")
    modes = set(re.findall(r"mode: (.*)", text))
    require(modes <= MODES, f"{name}: there is no mode {modes - MODES}")
    require(bool(modes) == ("run_fuzzers" in text), f"{name}: targets run in no stated mode")
    return modes


def main():
    first = check_image("fuzz/oss-fuzz/Dockerfile", "fuzz/oss-fuzz")
    second = check_image(".clusterfuzzlite/Dockerfile", ".")
    require(first == second, f"the two images install different packages: {first ^ second}")
    sanitizers, engines = check_project("fuzz/oss-fuzz/project.yaml")
    check_project(".clusterfuzzlite/project.yaml")
    require(sanitizers == {"address", "undefined"} and engines == {"libfuzzer", "afl"},
            "fuzz/oss-fuzz/project.yaml: other sanitizers or engines than those that are tested")
    workflows = sorted((TOP / ".github/workflows").glob("cflite_*.yml"))
    modes = set().union(*(check_workflow(path, sanitizers) for path in workflows))
    require({"code-change", "batch", "prune"} <= modes, f"workflows run only the modes {modes}")
    for failure in failures:
        print(f"FAILED: {failure}")
    print(f"{len(workflows)} workflows, 2 images, 2 projects: {len(failures)} to mend")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
