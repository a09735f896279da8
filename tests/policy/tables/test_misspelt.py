"""Names of sources and kinds that nearly are known ones: each is warned of at its line and column, with what may be
meant; a name that a policy gives a source of its own is let be."""

from pathlib import Path

import pytest

from policy.load import load_policy

BAD = Path(__file__).parent / "bad"


def warned(text: str) -> list[str]:
    loaded = load_policy(f"extends: small.yaml\n{text}\n", "mine.yaml", BAD)
    found = [each for each in loaded.warnings if "that is known is called" in each.message]
    return [f"{each.line}:{each.column} {each.message.partition('called ')[2]} {each.suggestion}" for each in found]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("contact: {do_not_call: {no_inquiry: [webinar, imprt]}}", ["2:47 “imprt” import"]),
        ("contact:\n  consent:\n    answers: [mised_call]", ["4:15 “mised_call” missed_call"]),
        ("accounts: {sources: [demo_requests]}", ["2:22 “demo_requests” demo_request"]),
        ("enrich: {hot_sources: [demo_request, contact_sale]}", ["2:38 “contact_sale” contact_sales"]),
        ("speeds:\n  first_automation:\n    sources: {mised_call: 60s}", ["4:15 “mised_call” missed_call"]),
        ("intent: {strong: [metting_request, reply]}", ["2:19 “metting_request” meeting_request"]),
        ("intent: {kinds: [page_veiw]}", ["2:18 “page_veiw” page_view"]),
        ("intent: {kinds: [trial_activated], strong: [trial_actived]}", ["2:45 “trial_actived” trial_activated"]),
        ("intent: {hand_raises: [demo_reqest, replay]}", ["2:24 “demo_reqest” demo_request", "2:37 “replay” reply"]),
        (
            "intent: {opens: {meeting_requst: contact_sels}}",
            ["2:18 “meeting_requst” meeting_request", "2:34 “contact_sels” contact_sales"],
        ),
    ],
)
def test_a_name_that_is_nearly_a_known_one_is_warned_of_where_it_stands(text: str, said: list[str]) -> None:
    assert warned(text) == said


@pytest.mark.parametrize(
    "text",
    [
        "contact: {do_not_call: {no_inquiry: [fax, trade_fair, trade_fairs_2026]}}",
        "contact: {do_not_call: {no_inquiry: [imports]}}\nroutes: [{name: x, when: source == 'imports', "
        "because: x, open: [human_task], closed: [human_task], purpose: responsive}]",
        "intent: {opens: {meeting_request: demo_requests}}\nenrich: {hot_sources: [demo_requests]}\n"
        "score: [{name: x, when: source == 'demo_requests', points: 1, because: x}]",
        "intent: {kinds: [trial_activated], strong: [trial_activated, reply], hand_raises: [trial_activated]}",
        "contact: {do_not_call: {no_inquiry: []}}\naccounts: {sources: []}",
    ],
)
def test_a_name_of_the_policys_own_is_let_be(text: str) -> None:
    assert warned(text) == []
