"""Child processes that cannot outlive us: fuzz targets, merges, shrinking.

A child leads a session of its own, so that all it starts is killed with it; it dies if we do, even
by SIGKILL (PR_SET_PDEATHSIG); and a watchdog kills it where it stays longer than it was allowed to:
a target under ThreadSanitizer may ignore SIGTERM and SIGALRM. Of its output a head and a tail are
kept: a child that prints for ever fills no memory.

SPDX-License-Identifier: MIT
"""

import asyncio
import collections
import contextlib
import ctypes
import dataclasses
import math
import os
import signal
import time

HEAD_BYTES = 1 << 16
TAIL_BYTES = 1 << 19
STOP_SECONDS = 2.0
WAIT_SECONDS = 0.05
CANNOT_START_SECONDS = 3.0

_ASK = signal.SIGUSR1  # libFuzzer ends after the execution that it is at

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


class Text:
    """The lines of an output: the first ones, the last ones."""

    def __init__(self):
        self.head = []
        self.head_bytes = 0
        self.tail = collections.deque()
        self.tail_bytes = 0
        self.has_gap = False

    def add(self, line):
        if self.head_bytes < HEAD_BYTES:
            self.head.append(line[:HEAD_BYTES])
            self.head_bytes += len(line)
            return
        self.tail.append(line[:TAIL_BYTES])
        self.tail_bytes += len(self.tail[-1])
        while self.tail_bytes > TAIL_BYTES:
            self.tail_bytes -= len(self.tail.popleft())
            self.has_gap = True

    def text(self):
        gap = ["[... lines left out ...]"] if self.has_gap else []
        return "\n".join([*self.head, *gap, *self.tail]) + "\n"


@dataclasses.dataclass
class Ended:
    """How a child ended. `code` is negative for a signal, as in subprocess."""

    code: int
    seconds: float
    text: str
    is_killed: bool = False  # by the watchdog
    is_stopped: bool = False  # because the campaign stops


class Patience:
    """When a child is asked to end, and when it is killed; both may be set while it runs."""

    def __init__(self, seconds):
        self.asked_at = math.inf
        self.killed_at = time.monotonic() + seconds

    def allow(self, seconds, grace):
        """From now on so many seconds until it is asked, and then so many to end."""
        self.asked_at = time.monotonic() + seconds
        self.killed_at = self.asked_at + grace


def _prepare(parent):
    def prepare():
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(127)

    return prepare


class Children:
    """All children that run; stop() ends them and lets no other begin."""

    def __init__(self):
        self.is_stopping = False
        self._running = set()

    async def run(self, command, environment, patience, listener=None, folder=None):
        """Runs a command; `patience` is a Patience, or the seconds after which it is killed.
        `listener` is called with each line; `folder` is where it runs, if not here."""
        if not isinstance(patience, Patience):
            patience = Patience(patience)
        began = time.monotonic()
        if self.is_stopping:
            return Ended(-signal.SIGINT, 0.0, "", is_stopped=True)
        try:
            process = await _start([str(part) for part in command], environment, folder)
        except OSError as problem:
            await self._pause(CANNOT_START_SECONDS)
            text = f"cannot be started: {problem}\n"
            return Ended(127, time.monotonic() - began, text, is_stopped=self.is_stopping)
        self._running.add(process)
        text = Text()
        reader = asyncio.ensure_future(_read_lines(process.stdout, text, listener))
        try:
            is_killed, is_asked = await _wait(process, patience)
        finally:
            kill_group(process.pid, signal.SIGKILL)
            self._running.discard(process)
        await process.wait()
        await _finish(reader)
        is_stopped = self.is_stopping
        # Who does not know libFuzzer's way to be asked dies by it.
        code = 0 if is_asked and process.returncode == -_ASK else process.returncode
        ended = Ended(code, time.monotonic() - began, text.text())
        ended.is_killed = is_killed and not is_stopped
        ended.is_stopped = is_stopped
        return ended

    async def _pause(self, seconds):
        """A program that is just being built anew is there in a moment."""
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.is_stopping:
            await asyncio.sleep(WAIT_SECONDS)

    async def stop(self):
        """Asks all children to end, and kills those that do not."""
        self.is_stopping = True
        for process in list(self._running):
            kill_group(process.pid, signal.SIGINT)
        until = time.monotonic() + STOP_SECONDS
        while self._running and time.monotonic() < until:
            await asyncio.sleep(0.02)
        for process in list(self._running):
            kill_group(process.pid, signal.SIGKILL)
        while self._running:
            await asyncio.sleep(0.02)


async def _start(command, environment, folder):
    return await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        start_new_session=True,
        preexec_fn=_prepare(os.getpid()),
    )


async def _wait(process, patience):
    """Until it has ended, or must be killed; whether that is so, and whether it was asked."""
    is_asked = False
    waiting = asyncio.ensure_future(process.wait())
    try:
        while True:
            now = time.monotonic()
            if now >= patience.killed_at:
                return True, is_asked
            if now >= patience.asked_at and not is_asked:
                is_asked = True
                kill_group(process.pid, _ASK)
            await asyncio.wait([waiting], timeout=min(WAIT_SECONDS, patience.killed_at - now))
            if waiting.done():
                return False, is_asked
    finally:
        waiting.cancel()


def kill_group(pid, number):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, number)


async def _finish(reader):
    """The pipe ends with the group; not if someone left the group and kept it."""
    try:
        await asyncio.wait_for(reader, STOP_SECONDS)
    except asyncio.TimeoutError:
        reader.cancel()


async def _read_lines(stream, text, listener):
    rest = b""
    while True:
        chunk = await stream.read(1 << 16)
        lines = (rest + chunk).split(b"\n")
        rest = lines.pop()
        if len(rest) > HEAD_BYTES or (not chunk and rest):
            lines.append(rest)
            rest = b""
        for line in lines:
            decoded = line.decode("utf-8", "replace")
            text.add(decoded)
            if listener is not None:
                listener(decoded)
        if not chunk:
            return
