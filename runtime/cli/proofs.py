"""`baton policy preview`: a policy's texts as they would be sent, without a server. Sends nothing."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from liquid.exceptions import LiquidError

from activities.text import values_of
from domain.messages import Inquiry
from policy import proofs, texts
from policy.load import LoadedPolicy
from policy.problems import near
from policy.proofs import Proof, Sent
from runtime.cli import versions, words
from runtime.cli.inquiries import read_inquiries
from runtime.cli.options import AsJson, refuse
from runtime.cli.policy import judged


def preview(
    policy: Annotated[Path, typer.Option("--policy", metavar="FILE", help="The policy whose texts they are.")],
    names: Annotated[list[str] | None, typer.Argument(metavar="[TEXT]...", help="Which; all unless you say.")] = None,
    lead: Annotated[
        Path | None, typer.Option("--lead", metavar="FILE", help="Values of this inquiry, in place of long samples.")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="LANG", help="For somebody of this language, such as es.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Each text as it would be sent: its words, its encoding, its segments and its price, and how bad it may get."""
    loaded = versions.loaded_file(policy)
    _known(names or [], loaded)
    if language is not None and re.fullmatch("[a-z]{2}", language) is None:
        refuse(f"“{language}” is no language in two small letters, such as es.")
    values, spoken = _values(lead, loaded)
    found = [
        _proved(name, each, loaded, values)
        for name, each in proofs.all_of(tuple(names or ()), language or spoken, loaded)
    ]
    if as_json:
        told = {"policy": loaded.policy.name, "policy_hash": loaded.hash, "texts": [_as_json(each) for each in found]}
        typer.echo(json.dumps(told, indent=2, ensure_ascii=False))
        return
    typer.echo("\n\n".join(words.lines(_said(each)) for each in found))


def _known(names: list[str], loaded: LoadedPolicy) -> None:
    known = sorted(loaded.policy.texts)
    for name in names:
        if name not in known:
            meant = near(name, known)
            refuse(f"There is no text “{name}”" + (f"; did you mean “{meant}”?" if meant else f": {', '.join(known)}."))


def _values(lead: Path | None, loaded: LoadedPolicy) -> tuple[Mapping[str, str], str | None]:
    """What an inquiry fills texts with, by the code that fills them, and its language."""
    if lead is None:
        return {}, None
    inquiry: Inquiry = read_inquiries(lead)[0]
    facts, judgement = judged(inquiry, loaded, datetime.now(UTC))
    name, referrer = inquiry.person.name, inquiry.attribution.referrer_name
    values = values_of(facts, (name, referrer), judgement.decision.owner, loaded)
    return values, values["language"]


def _proved(name: str, language: str, loaded: LoadedPolicy, values: Mapping[str, str]) -> Proof:
    try:
        return proofs.of_text(name, language, loaded, values)
    except LiquidError as error:
        refuse(f"The text “{name}” can't be filled in {language}: {texts.said(error)}")


def _as_json(proof: Proof) -> dict[str, object]:
    told: dict[str, object] = {"name": proof.name, "language": proof.language, "written_in": proof.written_in}
    return told | _measured(proof.sent) | {"body": proof.sent.body, "worst": _measured(proof.worst)}


def _measured(sent: Sent) -> dict[str, object]:
    return {
        "encoding": sent.encoding,
        "characters": len(sent.body),
        "places": sent.places,
        "segments": sent.segments,
        "price": _price(sent.price),
        "beyond_gsm": list(sent.beyond),
    }


def _said(proof: Proof) -> list[str]:
    is_other = proof.written_in is not None and proof.written_in != proof.language
    other = f"; there is none in {proof.language}, so it goes in {proof.written_in}" if is_other else ""
    lines = [f"{proof.name} ({proof.language}){other}", f"  {proof.sent.body}", f"  {_figures(proof.sent)}"]
    for what, sent in (("longest values", proof.longest), (f"a name with “{proofs.OUTSIDE}”", proof.outside)):
        if sent is not None and sent.segments > proof.sent.segments:
            lines.append(f"  {what}: {_figures(sent)}")
    return lines


def _figures(sent: Sent) -> str:
    pieces = "1 segment" if sent.segments == 1 else f"{sent.segments} segments"
    because = f" because of {' '.join(sent.beyond[:5])}" if sent.beyond else ""
    return f"{sent.encoding}{because}, {len(sent.body)} characters, {pieces}, {_price(sent.price)}"


def _price(amount: Decimal) -> str:
    """To the last digit that a price has: fractions of a cent are what texts are about."""
    return f"{amount.normalize():f}"
