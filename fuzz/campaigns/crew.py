"""The crew: as many workers as there are jobs, each doing one thing at a time until time is up.

What there is to do, the most urgent first: inputs that an earlier run left unexamined, a finding to
shrink (one at a time), a corpus to merge (one at a time), a slice of whoever is due.

SPDX-License-Identifier: MIT
"""

import asyncio
import collections
import contextlib
import time

from campaigns.corpus import is_due
from campaigns.outcome import NOT_TRIED
from campaigns.share import next_target
from campaigns.shrink import Shrinking
from campaigns.slice import GRACE_SECONDS, Slice

SAVE_SECONDS = 2.0
FORCED_SECONDS = 20.0
SIZE_SECONDS = 2.0
MERGE_SECONDS = 300.0
LEAST_SECONDS = 0.5


class Crew:
    """Runs a campaign that is open."""

    def __init__(self, campaign, progress):
        self.campaign = campaign
        self.progress = progress
        self.running = collections.Counter()  # slices of each target
        self.slices = []  # that run
        self.is_merging = ""  # key of the target whose corpus is merged
        self.is_to_merge = ""  # of the one that is next, when its slices have ended
        self.is_shrinking = False
        self._has_shrunk = False  # a slice comes between, if there is one job only
        self._must_merge = False  # the folder is over its limit
        self._merged_for_size = set()
        self._left = [work for _, work in sorted(campaign.works.items())]

    async def run(self):
        """Until the time is up or the campaign is stopped."""
        campaign = self.campaign
        campaign.start_clock()
        ticker = asyncio.ensure_future(self._tick())
        workers = [asyncio.ensure_future(self._work()) for _ in range(campaign.settings.jobs)]
        try:
            await asyncio.gather(*workers)
            await self._finish()
        except OSError as problem:
            campaign.stop_for(problem)
        finally:
            for task in [ticker, *workers]:
                task.cancel()
            await asyncio.gather(ticker, *workers, return_exceptions=True)
            await campaign.children.stop()
        for key in sorted(campaign.works):
            campaign.collect_running(campaign.works[key])
        campaign.tick()

    def _is_over(self):
        self.campaign.tick()
        return bool(self.campaign.stop_reason) or self.campaign.remaining < LEAST_SECONDS

    async def _work(self):
        while not self._is_over():
            try:
                job = self._next_job()
                if job is None:
                    await asyncio.sleep(0.1)
                else:
                    await job
            except OSError as problem:
                self.campaign.stop_for(problem)
                await self.campaign.children.stop()

    def _next_job(self):
        if self._left:
            return self._look_through(self._left.pop(0))
        if not self.campaign.check_room():
            return self.campaign.children.stop()
        pending = self._next_to_shrink()
        if pending is not None:
            return self._shrink(*pending)
        work = self._next_to_merge()
        if work is not None:
            return self._merge(work)
        return self._next_slice()

    # ---- Slices ----------------------------------------------------------------------------------

    def _next_slice(self):
        campaign = self.campaign
        works = {
            key: work
            for key, work in campaign.works.items()
            if key not in (self.is_merging, self.is_to_merge) and not campaign.is_set_aside(key)
        }
        if not works:
            if all(campaign.is_hopeless(key) for key in campaign.works):
                campaign.stop(NOT_TRIED, "no target can be run: see `could not be tried' below")
            return None
        shares = {key: campaign.state.targets[key].share for key in works}
        return self._slice(works[next_target(shares, self.running)])

    async def _slice(self, work):
        campaign, key = self.campaign, work.target.key
        seconds = campaign.settings.slice_seconds(len(campaign.works))
        one = Slice(work, campaign.settings)
        self.running[key] += 1
        self.slices.append(one)
        self._has_shrunk = False
        try:
            remaining = campaign.remaining
            seconds = max(LEAST_SECONDS, min(seconds, remaining))
            await one.run(campaign.children, seconds, remaining)
        finally:
            self.running[key] -= 1
            self.slices.remove(one)
        if one.ended.is_killed:
            campaign.events.add(f"{key}: hung, and was killed by the watchdog")
        await campaign.take_slice(one)

    async def _look_through(self, work):
        """What a campaign that was killed left behind."""
        count = await self.campaign.collect(work)
        if count:
            self.campaign.events.add(f"{work.target.key}: {count} new findings left from before")

    # ---- Shrinking -------------------------------------------------------------------------------

    def _next_to_shrink(self):
        is_alone = self.campaign.settings.jobs == 1
        if self.is_shrinking or (is_alone and self._has_shrunk):
            return None
        for identity, flavour in self.campaign.findings.to_shrink():
            work = self._work_of(identity, flavour)
            if work is not None:
                return identity, work
        return None

    def _work_of(self, identity, flavour):
        name = self.campaign.findings.records[identity]["flavours"][flavour]["target"]
        return self.campaign.works.get(f"{flavour}/{name}")

    async def _shrink(self, identity, work):
        campaign = self.campaign
        shrinking = Shrinking(campaign.findings, work, campaign.settings, identity)
        self.is_shrinking = self._has_shrunk = True
        try:
            if await shrinking.run(campaign.children):
                state = shrinking.known["state"]
                campaign.events.add(f"finding {identity}: {state}", is_shown=False)
        finally:
            self.is_shrinking = False
        for sighting in shrinking.others:
            campaign.add(sighting)

    # ---- Merging ---------------------------------------------------------------------------------

    def _next_to_merge(self):
        """Who is due, and does not run. If all who are due do, no other slice of the first begins:
        of several workers there is always one that runs it."""
        self.is_to_merge = ""
        least = 2 * self.campaign.settings.slice_seconds(len(self.campaign.works))
        if self.is_merging or (self.campaign.remaining < least and not self._must_merge):
            return None
        due = [key for key in sorted(self.campaign.works) if self._is_to_be_merged(key)]
        for key in due:
            if not self.running[key]:
                return self.campaign.works[key]
        if due:
            self.is_to_merge = due[0]
        elif self._must_merge:
            self._stop_if_large()
        return None

    def _is_to_be_merged(self, key):
        figures = self.campaign.state.targets[key]
        if self._must_merge:
            return key not in self._merged_for_size
        return is_due(figures.units, figures.units_merged)

    def _stop_if_large(self):
        """All is merged: is the folder still over its limit? It was when it was last looked at."""
        self._check_size()
        if self._must_merge:
            limit = self.campaign.settings.disk_limit
            self.campaign.stop(
                NOT_TRIED,
                f"{self.campaign.folder}: has more than {limit} MiB though all is merged: stopped; "
                "raise --disk-limit, or give another --dir",
            )

    async def _merge(self, work):
        campaign, target = self.campaign, work.target
        figures = campaign.state.targets[target.key]
        self.is_merging = target.key
        try:
            before = work.corpus.units()
            generation = work.corpus.next_generation()
            command = [
                target.path,
                "-merge=1",
                f"-artifact_prefix={work.artifacts}/",
                f"-timeout={campaign.settings.timeout or target.timeout_seconds}",
                f"-rss_limit_mb={campaign.settings.memory_mb(target)}",
                generation,
                work.corpus.link,
            ]
            command, folder = work.for_shell(command)
            temporary = "." if folder else work.folder
            environment = target.environment(TMPDIR=temporary, HEDDLE_FINDINGS=work.dropped)
            limit = min(MERGE_SECONDS, campaign.remaining + GRACE_SECONDS)
            ended = await campaign.children.run(command, environment, limit, folder=folder)
            units = sum(1 for _ in generation.iterdir())
            if ended.code == 0 and units and not ended.is_killed:
                work.corpus.swap(generation)
                campaign.events.add(f"{target.key}: merged {before} to {units} units", False)
            else:
                units = before
            figures.units = figures.units_merged = units
            if self._must_merge:
                self._merged_for_size.add(target.key)
            await campaign.collect(work)
        finally:
            self.is_merging = ""
            work.corpus.recover()

    # ---- Beside the workers ----------------------------------------------------------------------

    async def _tick(self):
        saved = forced = sized = time.monotonic()
        while True:
            await asyncio.sleep(0.2)
            now = time.monotonic()
            self.campaign.tick()
            self.progress.show(self.campaign, self.slices)
            if self.campaign.stop_reason:
                await self.campaign.children.stop()
                continue
            try:
                if now - saved >= SAVE_SECONDS:
                    saved = now
                    is_forced = now - forced >= FORCED_SECONDS
                    forced = now if is_forced else forced
                    self._save(is_forced)
                if now >= sized:
                    self._check_size()
                    # A large tree takes long to look through: a hundredth of the time at most.
                    sized = time.monotonic() + max(SIZE_SECONDS, 100 * (time.monotonic() - now))
            except OSError as problem:
                self.campaign.stop_for(problem)

    def _save(self, is_forced):
        campaign = self.campaign
        campaign.state.running = [
            [one.work.target.key, one.output.executions] for one in self.slices
        ]
        campaign.check_room()
        for one in self.slices:
            campaign.collect_running(one.work)
        campaign.save(is_forced)
        campaign.state.running = []

    def _check_size(self):
        self._must_merge = not self.campaign.check_size()
        if not self._must_merge:
            self._merged_for_size.clear()

    async def _finish(self):
        """A little time to shrink what was found last; what is not done is done the next night."""
        campaign = self.campaign
        until = time.monotonic() + min(60.0, max(5.0, campaign.state.budget / 10))
        while not campaign.stop_reason:
            self._has_shrunk = False
            pending = self._next_to_shrink()
            left = until - time.monotonic()
            if pending is None or left <= 0:
                return
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._shrink(*pending), left)
