"""Texts to people: the guard asks again against live facts, the ledger makes it effectively once."""

from liquid.exceptions import LiquidError
from temporalio import activity

from activities import strangers
from activities.clock import lead_now
from activities.delivery import Delivery
from activities.intents import Words, intent_of
from activities.lines import Lines
from activities.policies import Policies
from domain.facts import Facts
from domain.ledger import Intent
from domain.orders import TextOrder, Touched, TouchState
from domain.ports import Dossier, Ledger, Sms
from domain.values import Channel, Refusal
from policy import matching, texts
from policy.load import LoadedPolicy
from policy.suppression import why_not_text

PAST_CLAIMING = (
    TouchState.SENDING,
    TouchState.UNKNOWN,
    TouchState.SENT,
    TouchState.DELIVERED,
    TouchState.FAILED,
    TouchState.CANCELLED,
)


class Texts:
    """Sends texts for workflows."""

    def __init__(
        self, ledger: Ledger, sms: Sms, policies: Policies, delivery: Delivery, lines: Lines | None = None
    ) -> None:
        self._ledger = ledger
        self._sms = sms
        self._policies = policies
        self._delivery = delivery
        self._lines = lines or Lines(None, policies, sms.sender)

    @activity.defn(name="send_text")
    async def send(self, order: TextOrder) -> Touched:
        """Text the person, if policy and facts of this very moment allow it; held, refused, failed and unknown are
        results."""
        now = lead_now(order)
        dossier = await self._ledger.dossier(order.tenant, order.lead_id, now, order.key)
        if dossier.prior is not None and dossier.prior.state in PAST_CLAIMING:
            return await self._delivery.resume(dossier.prior, self._sms, now, len(dossier.facts.history.touches))
        policy = await self._policies.pinned(order.policy_hash)
        intent = await self._lines.sent_from(self._intent(order, dossier, policy), dossier)
        refused = self._refused(order, dossier, policy, intent)
        if refused is None and (held := await self._lines.why_wait(intent, dossier.facts, policy)) is not None:
            return held
        if refused is None:
            return await self._delivery.make(intent, self._sms, len(dossier.facts.history.touches))
        if refused.result != "held":
            await self._ledger.refuse(intent, refused.because)
        return refused

    def _refused(self, order: TextOrder, dossier: Dossier, policy: LoadedPolicy, intent: Intent) -> Touched | None:
        now = intent.lead_now
        if dossier.last_reply_at is not None and dossier.last_reply_at > order.heard:
            return _no(intent, Refusal.REPLIED, "replied")
        if self._lines.is_ours(intent.recipient):
            return _no(intent, Refusal.OWN_NUMBER, "own_number")
        if not intent.body:
            return _no(intent, Refusal.BAD_TEMPLATE, order.template)
        found = why_not_text(dossier.facts, policy, now, order.purpose, order.template)
        if found is None:
            return None
        refusal, until, rule = found
        if until is None and refusal is not Refusal.KILL_SWITCH:  # that one is lifted some day, nobody knows when
            return _no(intent, refusal, rule)
        return Touched(result="held", at=now, channel=Channel.SMS, refusal=refusal, because=rule, retry_at=until)

    def _intent(self, order: TextOrder, dossier: Dossier, policy: LoadedPolicy) -> Intent:
        words = Words(
            Channel.SMS,
            recipient=dossier.facts.person.phone or "",
            body=body_of(order.template, order.owner, dossier, policy),
            purpose=order.purpose,
            template=order.template,
            heard=order.heard,
        )
        return intent_of(order, dossier.person_id, words)


def body_of(template: str, owner: str | None, dossier: Dossier, policy: LoadedPolicy) -> str:
    """The words to send; empty when the template is unknown or can't be filled."""
    values = values_of(dossier.facts, (dossier.name, dossier.referrer), owner, policy)
    text = policy.policy.text(template, values["language"])
    if text is None:
        return ""
    try:
        return texts.fill(text, values)
    except LiquidError:
        return ""


def values_of(
    facts: Facts, names: tuple[str | None, str | None], owner: str | None, policy: LoadedPolicy
) -> dict[str, str]:
    """What a text is filled with. `names` are the person's own and the referrer's, as they were given."""
    rep, (name, referrer) = policy.policy.rep(owner), names
    return {
        "business": policy.policy.business.name,
        "company": strangers.sendable(facts.person.company),
        "first_name": strangers.first_name(name) or "there",
        "language": matching.language(facts),
        "page": strangers.path_of(facts.page),
        "referrer": strangers.sendable(referrer) or "A friend",
        "rep": rep.name if rep is not None else "",
        "source": facts.source,
    }


def _no(intent: Intent, refusal: Refusal, because: str) -> Touched:
    return Touched(
        result="refused",
        at=intent.lead_now,
        touch_id=intent.touch_id,
        channel=Channel.SMS,
        refusal=refusal,
        because=because,
    )
