#!/usr/bin/env python3
"""Writes the record of a finding that is larger than any scenario's: for tests of the viewer.

    crowd.py [--threads=100] [--steps=10000] [--seed=1] FILE

It is made of a small simulation and not of a run, so that it has all that a record can have, in any
size: threads take locks, pass tokens with atomics, allocate, wait and end. The last two steps are a
race on a total that one thread adds to without the lock. Equal arguments give equal bytes.
"""

import argparse
import json
import random

FILE = "server/crowd.c"
SOURCE = """\
static void serve(struct crowd *crowd, struct bucket *bucket)
{
    pthread_mutex_lock(&bucket->lock);
    bucket->count++;
    if (bucket->count % 16 == 0) {
        pthread_cond_signal(&bucket->changed);
    }
    pthread_mutex_unlock(&bucket->lock);
    int ticket = atomic_fetch_add_explicit(&crowd->tickets, 1, memory_order_acq_rel);
    struct node *node = malloc(sizeof(*node));
    node->ticket = ticket;
    free(node);
    pthread_mutex_lock(&crowd->lock);
    crowd->total += ticket;
    pthread_mutex_unlock(&crowd->lock);
}

static void hurry(struct crowd *crowd)
{
    crowd->total++; /* finding */
}

int main(void)
{
    for (int i = 0; i < CROWD; i++) {
        pthread_create(&threads[i], NULL, run, &crowd);
    }
}
""".splitlines()
FIRST = 40  # line of SOURCE[0]
BUCKETS = 8


class Crowd:
    """Threads, each of which knows its next act; the schedule is drawn."""

    def __init__(self, threads, steps, seed):
        self.draw = random.Random(seed)
        self.threads = threads
        self.wanted = steps
        self.steps = []
        self.lines = []
        self.objects = []
        self.memory = {}
        self.owners = {}
        self.held = [[] for _ in range(threads)]
        self.numbers = [0] * threads
        self.known = [[-1] * threads for _ in range(threads)]  # by thread: last step of each
        self.through = {}  # by step that released: what was known then
        self.released = {}  # by object: the step
        self.last = 0

    # ---- Tables ------------------------------------------------------------------------------

    def line(self, words, function=None):
        number = next(i for i, text in enumerate(SOURCE) if words in text)
        starts = [text for text in SOURCE[:number + 1] if text and text[0] not in " {}"]
        line = {"function": function or starts[-1].split("(")[0].split()[-1].lstrip("*"),
                "file": FILE, "line": FIRST + number, "code": SOURCE[number].strip()}
        if line not in self.lines:
            self.lines.append(line)
        return self.lines.index(line)

    def object(self, name, kind, whereabouts=None):
        of = {"name": name, "whereabouts": whereabouts, "kind": kind}
        if of not in self.objects:
            self.objects.append(of)
        return self.objects.index(of)

    # ---- Steps -------------------------------------------------------------------------------

    def step(self, thread, event, line, of=None, *, size=1, order=None, read=None, written=None,
             acquires=(), releases=()):
        index = len(self.steps)
        known = self.known[thread]
        sources = {self.released[each] for each in acquires if each in self.released}
        sources = {source for source in sources
                   if self.steps[source]["thread"] != thread
                   and known[self.steps[source]["thread"]] < source}
        after = sorted(source for source in sources if not any(
            self.through[other][self.steps[source]["thread"]] >= source
            for other in sources if other != source))
        for source in sources:
            known[:] = [max(pair) for pair in zip(known, self.through[source])]
        known[thread] = index
        self.numbers[thread] += 1
        self.steps.append({
            "thread": thread, "number": self.numbers[thread], "event": event, "line": line,
            "object": of, "stack": [line], "size": size, "order": order, "read": read,
            "written": written, "locks": list(self.held[thread]), "after": after,
            "is_preempted": bool(self.steps) and self.last != thread
            and self.steps[-1]["event"] not in ("end", "wait"), "is_marked": False})
        self.last = thread
        for each in releases:
            self.released[each] = index
            self.through[index] = list(known)
        return index

    def add(self, thread, line, of, delta):
        before = self.memory.get(of, 0)
        self.step(thread, "read", line, of, size=4, read=str(before))
        yield
        self.memory[of] = before + delta
        self.step(thread, "write", line, of, size=4, written=str(before + delta))

    def lock(self, thread, line, of):
        while self.owners.get(of) is not None:
            yield False
        self.owners[of] = thread
        self.step(thread, "lock", line, of, acquires=[of])
        self.held[thread].append(of)

    def unlock(self, thread, line, of):
        self.step(thread, "unlock", line, of, releases=[of])
        self.held[thread].remove(of)
        self.owners[of] = None

    def serve(self, thread):
        """One round of SOURCE's serve()."""
        number = self.draw.randrange(BUCKETS)
        bucket = self.object(f"crowd.buckets[{number}].lock", "mutex")
        count = self.object(f"crowd.buckets[{number}].count", "memory")
        yield from self.lock(thread, self.line("lock(&bucket->lock)"), bucket)
        yield
        yield from self.add(thread, self.line("bucket->count++"), count, 1)
        if self.memory[count] % 16 == 0:
            yield
            self.step(thread, "notify", self.line("cond_signal"),
                      self.object(f"crowd.buckets[{number}].changed", "condition"))
        yield
        self.unlock(thread, self.line("unlock(&bucket->lock)"), bucket)
        yield
        tickets = self.object("crowd.tickets", "atomic")
        ticket = self.memory.get(tickets, 0)
        self.memory[tickets] = ticket + 1
        self.step(thread, "atomic_update", self.line("fetch_add"), tickets, size=4,
                  order="acq_rel", read=str(ticket), written=str(ticket + 1), acquires=[tickets],
                  releases=[tickets])
        yield
        whereabouts = f"in 16 bytes that thread {thread} allocated at {FILE}:{FIRST + 9}"
        block = self.object("node", "memory", whereabouts)
        member = self.object("node.ticket", "memory", whereabouts)
        self.step(thread, "allocate", self.line("malloc"), block, size=16)
        yield
        self.step(thread, "write", self.line("node->ticket"), member, size=4, written=str(ticket))
        yield
        self.step(thread, "free", self.line("free(node)"), block, size=16)
        yield
        total_lock = self.object("crowd.lock", "mutex")
        yield from self.lock(thread, self.line("lock(&crowd->lock)"), total_lock)
        yield
        yield from self.add(thread, self.line("total += ticket"),
                            self.object("crowd.total", "memory"), ticket)
        yield
        self.unlock(thread, self.line("unlock(&crowd->lock)"), total_lock)

    def live(self, thread):
        self.step(thread, "start", self.line("pthread_create"), None,
                  acquires=[("create", thread)])
        while True:
            yield
            yield from self.serve(thread)

    def run(self):
        """All threads, until there are enough steps; then the race."""
        for thread in range(1, self.threads):
            self.step(0, "create", self.line("pthread_create"),
                      self.object(f"thread {thread}", "thread"),
                      releases=[("create", thread)])
        lives = {thread: self.live(thread) for thread in range(1, self.threads)}
        thread = 1
        while len(self.steps) < self.wanted - 2:
            if self.draw.random() < 0.3:
                thread = self.draw.randrange(1, self.threads)
            if next(lives[thread]) is False:
                thread = self.draw.randrange(1, self.threads)
        total = self.object("crowd.total", "memory")
        free = [thread for thread in range(1, self.threads) if not self.held[thread]]
        hasty, other = free[0], free[-1]
        line = self.line("crowd->total++")
        value = self.memory.get(total, 0)
        first = self.step(hasty, "write", line, total, size=4, written=str(value + 1))
        second = self.step(other, "read", line, total, size=4, read=str(value + 1))
        for index in (first, second):
            self.steps[index]["is_marked"] = True
        return first, second

    # ---- The record --------------------------------------------------------------------------

    def place(self, index, verb):
        step = self.steps[index]
        line = {key: self.lines[step["line"]][key] for key in ("function", "file", "line")}
        return {**line, "text": f"thread {step['thread']} {verb} 4 bytes of `crowd.total'",
                "thread": step["thread"], "event": step["event"], "size": 4, "is_cause": False,
                "object": {"name": "crowd.total", "whereabouts": None}, "stack": [line],
                "locks": [], "step": index, "waits_for": None}

    def row(self, index):
        step = self.steps[index]
        of = self.objects[step["object"]]
        return {**self.lines[step["line"]], "thread": step["thread"], "action": step["event"],
                "is_marked": step["is_marked"], "times": 1, "left_out_before": 0,
                "event": step["event"],
                "object": {"name": of["name"], "whereabouts": of["whereabouts"]},
                "locks": [], "step": index, "steps": 1}

    def record(self):
        first, second = self.run()
        places = [self.place(second, "reads"), self.place(first, "writes")]
        hasty, other = places[1]["thread"], places[0]["thread"]
        threads = [{"id": thread, "name": f"thread {thread}",
                    "function": "run" if thread else "main",
                    "created_by": 0 if thread else None,
                    "created_at": f"{FILE}:{FIRST + 25}" if thread else None, "ended": False,
                    "stack": None} for thread in range(self.threads)]
        return {
            "format": 2, "record": "finding", "identity": f"{0xc0ded + self.wanted:016x}",
            "kind": "data-race", "class": None,
            "message": f"data race on `crowd.total' (4 bytes): thread {other} reads while thread "
                       f"{hasty} writes, nothing orders them",
            "function": "hurry", "file": FILE, "line": places[0]["line"], "program": "crowd",
            "flavour": "explore", "model": "sc", "build_id": "0123456789abcdef",
            "strategy": "random", "seed": "1", "executions": 17,
            "preemptions": sum(step["is_preempted"] for step in self.steps),
            "schedule": "1cd9:", "replay": "heddle replay crowd --schedule=1cd9:",
            "noticed_by": "Heddle", "sanitizer": None, "is_owed": None, "places": places,
            "threads": threads, "history": None, "lines": self.lines, "objects": self.objects,
            "rows": [self.row(first), self.row(second)], "steps": self.steps,
            "steps_left_out": 0,
            "excerpts": [{"file": FILE, "first": FIRST, "text": SOURCE}]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=100)
    parser.add_argument("--steps", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("file")
    options = parser.parse_args()
    if options.threads < 4 or options.steps < 3 * options.threads:
        parser.error("needs 4 threads, and 3 steps for each")
    record = Crowd(options.threads, options.steps, options.seed).record()
    with open(options.file, "w", encoding="utf-8") as file:
        json.dump(record, file, separators=(",", ":"))
        file.write("\n")


if __name__ == "__main__":
    main()
