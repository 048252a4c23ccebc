"""What happened, and when: a line each in events.log, which is kept small.

SPDX-License-Identifier: MIT
"""

import os
import pathlib

from campaigns.finding import now_text
from campaigns.outcome import is_disk_full

BYTES_MAX = 4 << 20


class Events:
    """`listener` is called with what a person who watches wants to see at once."""

    def __init__(self, path, listener):
        self.path = pathlib.Path(path)
        self.listener = listener

    def add(self, what, is_shown=True):
        line = f"{now_text()} {what}\n"
        try:
            if self.path.exists() and self.path.stat().st_size > BYTES_MAX:
                os.replace(self.path, f"{self.path}.1")
            with open(self.path, "a", encoding="utf-8") as file:
                file.write(line)
        except OSError as problem:
            if not is_disk_full(problem):
                raise
        if is_shown:
            self.listener(what)
