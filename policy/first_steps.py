"""What of a judgement happens first, and when: the step that makes its motion happen. Adds nothing to it."""

from datetime import datetime

from domain.decisions import Item, Judgement, Outcome
from domain.values import Action, Channel, Motion
from policy.suppression import RECENT_CONTACT


def first_step(judgement: Judgement) -> Item | None:
    """The item that makes the decision's motion happen: its text, or its offer; none for a track that begins later."""
    decision = judgement.decision
    order = (Action.TEXT, Action.OFFER) if decision.motion in (Motion.TEXT_BACK, Motion.NURTURE) else (Action.OFFER,)
    for action in order:
        if (found := next((item for item in decision.agenda if item.action is action), None)) is not None:
            return found if decision.motion is not Motion.NURTURE or _is_at_once(found, judgement) else None
    return None


def _is_at_once(text: Item, judgement: Judgement) -> bool:
    """Whether nothing but a rule put the text off."""
    permitted = [window.earliest for window in judgement.trace.windows if window.channel is Channel.SMS]
    return text.at in (judgement.decision.decided_at, *permitted) or RECENT_CONTACT in text.held_by


def send_at(judgement: Judgement) -> datetime | None:
    """When the first motion happens: now, or the earliest permitted moment; None when the lead is closed."""
    step = first_step(judgement)
    if step is not None:
        return step.at
    return None if judgement.decision.outcome is Outcome.CLOSE else judgement.decision.decided_at
