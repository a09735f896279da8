"""Whether a policy's numbers can be sent from: none twice, some that texts go by, limits that a text fits."""

from collections.abc import Iterator, Mapping

from domain.values import Channel
from policy.problems import Place
from policy.raw import Found, Raw, items, mapping, texts_in


def problems_of(raw: Raw) -> Iterator[Found]:
    """Numbers given twice, and sections by which nothing can be texted."""
    numbers = raw.get("numbers")
    if not isinstance(numbers, Mapping):
        return
    seen: set[str] = set()
    for place, sender in items(numbers, "senders"):
        given = str(sender.get("number"))
        if given in seen:
            yield ("numbers", "senders", place, "number"), f"the number “{given}” is given twice", None
        seen.add(given)
    if seen and all(_only_calls(sender) for _, sender in items(numbers, "senders")):
        yield ("numbers", "senders"), "none of these numbers texts: give one of them channels: [sms]", None
    if numbers.get("senders", []) == [] and not numbers.get("messaging_service"):
        yield ("numbers",), "neither “senders” nor a “messaging_service”, so nothing could be texted", None


def _only_calls(sender: Raw) -> bool:
    return set(texts_in(sender.get("channels"))) == {Channel.CALL}


def warnings_of(raw: Raw) -> Iterator[tuple[Place, str]]:
    """Numbers of ours that are a rep's own, and a figure for one number that all together can't reach."""
    numbers = mapping(raw, "numbers")
    reps = {str(rep.get("phone")): str(rep.get("handle")) for _, rep in items(raw, "team")}
    for place, sender in items(numbers, "senders"):
        if (rep := reps.get(str(sender.get("number")))) is not None:
            yield ("numbers", "senders", place, "number"), f"this is the phone of {rep}, who is called on it"
        day, of_all = sender.get("per_day"), numbers.get("per_day")
        if isinstance(day, int) and isinstance(of_all, int) and day > of_all:
            yield ("numbers", "senders", place, "per_day"), f"never reached: all together may send {of_all}"
