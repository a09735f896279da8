"""The handoff contract: what is missing is told to the owner, by name and question; what people said is not."""

import pytest

from activities.briefing import Briefing
from activities.notices import compose
from domain.decisions import DecisionKind
from domain.facts import Facts
from domain.orders import Notice, NoticeOrder
from domain.ports import Dossier
from domain.values import Code
from policy import judgements
from policy.explain import as_json
from policy.load import LoadedPolicy, PolicyInvalid
from policy.triage import triage
from tests.policy.cases import TUESDAY, ask, changed, default, known, lead, person

PRICE = {"name": "price", "ask": "What would they like to pay?", "answers": ["budget", "price_range"]}
PLACE = {"name": "where_to", "ask": "Where do they look?", "answers": ["area"], "person": ["postal_code"]}
CONTRACT = {"name": "short", "needs": [PRICE, PLACE]}


def held() -> LoadedPolicy:
    return changed(handoff=CONTRACT)


def missing(facts: Facts) -> tuple[str, ...]:
    return triage(facts, held(), TUESDAY, "lead-1:1:triage:0").decision.missing


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ("price", "where_to")),
        ({"budget": "300k"}, ("where_to",)),
        ({"price_range": "300-350"}, ("where_to",)),
        ({"area": "Hyde Park", "budget": "300k"}, ()),
        ({"area": "オースティン", "budget": "300k"}, ()),
        ({"budget": "  ", "area": "?"}, ("price", "where_to")),
        ({"budget": "-", "price_range": "300k", "area": "\u200b"}, ("where_to",)),
        ({"Budget": "300k", "motivation": "a baby"}, ("price", "where_to")),
    ],
)
def test_any_of_its_answers_makes_a_thing_known_and_a_blank_or_a_dash_does_not(
    answers: dict[str, str], expected: tuple[str, ...]
) -> None:
    assert missing(lead(answers=answers)) == expected


def test_what_we_know_of_the_person_counts_as_well() -> None:
    assert missing(lead(person=person(postal_code="78701"))) == ("price",)
    assert missing(lead(person=person(postal_code="-"))) == ("price", "where_to")


@pytest.mark.parametrize("kind", [DecisionKind.REOFFER, DecisionKind.REPLY, DecisionKind.WORK])
def test_whoever_gets_the_lead_later_is_told_as_well(kind: DecisionKind) -> None:
    asked = ask(kind, owner="ada", hop=1)
    judgement = judgements.of(lead(answers={"budget": "300k"}), asked, held(), TUESDAY, asked.decision_id)
    assert judgement.decision.missing == ("where_to",)
    assert judgement.trace.reasons[-1].because == "still to ask: where to"


def test_nothing_is_missing_where_nobody_is_given_the_lead() -> None:
    asked = ask(DecisionKind.DISPOSE, owner="ada", code=Code.NOT_NOW)
    assert judgements.of(lead(), asked, held(), TUESDAY, asked.decision_id).decision.missing == ()
    for facts in (lead("newsletter"), lead(history=known(opted_out=True))):
        judgement = triage(facts, held(), TUESDAY, "lead-1:1:triage:0")
        assert (judgement.decision.missing, as_json(judgement, held(), facts)["handoff"]) == ((), None)


def test_a_contract_changes_nothing_else_of_a_decision() -> None:
    plain, with_it = (triage(lead(), policy, TUESDAY, "x:1:triage:0").decision for policy in (default(), held()))
    same = {"policy_hash": "", "missing": ()}
    assert with_it.model_copy(update=same) == plain.model_copy(update=same)


def test_explain_says_whether_the_handoff_is_complete() -> None:
    for answers, expected in (
        ({}, {"complete": False, "missing": ["price", "where_to"]}),
        ({"budget": "1", "area": "x"}, {"complete": True, "missing": []}),
    ):
        facts = lead(answers=answers)
        told = as_json(triage(facts, held(), TUESDAY, "x:1:triage:0"), held(), facts)
        assert told["handoff"] == expected
    assert as_json(triage(lead(), default(), TUESDAY, "x:1:triage:0"), default(), lead())["handoff"] is None


@pytest.mark.parametrize("notice", [Notice.OFFER, Notice.POOL, Notice.REPLY])
def test_the_owner_reads_what_is_still_to_ask_and_the_question_for_it(notice: Notice) -> None:
    def lines(facts: Facts) -> tuple[str, ...]:
        order = NoticeOrder(tenant="main", lead_id="l", key="k", as_of=TUESDAY, notice=notice, owner="ada", offer=1)
        dossier = Dossier(facts=facts, person_id="p1", last_words="yes")
        return compose(Briefing(order=order, dossier=dossier, policy=held().policy, now=TUESDAY)).lines

    asked = "*Still to ask:* price (What would they like to pay?); where to (Where do they look?)"
    assert asked in lines(lead())
    assert not [line for line in lines(lead(answers={"budget": "1", "area": "x"})) if "Still to ask" in line]


def test_a_decision_names_what_is_missing_and_never_what_was_said() -> None:
    judgement = triage(lead(answers={"budget": "300k for Dana"}), held(), TUESDAY, "x:1:triage:0")
    assert "Dana" not in judgement.model_dump_json()


@pytest.mark.parametrize(
    ("contract", "said"),
    [
        ({"name": "x", "needs": []}, "at least 1"),
        ({"name": "x", "needs": [{"name": "price", "ask": "How much?"}]}, "can never be known"),
        ({"name": "x", "needs": [PRICE, PRICE]}, "“price” is needed twice"),
        ({"name": "x", "needs": [{**PRICE, "ask": " "}]}, "is not a question on one line"),
        ({"name": "x", "needs": [{**PRICE, "ask": "How\nmuch?"}]}, "is not a question on one line"),
        ({"name": "x", "needs": [{**PRICE, "ask": "x" * 121}]}, "at most 120"),
        ({"name": "x", "needs": [{**PRICE, "person": ["shoe_size"]}]}, "shoe_size"),
        ({"name": "x", "needs": [{**PRICE, "anwsers": ["a"]}]}, "did you mean “answers”"),
        ({"name": "X Y", "needs": [PRICE]}, "is not a name"),
        ([PRICE], "mapping"),
    ],
)
def test_a_contract_with_a_mistake_is_refused_in_a_sentence(contract: object, said: str) -> None:
    with pytest.raises(PolicyInvalid) as refused:
        changed(handoff=contract)
    assert said in str(refused.value)
