"""Whether a policy's `inbound` fits together: handles, groups and numbers that exist once, keys that a menu offers."""

from collections.abc import Iterator

from policy.problems import Place, near
from policy.raw import Found, Raw, items, mapping, texts_in


def problems_of(raw: Raw) -> Iterator[Found]:
    """Whoever is named and isn't there, departments that nobody comes to, keys and numbers given twice."""
    inbound = mapping(raw, "inbound")
    yield from _reps(raw, mapping(inbound, "overflow"), ("inbound", "overflow"))
    seen: dict[str, set[str]] = {"name": set(), "key": set(), "called": set()}
    for number, each in items(inbound, "departments"):
        place: Place = ("inbound", "departments", number)
        yield from _reps(raw, each, place)
        yield from _group(raw, each, place)
        yield from _ways(inbound, each, place)
        for key, known in seen.items():
            for given in texts_in(each.get(key)) or [str(each[key])] if each.get(key) else []:
                if given in known:
                    yield (*place, key), f"a second department has “{given}”", None
                known.add(given)
    if inbound.get("menu") and not any(each.get("key") for _, each in items(inbound, "departments")):
        yield ("inbound", "menu"), "no department has a “key”, so that callers would be asked in vain", None


def _reps(raw: Raw, each: Raw, place: Place) -> Iterator[Found]:
    team = sorted(str(rep.get("handle")) for _, rep in items(raw, "team"))
    for position, handle in enumerate(texts_in(each.get("reps"))):
        if team and handle not in team:
            yield (*place, "reps", position), f"there is no rep “{handle}”", near(handle, team)


def _group(raw: Raw, each: Raw, place: Place) -> Iterator[Found]:
    groups = sorted(str(group.get("name")) for _, group in items(raw, "assign"))
    name = each.get("group")
    if isinstance(name, str) and groups and name not in groups:
        yield (*place, "group"), f"there is no group “{name}”", near(name, groups)
    if name and each.get("reps"):
        yield (*place, "group"), "either “group” or “reps”, not both", None


def _ways(inbound: Raw, each: Raw, place: Place) -> Iterator[Found]:
    if not each.get("called") and not (each.get("key") and inbound.get("menu")):
        yield place, "nobody comes to this department: give it numbers under “called”, or a “key” and a menu", None
