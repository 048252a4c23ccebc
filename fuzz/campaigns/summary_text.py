"""The morning summary for people: text for a terminal, Markdown for a page.

SPDX-License-Identifier: MIT
"""

from campaigns.baseline import NEW
from campaigns.progress import clock, short
from campaigns.saturation import percent
from campaigns.shrink import shown

ROWS_MAX = 12
KNOWN_MAX = 8
BARS = "▁▂▃▄▅▆▇█"
BAR_COUNT = 10


def growth(points, seconds):
    """Coverage over so much time as bars; one that has stopped growing ends in equal ones."""
    most = max([what for _, what in points] + [0])
    if most == 0:
        return ""
    bars = []
    for number in range(1, BAR_COUNT + 1):
        before = [what for when, what in points if when <= seconds * number / BAR_COUNT]
        value = before[-1] if before else 0
        bars.append(BARS[value * (len(BARS) - 1) // most])
    return "".join(bars)


def counted(count, noun):
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def headline(summary):
    statuses = [row["status"] for row in summary["findings"]]
    used, budget = summary["budget_used_seconds"], summary["budget_seconds"]
    night = f"night {summary['night']}: " if summary["night"] > 1 else ""
    counts = ", ".join(f"{statuses.count(name)} {name}" for name in ("new", "known", "suppressed"))
    return (
        f"{night}{clock(used)} of {clock(budget)}, {counted(len(summary['targets']), 'target')}, "
        f"{counted(summary['jobs'], 'job')}; findings: {counts}"
    )


def as_text(summary, folder):
    lines = [f"fuzz/campaign: {headline(summary)}"]
    for row in summary["findings"]:
        if row["status"] == NEW:
            lines += _finding_lines(row)
    old = [row for row in summary["findings"] if row["status"] != NEW]
    for row in old[:KNOWN_MAX]:
        lines += _finding_lines(row)
    if len(old) > KNOWN_MAX:
        lines.append(f"... and {len(old) - KNOWN_MAX} more that are known or suppressed")
    lines += ["", *_table(summary["targets"], summary["seconds"])]
    lines += [*_total_lines(summary), *_remarks(summary)]
    lines.append(f"more: {shown(folder)}/summary.md, {shown(folder)}/summary.json")
    lines.append(summary["report"])
    return "\n".join(lines) + "\n"


def _finding_lines(row):
    lines = [f"{row['status']:10} {row['identity']}  {row['title']}"]
    if row["suppressed_by"]:
        return [*lines, f"           by {row['suppressed_by']}"]
    if row["status"] != NEW:
        return lines
    others = f" and {len(row['targets']) - 1} more" if len(row["targets"]) > 1 else ""
    lines.append(
        f"           {row['targets'][0] if row['targets'] else '?'}{others}, "
        f"after {clock(row['first_elapsed'])}, {_times(row['sightings'])}"
    )
    for one in row["reproducers"]:
        size = f", {one['bytes']} bytes" if one["bytes"] is not None else ""
        lines.append(f"           {one['flavour']}: {one['state']}{size}")
        lines.append(f"           replay: {one['replay'] or 'see ' + shown(one['report'])}")
    return lines


def _times(count):
    return "once" if count == 1 else f"{count} times"


def _table(rows, seconds):
    """The targets that gained most; the page has all."""
    order = sorted(rows, key=lambda row: (-row["new_units"], row["target"]))
    width = max([len(row["target"]) for row in order[:ROWS_MAX]] + [6])
    lines = [
        f"{'target':{width}}  slices  executions       /s  edges features  units  "
        f"{'growth':{BAR_COUNT}}  chance of more"
    ]
    for row in order[:ROWS_MAX]:
        lines.append(
            f"{row['target']:{width}}  {row['slices']:6}  {short(row['executions']):>10} "
            f"{short(row['executions_per_second']):>8} {row['coverage']:6} {row['features']:8} "
            f"{row['units']:6}  {growth(row['growth'], seconds):{BAR_COUNT}}  "
            f"{percent(row['chance_of_new_unit_next']):>6}"
        )
    if len(order) > ROWS_MAX:
        lines.append(f"... and {len(order) - ROWS_MAX} targets that gained less")
    return lines


def _total_lines(summary):
    total = summary["total"]
    expected = f"{total['expected_new_units_next']:.3g} units expected"
    lines = [
        f"in all {short(total['executions'])} executions, {short(total['executions_per_second'])} "
        f"a second; in another {clock(total['forecast_seconds'])} there is new coverage with "
        f"{_chance(total, 'new_unit')} ({expected}), a new finding with {_chance(total, 'finding')}"
    ]
    if total["pairs"]:
        lines.append(
            f"{short(total['pairs'])} pairs of places where threads met; the next input shows a "
            f"new one with at most {total['chance_of_new_pair_next_input']:.1g} (Good-Turing)"
        )
    if total["unseen_share"] is not None:
        lines.append(
            f"the next sighting is of a finding not seen before with "
            f"{percent(total['unseen_share'])} probability (Good-Turing)"
        )
    return lines


def _chance(total, what):
    return f"{percent(total[f'chance_of_{what}_next'])} probability"


def _remarks(summary):
    lines = list(summary["complaints"])
    for row in summary["targets"]:
        if row["could_not_be_tried"]:
            lines.append(f"could not be tried: {row['target']}: ends and leaves no input")
    never = summary["never_ran"]
    if never:
        names = ", ".join(never[:3]) + (", ..." if len(never) > 3 else "")
        lines.append(f"{counted(len(never), 'target')} never ran: give more time: {names}")
    if summary["stopped"]:
        lines.append(f"stopped: {summary['stopped']}")
    return lines


def as_markdown(summary):
    lines = ["# Fuzzing campaign", "", headline(summary) + "."]
    for status in ("new", "known", "suppressed"):
        rows = [row for row in summary["findings"] if row["status"] == status]
        if rows:
            lines += ["", f"## Findings: {status}", ""]
        for row in rows:
            lines += _finding_markdown(row)
    lines += ["", "## Targets", ""]
    lines += [
        "| target | slices | executions | /s | edges | features | units | growth | more |",
        "|---|---:|---:|---:|---:|---:|---:|---|---:|",
    ]
    seconds = summary["seconds"]
    for row in summary["targets"]:
        lines.append(
            f"| `{row['target']}` | {row['slices']} | {short(row['executions'])} | "
            f"{short(row['executions_per_second'])} | {row['coverage']} | {row['features']} | "
            f"{row['units']} | {growth(row['growth'], seconds)} | "
            f"{percent(row['chance_of_new_unit_next'])} |"
        )
    lines += ["", *(f"{line}." for line in _total_lines(summary))]
    lines += ["", *(f"- {line}" for line in _remarks(summary))]
    what, _, how = summary["report"].partition(": ")
    lines += ["", f"{what.capitalize()}: `{how}`"]
    return "\n".join(lines).rstrip() + "\n"


def _finding_markdown(row):
    lines = [f"- **{row['title']}** `{row['identity']}`, {', '.join(row['targets'])}"]
    if row["suppressed_by"]:
        lines.append(f"  suppressed by {row['suppressed_by']}")
    for one in row["reproducers"]:
        if one["replay"]:
            lines.append(f"  - {one['flavour']}, {one['state']}: `{one['replay']}`")
    return lines
