"""What is fair to reps: turns given back, and the fairness report in sentences. It chooses nobody."""

from domain.assignments import Credit
from domain.decisions import Followup
from policy.loaded import LoadedPolicy
from policy.notes import Notes


def give_back(loaded: LoadedPolicy, ask: Followup, notes: Notes) -> None:
    """Note that the owner gets the turn back, where the reason code says that the lead was none (N5)."""
    rep = loaded.policy.rep(ask.owner)
    if rep is not None and ask.code is not None and ask.code in loaded.policy.credit_back:
        notes.credit = Credit(rep=rep.handle, code=ask.code)
        notes.said("credit_back", f"{rep.handle} gets the turn back, if it was one: {ask.code}")
