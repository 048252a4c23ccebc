#!/usr/bin/env python3
"""Writes the seeds of corpus/queue_ops, one for each behaviour that the target should start from.

    fuzz/queue_ops_seeds.py [DIRECTORY]       the default is corpus/queue_ops beside this file

A seed is a list of calls, two bytes each; queue_ops_fuzz.c says what they mean, and the tables here
repeat its tables. Files of other names, such as inputs that a campaign found, stay where they are.

SPDX-License-Identifier: MIT
"""

import pathlib
import sys

OPERATIONS = ("init try_put put_until put try_get get_until get task_done join_until join shutdown "
              "age size fill drain done_all").split()
KINDS = "fifo lifo priority ring spsc_ring".split()
CAPACITIES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 16, 17, 24, 31, 32, 33, 63, 64, 65, 100, 128,
              256, 2**64 - 1]
DEADLINES = "zero past now soon later never".split()
QUEUES = KINDS[:3]
RINGS = KINDS[3:]


def call(operation, times=1, argument=0):
    """`times` from 1 to 16; fill, drain and done_all make 16 calls for each."""
    return bytes([OPERATIONS.index(operation) | (times - 1) << 4, argument])


def init(kind, capacity, static=False):
    return call("init", 1, KINDS.index(kind) + 5 * CAPACITIES.index(capacity) + 125 * static)


def until(operation, deadline, times=1):
    return call(operation, times, DEADLINES.index(deadline))


def of_queue(kind):
    """What fifo_queue, lifo_queue and priority_queue have in common."""
    yield "bounded", (init(kind, 3) + call("try_put", 4, 5) + until("put_until", "zero") +
                      call("get", 2) + call("put", 2, 250) + call("try_get", 4))
    yield "grow", init(kind, 0) + call("fill", 5, 77) + call("drain", 5)
    yield "grow_wrapped", (init(kind, 0) + call("put", 6, 1) + call("get", 5) +
                           call("fill", 2, 1) + call("get", 7) + call("fill", 4, 255) +
                           call("drain", 7))
    yield "wrap", init(kind, 8) + (call("put", 5, 200) + call("get", 4)) * 8 + call("drain")
    yield "deadlines", (init(kind, 1) +
                        b"".join(until("get_until", each) for each in DEADLINES) +
                        b"".join(until("put_until", each) for each in DEADLINES) +
                        b"".join(until("join_until", each) for each in DEADLINES))
    yield "tasks", (init(kind, 0) + call("join") + call("task_done") + call("put", 3) +
                    until("join_until", "past") + call("task_done", 2) + call("get", 3) +
                    call("join") + call("task_done", 2) + until("join_until", "never"))
    yield "shutdown_drains", (init(kind, 4) + call("put", 4, 9) + call("shutdown") +
                              call("try_put") + until("put_until", "never") + call("put") +
                              call("drain") + until("get_until", "later") + call("try_get") +
                              call("done_all") + call("join"))
    yield "shutdown_immediate", (init(kind, 0) + call("put", 5, 3) + call("get", 2) +
                                 call("task_done") + call("shutdown", 1, 0) +
                                 call("shutdown", 1, 1) + call("get") + call("task_done", 2) +
                                 call("join"))
    # Tasks may be done before their items are taken: then dropping the items counts them no more.
    yield "shutdown_done_early", (init(kind, 0) + call("put", 3) + call("task_done", 2) +
                                  call("shutdown", 1, 1) + until("join_until", "zero") +
                                  call("task_done"))
    yield "static", (init(kind, 2, static=True) + call("fill") + call("drain") +
                     init(kind, 0, static=True) + call("fill", 2, 31) + call("size"))
    yield "huge_capacity", init(kind, 2**64 - 1) + call("fill", 2, 1) + call("drain", 2)


def of_ring(kind):
    yield "fill_and_drain", init(kind, 8) + (call("fill") + call("drain")) * 3
    yield "wrap", init(kind, 4) + (call("try_put", 3) + call("try_get", 2)) * 9 + call("drain")
    yield "smallest", (init(kind, 1) + init(kind, 2) + (call("try_put", 3) + call("size") +
                                                        call("try_get", 3)) * 3)
    yield "static", init(kind, 16, static=True) + call("fill", 2) + call("drain", 2)
    yield "refused", (init(kind, 4) + call("try_put", 3) + init(kind, 0) + init(kind, 3) +
                      init(kind, 2**64 - 1) + call("drain"))
    yield "aged", (init(kind, 4) + call("age") + (call("fill") + call("drain")) * 3 +
                   call("age") + call("try_put", 3) + call("age") + call("try_get", 4))


def seeds():
    for kind in QUEUES:
        for name, data in of_queue(kind):
            yield f"{kind}_{name}", data
    for kind in RINGS:
        for name, data in of_ring(kind):
            yield f"{kind}_{name}", data
    order = b"".join(call("put", 1, argument) for argument in (5, 128, 127, 0, 5, 255, 127, 128))
    yield "priority_order", init("priority", 0) + order + call("fill", 4, 37) + call("drain", 5)
    yield "priority_ties", init("priority", 0) + call("fill", 2, 0) + call("drain", 2)
    yield "priority_descending", init("priority", 0) + call("fill", 2, 255) + call("drain", 2)
    yield "every_kind", b"".join(init(kind, 4) + call("put", 5, 7) + call("get", 3)
                                 for kind in KINDS)
    yield "odd_length", init("fifo", 2) + call("put", 2)[:1]


def main():
    if sys.argv[1:2] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return
    default = pathlib.Path(__file__).resolve().parent / "corpus" / "queue_ops"
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    directory.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, data in seeds():
        (directory / name).write_bytes(data)
        count += 1
    print(f"{count} seeds in {directory}")


if __name__ == "__main__":
    main()
