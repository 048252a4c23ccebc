"""How the command ends: its exit codes, and the errors that lead to two of them.

An error's text is one sentence that says what is wrong, where, and what to do.

SPDX-License-Identifier: MIT
"""

import errno

CLEAN = 0
NEW_FINDINGS = 1
USAGE = 2
NOT_TRIED = 3
INTERRUPTED = 130

# A quota and a limit on a file's size stop a campaign as a full disk does.
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class UsageError(Exception):
    """What was asked for makes no sense; nothing has been done."""

    code = USAGE


class CannotRun(Exception):
    """What was asked for makes sense, and cannot be done here and now."""

    code = NOT_TRIED


def reason_of(error):
    """Why a file could not be read or written, without the name that the message has already."""
    return getattr(error, "strerror", None) or error


def is_disk_full(error):
    return isinstance(error, OSError) and error.errno in _FULL
