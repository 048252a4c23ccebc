"""What a campaign was told: the options of its command line. They are kept with its state, so that
it goes on without being told again.

SPDX-License-Identifier: MIT
"""

import dataclasses
import os

MEBIBYTE = 1 << 20


@dataclasses.dataclass
class Settings:
    targets: list = dataclasses.field(default_factory=list)
    jobs: int = dataclasses.field(default_factory=lambda: os.cpu_count() or 1)
    budget: float = 0.0  # seconds
    slice: float = 0.0  # seconds; 0: by the budget and the number of targets
    timeout: int = 0  # seconds that one input may take; 0: by what watches the target
    memory: int = 0  # MiB that a target may take; 0: the same
    shrink_seconds: float = 30.0
    grace: float = 0.0  # seconds a slice may be late; 0: by the timeout
    disk_limit: int = 10240  # MiB that the folder may take
    disk_reserve: int = 512  # MiB that must stay free
    seeds: list = dataclasses.field(default_factory=list)
    baseline: str = ""
    suppressions: str = ""

    def take(self, values):
        """Overrides what is there by what is known of these values and given."""
        for field in dataclasses.fields(self):
            value = values.get(field.name)
            if value is not None and value != []:
                setattr(self, field.name, value)

    def as_json(self):
        return dataclasses.asdict(self)

    def memory_mb(self, target):
        """Each job's part of four fifths of the machine's memory, but no more than it needs."""
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE
        return max(64, min(self.memory or target.memory_mb, total * 4 // 5 // self.jobs))

    @property
    def shrink_limit(self):
        """Seconds for a finding: a short campaign does not spend its time on making one small."""
        return min(self.shrink_seconds, max(2.0, self.budget / 20))

    def slice_seconds(self, targets):
        """So that each target gets several slices, of at most a minute."""
        if self.slice:
            return self.slice
        return min(60.0, max(0.2, self.budget * self.jobs / (4 * max(1, targets))))
