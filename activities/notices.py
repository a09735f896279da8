"""What our own people are told, in words: one function from (order, dossier, policy) to a chat message. Pure."""

from collections.abc import Callable

from activities import enclosed, presence_notice
from activities.briefing import Briefing, button, claim, dispose, package, threaded
from domain.ledger import Claim
from domain.orders import Notice, TouchState
from domain.phones import CallNote, read_note
from domain.ports import Button, ChatMessage
from domain.replies import ReplyKind
from domain.twilio_codes import meaning
from domain.values import Channel, Motion


def compose(told: Briefing) -> ChatMessage:
    """The message for a notice: where, what, and the buttons that make the next step one press."""
    if told.order.notice is Notice.SET_AWAY:  # of no lead
        return presence_notice.set_away(told.order.rep, told.policy)
    said = _COMPOSERS[told.order.notice](told)
    return said.model_copy(update={"alert": _alert(told)})


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
    buttons = (button(b, "accept", "Accept", "primary"), button(b, "decline", "Pass"), dispose(b))
    return ChatMessage(channel=b.policy.channels.leads, text=text, lines=package(b), buttons=buttons)


def _pool(b: Briefing) -> ChatMessage:
    text = f"First to claim: {b.who}{b.due}"
    buttons = (button(b, "claim", "Claim", "primary"), dispose(b))
    return ChatMessage(channel=_queue_channel(b), text=text, lines=package(b), buttons=buttons)


def _warn(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: nobody has taken {b.who} yet; the SLA runs out {b.clock(b.order.due)}")


def _remind(b: Briefing) -> ChatMessage:
    if b.order.reason_owed:
        return threaded(b, f"{b.owner}: how did it go with {b.who}? A reason is still owed", dispose(b))
    return threaded(b, f"{b.owner}: {b.who} is still waiting to hear from you", dispose(b))


def _supervisor(b: Briefing) -> ChatMessage:
    missing = "nobody has said how it went with" if b.order.reason_owed else "nobody has moved on"
    text = f"Supervisors: {missing} {b.who} (owner: {b.owner})"
    return ChatMessage(channel=b.policy.channels.supervisors, text=text, lines=package(b), buttons=claim(b))


def _reply(b: Briefing) -> ChatMessage:
    text = f"{b.owner}: {b.who} {_SAYS.get(b.order.said, 'answered')}"
    lines = (*enclosed.shown(b.dossier.last_words, b.dossier.media), *package(b))
    return ChatMessage(
        channel=b.policy.channels.leads, text=text, lines=lines, buttons=claim(b), thread=b.dossier.chat_thread
    )


def _auto_reply(b: Briefing) -> ChatMessage:
    text = f"{b.owner}: a machine answered for {b.who}, which is no contact"
    return threaded(b, text).model_copy(update={"lines": enclosed.shown(b.dossier.last_words, b.dossier.media)})


def _claimed(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner} has taken {b.who}", dispose(b))


def _asked_again(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: {b.who} has asked again", dispose(b))


def _called_again(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: {b.who} has called again, and nobody answered", *claim(b))


def _voicemail(b: Briefing) -> ChatMessage:
    note = read_note(b.dossier.last_words)
    found = threaded(b, f"{b.owner}: {b.who} left a voicemail{_length(note)}", *claim(b))
    return found if note is None or note.recording is None else found.model_copy(update={"lines": (note.recording,)})


def _transcribed(b: Briefing) -> ChatMessage:
    note = read_note(b.dossier.last_words)
    found = threaded(b, f"{b.owner}: {b.who} left a voicemail{_length(note)}, which was written down", *claim(b))
    return found.model_copy(update={"lines": enclosed.shown(note.words if note is not None else None, ())})


def _length(note: CallNote | None) -> str:
    if note is None or note.length is None:
        return ""
    minutes, seconds = divmod(int(note.length.total_seconds()), 60)
    return f" ({minutes}:{seconds:02d})"


def _undelivered(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: a text to {b.who} did not arrive{_why(b)}; reach them another way", *claim(b))


def _not_sent(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: {b.who} could not be texted{_why(b)}; reach them another way", *claim(b))


def _why(b: Briefing) -> str:
    found = meaning(b.dossier.facts.history.takes_no_texts)
    return f" ({found.says}; no further text is tried there)" if found is not None else ""


def _unsettled(b: Briefing) -> ChatMessage:
    touch = b.touch
    if touch is not None and touch.state is not TouchState.UNKNOWN:
        return threaded(b, f"{b.owner}: a touch of {b.who} was looked for and found: it is {touch.state}", *claim(b))
    is_text = touch is not None and touch.intent.channel is Channel.SMS
    what = f"a text to {b.who} ({b.clock(touch.intent.lead_now)})" if touch and is_text else f"a touch of {b.who}"
    text = f"{b.owner}: nobody knows whether {what} arrived; it is not sent again by itself. Please look, and say"
    return threaded(b, text, *_settles(b, touch), *claim(b))


def _settles(b: Briefing, touch: Claim | None) -> tuple[Button, ...]:
    """One press says what became of the touch; a text can be sent anew, where it did not arrive."""
    if touch is None:
        return ()
    value = f"{b.order.lead_id}:{touch.touch_id}"
    asked = [("arrived", "It arrived"), ("not_arrived", "It did not arrive")]
    if touch.intent.channel is Channel.SMS and touch.intent.template is not None:
        asked.append(("send_again", "It did not: send again"))
    return tuple(Button(action=action, label=label, value=value) for action, label in asked)


def _closed(b: Briefing) -> ChatMessage:
    return threaded(b, f"{b.owner}: {b.who} is closed")


def _queue_channel(b: Briefing) -> str:
    names = (b.order.queue, b.policy.fallback_queue)
    return next(queue.channel for name in names for queue in b.policy.queues if queue.name == name)


_SAYS: dict[ReplyKind | None, str] = {
    ReplyKind.BUYING_SIGNAL: "answered and wants to go on: call them",
    ReplyKind.QUESTION: "asks something",
    ReplyKind.HELP: "asks for help: the keyword HELP",
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
    Notice.CALLED_AGAIN: "a lead called again",
    Notice.VOICEMAIL: "a lead left a voicemail",
    Notice.TRANSCRIBED: "a lead's voicemail was written down",
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
    Notice.CALLED_AGAIN: _called_again,
    Notice.VOICEMAIL: _voicemail,
    Notice.TRANSCRIBED: _transcribed,
    Notice.UNDELIVERED: _undelivered,
    Notice.NOT_SENT: _not_sent,
    Notice.UNSETTLED: _unsettled,
    Notice.CLOSED: _closed,
}
