#!/usr/bin/env python3
"""Records of all scenarios: they are as docs/finding.schema.json says, and as a schema cannot say.

    records_test.py HEDDLE

Each scenario is verified with few executions (what it owes may not be found then: that is for the
scenarios' own tests), and each schedule that was written is replayed by another process. It must
find the same, and write the same record but for how it was found.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import jsonschema

TOP = pathlib.Path(__file__).resolve().parents[2]
EXECUTIONS = 60
ABOUT_SEARCH = ("strategy", "seed", "executions")
# Where programs, the arena and the system's libraries and stacks lie.
ADDRESSES = [(0x400000, 0x4000000), (1 << 37, 1 << 39), (1 << 46, 1 << 48)]
MEMORY = {"read", "write", "atomic_load", "atomic_store", "atomic_update"}


class Wrong(Exception):
    pass


def need(condition, *words):
    if not condition:
        raise Wrong(" ".join(map(str, words)))


# ---- The schema ----------------------------------------------------------------------------------


def load_validators():
    schema = json.loads((TOP / "docs/finding.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)

    def of(kind):
        # Only the one that it says it is: otherwise the reason would be of all three.
        return jsonschema.Draft202012Validator({**schema, "oneOf": [{"$ref": f"#/$defs/{kind}"}]})

    return {kind: of(kind) for kind in ("finding", "run", "note")}


def without_repetitions(steps):
    """Steps of which the schema may say something that it has not said of one before."""
    text = ("event", "order", "read", "written")
    looks = {}
    for step in steps:
        look = tuple((key, step[key] if key in text else type(value).__name__)
                     for key, value in step.items())
        looks.setdefault(look, step)
    return list(looks.values())


def check_schema(validators, record):
    validator = validators.get(record.get("record"))
    need(validator, "there is no record", record.get("record"))
    if "steps" in record and record["record"] == "finding":
        record = {**record, "steps": without_repetitions(record["steps"])}
    for error in validator.iter_errors(record):
        while error.context:
            error = error.context[-1]
        raise Wrong("/".join(map(str, error.absolute_path)), error.message[:300])


# ---- A finding -----------------------------------------------------------------------------------


def check_indexes(record):
    counts = {key: len(record[key]) for key in ("lines", "objects", "threads", "steps")}
    need([thread["id"] for thread in record["threads"]] == list(range(counts["threads"])),
         "threads are not numbered in order")
    for i, step in enumerate(record["steps"]):
        need(step["thread"] < counts["threads"], "step", i, "is of no thread")
        lines = step["stack"] + [step["line"]] * (step["line"] is not None)
        need(all(line < counts["lines"] for line in lines), "step", i, "has no such line")
        objects = step["locks"] + [step["object"]] * (step["object"] is not None)
        need(all(index < counts["objects"] for index in objects), "step", i, "has no such object")
        need(step["line"] is None or step["line"] in step["stack"] or step["is_marked"],
             "step", i, "has a line that is not on its stack")
    used = {line for step in record["steps"] for line in step["stack"]}
    used |= {find_line(record, part) for part in record["places"] + record["rows"]}
    need(used >= set(range(counts["lines"])), "a line that nothing refers to")
    for place in record["places"]:
        need(place["thread"] < counts["threads"], "a place of no thread")
        known = [frame["file"] for frame in place["stack"] + [place]]
        need(None not in known, "a place in no file")  # only logs may not know it
        wait = place["waits_for"] or {"held_by": []}
        need(all(thread < counts["threads"] for thread in wait["held_by"]), "held by no thread")


def find_line(record, part):
    wanted = (part["function"], part["file"], part["line"])
    for i, line in enumerate(record["lines"]):
        if (line["function"], line["file"], line["line"]) == wanted:
            return i
    raise Wrong(f"{wanted} is none of the lines")


def check_numbers(record):
    """Each thread counts its events, and goes on from where it was."""
    last = {}
    for i, step in enumerate(record["steps"]):
        need(step["number"] > last.get(step["thread"], -1), "step", i, "is out of order")
        last[step["thread"]] = step["number"]


def reachable(record):
    """For each step, the steps that happen before it, as bits; checks the edges on the way."""
    steps, before, last = record["steps"], [], {}
    for i, step in enumerate(steps):
        need(step["after"] == sorted(step["after"]), "edges of step", i, "are not sorted")
        need(all(edge < i for edge in step["after"]), "step", i, "is after a later one")
        need(all(steps[edge]["thread"] != step["thread"] for edge in step["after"]),
             "step", i, "is after one of its own thread")
        own = last.get(step["thread"])
        all_edges = step["after"] + [own] * (own is not None)
        bits = 0
        for edge in all_edges:
            bits |= before[edge] | 1 << edge
        for edge in step["after"]:
            others = (before[other] for other in all_edges if other != edge)
            need(not any(other >> edge & 1 for other in others), "an edge of step", i, "follows")
        before.append(bits)
        last[step["thread"]] = i
    return before


def check_order(record):
    before = reachable(record)
    if record["kind"] != "data-race":
        check_conflicts(record, before)
    else:
        steps = [place["step"] for place in record["places"][:2]]
        need(None not in steps, "a racing access is no step")
        need(not before[max(steps)] >> min(steps) & 1, "the racing accesses are ordered")
    ends = {}
    for i, step in enumerate(record["steps"]):
        if step["event"] == "end":
            ends[step["thread"]] = i
        if step["event"] == "start":
            need(before[i], "step", i, "starts a thread after nothing")
    for i, step in enumerate(record["steps"]):
        name = "" if step["object"] is None else record["objects"][step["object"]]["name"]
        if step["event"] == "join" and name.startswith("thread "):
            ended = ends.get(int(name.split()[1]))
            need(ended is None or before[i] >> ended & 1, "step", i, "joins without an edge")


def check_conflicts(record, before):
    """Where there is no race, accesses of which one is a write are ordered, but for atomics."""
    seen = {}
    for i, step in enumerate(record["steps"]):
        if step["event"] not in MEMORY or step["object"] is None:
            continue
        if record["objects"][step["object"]]["name"] == "errno":
            continue
        # The last of each thread and kind is enough: those before it happen before it.
        of_object = seen.setdefault(step["object"], {})
        for j in of_object.values():
            kinds = {step["event"], record["steps"][j]["event"]}
            is_conflict = (record["steps"][j]["thread"] != step["thread"]
                           and kinds & {"write", "atomic_store", "atomic_update"}
                           and kinds & {"read", "write"})
            need(not is_conflict or before[i] >> j & 1, "steps", j, "and", i, "are not ordered")
        of_object[(step["thread"], step["event"])] = i


def check_places(record):
    need(any(not place["is_cause"] for place in record["places"]) or not record["places"],
         "only causes")
    for place in record["places"]:
        if place["step"] is None:
            continue
        step = record["steps"][place["step"]]
        need(step["thread"] == place["thread"], "the step of a place is another thread's")
        need(place["is_cause"] or step["is_marked"], "the step of a place is not marked")
    guilty = [place for place in record["places"] if not place["is_cause"]]
    first = guilty[0] if guilty else {"function": None, "file": None, "line": None}
    need(all(record[key] == first[key] for key in ("function", "file", "line")),
         "it is not filed under its first place")
    marked = sum(step["is_marked"] for step in record["steps"])
    need(marked <= len(guilty), "more steps are marked than there are places")


def check_rows(record):
    need(record["rows"] or not record["places"], "no rows")
    for row in record["rows"]:
        need((row["step"] is None) == (row["steps"] == 0), "a row has steps from nowhere")
        if row["step"] is not None:
            need(row["step"] + row["steps"] <= len(record["steps"]), "a row has too many steps")
            need(record["steps"][row["step"]]["thread"] == row["thread"], "a row of two threads")
    need(any(row["is_marked"] for row in record["rows"]) or not record["places"], "no marked row")


def check_text(record):
    """Lines, their excerpts and the files agree; a file may be no part of this tree."""
    shown = {}
    for excerpt in record["excerpts"]:
        for i, line in enumerate(excerpt["text"]):
            key = (excerpt["file"], excerpt["first"] + i)
            need(key not in shown, key, "is shown twice")
            shown[key] = line
    for line in record["lines"]:
        key = (line["file"], line["line"])
        is_shown = line["code"] is None or line["code"] == shown.get(key, "").strip()
        need(is_shown, key, "is another line in its excerpt")
        path = TOP / line["file"]
        if path.is_file() and line["line"] > 0:
            real = path.read_text(encoding="utf-8").split("\n")[line["line"] - 1]
            need(real.strip() == line["code"], key, "is not what is there")


def check_values(record):
    """Who reads an atomic reads what was written last; other memory may change unobserved."""
    known = {}
    for i, step in enumerate(record["steps"]):
        numbers = [int(step[key]) for key in ("read", "written")
                   if step["size"] == 8 and re.fullmatch("[0-9]+", step[key] or "")]
        need(not any(low <= number < high for number in numbers for low, high in ADDRESSES),
             "step", i, "shows an address:", *numbers)
        if step["event"] not in MEMORY:
            continue
        need(step["event"] == "write" or step["read"] is not None or step["size"] > 8 or
             step["event"] == "atomic_store" or step["event"] == "read", "step", i, "read nothing")
        is_atomic = step["event"].startswith("atomic")
        before = known.get(step["object"])
        if is_atomic and step["read"] is not None and before is not None:
            need(step["read"] == before, "step", i, "reads", step["read"], "and not", before)
        known[step["object"]] = (step["written"] or step["read"]) if is_atomic else None
    # The last step of all is not looked at, once it has been carried out.
    writes = [step for step in record["steps"][:-1] if step["event"] == "atomic_store"]
    need(all(step["written"] is not None for step in writes if step["size"] <= 8),
         "an atomic store has written nothing")


def check_locks(record):
    """Who has acquired a lock holds it at his next step, and not after he has released it."""
    steps, pending = record["steps"], {}
    for i, step in enumerate(steps):
        event, of = pending.pop(step["thread"], (None, None))
        kind = None if event is None else record["objects"][of]["kind"]
        if event == "unlock" and kind in ("mutex", "spin lock", "lock"):
            need(of not in step["locks"], "step", i, "holds what was released")
        if event == "lock" and kind in ("mutex", "spin lock", "lock"):
            need(of in step["locks"], "step", i, "does not hold what was acquired")
        if step["event"] in ("lock", "unlock"):
            pending[step["thread"]] = (step["event"], step["object"])


def check_finding(record):
    for check in (check_indexes, check_numbers, check_order, check_places, check_rows, check_text,
                  check_values, check_locks):
        check(record)


# ---- Runs ----------------------------------------------------------------------------------------


def check_run(record, folder):
    need((record["verdict"] == "clean") == (record["findings"] == []), "its verdict")
    for identity in record["findings"]:
        need((folder / f"{record['program']}.{identity}.json").is_file(), identity, "has no file")
    counts = [sample["executions"] for sample in record["samples"]]
    need(counts == sorted(set(counts)), "samples out of order")
    need(not counts or counts[-1] <= record["executions"], "a sample of more executions")
    for key in ("states", "findings", "seconds"):
        grown = [sample[key] for sample in record["samples"] if sample[key] is not None]
        need(grown == sorted(grown), "fewer", key, "than before")


# ---- All -----------------------------------------------------------------------------------------


def check_bytes(path, text):
    need(str(TOP) not in text, "it has the path of this tree")
    need(not re.search(r"0x[0-9a-f]{4}", text), "it has an address")
    need(text.endswith("\n}\n"), "it is not whole")


def replay(heddle, path, record, folder):
    """Returns what is wrong with the replay of a finding's schedule."""
    schedule = path.with_suffix(".schedule")
    done = subprocess.run([heddle, "replay", schedule, f"--json={folder}"], capture_output=True,
                          text=True, check=False, timeout=60, cwd=TOP)
    again = folder / path.name
    if done.returncode != 1 or not again.is_file():
        return f"its schedule does not show it again: exit {done.returncode}\n{done.stdout}"
    other = json.loads(again.read_text(encoding="utf-8"))
    for key, value in record.items():
        if key not in ABOUT_SEARCH and other[key] != value:
            return f"the replay has another `{key}': {other[key]}, and not {value}"[:2000]
    return None if list(other) == list(record) else "the replay has other keys"


def check_file(validators, path, folder):
    text = path.read_text(encoding="utf-8")
    record = json.loads(text)
    try:
        check_bytes(path, text)
        check_schema(validators, record)
        if record["record"] == "finding":
            check_finding(record)
        elif record["record"] == "run":
            check_run(record, folder)
    except Wrong as wrong:
        return record, str(wrong)
    return record, None


def check_crowd(validators, folder):
    """Tests of the viewer make a record of their own: it is held against the same."""
    path = folder / "crowd.json"
    subprocess.run([TOP / "tests/report/crowd.py", "--threads=20", "--steps=1500", path],
                   check=True, timeout=60)
    record = json.loads(path.read_text(encoding="utf-8"))
    try:
        check_schema(validators, record)
        check_finding(record)
    except Wrong as wrong:
        return [f"tests/report/crowd.py: {wrong}"]
    return []


def main(heddle):
    validators = load_validators()
    with tempfile.TemporaryDirectory() as work:
        first, second = pathlib.Path(work, "first"), pathlib.Path(work, "second")
        subprocess.run([heddle, "verify", f"--executions={EXECUTIONS}", f"--json={first}"],
                       stdout=subprocess.DEVNULL, check=False, timeout=110, cwd=TOP)
        records, wrongs = {}, []
        for path in sorted(first.glob("*.json")):
            records[path], wrong = check_file(validators, path, first)
            wrongs += [f"{path.name}: {wrong}"] * bool(wrong)
        findings = {path: record for path, record in records.items()
                    if record["record"] == "finding"}
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = pool.map(lambda item: replay(heddle, *item, second), findings.items())
            wrongs += [f"{path.name}: {wrong}" for path, wrong in zip(findings, done) if wrong]
        wrongs += [f"{path.name}: has stayed" for path in first.glob(".*")]
        wrongs += check_crowd(validators, pathlib.Path(work))
    edges = sum(len(step["after"]) for record in findings.values() for step in record["steps"])
    print(f"{len(findings)} findings and {len(records) - len(findings)} other records, "
          f"{edges} edges")
    if len(findings) < 40 or edges < 100:
        wrongs.append("too few to say anything")
    for wrong in wrongs:
        print(f"WRONG: {wrong}")
    return 1 if wrongs else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1])))
