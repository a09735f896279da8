"""Leads in words for a terminal: list, story, trace. Reads what the API answers; asks nothing itself.

Names, texts and handles are strangers' words: each line goes through `printable`.
"""

from datetime import datetime, timedelta

from rich.table import Table
from rich.text import Text

from domain.call_views import CallView
from domain.costs import LeadCost
from domain.views import LeadDetail, LeadPage, LeadSummary, StoryLine, TouchView, TracedDecision
from runtime.unseen import lines, printable

__all__ = ["call", "detail", "lines", "printable", "table", "trace"]


def table(page: LeadPage) -> Table:
    """Leads, newest first, a line each."""
    found = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("lead", "source", "stage", "owner", "motion", "next"):
        found.add_column(name, no_wrap=name == "lead", overflow="fold")
    for lead in page.leads:
        owner = lead.owner or (f"queue {lead.queue}" if lead.queue else "")
        stage = f"closed: {lead.outcome}" if lead.closed_at else _plain(lead.stage)
        cells = (lead.lead_id, lead.source, stage, owner, _plain(lead.motion or ""), _next(lead))
        found.add_row(*(Text(printable(cell)) for cell in cells))
    return found


def detail(found: LeadDetail) -> str:
    """A lead: who, where it stands, what happened, what is due."""
    lead, person = found.lead, found.person
    reach = " · ".join(part for part in (person.phone, person.email) if part) or "no phone and no e-mail"
    company = f" ({person.company})" if person.company else ""
    head = [
        f"{lead.lead_id}  {_plain(lead.source)}, cycle {lead.cycle}",
        f"{person.name or 'no name'}{company} · {reach}" + (" · opted out" if person.opted_out else ""),
        f"{_plain(lead.stage)}; owner {lead.owner or lead.queue or 'nobody'}; "
        f"band {lead.band or '-'} ({lead.score}); next: {_next(lead) or 'nothing'}",
    ]
    if found.clock_ahead:
        head.append(f"this lead's clock was moved on by {found.clock_ahead}")
    if found.cost is not None and found.cost.touches:
        head.append(_cost(found.cost))
    asked = [line for touch in found.unsettled for line in _unsettled(touch)]
    called = [line for each in found.calls for line in call(each)]
    return lines([*head, *asked, *called, "", *(_story(line) for line in found.story)])


def call(found: CallView) -> list[str]:
    """A call: how it stands, who has it, its phones, what was done to it, where it can be heard."""
    by, off = found.rep or "nobody", f", called off ({_plain(found.off)})" if found.off else ""
    said = [f"call {found.call_id} {_clock(found.asked_at)}: {found.stands}, {by} has it{off}, {_length(found.talk)}"]
    said += [
        f"  {leg.party} {leg.rep or ''}: {leg.stands}{f' ({_plain(leg.end)})' if leg.end else ''}" for leg in found.legs
    ]
    said += [
        f"  {act.by}: {_plain(act.what)}{f' to {act.rings}' if act.rings else ''}, after {_length(act.after)}"
        for act in found.acts
    ]
    return [*said, f"  recording: {found.recording}"] if found.recording else said


def _length(talk: timedelta) -> str:
    minutes, seconds = divmod(int(talk.total_seconds()), 60)
    return f"{minutes}:{seconds:02}"


def _cost(cost: LeadCost) -> str:
    said = f"cost so far: {cost.total} {cost.currency} for {cost.touches} touches"
    if not cost.unpriced:
        return f"{said}, all by the vendor's prices"
    return f"{said}: {cost.actual} by the vendor's prices, {cost.unpriced} touches without a price yet by ours"


def _unsettled(touch: TouchView) -> tuple[str, str]:
    """A touch nobody knows the outcome of, and what to do about it."""
    return (f"UNKNOWN: {touch.channel} to {touch.recipient}, {_clock(touch.at)}", f"  {touch.to_do or ''}")


def trace(decisions: tuple[TracedDecision, ...]) -> str:
    """Why this, then, from whom, and what became of it: every decision in sentences, oldest first."""
    said = [each.said for each in decisions if each.said]
    return "\n\n".join(lines([head, *(f"  {line}" for line in rest)]) for head, *rest in said)


def _story(line: StoryLine) -> str:
    return f"{_clock(line.at)}  {_plain(line.kind):<16} {_said(line)}".rstrip()


def _said(line: StoryLine) -> str:
    data = dict(line.data)
    nested = next((data.pop(name) for name in ("item", "decision") if name in data), None)
    parts = [f"{name} {value}" for name, value in data.items() if isinstance(value, str | int) and name not in _DULL]
    if isinstance(nested, dict):
        parts = [
            str(nested.get(name)) for name in ("action", "kind", "outcome", "template") if nested.get(name)
        ] + parts
    return _plain(", ".join(parts))


_DULL = ("at", "kind", "touch_id", "row_id")


def _next(lead: LeadSummary) -> str:
    if lead.next_action_at is None or lead.closed_at is not None:
        return ""
    return f"{_plain(lead.next_action or 'wake')} at {_clock(lead.next_action_at)}"


def _plain(word: str) -> str:
    return word.replace("_", " ")


def _clock(moment: datetime) -> str:
    return moment.strftime("%a %d %b %H:%M:%SZ")
