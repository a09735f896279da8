"""What capture is made of: the store, the ledger, and everybody who can tell what a reply says. Asks none of them."""

from activities.capture import Capture
from activities.policies import Policies
from adapters.phones import person_facts
from adapters.replies import LearntClassifier
from domain.ports import Captures, Ledger
from policy.reply_rules import LEARNT


def capturing(tenant: str, captures: Captures, ledger: Ledger, policies: Policies) -> Capture:
    """One tenant's capture. The classifier that learnt loads nothing before it is asked."""
    capture = Capture(tenant, captures, ledger, person_facts, policies)
    capture.classifiers = {**capture.classifiers, LEARNT: LearntClassifier()}
    return capture
