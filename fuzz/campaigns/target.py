"""A fuzz target: a libFuzzer program, what watches it, and how it must be run for that.

One program may be many targets: Heddle's is started by links, whose name says which scenario runs.
So a target is its path as given; links are not followed.

What a target can do is read from the program itself (libFuzzer, a sanitizer, HEDDLE_FINDINGS), and
where it comes from, from the CMakeCache.txt above it.

SPDX-License-Identifier: MIT
"""

import dataclasses
import functools
import glob
import mmap
import os
import pathlib
import re

from campaigns.outcome import UsageError

# TSan's shadow memory counts as the target's, ASan keeps what was freed.
_MEMORY_MB = {"none": 2048, "address": 3072, "thread": 4096}
_TIMEOUT_SECONDS = {"none": 10, "address": 20, "thread": 30}

# What must be so for a finding to be found, and its input saved. Never abort_on_error: with
# libFuzzer a target under TSan then hangs and ignores SIGTERM. Without halt_on_error=1 the input
# that is saved is the empty one.
_OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1:atexit_sleep_ms=0",
}
_FORCED = "abort_on_error=0:halt_on_error=1"
_KEY = re.compile(r"[^A-Za-z0-9_.+-]")


@dataclasses.dataclass(frozen=True)
class Target:
    path: str
    name: str
    flavour: str
    watcher: str  # none, address or thread
    is_heddle: bool  # goes on after a finding if HEDDLE_FINDINGS says where to put it
    build: str  # the build tree; "" if it is in none
    source: str  # the source tree of that

    @property
    def key(self):
        return f"{self.flavour}/{self.name}"

    @property
    def memory_mb(self):
        return _MEMORY_MB[self.watcher]

    @property
    def timeout_seconds(self):
        return _TIMEOUT_SECONDS[self.watcher]

    def command(self, name):
        """The program of this name in the same build tree, as Heddle's records call the command
        that knows their scenario: in a folder above the target's own. None if there is none."""
        for folder in pathlib.Path(os.path.realpath(self.path)).parents:
            if os.access(folder / name, os.X_OK) and (folder / name).is_file():
                return str(folder / name)
            if str(folder) == os.path.realpath(self.build):
                return None
        return None

    def environment(self, **more):
        """Ours, with what the sanitizer needs; the caller's options stay, but for forced ones."""
        environment = dict(os.environ)
        for name in self._options():
            parts = [_OPTIONS[name], environment.get(name, ""), _FORCED]
            environment[name] = ":".join(part for part in parts if part)
        environment.update({name: str(value) for name, value in more.items()})
        return environment

    def options_shown(self):
        """The same as words to put before a command."""
        return [f"{name}={_OPTIONS[name]}" for name in self._options()]

    def _options(self):
        if self.is_heddle:
            return []  # it has options of its own: it must go on after a report
        if self.watcher == "thread":
            return ["TSAN_OPTIONS"]
        return ["ASAN_OPTIONS", "UBSAN_OPTIONS"] if self.watcher == "address" else []

    def seed_folders(self, more=()):
        """Where seeds may lie: beside the program, in the source tree, in folders given."""
        noun = re.sub(r"_fuzz$", "", self.name)
        folders = [f"{self.path}_seed_corpus"]
        if self.source:
            folders.append(os.path.join(self.source, "fuzz", "corpus", noun))
        folders += [os.path.join(folder, noun) for folder in more]
        return [folder for folder in folders if os.path.isdir(folder)]

    @property
    def dictionary(self):
        return f"{self.path}.dict" if os.path.isfile(f"{self.path}.dict") else None


def find(patterns):
    """The targets that paths and globs name, each once; what cannot be one is an error."""
    targets = {}
    for pattern in patterns:
        for path in _paths(pattern):
            target = describe(path)
            other = targets.setdefault(target.key, target)
            if other.path != target.path:
                raise UsageError(
                    f"two targets are called {target.key}: {other.path} and {target.path}; "
                    "give one of them, or rename it"
                )
    return [targets[key] for key in sorted(targets)]


def _paths(pattern):
    if any(letter in pattern for letter in "*?["):
        paths = sorted(glob.glob(pattern, recursive=True))
        if not paths:
            raise UsageError(f"{pattern}: matches nothing; is it built? try: ls {pattern}")
        fit = [path for path in paths if _why_not(path) is None]
        if not fit:
            why = _why_not(paths[0])
            raise UsageError(f"{pattern}: matches {len(paths)} files, none a target: {why}")
        return fit
    why = _why_not(pattern)
    if why is not None:
        raise UsageError(why)
    return [pattern]


def _why_not(path):
    """Why this path is no target; None if it is one."""
    if os.path.isdir(path):
        return f"{path}: is a folder; give its programs, as in '{path.rstrip('/')}/*'"
    if not os.path.exists(path):
        folder = os.path.dirname(path) or "."
        return f"{path}: there is no such target; is it built? see: ls {folder}"
    if not os.access(path, os.X_OK):
        return f"{path}: cannot be executed; is it a program? try: chmod +x {path}"
    if not _traits(os.path.realpath(path))["libFuzzer"]:
        return f"{path}: is no libFuzzer program; link it with -fsanitize=fuzzer"
    return None


def describe(path):
    path = os.path.abspath(path)
    traits = _traits(os.path.realpath(path))
    build, cache = _build_tree(os.path.dirname(path))
    watcher = "none"
    if traits["__tsan_init"]:
        watcher = "thread"
    elif traits["__asan_init"]:
        watcher = "address"
    flavour = cache.get("HEDDLE_FLAVOUR") or {"none": "plain"}.get(watcher, watcher)
    return Target(
        path=path,
        name=_KEY.sub("_", os.path.basename(path)),
        flavour=_KEY.sub("_", flavour),
        watcher=watcher,
        is_heddle=traits["HEDDLE_FINDINGS"],
        build=build,
        source=cache.get("CMAKE_HOME_DIRECTORY", ""),
    )


@functools.lru_cache(maxsize=None)
def _traits(path):
    """Which of these names the program contains."""
    names = ("libFuzzer", "__tsan_init", "__asan_init", "HEDDLE_FINDINGS")
    try:
        with open(path, "rb") as file:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                return {name: data.find(name.encode()) >= 0 for name in names}
    except (OSError, ValueError):
        return dict.fromkeys(names, False)


@functools.lru_cache(maxsize=None)
def _build_tree(folder):
    """The build tree that a folder is in, and the values of its cache."""
    for above in [folder, *map(str, pathlib.Path(folder).parents)]:
        cache = os.path.join(above, "CMakeCache.txt")
        if os.path.isfile(cache):
            with open(cache, encoding="utf-8", errors="replace") as file:
                lines = re.findall(r"^(\w+):\w+=(.*)$", file.read(), re.MULTILINE)
            return above, dict(lines)
    return "", {}
