"""What our own people are told, in words: one function from (order, dossier, policy) to a chat message. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from activities import presence_notice
from activities.strangers import quoted
from domain.orders import Notice, NoticeOrder
from domain.ports import Button, ChatMessage, Dossier
from domain.replies import ReplyKind
from domain.values import Code, Cue, Motion
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


LONGEST_REPLY = 1600
"""Characters of a person's answer: the longest text there is."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """All that a notice is made from. Holds personal data: it stays inside the activity."""

    order: NoticeOrder
    dossier: Dossier
    policy: Policy
    now: datetime

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


def compose(briefing: Briefing) -> ChatMessage:
    """The message for a notice: where, what, and the buttons that make the next step one press."""
    if briefing.order.notice is Notice.SET_AWAY:  # of no lead
        return presence_notice.set_away(briefing.order.rep, briefing.policy)
    said = _COMPOSERS[briefing.order.notice](briefing)
    return said.model_copy(update={"alert": _alert(briefing)})


def _alert(b: Briefing) -> str:
    source = b.dossier.facts.source.replace("_", " ")
    return f"{b.owner}: {_ALERTS[b.order.notice]} ({source}{b.due})"


def _offer(b: Briefing) -> ChatMessage:
    motion = b.order.motion or (b.dossier.decision.motion if b.dossier.decision else None)
    verb = {
        Motion.LIVE_TRANSFER: "call now",
        Motion.WHISPER_CALL: "call personally",
        Motion.APPOINTMENT: "find a time with",
        Motion.HUMAN_TASK: "find a way to reach",
    }.get(motion or Motion.HUMAN_TASK, "get in touch with")
    text = f"{b.owner}: {verb} {b.who}{b.due}"
    buttons = (_button(b, "accept", "Accept", "primary"), _button(b, "decline", "Pass"), _dispose(b))
    return ChatMessage(channel=b.policy.channels.leads, text=text, lines=_package(b), buttons=buttons)


def _pool(b: Briefing) -> ChatMessage:
    text = f"First to claim: {b.who}{b.due}"
    buttons = (_button(b, "claim", "Claim", "primary"), _dispose(b))
    return ChatMessage(channel=_queue_channel(b), text=text, lines=_package(b), buttons=buttons)


def _warn(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner}: nobody has taken {b.who} yet; the SLA runs out {b.clock(b.order.due)}")


def _remind(b: Briefing) -> ChatMessage:
    if b.order.reason_owed:
        return _threaded(b, f"{b.owner}: how did it go with {b.who}? A reason is still owed", _dispose(b))
    return _threaded(b, f"{b.owner}: {b.who} is still waiting to hear from you", _dispose(b))


def _supervisor(b: Briefing) -> ChatMessage:
    missing = "nobody has said how it went with" if b.order.reason_owed else "nobody has moved on"
    text = f"Supervisors: {missing} {b.who} (owner: {b.owner})"
    return ChatMessage(channel=b.policy.channels.supervisors, text=text, lines=_package(b), buttons=_claim(b))


def _reply(b: Briefing) -> ChatMessage:
    words = quoted(b.dossier.last_words, LONGEST_REPLY)
    text = f"{b.owner}: {b.who} {_SAYS.get(b.order.said, 'answered')}"
    lines = (f"“{words}”", *_package(b))
    return ChatMessage(
        channel=b.policy.channels.leads, text=text, lines=lines, buttons=_claim(b), thread=b.dossier.chat_thread
    )


def _auto_reply(b: Briefing) -> ChatMessage:
    text = f"{b.owner}: a machine answered for {b.who}, which is no contact"
    return _threaded(b, text).model_copy(update={"lines": (f"“{quoted(b.dossier.last_words, LONGEST_REPLY)}”",)})


def _claimed(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner} has taken {b.who}", _dispose(b))


def _asked_again(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner}: {b.who} has asked again", _dispose(b))


def _undelivered(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner}: a text to {b.who} did not arrive; reach them another way", *_claim(b))


def _not_sent(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner}: {b.who} could not be texted; reach them another way", *_claim(b))


def _unsettled(b: Briefing) -> ChatMessage:
    text = f"{b.owner}: nobody knows whether a touch of {b.who} arrived; it is not sent again. Please look"
    return _threaded(b, text, *_claim(b))


def _closed(b: Briefing) -> ChatMessage:
    return _threaded(b, f"{b.owner}: {b.who} is closed")


def _threaded(b: Briefing, text: str, *buttons: Button) -> ChatMessage:
    channel = b.policy.channels.leads
    thread = b.dossier.chat_thread if (b.dossier.chat_thread or "").startswith(f"{channel}:") else None
    return ChatMessage(channel=channel, text=text, buttons=buttons, thread=thread)


def _package(b: Briefing) -> tuple[str, ...]:
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
    lines.append(f"*Say:* {_whisper(b)}")
    return tuple(lines)


def _whisper(b: Briefing) -> str:
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


def _button(b: Briefing, action: str, label: str, style: str | None = None) -> Button:
    return Button(action=action, label=label, value=f"{b.order.lead_id}:{b.order.offer}", style=style)


def _claim(b: Briefing) -> tuple[Button, ...]:
    return (_button(b, "claim", "Claim", "primary"), _dispose(b))


def _dispose(b: Briefing) -> Button:
    options = tuple((f"{b.order.lead_id}:{code}", label) for code, label in DISPOSITIONS)
    return Button(action="dispose", label="How did it go?", value=b.order.lead_id, options=options)


def _queue_channel(b: Briefing) -> str:
    names = (b.order.queue, b.policy.fallback_queue)
    return next(queue.channel for name in names for queue in b.policy.queues if queue.name == name)


_SAYS: dict[ReplyKind | None, str] = {
    ReplyKind.BUYING_SIGNAL: "answered and wants to go on: call them",
    ReplyKind.QUESTION: "asks something",
    ReplyKind.NOT_NOW: "says not now; the lead goes to rest unless you claim it",
    ReplyKind.WRONG_PERSON: "has another number: this one is somebody else's and isn't used again. Please look",
}

_ALERTS = {
    Notice.OFFER: "a lead for you",
    Notice.POOL: "a lead for the first to claim it",
    Notice.WARN: "nobody has taken a lead yet",
    Notice.REMIND: "a lead is still waiting",
    Notice.SUPERVISOR: "nobody has moved on a lead",
    Notice.REPLY: "a lead answered",
    Notice.AUTO_REPLY: "a machine answered for a lead",
    Notice.CLAIMED: "a lead was taken",
    Notice.ASKED_AGAIN: "a lead asked again",
    Notice.UNDELIVERED: "a text did not arrive",
    Notice.NOT_SENT: "a lead could not be texted",
    Notice.UNSETTLED: "nobody knows whether a touch arrived",
    Notice.CLOSED: "a lead is closed",
}

_COMPOSERS: dict[Notice, Callable[[Briefing], ChatMessage]] = {
    Notice.OFFER: _offer,
    Notice.POOL: _pool,
    Notice.WARN: _warn,
    Notice.REMIND: _remind,
    Notice.SUPERVISOR: _supervisor,
    Notice.REPLY: _reply,
    Notice.AUTO_REPLY: _auto_reply,
    Notice.CLAIMED: _claimed,
    Notice.ASKED_AGAIN: _asked_again,
    Notice.UNDELIVERED: _undelivered,
    Notice.NOT_SENT: _not_sent,
    Notice.UNSETTLED: _unsettled,
    Notice.CLOSED: _closed,
}
