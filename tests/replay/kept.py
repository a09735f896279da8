"""Decisions as they are recorded in tests/replay/decisions: a file of answers a policy, a line each, and the policy
beside it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.postgres.build import build
from domain.decisions import Followup
from domain.facts import Facts
from domain.views import KeptDecision
from policy import judgements, replay
from policy.load import LoadedPolicy, policy_from_text

DECISIONS = Path(__file__).parent / "decisions"
_JSON = ("facts", "asked", "decision", "trace")


@dataclass(frozen=True)
class Recorded:
    """What one policy decided in one run of the embedded stack."""

    name: str
    policy_hash: str
    text: str
    packs: dict[str, str]
    decisions: tuple[KeptDecision, ...]

    @property
    def policy(self) -> LoadedPolicy:
        """The policy as it was published then, on today's code."""
        return policy_from_text(self.text, self.packs).published_as(self.policy_hash)

    def write(self) -> None:
        DECISIONS.mkdir(exist_ok=True)
        policy = {"policy_hash": self.policy_hash, "text": self.text, "packs": self.packs}
        (DECISIONS / f"{self.name}.policy.json").write_text(json.dumps(policy, indent=1) + "\n")
        lines = [json.dumps(_unfolded(kept), sort_keys=True) for kept in self.decisions]
        (DECISIONS / f"{self.name}.jsonl").write_text("\n".join(lines) + "\n")


def read(name: str) -> Recorded:
    policy = json.loads((DECISIONS / f"{name}.policy.json").read_text())
    lines = (DECISIONS / f"{name}.jsonl").read_text().splitlines()
    return Recorded(name=name, decisions=tuple(_folded(json.loads(line)) for line in lines), **policy)


def names() -> list[str]:
    return sorted(path.stem for path in DECISIONS.glob("*.jsonl"))


def one_of_each(decisions: Sequence[KeptDecision]) -> Iterator[KeptDecision]:
    """The first decision that came about in each way: by these rules, with this outcome, for a rep or for nobody."""
    seen = set()
    for kept in decisions:
        decision = json.loads(kept.decision)
        way = (kept.kind, decision["outcome"], *decision["rules"], decision["owner"] is None)
        if way not in seen:
            seen.add(way)
            yield kept


def answered(kept: KeptDecision, loaded: LoadedPolicy) -> KeptDecision:
    """The same question with today's answer."""
    asked = Followup.model_validate_json(kept.asked) if kept.asked else None
    again = judgements.of(Facts.model_validate_json(kept.facts), asked, loaded, kept.at, kept.decision_id)
    answer = {"decision": again.decision.model_dump_json(), "trace": again.trace.model_dump_json()}
    is_as_before = all(replay.canonical(getattr(kept, part)) == replay.canonical(answer[part]) for part in answer)
    return kept if is_as_before else kept.model_copy(update={**answer, "engine": build()})


def _unfolded(kept: KeptDecision) -> dict[str, Any]:
    texts = {name: getattr(kept, name) for name in _JSON}
    return kept.model_dump(mode="json") | {name: json.loads(text) if text else None for name, text in texts.items()}


def _folded(line: dict[str, Any]) -> KeptDecision:
    texts = {name: json.dumps(line[name]) if line[name] is not None else None for name in _JSON}
    return KeptDecision.model_validate(line | texts)
