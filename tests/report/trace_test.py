"""Do the files of `heddle report --format trace' keep Perfetto's rules, and tell what happened?

Executions are random: threads that acquire and release locks in any order, wait for those of
others, and deadlock or end. The events are read as Perfetto reads them, in order, with a stack of
open slices for each track: a slice must lie within the one that is open, an arrow binds to the
innermost. What is held and waited for must then be what the record says of each step.

    trace_test.py HEDDLE

SPDX-License-Identifier: MIT
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile

EXECUTIONS = 200
LOCKS = ["a", "b", "c", 'd "\n</script>']
SCHEDULER = 1
FIRST_THREAD = 2


def execute(seed):
    """A record of a random execution: every step with what its thread held before it."""
    rng = random.Random(seed)
    count = rng.randint(1, 5)
    held = {thread: [] for thread in range(count)}
    wanted = {thread: None for thread in range(count)}
    released = {}
    steps = []
    for _ in range(rng.randint(1, 60)):
        for thread in held:
            if wanted[thread] is None:
                free = [lock for lock in range(len(LOCKS)) if lock not in held[thread]]
                wanted[thread] = rng.choice([("lock", lock) for lock in free] +
                                            [("unlock", lock) for lock in held[thread]] * 2 +
                                            [("write", 4)])
        ready = [thread for thread in held if wanted[thread][0] != "lock" or
                 all(wanted[thread][1] not in locks for locks in held.values())]
        if not ready:
            break
        thread = rng.choice(ready)
        event, lock = wanted[thread]
        steps.append({
            "thread": thread, "number": len(steps), "event": event, "object": lock, "line": 0,
            "locks": list(held[thread]), "is_preempted": rng.random() < 0.3,
            "after": [released[lock]] if event == "lock" and lock in released
                     and steps[released[lock]]["thread"] != thread else [],
        })
        wanted[thread] = None
        if event == "lock":
            held[thread].append(lock)
        elif event == "unlock":
            held[thread].remove(lock)
            released[lock] = len(steps) - 1
    places = []
    for thread in held:
        owners = [other for other in held if wanted[thread] and wanted[thread][0] == "lock"
                  and wanted[thread][1] in held[other]]
        if owners:
            places.append({"thread": thread, "text": f"thread {thread} waits", "step": None,
                           "waits_for": {"object": LOCKS[wanted[thread][1]], "held_by": owners}})
    if steps:
        last = len(steps) - 1
        places.append({"thread": steps[last]["thread"], "text": "here", "step": last})
    return {
        "format": 2, "record": "finding", "identity": f"{seed:04}", "kind": "deadlock",
        "program": "random", "message": "waits \"for ever\"", "replay": "heddle replay random",
        "threads": [{"id": thread, "name": f"thread {thread}", "function": "run"}
                    for thread in held],
        "lines": [{"function": "run", "file": "src/run.c", "line": 3, "code": "run();"}],
        "objects": [{"name": name, "kind": "lock"} for name in LOCKS] + [{"name": "x"}],
        "steps": steps, "rows": [], "places": places, "steps_left_out": 0,
    }


class Reader:
    """Reads events as Perfetto's importer does."""

    def __init__(self, trace):
        self.slices = []
        self.arrows = {}
        self.marks = []
        self.names = {}
        self.mistakes = []
        self.open = {}
        self.now = 0
        for event in trace["traceEvents"]:
            getattr(self, f"read_{event['ph']}", self.read_unknown)(event)
        self.mistakes += [f"arrow {name} has one end" for name, ends in self.arrows.items()
                          if len(ends) != 2]

    def read_unknown(self, event):
        self.mistakes.append(f"phase {event['ph']}")

    def advance(self, event):
        """To the time of an event: closes the slices of its track that ended until then."""
        if event["ts"] < self.now:
            self.mistakes.append(f"time goes back to {event['ts']}")
        self.now = event["ts"]
        stack = self.open.setdefault(event["tid"], [])
        while stack and stack[-1]["ts"] + stack[-1]["dur"] <= event["ts"]:
            stack.pop()
        return stack

    def read_M(self, event):  # pylint: disable=invalid-name
        if self.now != 0:
            self.mistakes.append("a name after events")
        if event["name"] == "thread_name":
            self.names[event["tid"]] = event["args"]["name"]

    def read_X(self, event):  # pylint: disable=invalid-name
        stack = self.advance(event)
        end = event["ts"] + event["dur"]
        if event["dur"] <= 0:
            self.mistakes.append(f"{event['name']} at {event['ts']} takes no time")
        if stack and end > stack[-1]["ts"] + stack[-1]["dur"]:
            self.mistakes.append(f"{event['name']} at {event['ts']} overlaps {stack[-1]['name']}")
        stack.append(event)
        self.slices.append(event)

    def read_i(self, event):
        """A mark is a slice that takes no time: an arrow after it would bind to it."""
        if event["s"] != "t":
            self.mistakes.append(f"a mark of scope {event['s']}")
        self.advance(event).append(dict(event, dur=0))
        self.marks.append(event)

    def bind(self, event, ends):
        """An arrow binds to the slice that was opened last, whether or not it has ended."""
        stack = self.open.get(event["tid"])
        if len(self.arrows.setdefault(event["id"], [])) != ends:
            self.mistakes.append(f"arrow {event['id']}: its ends are in the wrong order")
        self.arrows[event["id"]].append(stack[-1] if stack else None)

    def read_s(self, event):
        self.bind(event, 0)

    def read_f(self, event):
        if event["bp"] != "e":
            self.mistakes.append("an arrow that binds to the next slice")
        self.bind(event, 1)


def spans(reader, thread, kind):
    """[begin, end) of what a thread holds or waits for, by its name."""
    found = {}
    for event in reader.slices:
        if event["tid"] == thread + FIRST_THREAD and event["name"].startswith(f"{kind} "):
            found.setdefault(event["name"][len(kind) + 1:], []).append(
                (event["ts"], event["ts"] + event["dur"]))
    return found


def covers(intervals, moment):
    return any(begin <= moment < end for begin, end in intervals)


def owner(record, lock, moment):
    """Who has a lock in the middle of a step, from the steps alone; None if nobody."""
    last = None
    for step in record["steps"][:moment + 1]:
        if step["object"] == lock and step["event"] == "lock":
            last = step["thread"]
        elif step["object"] == lock and step["event"] == "unlock" and step["number"] < moment:
            last = None
    return last


def holding_mistakes(record, reader):
    for thread in (entry["id"] for entry in record["threads"]):
        held = spans(reader, thread, "holds")
        for lock, name in enumerate(LOCKS):
            for moment in range(len(record["steps"])):
                is_held = covers(held.get(name, []), moment)
                if is_held != (owner(record, lock, moment) == thread):
                    yield f"thread {thread}, lock {name}, step {moment}: holds is {is_held}"


def next_lock(record, thread, moment):
    """The lock that a thread stands before at a moment, between two of its steps; None if none."""
    for step in record["steps"][moment:]:
        if step["thread"] == thread:
            stands = step["number"] > moment and step["event"] == "lock"
            return step["object"] if stands else None
    for place in record["places"]:
        if place["thread"] == thread and "waits_for" in place:
            return LOCKS.index(place["waits_for"]["object"])
    return None


def stuck(record, thread, moment):
    """The lock that a thread stands before, and another has, at a moment; None if none."""
    steps = record["steps"]
    wanted = next_lock(record, thread, moment)
    just_taken = moment < len(steps) and steps[moment]["event"] == "lock" \
        and steps[moment]["object"] == wanted
    is_stuck = wanted is not None and not just_taken \
        and owner(record, wanted, moment) not in (None, thread)
    return LOCKS[wanted] if is_stuck else None


def waiting_mistakes(record, reader):
    """Between two of its steps, a thread waits from the first moment at which it is stuck on."""
    end = len(record["steps"]) + 1
    for thread in (entry["id"] for entry in record["threads"]):
        own = [step["number"] for step in record["steps"] if step["thread"] == thread]
        wanted = []
        # Where it stood before its first step is not known, unless it made none.
        for begin, until in zip(own or [-1], [*own[1:], end]):
            moments = [(moment, stuck(record, thread, moment))
                       for moment in range(begin + 1, until)]
            moments = [(moment, lock) for moment, lock in moments if lock is not None]
            if moments:
                wanted.append((moments[0][1], moments[0][0], moments[-1][0] + 1))
        drawn = sorted((name, *interval) for name, intervals
                       in spans(reader, thread, "waits for").items() for interval in intervals)
        if drawn != sorted(wanted):
            yield f"thread {thread} waits {drawn}, and is stuck {sorted(wanted)}"


def step_mistakes(record, reader):
    drawn = {(event["ts"], event["tid"]): event for event in reader.slices
             if event["cat"] == "step"}
    steps = record["steps"]
    wanted = {(i, step["thread"] + FIRST_THREAD) for i, step in enumerate(steps)}
    if set(drawn) != wanted:
        yield f"steps are {sorted(drawn)}, and not {sorted(wanted)}"
    turns = [event for event in reader.slices if event["tid"] == SCHEDULER]
    for i, step in enumerate(steps):
        running = [turn["name"] for turn in turns if turn["ts"] <= i < turn["ts"] + turn["dur"]]
        if running != [f"thread {step['thread']}"]:
            yield f"step {i} of thread {step['thread']}: the scheduler runs {running}"
    arrows = {(ends[0]["ts"], ends[1]["ts"]) for ends in reader.arrows.values()
              if ends[0] and ends[1] and {end["cat"] for end in ends} == {"step"}}
    if arrows != {(before, i) for i, step in enumerate(steps) for before in step["after"]}:
        yield f"arrows are {sorted(arrows)}"
    marks = {(mark["name"], mark["ts"], mark["tid"]) for mark in reader.marks
             if mark["tid"] != SCHEDULER}
    for place in record["places"]:
        at = len(steps) if place["step"] is None else place["step"]
        if (place["text"], at, place["thread"] + FIRST_THREAD) not in marks:
            yield f"no mark `{place['text']}' at {at}"


def condition():
    """A record of a wait: it begins with a lock held, and has edges to steps that are not there."""
    steps = [
        (1, "wait", 1, [0], []), (2, "lock", 0, [], []), (2, "notify", 1, [0], []),
        (2, "unlock", 0, [0], []), (1, "awake", 1, [], [3, 99, -3]), (1, "unlock", 0, [0], [5]),
    ]
    return {
        "format": 2, "record": "finding", "identity": "wait", "kind": "deadlock",
        "program": "random", "message": "waits", "rows": [], "places": [],
        "threads": [{"id": 1, "name": "thread 1"}, {"id": 2, "name": "thread 2"}],
        "objects": [{"name": "mutex"}, {"name": "condition"}],
        "steps": [{"thread": thread, "event": event, "object": touched, "locks": locks,
                   "after": after} for thread, event, touched, locks, after in steps],
    }


def condition_mistakes(trace):
    reader = Reader(trace)
    yield from reader.mistakes
    for thread, kind, wanted in ((1, "holds", {"mutex": [(0, 1), (4, 6)]}),
                                 (1, "waits for", {"condition": [(1, 4)]}),
                                 (2, "holds", {"mutex": [(1, 4)]}), (2, "waits for", {})):
        if spans(reader, thread, kind) != wanted:
            yield f"thread {thread} {kind} {spans(reader, thread, kind)}, and not {wanted}"
    arrows = [(ends[0]["ts"], ends[1]["ts"]) for ends in reader.arrows.values()]
    if arrows != [(3, 4)]:
        yield f"arrows are {arrows}"


def mistakes(record, trace):
    reader = Reader(trace)
    yield from reader.mistakes
    yield from holding_mistakes(record, reader)
    yield from waiting_mistakes(record, reader)
    yield from step_mistakes(record, reader)
    for event in reader.slices:
        if event["tid"] not in reader.names:
            yield f"track {event['tid']} has no name"


def main():
    heddle = pathlib.Path(sys.argv[1]).resolve()
    records = [execute(seed) for seed in range(EXECUTIONS)]
    found = []
    waits = 0
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / "in").mkdir()
        for record in [*records, condition()]:
            (root / "in" / f"{record['identity']}.json").write_text(json.dumps(record))
        subprocess.run([heddle, "report", root / "in", "--format", "trace", "--output", root],
                       check=True, capture_output=True)
        for record in records:
            path = root / "trace" / f"random.{record['identity']}.json"
            trace = json.loads(path.read_text())
            waits += sum(1 for event in trace["traceEvents"] if event["name"].startswith("waits"))
            found += [f"{path.name}: {mistake}" for mistake in mistakes(record, trace)]
        found += condition_mistakes(json.loads((root / "trace" / "random.wait.json").read_text()))
    if waits < EXECUTIONS:
        found.append(f"only {waits} waits in {EXECUTIONS} executions: they show nothing")
    sys.exit("\n".join(found[:30]) or None)


if __name__ == "__main__":
    main()
