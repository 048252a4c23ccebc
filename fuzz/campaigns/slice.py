"""One slice: a target runs for some seconds on its corpus.

Its time begins when its corpus has been read. It ends when its time is up, or by a finding, or is
killed by the watchdog: a target that hangs so that libFuzzer's own alarm does not end it would stay
for ever.

SPDX-License-Identifier: MIT
"""

import time

from campaigns import durable
from campaigns.child import Patience
from campaigns.fuzzer_output import FuzzerOutput
from campaigns.outcome import is_disk_full

GRACE_SECONDS = 20.0  # to end, and to write a report
# A slice so long ends by itself, and says all that a target says at its end. A shorter one is asked
# to end: libFuzzer counts whole seconds.
LONG_SECONDS = 10.0
LOAD_SECONDS = 900.0  # to begin, and to read the corpus ...
LOAD_SECONDS_LATE = 60.0  # ... but, when the campaign's time is up, no more than that
LOG_BYTES = 1 << 16


class Slice:
    """Of one target; `output` can be looked at while it runs."""

    def __init__(self, work, settings):
        self.work = work
        self.settings = settings
        self.output = FuzzerOutput()
        self.ended = None

    async def run(self, children, seconds, remaining):
        """`remaining` is the campaign's time: a target that never begins does not take more."""
        target = self.work.target
        timeout = self.settings.timeout or target.timeout_seconds
        grace = self.settings.grace or GRACE_SECONDS + timeout
        patience = Patience(min(LOAD_SECONDS, max(remaining, LOAD_SECONDS_LATE) + grace))

        began = time.monotonic()

        def see(line):
            was_loaded = self.output.loaded is not None
            self.output.see(line)
            if self.output.loaded is not None and not was_loaded:
                self.work.load_seconds = time.monotonic() - began
                patience.allow(seconds + (2 if seconds >= LONG_SECONDS else 0), grace)

        environment = target.environment(HEDDLE_FINDINGS=self.work.dropped)
        command = fuzzing_command(self.work, self.settings, seconds)
        self.ended = await children.run(command, environment, patience, see)
        self._mend_saved()
        self._write_log(command)

    def _mend_saved(self):
        """An input that did not get to disk, as when it is full, is what libFuzzer printed."""
        for path, data in self.output.saved:
            if not data or not str(path).startswith(str(self.work.artifacts)):
                continue
            try:
                with open(path, "rb") as file:
                    is_whole = file.read() == data
            except OSError:
                is_whole = False
            if not is_whole:
                durable.write(path, data)

    def _write_log(self, command):
        text = " ".join(map(str, command)) + "\n" + self.ended.text
        try:
            durable.write(self.work.log, text.encode()[-LOG_BYTES:], is_forced=False)
        except OSError as problem:
            if not is_disk_full(problem):
                raise

    @property
    def has_died(self):
        """It neither ended as it should nor because it was stopped."""
        return self.ended.code != 0 and not self.ended.is_stopped


def fuzzing_command(work, settings, seconds):
    target = work.target
    timeout = settings.timeout or target.timeout_seconds
    command = [
        target.path,
        f"-artifact_prefix={work.artifacts}/",
        f"-timeout={timeout}",
        f"-report_slow_units={timeout}",
        f"-rss_limit_mb={settings.memory_mb(target)}",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    if seconds >= LONG_SECONDS:
        # libFuzzer counts from its start: reading the corpus takes as long as the last time.
        command.append(f"-max_total_time={int(seconds + work.load_seconds)}")
    if target.dictionary:
        command.append(f"-dict={target.dictionary}")
    return [*command, work.corpus.link]


def running_again_command(target, settings, path):
    """Runs one input, as it ran when it was found."""
    timeout = settings.timeout or target.timeout_seconds
    limits = [f"-timeout={timeout}", f"-rss_limit_mb={settings.memory_mb(target)}"]
    return [target.path, *limits, path]
