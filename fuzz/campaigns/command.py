"""The command line of fuzz/campaign.

SPDX-License-Identifier: MIT
"""

import argparse
import asyncio
import difflib
import math
import os
import pathlib
import signal
import sys
import traceback

from campaigns import durable
from campaigns.baseline import SUPPRESSED, Judge, baseline_line, first_word
from campaigns.campaign import Campaign
from campaigns.crew import Crew
from campaigns.finding import Findings
from campaigns.lock import holder
from campaigns.outcome import INTERRUPTED, CannotRun, UsageError, is_disk_full, reason_of
from campaigns.progress import Progress, clock, write
from campaigns.report import report_command, report_line, write_report
from campaigns.settings import Settings
from campaigns.state import State
from campaigns.summary import summarise
from campaigns.summary_text import as_markdown, as_text, counted
from campaigns.target import describe

VERBS = ("run", "status", "summary", "baseline")

DESCRIPTION = """\
Runs fuzz targets for hours: shares the time by what each of them yields, keeps what they find once,
makes it small, and says in the morning what is new.

  fuzz/campaign [run] TARGET|GLOB... --dir DIR --hours H   begin, or go on where it was killed
  fuzz/campaign run --dir DIR                               go on, as it was told before
  fuzz/campaign status DIR                                  from another terminal
  fuzz/campaign summary DIR                                 the summary again
  fuzz/campaign baseline DIR [--update FILE]                what is found, as known findings
"""
EPILOG = """\
Exit: 0 no new finding; 1 new findings; 2 usage; 3 a target could not be tried, or stopped early, as
by a full disk; 130 interrupted. docs/FUZZING.md has more.
"""


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise UsageError(f"{message}; see: fuzz/campaign --help")


def positive(text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise argparse.ArgumentTypeError(f"needs a number above 0, not `{text}'")
    return value


def count(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"needs a number from 1, not `{text}'")
    return int(text)


def size(text):
    return 0 if text == "0" else count(text)


def parser():
    top = Parser(
        prog="fuzz/campaign",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = top.add_subparsers(dest="verb", required=True, metavar="run|status|summary|baseline")
    _add_run(verbs.add_parser("run", allow_abbrev=False, help="run a campaign"))
    for verb, text in (("status", "how far it is"), ("summary", "what came of it")):
        _add_folder(verbs.add_parser(verb, allow_abbrev=False, help=text))
    baseline = verbs.add_parser("baseline", allow_abbrev=False, help="its findings as known ones")
    _add_folder(baseline)
    baseline.add_argument("--update", metavar="FILE", help="add those that FILE lacks")
    return top


def _add_folder(verb):
    verb.add_argument("dir", metavar="DIR")
    _add_files(verb)


def _add_files(verb):
    verb.add_argument("--baseline", metavar="FILE", help="findings that are known")
    verb.add_argument("--suppressions", metavar="FILE", help="findings somebody answers for")


def _add_run(run):
    run.add_argument("targets", nargs="*", metavar="TARGET|GLOB", help="libFuzzer programs")
    run.add_argument("--dir", required=True, metavar="DIR", help="where all is kept")
    time = run.add_mutually_exclusive_group()
    for unit, seconds in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        time.add_argument(f"--{unit}", type=positive, metavar="N", help=f"{seconds} s each")
    run.add_argument("--jobs", type=count, metavar="N", help="at a time (default: the cores)")
    run.add_argument("--slice", type=positive, metavar="S", help="of a target (default 0.2 to 60)")
    run.add_argument("--timeout", type=count, metavar="S", help="of an input (default 10 to 30)")
    run.add_argument("--memory", type=count, metavar="MIB", help="of a target (default 2048 up)")
    run.add_argument("--shrink-seconds", type=positive, metavar="S", help="a finding (default 30)")
    run.add_argument("--grace", type=positive, metavar="S", help="before a late target is killed")
    run.add_argument("--disk-limit", type=count, metavar="MIB", help="of DIR (default 10240)")
    run.add_argument("--disk-reserve", type=size, metavar="MIB", help="left free (default 512)")
    run.add_argument("--seeds", action="append", metavar="DIR", help="DIR/<target>/* are seeds")
    _add_files(run)
    run.add_argument("--quiet", action="store_true", help="no progress")


def options_of(arguments):
    """What was given of the settings; paths that mean the same from any folder."""
    options = {name: value for name, value in vars(arguments).items() if value is not None}
    for unit, seconds in (("hours", 3600), ("minutes", 60), ("seconds", 1)):
        if unit in options:
            options["budget"] = options[unit] * seconds
    for name in ("baseline", "suppressions"):
        if name in options:
            options[name] = os.path.abspath(options[name])
    for name in ("targets", "seeds"):
        options[name] = [os.path.abspath(path) for path in options.get(name) or []]
    for folder in options["seeds"]:
        if not os.path.isdir(folder):
            raise UsageError(f"{folder}: there is no such folder of seeds")
    return options


# ---- run -----------------------------------------------------------------------------------------


def run(arguments):
    progress = Progress(arguments.quiet)
    campaign = Campaign(arguments.dir, progress.say)
    return asyncio.run(_run(campaign, progress, options_of(arguments)))


async def _run(campaign, progress, options):
    try:
        campaign.open(options)
    except OSError as problem:
        if not is_disk_full(problem):
            raise
        raise CannotRun(f"{campaign.folder}: the disk is full; make room: {problem}") from problem
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, _interrupt, campaign)
    try:
        await Crew(campaign, progress).run()
        return _close(campaign, progress)
    finally:
        campaign.close()


def _interrupt(campaign):
    campaign.stop(INTERRUPTED, "interrupted")


def _close(campaign, progress):
    campaign.state.is_ended = not campaign.stop_reason
    campaign.state.why_ended = campaign.stop_reason
    campaign.save()
    progress.end_line()
    end = (campaign.stop_code, campaign.stop_reason) if campaign.stop_reason else None
    targets = {key: work.target for key, work in campaign.works.items()}
    summary = summarise(
        campaign.state, campaign.findings, campaign.judge, campaign.settings, targets, end
    )
    words = report_command(campaign.folder, targets.values(), campaign.settings)
    summary["report"] = report_line(campaign.folder, words, write_report(words))
    try:
        write_summary(campaign.folder, summary)
    except OSError as problem:
        campaign.stop_for(problem)
        write_summary(campaign.folder, summary)
    write(sys.stdout, as_text(summary, campaign.folder))
    return summary["exit_code"]


def write_summary(folder, summary):
    durable.write_json(folder / "summary.json", summary)
    durable.write(folder / "summary.md", as_markdown(summary))
    durable.write(folder / "summary.txt", as_text(summary, folder))


# ---- What only looks -----------------------------------------------------------------------------


class Look:
    """A campaign's folder, only read: it may be running."""

    def __init__(self, arguments):
        self.folder = pathlib.Path(arguments.dir).absolute()
        self.state = State(self.folder)
        try:
            is_there = self.state.load()
        except ValueError as problem:
            text = f"{self.state.file}: damaged ({problem}); run the campaign again to mend it"
            raise CannotRun(text) from problem
        if not is_there:
            raise UsageError(f"{self.folder}: is no campaign's folder: it has no state.json")
        self.settings = Settings()
        self.settings.take(self.state.options)
        self.settings.take(options_of(argparse.Namespace(**_files(arguments))))
        self.findings = Findings(self.folder / "findings")
        self.findings.load(is_mending=False)
        self.judge = Judge(self.settings.baseline, self.settings.suppressions)
        self.targets = {key: describe(of.path) for key, of in self.state.targets.items()}
        self.holder = holder(self.folder / "lock")

    def summary(self):
        end = None
        if self.state.why_ended:
            end = (INTERRUPTED if self.state.why_ended == "interrupted" else CannotRun.code,
                   self.state.why_ended)
        summary = summarise(
            self.state, self.findings, self.judge, self.settings, self.targets, end
        )
        words = report_command(self.folder, self.targets.values(), self.settings)
        is_written = (self.folder / "report" / "report.html").is_file() and self.state.is_ended
        summary["report"] = report_line(self.folder, words, is_written)
        return summary


def _files(arguments):
    return {"baseline": arguments.baseline, "suppressions": arguments.suppressions}


def summary_again(arguments):
    look = Look(arguments)
    summary = look.summary()
    print(as_text(summary, look.folder), end="")
    return summary["exit_code"]


def status(arguments):
    look = Look(arguments)
    state = look.state
    if look.holder:
        print(f"runs: {look.holder}, night {state.night}")
    elif state.is_ended:
        print(f"ended after {clock(state.elapsed)}; the next run begins night {state.night + 1}")
    else:
        print(f"does not run: {state.why_ended or 'was killed'}; the next run goes on")
    for key, executions in state.running:
        print(f"now: {key}, {executions} executions in this slice")
        state.targets[key].executions += executions
    print(as_text(look.summary(), look.folder), end="")
    return 0


def baseline(arguments):
    """What is found and not suppressed, as lines of a baseline."""
    look = Look(arguments)
    lines = [
        baseline_line(record)
        for _, record in sorted(look.findings.records.items())
        if look.judge.status(record)[0] != SUPPRESSED
    ]
    if not arguments.update:
        print("# Findings that are known: only others are new. See fuzz/campaign.")
        print("\n".join(lines))
        return 0
    path = pathlib.Path(arguments.update)
    try:
        text = path.read_text(encoding="utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: cannot be read: {reason_of(problem)}") from problem
    known = {first_word(line) for line in text.split("\n")}
    added = [line for line in lines if first_word(line) not in known]
    text = text if text.endswith("\n") or not text else text + "\n"
    try:
        durable.write(path, text + "".join(f"{line}\n" for line in added))
    except OSError as problem:
        raise UsageError(f"{path}: cannot be written: {reason_of(problem)}") from problem
    print(f"{path}: {counted(len(added), 'finding')} added")
    return 0


def with_verb(words):
    """The words, with `run' before them where it is left out."""
    if not words or words[0] in (*VERBS, "-h", "--help"):
        return words
    meant = difflib.get_close_matches(words[0], VERBS, n=1)
    if meant and not os.path.exists(words[0]):
        raise UsageError(
            f"there is no command `{words[0]}'; did you mean `{meant[0]}'? see: "
            "fuzz/campaign --help"
        )
    return ["run", *words]


def main(arguments):
    verbs = {"run": run, "status": status, "summary": summary_again, "baseline": baseline}
    try:
        words = with_verb(list(arguments))
        parsed = parser().parse_args(words)
        return verbs[parsed.verb](parsed)
    except (UsageError, CannotRun) as problem:
        print(f"fuzz/campaign: {problem}", file=sys.stderr)
        return problem.code
    except OSError as problem:
        write(sys.stderr, f"fuzz/campaign: {problem}; mend that and run again\n")
        return CannotRun.code
    except Exception:  # a bug here: Python's own exit code would say that there are new findings
        write(sys.stderr, traceback.format_exc())
        return CannotRun.code
