"""Notices to our own people: offers, warnings, replies. Posted through the ledger, so that nobody is told twice."""

from datetime import datetime, timedelta

from temporalio import activity

from activities.briefing import Briefing
from activities.clock import lead_now
from activities.delivery import Delivery
from activities.intents import Words, intent_of
from activities.notices import compose
from activities.policies import Policies
from domain.ledger import Intent
from domain.orders import NoticeOrder, Touched
from domain.ports import Accepted, Chat, ChatMessage, Ledger
from domain.values import Channel


class Notices:
    """Posts notices for workflows."""

    def __init__(self, ledger: Ledger, chat: Chat, policies: Policies, delivery: Delivery) -> None:
        self._ledger = ledger
        self._chat = chat
        self._policies = policies
        self._delivery = delivery

    @activity.defn(name="post_notice")
    async def post(self, order: NoticeOrder) -> Touched:
        """Tell the owner, the team or the supervisors, with the package that makes the next step plain."""
        now = lead_now(order)
        dossier = await self._ledger.dossier(order.tenant, order.lead_id, now, order.key)
        if order.row_id is not None:  # of two quick replies each alert shows its own
            own = await self._ledger.words(order.tenant, order.row_id)
            if own is not None:
                dossier = dossier.model_copy(update={"last_words": own.body, "media": own.media})
        policy = await self._policies.pinned(order.policy_hash)
        touch = await self._ledger.current(order.touch_id) if order.touch_id else None
        message = compose(Briefing(order=order, dossier=dossier, policy=policy.policy, now=now, touch=touch))
        touched = await self._say(order, dossier.person_id, message)
        elsewhere = policy.policy.channels.supervisors
        if touched.result != "failed" or message.channel == elsewhere:
            return touched
        # A channel that was archived, renamed or never joined: somebody must hear of the lead all the same.
        moved = message.model_copy(update={"channel": elsewhere, "thread": None})
        again = order.model_copy(update={"key": f"{order.key}:supervisors"})
        return await self._say(again, dossier.person_id, moved)

    async def _say(self, order: NoticeOrder, person_id: str, message: ChatMessage) -> Touched:
        words = Words(Channel.CHAT, message.channel, message.model_dump_json())
        return await self._delivery.make(intent_of(order, person_id, words), ChatWire(self._chat))


class ChatWire:
    """The chat as the delivery protocol sees it."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    @property
    def deadline(self) -> timedelta:
        """The chat's own."""
        return self._chat.deadline

    async def send(self, intent: Intent) -> Accepted:
        """Post the message, the touch id in it."""
        return await self._chat.post(intent.touch_id, ChatMessage.model_validate_json(intent.body))

    async def find(self, intent: Intent, since: datetime) -> tuple[Accepted, ...]:
        """Look for the touch id in the channel."""
        found = await self._chat.find(intent.touch_id, ChatMessage.model_validate_json(intent.body), since)
        return (found,) if found is not None else ()
