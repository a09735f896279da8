"""What the capture transaction asks, put to one loaded policy (domain.judge.Judge)."""

from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Judgement
from domain.facts import Facts, SignalFact
from policy import accounts, news, replies
from policy.loaded import LoadedPolicy
from policy.triage import triage


@dataclass(frozen=True, slots=True)
class AtCapture:
    """The judge that a policy is. Each answer is that of the function of the same name.

    `active` is the hash of the policy that was active when this judge was chosen.
    """

    loaded: LoadedPolicy
    active: str = ""

    def triage(self, facts: Facts, now: datetime, decision_id: str) -> Judgement:
        return triage(facts, self.loaded, now, decision_id)

    def is_strong(self, seen: SignalFact, before: tuple[SignalFact, ...], now: datetime) -> bool:
        return news.is_strong(seen, before, self.loaded, now)

    def opens(self, seen: SignalFact, now: datetime) -> str | None:
        return news.opens(seen, self.loaded, now)

    def makes_group(self, facts: Facts, before: tuple[SignalFact, ...], now: datetime) -> bool:
        return accounts.makes_group(facts, before, self.loaded.policy, now)

    def understood(self, meaning: str, opted_out: bool) -> str:
        return replies.understood(meaning, opted_out)
