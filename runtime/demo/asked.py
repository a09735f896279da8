"""Parts of people who asked for a person: demos, sales, prices, a missed call, a referral, the CRM. Data only."""

from datetime import timedelta

from domain.values import ClosedReason, Code, Source, Stage
from runtime.demo.cast import EVERYBODY, Does, Ending, Line, Part, Person, Rung

SECONDS, MINUTES, HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHICAGO, EAST, WEST = "America/Chicago", "America/New_York", "America/Los_Angeles"
WON = Ending(Stage.CLOSED, ClosedReason.WON)
TALKED = Ending(Stage.CLOSED, ClosedReason.WON, calls=("connected",))


def takes(after: float, then: float, code: Code, by: tuple[str, ...] | None = None, claims: bool = False) -> Does:
    """A rep who accepts after `after` seconds and gives a reason code `then` minutes later."""
    does = Does("accepts_then_disposes", after * SECONDS, then * MINUTES, code, claims=claims)
    return does if by is None else Does(does.kind, does.after, does.then_after, code, by, claims)


def talked(minutes: float, code: Code, by: str) -> Does:
    """A rep who took it on the phone and gives a reason code so much later."""
    return Does("disposes", minutes * MINUTES, code=code, by=(by,), told="has taken")


def asked(hours: float, code: Code) -> Does:
    """A rep who gives the last word some hours after they were asked for it."""
    return Does("disposes", hours * HOURS, code=code, told="how did it go with")


def rung(by: str, *passes: str) -> tuple[Rung, ...]:
    """One takes the call, others pass."""
    return (Rung("takes", (by,)), *((Rung("passes", passes),) if passes else ()))


def ends(hours: float, code: Code) -> Does:
    """A rep who gives the last word, some hours after the lead was taken."""
    return Does("disposes", hours * HOURS, code=code)


DANA = Part(
    "dana",
    Source.DEMO_REQUEST,
    Person("Dana Ortiz", "+15125550142", CHICAGO, "dana@ortizroofing.example", "Ortiz Roofing", "Owner"),
    "asks for a demo; it is nine in Texas and the office is open, so phones ring at once, and Ada takes it",
    TALKED,
    reps=(talked(20, Code.MEETING_SET, "ada"), asked(1, Code.WON)),
    rung=rung("ada"),
    details={"attribution": {"page": "/demo", "campaign": "fall-brand"}, "answers": {"timeline": "this month"}},
    line=(Line(talks=timedelta(minutes=4, seconds=5)),),
)
WALTER = Part(
    "walter",
    Source.CONTACT_SALES,
    Person("Walter Pruitt", "+13125550118", CHICAGO, "walter@pruitt.example", "Pruitt & Sons", "Director"),
    "wants to talk to sales; nobody takes it on the phone, so a text goes at once; nobody moves in chat either",
    Ending(Stage.CLOSED, ClosedReason.WON, 2, ("hand_raise", "rescue", "nurture_check", "nurture_check")),
    reps=(Does("ignores"), takes(60, 30, Code.WON)),
    rung=(Rung("passes", EVERYBODY),),
    details={"attribution": {"page": "/contact"}},
)
PRIYA = Part(
    "priya",
    Source.PRICING_PAGE,
    Person("Priya Raman", "+12145550127", CHICAGO, "priya@ramanlabs.example", "Raman Labs", "VP Operations"),
    "asks about prices; Ada passes on the phone and in chat; whoever takes it next, in chat, is rung and connected",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("hand_raise",), calls=("connected",)),
    reps=(
        Does("declines", 30 * SECONDS, by=("ada",)),
        takes(40, 30, Code.COMPETITOR, by=("ben", "cleo", "dev")),
    ),
    rung=(Rung("passes", ("ada", "ben", "dev"), 1), Rung("takes", ("ben", "cleo", "dev"))),
    details={"attribution": {"page": "/pricing"}},
    line=(Line(talks=timedelta(minutes=2, seconds=40)),),
)
TOMAS = Part(
    "tomas",
    Source.MISSED_CALL,
    Person("Tomás Vega", "+17735550151", CHICAGO),
    "calls us, and hangs up before anybody picks up: a text at once, and a rep calls back knowing that",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("missed_call",), calls=("connected",)),
    door="call",
    reps=(*(talked(15, Code.CONNECTED, rep) for rep in ("ben", "dev")), asked(1, Code.LOST)),
    rung=(Rung("takes", ("ben", "dev"), heard="Somebody without a name, by missed call"),),
    line=(Line(talks=timedelta(minutes=1, seconds=50)),),
)
VERA = Part(
    "vera",
    Source.CONTACT_SALES,
    Person("Vera Holt", "+18175550144", CHICAGO, "vera@holtwindows.example", "Holt Windows", "Owner"),
    "wants to talk to sales, and writes while our phones ring",
    WON,
    reps=(talked(20, Code.MEETING_SET, "ada"), asked(2, Code.WON)),
    rung=(Rung("takes", ("ada",), heard="Vera Holt from Holt Windows has just written"),),
    details={"attribution": {"page": "/contact"}},
)
LUIS = Part(
    "luis",
    Source.DEMO_REQUEST,
    Person("Luis Herrera", "+12135550177", WEST, "luis@herrera.example", "Herrera Solar", "Founder"),
    "asks for a demo from Los Angeles, where it is seven, and ticks no box for texts: the call waits for nine there",
    TALKED,
    consents=False,
    reps=(talked(40, Code.MEETING_SET, "dev"), asked(1, Code.WON)),
    rung=rung("dev"),
    details={"attribution": {"page": "/demo"}},
    line=(Line(talks=timedelta(minutes=6, seconds=10)),),
)
GRACE = Part(
    "grace",
    Source.CONTACT_SALES,
    Person("Grace Oyelaran", "+14045550136", EAST, "grace@oyelaran.example", "Oyelaran Dental", "President"),
    "wants to talk, but her voicemail answers: a text, ten days of rest, and a call from Cleo, who knows her",
    Ending(Stage.CLOSED, ClosedReason.WON, 2, ("hand_raise", "nurture_check"), ("voicemail", "connected")),
    reps=(talked(25, Code.NO_RESPONSE, "cleo"), talked(45, Code.MEETING_SET, "cleo"), asked(1, Code.WON)),
    rung=rung("cleo"),
    line=(Line("voicemail", times=1), Line()),
    details={"attribution": {"page": "/contact"}},
)
HANA = Part(
    "hana",
    Source.DEMO_REQUEST,
    Person("Hana Suzuki", "+18475550129", CHICAGO, "hana@suzukiauto.example", "Suzuki Auto Glass", "Manager"),
    "sends the form twice: one lead, one call",
    TALKED,
    reps=(talked(20, Code.MEETING_SET, "dev"), asked(2, Code.WON)),
    rung=rung("dev"),
    details={"attribution": {"page": "/demo"}},
    line=(Line(talks=timedelta(minutes=3, seconds=20)),),
)
FELIX = Part(
    "felix",
    Source.PRICING_PAGE,
    Person("Felix Aguilar", "+18155550109", CHICAGO, "felix@aguilar.example", "Aguilar Plumbing", "Owner"),
    "nobody takes the call or the offers; out of the pool Dev claims the lead, is rung and connected",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("hand_raise", "rescue"), calls=("connected",)),
    reps=(Does("ignores"), takes(60, 30, Code.LOST, by=("dev",), claims=True)),
    rung=(Rung("passes", ("ben", "dev"), 1), Rung("takes", ("dev",))),
    details={"attribution": {"page": "/pricing"}},
    line=(Line(talks=timedelta(minutes=1, seconds=15)),),
)
ROSA = Part(
    "rosa",
    Source.CONTACT_SALES,
    Person("Rosa Lindqvist", None, CHICAGO, company="Lindqvist Bakery"),
    "leaves neither phone nor e-mail: a task for a person, who finds she isn't a fit",
    Ending(Stage.CLOSED, ClosedReason.NOT_ICP),
    reps=(takes(70, 30, Code.NOT_ICP),),
)
IVAN = Part(
    "ivan",
    Source.DEMO_REQUEST,
    Person("Ivan Petrov", "312 555 01", CHICAGO, "ivan@petrov.example", "Petrov Freight", "Manager"),
    "mistypes the phone number, so it is never dialled or texted; a person writes, in vain, and again in two weeks",
    Ending(Stage.CLOSED, ClosedReason.LOST, 2),
    reps=(takes(50, 15, Code.BAD_NUMBER), takes(60, 20, Code.LOST)),
)
GWEN = Part(
    "gwen",
    Source.DEMO_REQUEST,
    Person("Gwen Abara", "+18885550132", CHICAGO, "gwen@abara.example", "Abara Labs", "CEO"),
    "has a toll-free number, so nobody knows where she is: no text, no dialler, a person looks",
    WON,
    reps=(takes(45, 20, Code.CONNECTED), ends(3, Code.WON)),
)
NADIA = Part(
    "nadia",
    Source.REFERRAL,
    Person("Nadia Petit", "+17865550113", EAST, "nadia@petit.example", "Petit Events", "Owner"),
    "was introduced by a customer: a personal call, with the customer's name whispered",
    TALKED,
    reps=(talked(30, Code.MEETING_SET, "cleo"), asked(1, Code.WON)),
    rung=rung("cleo"),
    signed=True,
    details={"attribution": {"referrer_name": "Carl Jensen"}},
    line=(Line(talks=timedelta(minutes=5, seconds=30)),),
)
EDITH = Part(
    "edith",
    Source.CRM_STAGE,
    Person("Edith Moreau", "+12175550138", CHICAGO, "edith@moreau.example", "Moreau Pianos", "Head of Sales"),
    "is marked ready in the CRM, where Dev owns her: HubSpot's webhook brings her, Dev gets her; not now, she says",
    Ending(Stage.RESTING, calls=("connected",)),
    door="hubspot",
    reps=(talked(40, Code.NOT_NOW, "dev"),),
    rung=rung("dev"),
    details={
        "lifecyclestage": "salesqualifiedlead",
        "hubspot_owner_id": "104",
        "baton_consent_kind": "written",
        "baton_consent_call": "true",
    },
    line=(Line(talks=timedelta(seconds=55)),),
)
REX = Part(
    "rex",
    Source.CONTACT_SALES,
    Person("Rex Darkwood", "+13035550171", "America/Denver", "rex@rival.example", "Rival", "Manager"),
    "works for a competitor: closed at once, nobody is disturbed",
    Ending(Stage.CLOSED, ClosedReason.NOT_ICP),
)
RUTH = Part(
    "ruth",
    Source.DEMO_REQUEST,
    Person("Ruth Calloway", "+13095550183", CHICAGO, "ruth@calloway.example", "Calloway Farms", "Owner"),
    "asks for a demo at nine in the evening, no texts please: the call waits for the morning",
    WON,
    at=12 * HOURS,
    consents=False,
    reps=(takes(90, 30, Code.MEETING_SET), ends(5, Code.WON)),
    details={"attribution": {"page": "/demo"}},
)
