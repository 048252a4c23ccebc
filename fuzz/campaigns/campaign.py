"""A campaign: its folder, opened by one process; what its targets did and found goes in here.

    lock            one campaign at a time
    state.json      figures of the campaign and its targets
    events.log      what happened
    findings/       see finding.py
    targets/        see work.py
    runs/           how far each target came: see run_record.py
    report/         the report: see report.py
    summary.*       what came of it, as text, Markdown and JSON
    reserve         room for the state and the summary when the disk is full

It may be killed at any moment: what is on disk then is enough to go on.

SPDX-License-Identifier: MIT
"""

import asyncio
import os
import pathlib
import time

from campaigns import durable, sanitizer_report, triage
from campaigns.baseline import Judge
from campaigns.child import Children
from campaigns.events import Events
from campaigns.finding import NO_INPUT, NOT_AGAIN, TO_SHRINK, Findings, Sighting, dropped
from campaigns.lock import Lock
from campaigns.outcome import CannotRun, UsageError, is_disk_full
from campaigns.run_record import run_record
from campaigns.settings import MEBIBYTE, Settings
from campaigns.share import charge, gain_of
from campaigns.state import State, TargetState
from campaigns.target import find
from campaigns.work import Work

QUICK_SECONDS = 1.5
FAILURES_MAX = 3
RETRY_SECONDS_MAX = 600
RESERVE_BYTES = 4 * MEBIBYTE
_OURS = {"lock", "state.json", "findings", "targets", "events.log"}


class Campaign:
    """In a folder. open() first; close() last, whatever happens."""

    def __init__(self, folder, listener):
        self.folder = pathlib.Path(folder).absolute()
        self.settings = Settings()
        self.state = State(self.folder)
        self.findings = Findings(self.folder / "findings")
        self.events = Events(self.folder / "events.log", listener)
        self.children = Children()
        self.lock = Lock(self.folder / "lock")
        self.works = {}
        self.judge = None
        self.stop_code = 0
        self.stop_reason = ""
        self._collecting = {}
        self._retried_at = {}
        self._clock = 0.0
        self._clock_base = 0.0

    # ---- Opening and closing ---------------------------------------------------------------------

    def open(self, options):
        """Begins a campaign, or goes on with the one that is in the folder."""
        self._make_folder()
        self.lock.take()
        has_state = self._load_state()
        self.settings.take(self.state.options)
        self.settings.take(options)
        if not self.settings.targets:
            raise UsageError("no target is given; try: fuzz/campaign 'build/fuzz/fuzz/targets/*'")
        if self.settings.budget <= 0:
            raise UsageError("how long? give --hours, --minutes or --seconds")
        targets = find(self.settings.targets)
        self.judge = Judge(self.settings.baseline, self.settings.suppressions)
        self._begin_night(has_state, bool(options.get("budget")))
        self.findings.load()
        for identity in self.findings.rebuilt:
            self.events.add(f"finding {identity}: its record was lost, and is made anew from files")
        for target in targets:
            self._open_target(target)
        self._write_reserve()
        self.save()

    def _make_folder(self):
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            names = {path.name for path in self.folder.iterdir()}
        except OSError as problem:
            text = f"{self.folder}: cannot be made: {problem.strerror}; give another --dir"
            raise UsageError(text) from problem
        if not os.access(self.folder, os.W_OK | os.X_OK):
            raise UsageError(f"{self.folder}: cannot be written; give another --dir")
        if names and not names & _OURS:
            raise UsageError(
                f"{self.folder}: is not empty, and no campaign's folder; give an empty --dir"
            )

    def _load_state(self):
        try:
            return self.state.load()
        except ValueError as problem:
            aside = self.state.put_aside()
            self.events.add(
                f"{self.state.file}: damaged ({problem}); it is kept as {aside.name}, the figures "
                "begin anew, findings and corpora are taken from disk"
            )
            self.state = State(self.folder)
            return False

    def _begin_night(self, has_state, has_budget):
        state = self.state
        held = self.lock.left_behind
        if has_state and state.is_ended:
            state.night += 1
            state.before += state.elapsed
            state.elapsed = 0.0
            self.events.add(f"night {state.night} begins, with what the nights before left")
        elif has_state:
            why = f"; {held} was killed" if held else ""
            self.events.add(f"goes on after {state.elapsed:.0f} s{why}")
            if has_budget and state.budget != self.settings.budget:
                self.events.add(f"its time is {self.settings.budget:.0f} s now")
        else:
            self.events.add("begins", is_shown=False)
        for key, executions in state.running:
            if key in state.targets:
                state.targets[key].executions += executions
        state.running = []
        state.is_ended = False
        state.why_ended = ""
        state.budget = self.settings.budget
        state.options = self.settings.as_json()
        self._clock_base = state.elapsed

    def _open_target(self, target):
        work = Work(self.folder, target)
        seeds = work.recover(self.settings.seeds)
        if seeds:
            self.events.add(f"{target.key}: {seeds} seeds taken over", is_shown=False)
        self.works[target.key] = work
        figures = self.state.targets.setdefault(target.key, TargetState(target.path))
        figures.path = target.path
        figures.failures = 0
        self._collecting[target.key] = asyncio.Lock()

    def _write_reserve(self):
        path = self.folder / "reserve"
        if not path.exists():
            durable.write(path, b"\0" * RESERVE_BYTES)

    def close(self):
        self.lock.release()

    # ---- Time and disk ---------------------------------------------------------------------------

    def start_clock(self):
        self._clock = time.monotonic()

    def tick(self):
        if self._clock:
            self.state.elapsed = self._clock_base + time.monotonic() - self._clock

    @property
    def remaining(self):
        return self.state.budget - self.state.elapsed

    def stop(self, code, reason):
        """From now on nothing begins; the first reason counts."""
        if not self.stop_reason:
            self.stop_code, self.stop_reason = code, reason
            self.children.is_stopping = True
            self.events.add(reason)

    def check_room(self):
        """Stops while there is still room for all that must be written; False then."""
        free = durable.free_bytes(self.folder) // MEBIBYTE
        if free < self.settings.disk_reserve:
            self.stop(
                CannotRun.code,
                f"{self.folder}: {free} MiB are free on this disk, and {self.settings.disk_reserve}"
                " must stay free: stopped; make room and run again, or lower --disk-reserve",
            )
        return not self.stop_reason

    def check_size(self):
        """Whether the folder is within its limit; merging may make it small again."""
        return durable.size_of_tree(self.folder) // MEBIBYTE <= self.settings.disk_limit

    def stop_for(self, error):
        """For an OSError: stops if it is that the disk is full, else raises it."""
        if not is_disk_full(error):
            raise error
        self.give_reserve()
        self.stop(
            CannotRun.code,
            f"{self.folder}: the disk is full: stopped; make room and run again: {error}",
        )

    def give_reserve(self):
        (self.folder / "reserve").unlink(missing_ok=True)

    def save(self, is_forced=True):
        self.tick()
        try:
            self.state.save(is_forced)
        except OSError as problem:
            self.stop_for(problem)
            self.state.save(is_forced)

    # ---- What a slice brought --------------------------------------------------------------------

    async def take_slice(self, done):
        """Takes over all that a slice found, and its figures."""
        work = done.work
        figures = self.state.targets[work.target.key]
        count = await self.collect(work, done)
        self._take_figures(figures, done, count)
        if done.has_died and not done.output.saved and count == 0:
            self._take_strange_death(work, figures, done)
        elif not done.ended.is_stopped:
            figures.failures = 0
        self.write_run(work)
        self.save(is_forced=count > 0)

    def _take_figures(self, figures, done, new_findings):
        output, seconds = done.output, done.ended.seconds
        for when in output.new_units:
            figures.discoveries.add(figures.executions + when)
        if output.new_units:
            figures.last_new = self.state.total
        figures.executions += output.executions
        figures.seconds += seconds
        figures.slices += 1
        if output.loaded is not None:
            figures.coverage = output.coverage
            figures.features = output.features
            figures.units = output.units
        if output.pairs:
            figures.pair_inputs, figures.pairs, figures.pairs_once = output.pairs
        figures.add_point(self.state.total, len(self.findings.of_target(done.work.target.key)))
        figures.deaths += done.has_died
        figures.kills += done.ended.is_killed
        is_quick = done.has_died and seconds < QUICK_SECONDS
        figures.quick_deaths = figures.quick_deaths + 1 if is_quick else 0
        figures.share.see_gain(gain_of(output.gain, len(output.new_units), new_findings), seconds)
        # Who dies at once waits twice as long each time, up to a slice: the others come first.
        most = self.settings.slice_seconds(len(self.works))
        cost = max(seconds, min(most, 2.0**figures.quick_deaths if is_quick else 0))
        shares = {key: self.state.targets[key].share for key in self.works}
        charge(shares, done.work.target.key, cost)

    def write_run(self, work):
        """How far the target came, for `heddle report'; no figure of it is needed to go on."""
        figures = self.state.targets[work.target.key]
        own = self.findings.of_target(work.target.key)
        record = run_record(work.target, figures, own, self.state.total)
        try:
            durable.write_json(work.run, record, is_forced=False)
        except OSError as problem:
            self.stop_for(problem)

    def _take_strange_death(self, work, figures, done):
        """It died and left no input: a finding if it was at work, else it cannot be tried."""
        ended, key = done.ended, work.target.key
        if done.output.loaded is None or (ended.code == -9 and not ended.is_killed):
            figures.failures += 1
            if figures.failures >= FAILURES_MAX:
                pause = min(RETRY_SECONDS_MAX, 2**figures.failures)
                self._retried_at[key] = time.monotonic() + pause
            how = f"exit code {ended.code}" if ended.code >= 0 else f"signal {-ended.code}"
            self.events.add(f"{key}: ended by {how} and left no input; output: {work.log}")
            return
        report = work.folder / "report-death.txt"
        identity, kind, title, text = triage.describe_report(work.target, ended)
        durable.write(report, text)
        sighting = Sighting(identity, kind, title, work.target, {"txt": str(report)}, NO_INPUT)
        self.add(sighting)

    def is_hopeless(self, key):
        """It has never run, and failed to several times."""
        figures = self.state.targets[key]
        return figures.failures >= FAILURES_MAX and figures.executions == 0

    def is_set_aside(self, key):
        """For good, or, if it did run before, for a while: it may be being built anew."""
        return self.is_hopeless(key) or time.monotonic() < self._retried_at.get(key, 0)

    # ---- Findings --------------------------------------------------------------------------------

    async def collect(self, work, done=None):
        """Takes over what a target left, `done` being its slice; how many findings are new."""
        async with self._collecting[work.target.key]:
            count = self._collect_dropped(work, is_whole=False)
            for path in work.saved():
                try:
                    count += await self._collect_saved(work, path, done)
                except FileNotFoundError:
                    continue  # libFuzzer of another slice has just renamed or replaced it
            return count

    def collect_running(self, work):
        """The same while it runs: what is whole of what it dropped."""
        if not self._collecting[work.target.key].locked():
            self._collect_dropped(work, is_whole=True)

    def _collect_dropped(self, work, is_whole):
        count = 0
        for (_, identity), files in sorted(dropped(work.dropped, is_whole).items()):
            if set(files) == {"txt"} and identity in self.findings.records:
                report = self.findings.path(identity, work.target.flavour, "report.txt")
                durable.move(files["txt"], report)
                continue
            count += self.add(triage.sighting_of_record(work.target, identity, files))
        return count

    async def _collect_saved(self, work, path, done):
        ended = done.ended if done is not None and _is_of(path, done) else None
        data = path.read_bytes()
        sighting = self._sighting_at_once(work, path, ended)
        if sighting is None:
            sighting = await triage.sighting_of_input(
                work, self.settings, self.children, path, ended
            )
        if sighting is None:
            return 0  # it stays where it is, and is looked at when the campaign goes on
        is_new = self.add(sighting)
        work.corpus.drop(data)
        return is_new

    def _sighting_at_once(self, work, path, ended):
        """By the slice's own report, if the finding is known, or nothing can be run any more."""
        if ended is None or sanitizer_report.read(ended.text) is None:
            return None
        described = triage.describe_report(work.target, ended)
        record = self.findings.records.get(described[0], {"flavours": {}})
        known = record["flavours"].get(work.target.flavour, {}).get("state")
        # What has not been reproduced may be by this input; another flavour must show it itself.
        if known in (None, NOT_AGAIN) and not self.children.is_stopping:
            return None
        state = NOT_AGAIN if known == NOT_AGAIN else TO_SHRINK
        return triage.sighting(work, path, described, state)

    def add(self, sighting):
        """Takes a sighting over, and says so if the finding is new here."""
        sighting.elapsed = self.state.total
        is_new = self.findings.add(sighting)
        record = self.findings.records[sighting.identity]
        if is_new:
            status = self.judge.status(record)[0]
            where = f"{record['title']} ({sighting.target.key})"
            self.events.add(f"{status} finding {sighting.identity}: {where}")
        return is_new


def _is_of(path, done):
    return any(os.path.basename(saved) == path.name for saved, _ in done.output.saved)
