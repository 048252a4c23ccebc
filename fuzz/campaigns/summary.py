"""The morning summary: what came of a campaign, as data. summary_text.py writes it for people.

The data is summary.json: the same that the text is made of, so that others can make their own.

Heddle's targets say how many pairs of places they have seen at which threads met, and how many of
those one input alone showed: its part of all inputs is about how likely it is that the next one
shows a pair that is new (Good and Turing).

SPDX-License-Identifier: MIT
"""

from campaigns import outcome
from campaigns.baseline import NEW
from campaigns.saturation import HOUR, Discoveries, chance, unseen_share
from campaigns.shrink import replay_of


def summarise(state, findings, judge, settings, targets, end):
    """
    `targets` are those that ran, by key; `end` is (exit code, why) if the campaign was stopped
    before its time was up, else None.
    """
    records = sorted(findings.records.values(), key=lambda record: record["first_elapsed"])
    rows = [_finding(record, findings, judge, settings, targets) for record in records]
    figures = [_target(key, state.targets[key], state.total) for key in sorted(targets)]
    summary = {
        "format": 1,
        "begun": state.begun,
        "night": state.night,
        "seconds": round(state.total, 1),
        "budget_seconds": state.budget,
        "budget_used_seconds": round(state.elapsed, 1),
        "jobs": settings.jobs,
        "findings": rows,
        "targets": figures,
        "total": _total(figures, records, state.total),
        "could_not_be_tried": [row["target"] for row in figures if row["could_not_be_tried"]],
        "never_ran": [row["target"] for row in figures if not row["slices"]],
        "complaints": judge.complaints(),
        "stopped": end[1] if end else None,
    }
    summary["exit_code"] = _exit_code(summary, end)
    return summary


def _exit_code(summary, end):
    if end and end[0] == outcome.INTERRUPTED:
        return outcome.INTERRUPTED
    if any(row["status"] == NEW for row in summary["findings"]):
        return outcome.NEW_FINDINGS
    if end:
        return end[0]
    is_partial = summary["could_not_be_tried"] or summary["never_ran"]
    return outcome.NOT_TRIED if is_partial else outcome.CLEAN


def _finding(record, findings, judge, settings, targets):
    status, entry = judge.status(record)
    reproducers = []
    for flavour, known in sorted(record["flavours"].items()):
        target = targets.get(f"{flavour}/{known['target']}")
        path = findings.reproducer(record["identity"], flavour)
        reproducers.append(
            {
                "flavour": flavour,
                "state": known["state"],
                "input": str(path) if path else None,
                "bytes": path.stat().st_size if path else None,
                "report": str(findings.path(record["identity"], flavour, "report.txt")),
                "replay": replay_of(findings, record["identity"], flavour, target, settings)
                or known["replay"],
            }
        )
    names = ("identity", "kind", "title", "first_seen", "first_elapsed", "sightings", "targets")
    return {
        "status": status,
        **{name: record[name] for name in names},
        "suppressed_by": f"{entry.where} ({entry.owner}: {entry.reason})"
        if entry is not None and entry.owner
        else None,
        "reproducers": reproducers,
    }


def _target(key, figures, total):
    expected = figures.expected_next(total)
    return {
        "target": key,
        "slices": figures.slices,
        "seconds": round(figures.seconds, 1),
        "executions": figures.executions,
        "executions_per_second": round(figures.executions / figures.seconds, 1)
        if figures.seconds
        else 0.0,
        "coverage": figures.coverage,
        "features": figures.features,
        "units": figures.units,
        "pairs": figures.pairs or None,
        "chance_of_new_pair_next_input": max(1, figures.pairs_once) / figures.pair_inputs
        if figures.pair_inputs
        else None,
        "new_units": figures.discoveries.count,
        "last_new_seconds": round(figures.last_new, 1),
        "growth": [point[:2] for point in figures.points],
        "crashes": figures.deaths,
        "kills": figures.kills,
        "could_not_be_tried": figures.failures > 0,
        "exponent": figures.discoveries.exponent(figures.executions),
        "expected_new_units_next": round(expected, 3),
        "chance_of_new_unit_next": round(chance(expected), 4),
    }


def _total(rows, records, total):
    expected = sum(row["expected_new_units_next"] for row in rows)
    found = Discoveries()
    for record in records:
        found.add(record["first_elapsed"])
    findings_expected = found.expected(total, min(HOUR, total))
    seconds = sum(row["seconds"] for row in rows)
    executions = sum(row["executions"] for row in rows)
    return {
        "executions": executions,
        "forecast_seconds": round(min(HOUR, total), 1),
        "executions_per_second": round(executions / total, 1) if total else 0.0,
        "fuzzing_seconds": round(seconds, 1),
        "features": sum(row["features"] for row in rows),
        "pairs": sum(row["pairs"] or 0 for row in rows),
        "chance_of_new_pair_next_input": max(
            [row["chance_of_new_pair_next_input"] or 0.0 for row in rows], default=0.0
        ),
        "expected_new_units_next": round(expected, 3),
        "chance_of_new_unit_next": round(chance(expected), 4),
        "expected_findings_next": round(findings_expected, 3),
        "chance_of_finding_next": round(chance(findings_expected), 4),
        "unseen_share": unseen_share([record["sightings"] for record in records]),
    }


