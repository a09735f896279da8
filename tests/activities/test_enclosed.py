"""What a person sent, as our people are shown it: the words, and what came along with them."""

import pytest

from activities.briefing import Briefing
from activities.notices import compose
from adapters.slack.blocks import build
from domain.orders import Notice, NoticeOrder
from domain.ports import Dossier
from tests.builders import NOON
from tests.fakes import facts_of
from tests.policy import cases


@pytest.mark.parametrize(
    ("media", "shown"),
    [
        (("image/jpeg",), "Sent 1 picture (image/jpeg): look in Twilio's console"),
        (("image/jpeg", "image/png"), "Sent 2 pictures (image/jpeg, image/png): look in Twilio's console"),
        (
            ("image/jpeg", "unknown", "video/mp4", "image/jpeg", "audio/amr", "text/vcard"),
            "Sent 2 pictures and 2 files and 1 video and 1 recording"
            " (image/jpeg, unknown, video/mp4, audio/amr, text/vcard): look in Twilio's console",
        ),
    ],
)
@pytest.mark.parametrize("words", ["", "my roof"])
def test_what_came_with_a_reply_is_told_and_never_linked(media: tuple[str, ...], shown: str, words: str) -> None:
    order = NoticeOrder(tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=Notice.REPLY)
    facts = facts_of("lead-1", "paid_lead_form", NOON)
    dossier = Dossier(facts=facts, person_id="p1", last_words=words, media=media)
    message = compose(Briefing(order=order, dossier=dossier, policy=cases.default().policy, now=NOON))
    assert shown in message.lines
    assert ("“my roof”" in message.lines) == bool(words)
    assert "“”" not in message.lines


def test_a_long_reply_is_shown_as_far_as_the_chat_takes_it() -> None:
    order = NoticeOrder(tenant="main", lead_id="lead-1", key="k", as_of=NOON, notice=Notice.REPLY)
    facts = facts_of("lead-1", "paid_lead_form", NOON)
    for length, marks in ((1600, ""), (2900, ""), (9000, "…")):
        dossier = Dossier(facts=facts, person_id="p1", last_words="x" * length)
        message = compose(Briefing(order=order, dossier=dossier, policy=cases.default().policy, now=NOON))
        assert f"“{'x' * min(length, 2900)}{marks}”" in message.lines
        shown = [block.to_dict()["text"]["text"] for block in build("t1", message)[1:2]]
        assert shown[0].startswith("“" + "x" * min(length, 2900))
