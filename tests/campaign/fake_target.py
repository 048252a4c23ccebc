#!/usr/bin/env python3
"""A program that behaves like a libFuzzer target, for the tests of campaigns.

What it does besides is in its name: `rich' finds much that is new, `poor' nothing, `crash' a bug
that it shows as AddressSanitizer would, `stubborn' hangs and ignores all signals that it can:
see behave(). An input that contains BUG:<letter> crashes it; libFuzzer's other
modes (-merge=1, -minimize_crash=1, files as inputs) do what they must with that.

The name of the variable of Heddle's targets is put together here, so that only the copy which has
a line more with that name is taken for one of those.
"""

import hashlib
import json
import os
import pathlib
import random
import re
import signal
import sys
import time

FINDINGS = os.environ.get("HEDDLE_" "FINDINGS")
NAME = os.path.basename(sys.argv[0])
FLAGS = dict(word[1:].split("=", 1) for word in sys.argv[1:] if re.match(r"-\w+=", word))
PATHS = [word for word in sys.argv[1:] if not word.startswith("-")]
BUG = re.compile(rb"BUG:([A-Z])")
REPORT = """\
==%d==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x%x at pc 0x%x bp 0x1 sp 0x2
WRITE of size 1 at 0x%x thread T0
    #0 0x%x in bug_%s /src/fake.c:%d:%d
    #1 0x%x in LLVMFuzzerTestOneInput /src/fake.c:99:5
    #2 0x%x in fuzzer::Fuzzer::ExecuteCallback(unsigned char const*, unsigned long) (fake+0x1)

SUMMARY: AddressSanitizer: heap-buffer-overflow /src/fake.c in bug_%s
"""


def say(text):
    print(text, file=sys.stderr, flush=True)


def status(count, what, features, units):
    say(f"#{count}\t{what} cov: {features // 2} ft: {features} corp: {units}/9b exec/s: 9 rss: 9Mb")


def save(data, prefix="crash"):
    path = FLAGS.get("exact_artifact_path") or FLAGS.get("artifact_prefix", "./") + (
        f"{prefix}-{hashlib.sha1(data).hexdigest()}"
    )
    pathlib.Path(path).write_bytes(data)
    say(f"artifact_prefix='./'; Test unit written to {path}")


def is_one_input():
    return len(PATHS) == 1 and os.path.isfile(PATHS[0])


def run(data):
    """Crashes as a target of libFuzzer does if there is a bug in the input."""
    bug = BUG.search(data)
    if not bug or ("flaky" in NAME and is_one_input()):
        return
    letter = bug.group(1).decode()
    numbers = [random.getrandbits(40) for _ in range(6)]
    line = 10 + ord(letter)
    say(
        REPORT
        % (os.getpid(), *numbers[:4], letter, line, random.randint(1, 80), *numbers[4:], letter)
    )
    if not is_one_input():
        save(data)
    sys.exit(77)


def drop(letter, is_whole=True):
    """What Heddle's targets leave of a finding."""
    identity = hashlib.sha256(letter.encode()).hexdigest()[:16]
    record = {
        "identity": identity,
        "kind": "data-race",
        "program": NAME,
        "replay": f"heddle replay {NAME} --schedule=1",
        "places": [
            {"is_cause": False, "stack": [{"function": letter, "file": "h.c", "line": ord(letter)}]}
        ],
    }
    parts = {"input": f"schedule {letter}", "txt": f"report {letter}", "json": json.dumps(record)}
    for part, text in parts.items() if is_whole else [("input", parts["input"])]:
        path = pathlib.Path(FINDINGS) / f"{NAME}-{identity}.{part}"
        beside = path.with_suffix(f".{os.getpid()}")
        beside.write_text(text)
        os.replace(beside, path)


def add_unit(data):
    pathlib.Path(PATHS[0], hashlib.sha1(data).hexdigest()).write_bytes(data)


def ignore_signals():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def behave(turn):
    """What it does at this turn, a twentieth of a second after the last; how much is new."""
    if "rich" in NAME:
        return 50
    if "crash" in NAME or "flaky" in NAME:
        if turn == 4:
            run(b"padding " * 8 + b"BUG:" + random.choice([b"A", b"B"]))
    elif "once" in NAME and turn == 4:
        run(b"BUG:C" + os.urandom(4))
    elif "stubborn" in NAME:
        ignore_signals()
        add_unit(b"asleep")
        time.sleep(1000)
    elif "dies" in NAME and turn == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    elif "heddle" in NAME and turn in (2, 4):
        drop("X" if turn == 2 else "Y")
    elif "torn" in NAME and turn == 2:
        drop("Z", is_whole=False)
        time.sleep(1000)
    elif "big" in NAME:
        add_unit(os.urandom(1 << 20))
        return 1
    elif "noisy" in NAME:
        for _ in range(2000):
            say("x" * 200)
    return 1 if turn == 1 else 0


def fuzz():
    until = time.monotonic() + float(FLAGS.get("max_total_time", 1000))
    count = units = features = 0
    if "slow" in NAME:
        time.sleep(1.5)
    if PATHS:
        for path in sorted(pathlib.Path(PATHS[0]).iterdir()):
            count += 1
            units += 1
            run(path.read_bytes())
    features = 2 * units
    status(count, "INITED", features, units)
    turn = 0
    signal.signal(signal.SIGUSR1, lambda *_: done(count))
    while time.monotonic() < until:
        turn += 1
        count += 100
        time.sleep(0.05)
        new = behave(turn)
        if new:
            features += new
            units += 1
            add_unit(f"{NAME} {features} {random.random()}".encode())
            status(count, "NEW   ", features, units)
    done(count)


def done(count):
    say(f"Done {count} runs\nstat::number_of_executed_units: {count}")
    sys.exit(0)


def start_again():
    """As libFuzzer does to merge and to minimise: its words, without quotes, are a shell's."""
    if any(re.search(r"[\s;&|()<>$]", word) for word in sys.argv):
        say(f"sh: 1: {sys.argv[0].split()[0]}: not found")
        sys.exit(1)


def merge():
    if "badmerge" in NAME:
        os.kill(os.getpid(), signal.SIGKILL)
    for path in sorted(pathlib.Path(PATHS[1]).iterdir())[::2]:
        pathlib.Path(PATHS[0], path.name).write_bytes(path.read_bytes())


def minimize():
    data = pathlib.Path(PATHS[0]).read_bytes()
    say("CRASH_MIN: minimizing")
    bug = BUG.search(data).group(0)
    # A minimiser keeps any crash: this one sometimes finds another.
    small = b"BUG:O" if "other" in NAME else bug
    if len(small) < len(data):
        save(small)
    say("CRASH_MIN: failed to minimize beyond it")


def main():
    if "broken" in NAME:
        say("fake: error while loading shared libraries: libfake.so")
        sys.exit(1)
    if FLAGS.get("merge") == "1":
        start_again()
        merge()
    elif FLAGS.get("minimize_crash") == "1":
        start_again()
        minimize()
    elif PATHS and os.path.isfile(PATHS[0]):
        if "torn" in NAME or "heddle" in NAME:
            return
        run(pathlib.Path(PATHS[0]).read_bytes())
    else:
        fuzz()


main()  # as libFuzzer would
