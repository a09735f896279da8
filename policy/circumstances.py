"""What a reader of any first decision should know of its circumstances; decides nothing."""

from domain.facts import Facts
from policy import do_not_call
from policy.loaded import LoadedPolicy
from policy.notes import Notes


def note(facts: Facts, loaded: LoadedPolicy, notes: Notes) -> None:
    """A test lead, a stop, a sandbox, lists that name the person."""
    if facts.test:
        notes.said("test_lead", "a test lead: judged as any other, and touched only where the policy says so")
    if facts.kill_switch:
        notes.said("kill_switch", "touches of people are stopped: what is due to the person waits until they go on")
    if facts.sandbox:
        notes.said("sandbox", "a sandbox: all is planned, and nothing is sent")
    for listed in do_not_call.reasons(facts, loaded):
        notes.said(listed.rule, listed.because)
