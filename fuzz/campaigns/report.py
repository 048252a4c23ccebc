"""The report of a campaign, by the command `heddle' of its targets' build tree.

What it is made of, findings and run records, is on disk in any case: without that command, or if it
fails, the summary says what to run.

SPDX-License-Identifier: MIT
"""

import shlex
import subprocess

from campaigns.shrink import shown

SECONDS_MAX = 120


def report_command(folder, targets, settings):
    """The words of the command. Without a `heddle' in a build tree, the one of the package."""
    commands = [target.command("heddle") for target in targets]
    heddle = next(filter(None, commands), None)
    words = [heddle or "heddle", "report", str(folder), f"--output={folder}/report"]
    if settings.baseline:
        words.append(f"--baseline={settings.baseline}")
    if settings.suppressions:
        words.append(f"--suppressions={settings.suppressions}")
    return words


def write_report(words):
    """Runs it, if it is one of a build tree; whether there is a report now."""
    if words[0] == "heddle":
        return False
    try:
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def report_line(folder, words, is_written):
    """What a summary says of it."""
    if is_written:
        return f"report: {shown(folder)}/report/report.html"
    return f"report: {shlex.join(_shown_word(word) for word in words)}"


def _shown_word(word):
    option, equals, path = word.partition("=") if word.startswith("-") else ("", "", word)
    return f"{option}{equals}{shown(path) if path.startswith('/') else path}"
