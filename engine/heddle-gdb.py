"""Heddle's threads in gdb: they are fibers of one thread of the process, which is all that gdb
shows by itself.

    gdb -x engine/heddle-gdb.py --args build/explore/heddle replay NAME --schedule=TEXT
    (gdb) break hde_execution_fail
    (gdb) run
    (gdb) heddle threads
    (gdb) heddle backtrace 2
    (gdb) heddle apply all frame apply level 3 info locals

How it works: a fiber that is suspended is its stack pointer, and what a switch saves lies there
(arch/*.c). Its registers are put into gdb's thread for one command, and put back.

SPDX-License-Identifier: MIT
"""

import contextlib

import gdb

# By gdb's name of the machine: the stack pointer, and what lies where above it (in words).
MACHINES = {
    "i386:x86-64": {
        "sp": "rsp",
        "size": 7,
        "saved": {"r15": 0, "r14": 1, "r13": 2, "r12": 3, "rbx": 4, "rbp": 5, "rip": 6},
    },
    "aarch64": {
        "sp": "sp",
        "size": 20,
        "saved": {"x29": 0, "pc": 1, "x30": 1, **{f"x{19 + n}": 2 + n for n in range(10)}},
    },
}

WORD = 8


def execution():
    """The engine's state; an error if there is none to see."""
    try:
        state = gdb.parse_and_eval("hde_execution")
        runs = int(gdb.parse_and_eval("hde_self")) != 0
    except gdb.error as problem:
        raise gdb.GdbError(f"this is no program of Heddle's, or it does not run yet: {problem}")
    if not runs:
        raise gdb.GdbError("no execution is running: stop in one, as by `break hde_execution_fail'")
    return state


def running():
    return int(gdb.parse_and_eval("hde_self")["id"])


def machine():
    name = gdb.selected_inferior().architecture().name()
    if name not in MACHINES:
        raise gdb.GdbError(f"heddle: nothing is known of fibers on {name}")
    return MACHINES[name]


@contextlib.contextmanager
def stack_of(thread):
    """gdb's thread looks as if it were `thread', which is suspended, until this ends."""
    layout = machine()
    names = [layout["sp"], *layout["saved"]]
    before = {name: int(gdb.parse_and_eval(f"(unsigned long)${name}")) for name in names}
    at = int(thread["fiber"])
    memory = gdb.selected_inferior().read_memory(at, layout["size"] * WORD)
    words = memory.cast("B").cast("L") if isinstance(memory, memoryview) else memory
    after = {name: words[place] for name, place in layout["saved"].items()}
    after[layout["sp"]] = at + layout["size"] * WORD
    level = gdb.selected_frame().level()
    gdb.newest_frame().select()
    try:
        for name in names:
            gdb.execute(f"set ${name} = {after[name]}", to_string=True)
        yield
    finally:
        gdb.newest_frame().select()
        for name in names:
            gdb.execute(f"set ${name} = {before[name]}", to_string=True)
        gdb.execute(f"frame {level}", to_string=True)


def look(state, number, what):
    """What what() says with the stack of a thread."""
    if number == running():
        return what()
    with stack_of(state["threads"][number]):
        return what()


def place():
    """The innermost line that is not the engine's or libc's."""
    frame = gdb.newest_frame()
    while frame is not None:
        table = frame.find_sal().symtab
        if table is not None and "/engine/" not in table.fullname():
            return f"{frame.name()}() at {table.filename}:{frame.find_sal().line}"
        frame = frame.older()
    return "the engine"


def what_it_does(state, number):
    if bool(state["threads"][number]["has_ended"]):
        return "has ended"
    kind = state["pending"][number]["kind"].cast(gdb.lookup_type("enum hde_event_kind"))
    event = str(kind).removeprefix("HDE_EVENT_").lower()
    count = int(state["threads"][number]["events"])
    return f"event {count}, {event}, in {look(state, number, place)}"


def chosen(state, text):
    count = int(state["threads_count"])
    if text == "all":
        return [n for n in range(count) if not bool(state["threads"][n]["has_ended"])]
    if not text.isdigit() or int(text) >= count:
        raise gdb.GdbError(f"`{text}' is no thread: write a number below {count}, or all")
    if bool(state["threads"][int(text)]["has_ended"]):
        raise gdb.GdbError(f"thread {text} has ended")
    return [int(text)]


def apply(text, command):
    state = execution()
    for number in chosen(state, text):
        print(f"\nHeddle's thread {number}:")
        print(look(state, number, lambda: gdb.execute(command, to_string=True)), end="")


class Heddle(gdb.Command):
    """Heddle's threads, which are fibers: heddle threads, heddle backtrace, heddle apply."""

    def __init__(self):
        super().__init__("heddle", gdb.COMMAND_STACK, prefix=True)


class Threads(gdb.Command):
    """List the threads of the execution, and what each is about to do."""

    def __init__(self):
        super().__init__("heddle threads", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        state = execution()
        for number in range(int(state["threads_count"])):
            mark = "*" if number == running() else " "
            print(f"{mark} {number:3}  {what_it_does(state, number)}")


class Backtrace(gdb.Command):
    """Show the stack of a thread: heddle backtrace NUMBER|all."""

    def __init__(self):
        super().__init__("heddle backtrace", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        apply(argument or "all", "backtrace")


class Apply(gdb.Command):
    """Run a command with the stack of a thread: heddle apply NUMBER|all COMMAND."""

    def __init__(self):
        super().__init__("heddle apply", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        thread, _, command = argument.strip().partition(" ")
        if not command.strip():
            raise gdb.GdbError("usage: heddle apply NUMBER|all COMMAND")
        apply(thread, command.strip())


for command in (Heddle, Threads, Backtrace, Apply):
    command()
