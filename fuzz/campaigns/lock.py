"""One campaign a folder: a lock that its holder's death releases.

The kernel drops the lock with the process, so it is never stale; the text in the file says who
holds it, and, left behind without the lock, that a campaign was killed.

SPDX-License-Identifier: MIT
"""

import fcntl
import os
import socket

from campaigns.finding import now_text
from campaigns.outcome import CannotRun


class Lock:
    """On a file of the campaign's folder."""

    def __init__(self, path):
        self.path = path
        self.left_behind = ""  # who held it and was killed
        self._descriptor = None

    def take(self):
        """Takes the lock, or raises CannotRun if another process has it."""
        self._descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = _text(self._descriptor)
            os.close(self._descriptor)
            raise CannotRun(
                f"{self.path}: a campaign runs here already ({holder}); wait for it, stop it, "
                "or give another --dir"
            ) from None
        self.left_behind = _text(self._descriptor)
        text = f"process {os.getpid()} on {socket.gethostname()} since {now_text()}"
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, text.encode(), 0)

    def release(self):
        os.ftruncate(self._descriptor, 0)
        os.close(self._descriptor)


def holder(path):
    """Who holds the lock; None if nobody does."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        return _text(descriptor) or "unknown"
    finally:
        os.close(descriptor)


def _text(descriptor):
    return os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip()
