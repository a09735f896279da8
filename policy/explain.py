"""A judgement as the JSON that `baton policy explain --json` prints. Adds nothing to it."""

from datetime import UTC, datetime
from typing import TypedDict

from domain.decisions import Counted, Item, Judgement, Rest, Window
from domain.facts import Facts
from domain.values import Action
from policy import context, cost
from policy.first_steps import first_step, send_at
from policy.loaded import LoadedPolicy
from policy.sentences import sentences

__all__ = ["LADDER", "Explained", "as_json", "first_step", "send_at", "sentences"]

LADDER = (
    Action.OFFER,
    Action.WARN,
    Action.RESCUE,
    Action.REOFFER,
    Action.POOL,
    Action.REMIND,
    Action.SUPERVISOR,
    Action.NURTURE,
)


class RungOut(TypedDict):
    """One step of the ladder."""

    at: str
    action: str


class WindowOut(TypedDict):
    """The earliest permitted moment; null when never."""

    channel: str
    purpose: str
    earliest: str | None
    held_by: list[str]


class Because(TypedDict):
    """A rule and its reason."""

    rule: str
    because: str


class PointOut(Because):
    """Points that counted, and whether for fit or for intent."""

    points: int
    kind: str


class CostOut(TypedDict):
    """An estimate of what the first motion costs, each amount with two decimals."""

    texts: str
    calls: str
    emails: str
    reps: str
    total: str


class HandoffOut(TypedDict):
    """Whether all is known that the handoff needs, and the names of what isn't."""

    complete: bool
    missing: list[str]


class Explained(TypedDict):
    """What interfaces promise of explain, and more. Moments are UTC."""

    decided_at: str
    kind: str
    outcome: str
    band: str | None
    score: int
    fit: int
    intent: int
    motion: str | None
    channel: str | None
    owner: str | None
    queue: str | None
    closed: str | None
    rest: dict[str, str | None] | None
    send_at: str | None
    held_by: list[str]
    sla_due_at: str | None
    sla: list[RungOut]
    windows: list[WindowOut]
    reasons: list[Because]
    points: list[PointOut]
    bounds: list[Because]
    not_taken: list[Because]
    faults: list[Because]
    agenda: list[dict[str, str | None]]
    fallbacks: list[str]
    cue: str | None
    whisper: bool
    handoff: HandoffOut | None
    cost: CostOut
    policy: str
    policy_hash: str
    contact_rules: str
    notice: str
    said: list[str]


def as_json(judgement: Judgement, loaded: LoadedPolicy, facts: Facts) -> Explained:
    """The judgement as plain data, keys in a fixed order."""
    decision, trace = judgement.decision, judgement.trace
    step = first_step(judgement)
    return Explained(
        decided_at=_utc(decision.decided_at),
        kind=decision.kind,
        outcome=decision.outcome,
        band=decision.band,
        score=decision.score,
        fit=decision.fit,
        intent=decision.intent,
        motion=decision.motion,
        channel=decision.channel,
        owner=decision.owner,
        queue=decision.queue,
        closed=decision.closed,
        rest=_rest(decision.rest) if decision.rest else None,
        send_at=_utc_or_none(send_at(judgement)),
        held_by=list(step.held_by) if step else [],
        sla_due_at=_utc_or_none(decision.sla_due_at),
        sla=[RungOut(at=_utc(item.at), action=item.action) for item in trace.ladder if item.action in LADDER],
        windows=[_window(each) for each in trace.windows],
        reasons=[Because(rule=each.rule, because=each.because) for each in trace.reasons],
        points=[_point(each) for each in trace.points],
        bounds=[Because(rule=each.rule, because=each.because) for each in trace.held],
        not_taken=[Because(rule=each.what, because=each.because) for each in trace.not_taken],
        faults=[Because(rule=each.rule, because=each.because) for each in trace.faults],
        agenda=[_item(each) for each in decision.agenda],
        fallbacks=[str(each) for each in decision.fallbacks],
        cue=decision.cue,
        whisper=decision.whisper,
        handoff=_handoff(judgement, loaded),
        cost=_cost(cost.of(cost.of_first_motion(judgement, loaded), loaded.policy.costs)),
        policy=loaded.policy.name,
        policy_hash=decision.policy_hash,
        contact_rules=loaded.pack_version,
        notice=loaded.pack.notice,
        said=sentences(judgement, facts),
    )


def _rest(rest: Rest) -> dict[str, str | None]:
    return {"track": rest.track, "until": _utc(rest.until), "because": rest.because}


def _point(each: Counted) -> PointOut:
    return PointOut(rule=each.rule, because=each.because, points=each.points, kind=each.kind)


def _handoff(judgement: Judgement, loaded: LoadedPolicy) -> HandoffOut | None:
    """None where the policy has no contract, or nobody is given the lead."""
    decision = judgement.decision
    if loaded.policy.handoff is None or not context.hands_over(decision):
        return None
    return HandoffOut(complete=not decision.missing, missing=list(decision.missing))


def _cost(found: cost.Cost) -> CostOut:
    return CostOut(
        texts=cost.shown(found.texts),
        calls=cost.shown(found.calls),
        emails=cost.shown(found.emails),
        reps=cost.shown(found.reps),
        total=cost.shown(found.total),
    )


def _window(window: Window) -> WindowOut:
    return WindowOut(
        channel=window.channel,
        purpose=window.purpose,
        earliest=_utc_or_none(window.earliest),
        held_by=list(window.held_by),
    )


def _item(item: Item) -> dict[str, str | None]:
    return {
        "key": item.key,
        "at": _utc(item.at),
        "action": item.action,
        "until": item.until,
        "template": item.template,
        "purpose": item.purpose,
        "held_by": ", ".join(item.held_by) or None,
    }


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _utc_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else _utc(moment)
