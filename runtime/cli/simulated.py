"""A simulation in words for a terminal. Adds nothing to the data."""

from collections.abc import Mapping
from typing import cast

from policy.whatif.comparison import Changes, First
from policy.whatif.report import Simulated, SumsOut
from runtime.unseen import printable

_SHOWN = 20
_COLUMNS = ("leads", "dials", "texts", "emails", "segments", "held", "sla_due")


def in_words(whole: Mapping[str, object]) -> str:
    """All of it: totals, by source and motion, who gets what, what rests on an assumption, and what changes."""
    told = cast(Simulated, whole)
    lines = [
        f"{told['leads']} leads by policy {told['policy']} ({told['policy_hash']}, rules {told['contact_rules']})",
        f"  {told['dials']} dials, {told['texts']} texts ({told['segments']} segments), {told['emails']} e-mails",
        f"  cost: texts {told['cost']['texts']}, calls {told['cost']['calls']}, total {told['cost']['total']}",
        *_missed_calls(told),
        f"  {told['held']} held to a later moment, {told['sla_due']} with somebody due to move",
        f"  {told['joined']} joined an open lead of the same person, {told['restarted']} started one over",
        "",
        *_table("by source", told["by_source"]),
        *_table("by motion", told["by_motion"]),
        *_counted(
            "owned by", {**told["by_owner"], **_named("queue", told["by_queue"]), **_named("track", told["by_track"])}
        ),
        *_counted("closed", told["closed"]),
        *_counted("then", told["events"]),
        *_counted("conditions that could not be computed", told["faults"]),
        *_assumed(told),
    ]
    if "changes" in whole:
        lines += _changed(cast(Changes, whole["changes"]), cast(Simulated, whole["against"]))
    lines.append(told["notice"])
    return "\n".join(map(printable, lines))


def _missed_calls(told: Simulated) -> list[str]:
    found = told["missed_calls"]
    if found is None or not found["answered"]:
        return []
    return [f"  {found['answered']} missed calls answered, worth {found['worth']} by the policy's own estimate"]


def _named(what: str, counts: Mapping[str, int]) -> dict[str, int]:
    return {f"{what} {name}": count for name, count in counts.items()}


def _table(title: str, groups: Mapping[str, SumsOut]) -> list[str]:
    width = max(map(len, [*groups, title]), default=0)
    head = f"{title:<{width}}" + "".join(f"{name:>10}" for name in _COLUMNS) + f"{'cost':>12}"
    rows = [
        f"{name:<{width}}"
        + "".join(f"{group[column]:>10}" for column in _COLUMNS)  # type: ignore[literal-required]  # its own keys
        + f"{group['cost']['total']:>12}"
        for name, group in groups.items()
    ]
    return [head, *rows, ""]


def _counted(title: str, counts: Mapping[str, int]) -> list[str]:
    return [f"{title}: {', '.join(f'{name} {count}' for name, count in counts.items())}", ""] if counts else []


def _assumed(told: Simulated) -> list[str]:
    said = ["What rests on an assumption:"]
    for one in told["assumptions"]:
        whom = f" ({one['leads']} of {one['of']} leads)" if one["of"] is not None else ""
        said.append(f"  {one['key']} = {one['value']}{whom}: {one['because']}")
    return [*said, ""]


def _changed(changes: Changes, before: Simulated) -> list[str]:
    figures = ", ".join(f"{name} {value}" for name, value in changes["figures"].items())
    said = [
        f"Against {before['policy']} ({before['policy_hash']}): {changes['leads']} leads are treated otherwise",
        f"  {figures}",
        *(f"  {count} leads: {motion}" for motion, count in changes["motions"].items()),
    ]
    for one in changes["each"][:_SHOWN]:
        what = "; ".join(
            f"{name} {_value(one['before'], name)} → {_value(one['after'], name)}" for name in one["changes"]
        )
        said.append(f"  {one['number']} {one['source_event_id']} ({one['source']}): {what}")
    if changes["leads"] > _SHOWN:
        said.append(f"  and {changes['leads'] - _SHOWN} more; --json has them all")
    return [*said, ""]


def _value(first: First, name: str) -> str:
    value = first[name]  # type: ignore[literal-required]  # name is one of its keys
    return ", ".join(value) if isinstance(value, list) else str(value)
