"""What libFuzzer prints while it runs: executions, coverage, new units, the inputs it saved.

    #4096   NEW    cov: 528 ft: 1586 corp: 55/922b lim: 40 exec/s: 2048 rss: 35Mb L: 15/40 MS: 1 ...

`cov` counts edges, `ft` features: edges with how often they were taken, and extra counters, which
is where the coverage of interleavings goes. INITED is printed once the corpus has been read; what
is new after that was found, not loaded.

SPDX-License-Identifier: MIT
"""

import base64
import binascii
import re

_STATUS = re.compile(r"^#(\d+)\s+([A-Za-z]+)\s+(?:cov: (\d+) )?(?:ft: (\d+) )?(?:corp: (\d+)/)?")
_WRITTEN = re.compile(r"Test unit written to (.+)$")
_BASE64 = re.compile(r"^Base64: (\S*)$")
_EXECUTED = re.compile(r"^stat::number_of_executed_units:\s*(\d+)$")
_PAIRS = re.compile(r"^heddle: coverage: (\d+) inputs, (\d+) pairs, (\d+) once$")
_PEAK = re.compile(r"^stat::peak_rss_mb:\s*(\d+)$")


class FuzzerOutput:
    """The figures of one run of a target, kept up to date line by line."""

    def __init__(self):
        self.executions = 0
        self.loaded = None  # executions that reading the corpus took; None until then
        self.coverage = 0
        self.features = 0
        self.units = 0
        self.first_coverage = 0
        self.first_features = 0
        self.new_units = []  # the executions after which one was found
        self.peak_rss_mb = 0
        self.pairs = None  # (inputs, pairs, pairs that one input alone showed), by Heddle's target
        self.saved = []  # [path, its bytes where libFuzzer printed them]

    def see(self, line):
        """Takes in one line of the output."""
        if line.startswith("#"):
            self._see_status(line)
            return
        written = _WRITTEN.search(line)
        if written:
            self.saved.append([written.group(1), None])
            return
        printed = _BASE64.match(line)
        if printed and self.saved:
            self.saved[-1][1] = _decoded(printed.group(1))
            return
        executed = _EXECUTED.match(line)
        if executed:
            self.executions = max(self.executions, int(executed.group(1)))
        pairs = _PAIRS.match(line)
        if pairs:
            self.pairs = tuple(map(int, pairs.groups()))
        peak = _PEAK.match(line)
        if peak:
            self.peak_rss_mb = int(peak.group(1))

    def _see_status(self, line):
        status = _STATUS.match(line)
        if not status:
            return
        self.executions = max(self.executions, int(status.group(1)))
        self.coverage = int(status.group(3) or self.coverage)
        self.features = int(status.group(4) or self.features)
        self.units = int(status.group(5) or self.units)
        if status.group(2) == "INITED":
            self.loaded = self.executions
            self.first_coverage = self.coverage
            self.first_features = self.features
        elif status.group(2) == "NEW" and self.loaded is not None:
            self.new_units.append(self.executions - self.loaded)

    @property
    def fuzzed(self):
        """Executions after the corpus was read."""
        return 0 if self.loaded is None else self.executions - self.loaded

    @property
    def gain(self):
        """New edges and features since the corpus was read."""
        if self.loaded is None:
            return 0
        edges = max(0, self.coverage - self.first_coverage)
        return edges + max(0, self.features - self.first_features)


def _decoded(text):
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
