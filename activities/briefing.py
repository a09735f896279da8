"""What a notice about a lead is made of: who it is about, the package for the rep, the buttons. Pure; composes none."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from activities.strangers import quoted
from domain.ledger import Claim
from domain.orders import NoticeOrder
from domain.ports import Button, ChatMessage, Dossier
from domain.values import Code, Cue
from policy import context
from policy.model import Policy

DISPOSITIONS = (
    (Code.CONNECTED, "Connected"),
    (Code.MEETING_SET, "Meeting set"),
    (Code.NO_RESPONSE, "No response"),
    (Code.NOT_NOW, "Not now"),
    (Code.NOT_ICP, "Not a fit"),
    (Code.COMPETITOR, "Went to a competitor"),
    (Code.DUPLICATE, "Duplicate"),
    (Code.WON, "Won"),
    (Code.LOST, "Lost"),
    (Code.BAD_NUMBER, "Bad number"),
    (Code.OPTED_OUT, "Asked not to be contacted"),
)


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that a notice is made from. Holds personal data: it stays inside the activity."""

    order: NoticeOrder
    dossier: Dossier
    policy: Policy
    now: datetime
    touch: Claim | None = None  # the touch that is asked about, as it stands

    @property
    def who(self) -> str:
        """The person, as our people would say it."""
        company = quoted(self.dossier.facts.person.company)
        name = quoted(self.dossier.name) or "A person without a name"
        return f"{name} ({company})" if company else name

    @property
    def owner(self) -> str:
        """A mention of the owner, or of everybody on duty."""
        rep = self.policy.rep(self.order.owner)
        return f"<@{rep.slack}>" if rep is not None else "team"

    @property
    def due(self) -> str:
        """By when, as the end of a phrase; nothing where there is no deadline."""
        return f", due {self.clock(self.order.due)}" if self.order.due is not None else ""

    def clock(self, moment: datetime | None) -> str:
        """A moment in the business's own zone."""
        if moment is None:
            return "no deadline"
        return moment.astimezone(ZoneInfo(self.policy.business.zone)).strftime("%a %H:%M %Z")


def threaded(b: Briefing, text: str, *buttons: Button) -> ChatMessage:
    channel = b.policy.channels.leads
    thread = b.dossier.chat_thread if (b.dossier.chat_thread or "").startswith(f"{channel}:") else None
    return ChatMessage(channel=channel, text=text, buttons=buttons, thread=thread)


def package(b: Briefing) -> tuple[str, ...]:
    """Who, why now, what to say: the part of the handoff that every notice carries."""
    facts, person = b.dossier.facts, b.dossier.facts.person
    reach = " · ".join(part for part in (person.phone, person.email) if part) or "no phone and no e-mail"
    came = f"Came by {facts.source.replace('_', ' ')}" + (f" from {quoted(facts.page)}" if facts.page else "")
    lines = [f"*{b.who}* · {reach}", came + f" at {b.clock(facts.received_at)}"]
    if b.dossier.referrer:
        lines.append(f"Referred by {quoted(b.dossier.referrer)}")
    if b.dossier.reasons:
        lines.append("Why: " + "; ".join(map(quoted, b.dossier.reasons[:3])))
    if needed := context.missing(facts, b.policy):
        lines.append("*Still to ask:* " + "; ".join(f"{need.name.replace('_', ' ')} ({need.ask})" for need in needed))
    lines.append(f"*Say:* {whisper(b)}")
    return tuple(lines)


def whisper(b: Briefing) -> str:
    """The opening line for the rep (R11, R13, R17)."""
    facts, cue = b.dossier.facts, b.order.cue
    if cue is Cue.REPLY:
        return "they answered and want to go on; start from their own words"
    if cue is Cue.APOLOGETIC or (cue is None and facts.source == "missed_call"):
        return "missed call, be apologetic"
    if b.dossier.referrer:
        return f"{quoted(b.dossier.referrer)} sent them to us; start from there"
    if facts.page:
        return f"they were looking at {quoted(facts.page)}"
    return "ask what made them get in touch today"


def button(b: Briefing, action: str, label: str, style: str | None = None) -> Button:
    return Button(action=action, label=label, value=f"{b.order.lead_id}:{b.order.offer}", style=style)


def claim(b: Briefing) -> tuple[Button, ...]:
    return (button(b, "claim", "Claim", "primary"), dispose(b))


def dispose(b: Briefing) -> Button:
    options = tuple((f"{b.order.lead_id}:{code}", label) for code, label in DISPOSITIONS)
    return Button(action="dispose", label="How did it go?", value=b.order.lead_id, options=options)
