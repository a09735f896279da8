"""A cycle that nobody asked for: the rest ran out, and we begin again by ourselves. What a route's first touch is then:
a solicitation, whatever it was when the person had just asked."""

from domain.facts import Facts
from domain.values import Cue, Purpose
from policy.loaded import LoadedPolicy
from policy.notes import Notes
from policy.routing import Fallback


def purpose_of(taken: Fallback, facts: Facts) -> Purpose:
    """Whether the first touch of a route answers the person or is our own initiative."""
    return Purpose.SOLICITATION if facts.is_unasked else taken.purpose


def as_taken(taken: Fallback, facts: Facts, loaded: LoadedPolicy, notes: Notes) -> Fallback:
    """The route as it is in this cycle: one that would answer has nothing to answer when nobody asked, so that it
    solicits, with the text that the policy names for it or with none."""
    purpose = purpose_of(taken, facts)
    if purpose is taken.purpose:
        return taken
    text = loaded.policy.recycle.text if taken.text is not None else None
    said = f"the text {text} takes the place of {taken.text}" if text else "no text goes first"
    notes.fired("unasked", f"a rest ran out and nobody asked again: what we do is our own initiative, and {said}")
    cue = None if taken.cue is Cue.APOLOGETIC else taken.cue
    return taken.model_copy(update={"purpose": purpose, "text": text, "also_text": False, "cue": cue})
