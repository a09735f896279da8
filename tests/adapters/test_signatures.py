"""Every signature scheme against forgeries: only the genuine request passes, only Unauthorised comes out."""

import base64
import hashlib
import hmac
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlencode

import pytest
from slack_sdk.signature import SignatureVerifier
from standardwebhooks import Webhook
from twilio.request_validator import RequestValidator

from adapters.crm.hubspot_signature import HubSpotSignature, decoded
from adapters.slack.signature import SlackSignature
from adapters.standard_webhooks import StandardWebhook
from adapters.twilio.signature import TwilioSignature
from domain.errors import Unauthorised
from domain.ports import SignedRequest, Verifier

NOW = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
FORGERIES = 400
OLD, NEW = "the-old-secret", "the-new-secret"
WHSEC = {name: "whsec_" + base64.b64encode(name.encode()).decode() for name in (OLD, NEW)}
SMS = {
    "MessageSid": "SM1",
    "From": "+15125550142",
    "To": "+15125550100",
    "Body": "Stop it, please é 👍",
    "NumMedia": "",
}


@dataclass(frozen=True)
class Scheme:
    """One vendor's scheme: its verifier, and how the vendor would sign this body at that time with that secret."""

    name: str
    verifier: Callable[[tuple[str, ...]], Verifier]
    sign: Callable[[str, bytes, datetime], SignedRequest]
    body: bytes
    stamped: bool = True  # does it carry the time?


def request(url: str, headers: dict[str, str], body: bytes) -> SignedRequest:
    return SignedRequest(method="POST", url=url, headers=headers, body=body, now=NOW)


def twilio_form(secret: str, body: bytes, _: datetime) -> SignedRequest:
    url = "https://baton.example.com/v1/hooks/twilio/sms-status?touch=0199:t1"
    form = {name: values[0] for name, values in parse_qs(body.decode(), keep_blank_values=True).items()}
    signature = RequestValidator(secret).compute_signature(url, form)
    kind = "application/x-www-form-urlencoded; charset=utf-8"
    return request(url, {"content-type": kind, "x-twilio-signature": signature}, body)


def twilio_json(secret: str, body: bytes, _: datetime) -> SignedRequest:
    url = f"https://baton.example.com/v1/hooks/twilio/events?bodySHA256={hashlib.sha256(body).hexdigest()}"
    signature = RequestValidator(secret).compute_signature(url, {})
    return request(url, {"content-type": "application/json", "x-twilio-signature": signature}, body)


def slack(secret: str, body: bytes, at: datetime) -> SignedRequest:
    stamp = str(int(at.timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
    headers = {"x-slack-request-timestamp": stamp, "x-slack-signature": signature}
    return request("https://baton.example.com/v1/hooks/slack/interactions", headers, body)


def hubspot(secret: str, body: bytes, at: datetime) -> SignedRequest:
    url, stamp = "https://baton.example.com/v1/hooks/hubspot?a=x%3Ay%2Fz%20w", str(int(at.timestamp() * 1000))
    source = b"POST" + b"https://baton.example.com/v1/hooks/hubspot?a=x:y/z%20w" + body + stamp.encode()
    signature = base64.b64encode(hmac.new(secret.encode(), source, hashlib.sha256).digest()).decode()
    return request(url, {"x-hubspot-request-timestamp": stamp, "x-hubspot-signature-v3": signature}, body)


def standard(secret: str, body: bytes, at: datetime) -> SignedRequest:
    signature = Webhook(WHSEC.get(secret, secret)).sign("msg_1", at, body.decode())
    headers = {"webhook-id": "msg_1", "webhook-timestamp": str(int(at.timestamp())), "webhook-signature": signature}
    return request("https://baton.example.com/v1/inquiries", headers, body)


JSON = '[{"objectId": 101, "subscriptionType": "contact.creation", "é": "👍"}]'.encode()
SCHEMES = (
    Scheme("twilio form", TwilioSignature, twilio_form, urlencode(SMS).encode(), stamped=False),
    Scheme("twilio json", TwilioSignature, twilio_json, JSON, stamped=False),
    Scheme("slack", SlackSignature, slack, urlencode({"payload": '{"type": "block_actions"}'}).encode()),
    Scheme("hubspot", HubSpotSignature, hubspot, JSON),
    Scheme("standard", lambda secrets: StandardWebhook(tuple(WHSEC[one] for one in secrets)), standard, JSON),
)
every_scheme = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
every_stamped_scheme = pytest.mark.parametrize(
    "scheme", [scheme for scheme in SCHEMES if scheme.stamped], ids=lambda scheme: scheme.name
)


def accepts(verifier: Verifier, signed: SignedRequest) -> bool:
    """Anything but Unauthorised goes through to the test and fails it."""
    try:
        verifier.verify(signed)
    except Unauthorised:
        return False
    return True


@every_scheme
def test_the_genuine_request_passes(scheme: Scheme) -> None:
    assert accepts(scheme.verifier((NEW,)), scheme.sign(NEW, scheme.body, NOW))


@every_scheme
def test_two_secrets_live_at_once_while_one_is_changed(scheme: Scheme) -> None:
    both = scheme.verifier((NEW, OLD))
    assert accepts(both, scheme.sign(NEW, scheme.body, NOW))
    assert accepts(both, scheme.sign(OLD, scheme.body, NOW))
    assert not accepts(scheme.verifier((NEW,)), scheme.sign(OLD, scheme.body, NOW))


@every_stamped_scheme
@pytest.mark.parametrize(("seconds", "passes"), [(-301, False), (-300, True), (0, True), (300, True), (301, False)])
def test_the_time_may_be_five_minutes_off_either_way(scheme: Scheme, seconds: int, passes: bool) -> None:
    signed = scheme.sign(NEW, scheme.body, NOW + timedelta(seconds=seconds))
    assert accepts(scheme.verifier((NEW,)), signed) is passes


@every_scheme
def test_a_missing_header_is_refused(scheme: Scheme) -> None:
    signed = scheme.sign(NEW, scheme.body, NOW)
    for name in signed.headers:
        without = {other: value for other, value in signed.headers.items() if other != name}
        if name == "content-type":
            continue
        assert not accepts(scheme.verifier((NEW,)), signed.model_copy(update={"headers": without}))
    assert not accepts(scheme.verifier((NEW,)), signed.model_copy(update={"headers": {}}))


ODD = (
    "",
    " ",
    "0",
    "-1",
    "nan",
    "1e9",
    "v0=",
    "v1,",
    "v1",
    ",",
    "null",
    "\x00",
    "é" * 28,
    "٣" * 10,
    "\udcff",
    "=" * 99,
)


@every_scheme
def test_a_garbled_or_doubled_header_is_refused(scheme: Scheme) -> None:
    signed = scheme.sign(NEW, scheme.body, NOW)
    verifier = scheme.verifier((NEW,))
    for name, value in signed.headers.items():
        if name == "content-type":
            continue
        doubled = (f"{value}, {value}", f"{value},{value}", f"{value}\n", f" {value}", f"+{value}", value * 2)
        for other in (*ODD, *doubled, "9" * 400):
            headers = signed.headers | {name: other}
            assert not accepts(verifier, signed.model_copy(update={"headers": headers})), (name, other)


@every_scheme
def test_a_body_that_is_no_text_is_refused(scheme: Scheme) -> None:
    signed = scheme.sign(NEW, scheme.body, NOW)
    verifier = scheme.verifier((NEW,))
    for body in (b"\xff\xfe", b"\x80abc=1", b"a=%FF%FE", scheme.body + b"\xff", b"\x00" * 9, b"&=" * 300):
        assert not accepts(verifier, signed.model_copy(update={"body": body}))


@pytest.mark.parametrize("scheme", [SCHEMES[0], SCHEMES[1], SCHEMES[3]], ids=lambda scheme: scheme.name)
def test_an_odd_address_is_refused_by_schemes_that_sign_it(scheme: Scheme) -> None:
    signed = scheme.sign(NEW, scheme.body, NOW)
    for url in ("", "http://[", "https://h:99999999/x", "https://h:port/x", signed.url + "&x=1", "\udcff", "//", "?"):
        assert not accepts(scheme.verifier((NEW,)), signed.model_copy(update={"url": url})), url


@every_scheme
def test_hundreds_of_forgeries_are_refused(scheme: Scheme) -> None:
    chance = random.Random(scheme.name)
    verifier = scheme.verifier((NEW, OLD))
    genuine = scheme.sign(NEW, scheme.body, NOW)
    forged = [_forge(scheme, genuine, chance) for _ in range(FORGERIES)]
    assert len({one.model_dump_json(exclude={"body"}) + repr(one.body) for one in forged}) >= 200
    assert [one for one in forged if accepts(verifier, one)] == []


def _forge(scheme: Scheme, genuine: SignedRequest, chance: random.Random) -> SignedRequest:
    """The genuine request with one letter of its body, its signature or its time changed, or signed by a stranger."""
    kind = chance.choice(["body", "signature", "stamp", "stranger", "cut", "more"])
    if kind == "stranger":
        stranger = WHSEC[OLD][:-5] + "AAAA=" if scheme.name == "standard" else chance.randbytes(16).hex()
        return scheme.sign(stranger, scheme.body + str(chance.random()).encode(), NOW)
    if kind == "body":
        return genuine.model_copy(update={"body": _altered(genuine.body, chance)})
    if kind == "cut":
        return genuine.model_copy(update={"body": genuine.body[: chance.randrange(1, len(genuine.body) - 8)]})
    if kind == "more":
        return genuine.model_copy(update={"body": genuine.body + b"&x=%d" % chance.randrange(10**6)})
    names = [name for name in genuine.headers if ("timestamp" in name) == (kind == "stamp") and "content" not in name]
    name = chance.choice(names or ["x-twilio-signature"])
    altered = _altered(genuine.headers[name].encode(), chance).decode("latin-1")
    return genuine.model_copy(update={"headers": genuine.headers | {name: altered}})


def _altered(given: bytes, chance: random.Random) -> bytes:
    """One byte made another; never a change of case in an escape, which would say the same."""
    place = chance.randrange(len(given))
    other = chance.choice([byte for byte in b"abcxyzGHIJKL019._" if byte not in (given[place], given[place] ^ 0x20)])
    return given[:place] + bytes([other]) + given[place + 1 :]


@pytest.mark.parametrize("secrets", [(), ("",), ("  ",), (NEW, "")])
def test_without_a_secret_nothing_is_built(secrets: tuple[str, ...]) -> None:
    for build in (TwilioSignature, SlackSignature, HubSpotSignature, StandardWebhook):
        with pytest.raises(ValueError, match=r"secret|token"):
            build(secrets)


def test_a_twilio_form_may_repeat_a_name() -> None:
    form = "Digits=5678&Digits=1234&Digits=1234&Empty="
    mac = hmac.new(NEW.encode(), b"https://b.example.com/xDigits1234Digits5678Empty", hashlib.sha1)
    headers = {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": base64.b64encode(mac.digest()).decode(),
    }
    assert accepts(TwilioSignature((NEW,)), request("https://b.example.com/x", headers, form.encode()))


def test_a_twilio_body_of_another_kind_needs_its_hash_in_the_address() -> None:
    url = "https://b.example.com/x"
    headers = {"content-type": "application/json", "x-twilio-signature": _bare(url)}
    assert accepts(TwilioSignature((NEW,)), request(url, headers, b""))
    assert not accepts(TwilioSignature((NEW,)), request(url, headers, b"{}"))
    assert not accepts(TwilioSignature((NEW,)), request(url, headers | {"content-type": "text/plain"}, b"Body=STOP"))


def test_a_form_signed_as_a_form_does_not_pass_as_something_else() -> None:
    signed = twilio_form(NEW, urlencode(SMS).encode(), NOW)
    for kind in ("application/json", "text/plain", "multipart/form-data; boundary=x", ""):
        other = signed.model_copy(update={"headers": signed.headers | {"content-type": kind}})
        assert not accepts(TwilioSignature((NEW,)), other)


def _bare(url: str) -> str:
    return base64.b64encode(hmac.new(NEW.encode(), url.encode(), hashlib.sha1).digest()).decode()


def test_several_standard_signatures_may_come_together() -> None:
    signed = standard(NEW, JSON, NOW)
    good = signed.headers["webhook-signature"]
    for given, passes in (
        (f"v1,AAAA {good}", True),
        (f"v1a,xyz {good}", True),
        (f"{good} v1,", False),
        (f"v2{good[2:]}", False),
    ):
        both = signed.model_copy(update={"headers": signed.headers | {"webhook-signature": given}})
        assert accepts(StandardWebhook((WHSEC[NEW],)), both) is passes


def test_hubspots_uri_is_decoded_as_hubspot_does() -> None:
    escaped = "https://b.example.com/a%3Ab%2fc%3F%40%21%24%27%28%29%2A%2C%3B?q=%20%26%3D%25%2B"
    assert decoded(escaped) == "https://b.example.com/a:b/c?@!$'()*,;?q=%20%26%3D%25%2B"
