"""What a rep is told who missed too many offers, with the one press that brings them back (N4). Names no lead."""

from domain.ports import Button, ChatMessage
from policy.model import Policy

BACK = "back"
"""The button's action; its value is the rep's handle."""


def set_away(handle: str | None, policy: Policy) -> ChatMessage:
    """The message for a rep who is away from here on."""
    rep = policy.rep(handle)
    who = f"<@{rep.slack}>" if rep is not None else "A rep who has left"
    missed = f"{policy.away_after} offers" if policy.away_after and policy.away_after > 1 else "an offer"
    return ChatMessage(
        channel=policy.channels.leads,
        text=f"{who}: you missed {missed} in a row, so new leads go to others until you press this",
        alert=f"{who}: you are set away",
        buttons=(Button(action=BACK, label="I'm back", value=handle or "", style="primary"),),
    )
