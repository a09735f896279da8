"""Parts of people who asked for a person: demos, sales, prices, a missed call, a referral, the CRM. Data only."""

from datetime import timedelta

from domain.values import ClosedReason, Code, Source, Stage
from runtime.demo.cast import Does, Ending, Part, Person, Says

SECONDS, MINUTES, HOURS = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
CHICAGO, EAST, WEST = "America/Chicago", "America/New_York", "America/Los_Angeles"
WON = Ending(Stage.CLOSED, ClosedReason.WON)


def takes(after: float, then: float, code: Code, by: tuple[str, ...] | None = None, claims: bool = False) -> Does:
    """A rep who accepts after `after` seconds and gives a reason code `then` minutes later."""
    does = Does("accepts_then_disposes", after * SECONDS, then * MINUTES, code, claims=claims)
    return does if by is None else Does(does.kind, does.after, does.then_after, code, by, claims)


def ends(hours: float, code: Code) -> Does:
    """A rep who gives the last word, some hours after the lead was taken."""
    return Does("disposes", hours * HOURS, code=code)


DANA = Part(
    "dana",
    Source.DEMO_REQUEST,
    Person("Dana Ortiz", "+15125550142", CHICAGO, "dana@ortizroofing.example", "Ortiz Roofing", "Owner"),
    "asks for a demo; it is nine in Texas and the office is open, so a rep is to call at once",
    WON,
    reps=(takes(45, 20, Code.MEETING_SET), ends(5, Code.WON)),
    details={"attribution": {"page": "/demo", "campaign": "fall-brand"}, "answers": {"timeline": "this month"}},
)
WALTER = Part(
    "walter",
    Source.CONTACT_SALES,
    Person("Walter Pruitt", "+13125550118", CHICAGO, "walter@pruitt.example", "Pruitt & Sons", "Director"),
    "wants to talk to sales, and nobody moves: watch the ladder warn, rescue, re-offer, open the pool, call the boss",
    Ending(Stage.CLOSED, ClosedReason.WON, 2, ("rescue", "nurture_check", "nurture_check")),
    reps=(Does("ignores"), takes(60, 30, Code.WON)),
    details={"attribution": {"page": "/contact"}},
)
PRIYA = Part(
    "priya",
    Source.PRICING_PAGE,
    Person("Priya Raman", "+12145550127", CHICAGO, "priya@ramanlabs.example", "Raman Labs", "VP Operations"),
    "asks about prices; the first rep passes, so the next one gets the lead",
    Ending(Stage.CLOSED, ClosedReason.LOST),
    reps=(
        Does("declines", 30 * SECONDS, by=("ada",)),
        takes(40, 30, Code.COMPETITOR, by=("ben", "cleo", "dev")),
    ),
    details={"attribution": {"page": "/pricing"}},
)
TOMAS = Part(
    "tomas",
    Source.MISSED_CALL,
    Person("Tomás Vega", "+17735550151", CHICAGO),
    "called and nobody picked up: a text at once, and a rep calls back knowing that",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("missed_call",)),
    reps=(takes(60, 15, Code.CONNECTED), ends(3, Code.LOST)),
)
LUIS = Part(
    "luis",
    Source.DEMO_REQUEST,
    Person("Luis Herrera", "+12135550177", WEST, "luis@herrera.example", "Herrera Solar", "Founder"),
    "asks for a demo from Los Angeles, where it is seven: text and call wait for nine there",
    Ending(Stage.CLOSED, ClosedReason.WON, texts=("hand_raise",)),
    says=(Says("replies", 10 * MINUTES),),
    reps=(takes(120, 40, Code.MEETING_SET), ends(5, Code.WON)),
    details={"attribution": {"page": "/demo"}},
)
GRACE = Part(
    "grace",
    Source.CONTACT_SALES,
    Person("Grace Oyelaran", "+14045550136", EAST, "grace@oyelaran.example", "Oyelaran Dental", "President"),
    "wants to talk, then doesn't answer: rests ten days, comes back to the rep who knows her",
    Ending(Stage.CLOSED, ClosedReason.WON, 2, ("nurture_check",)),
    reps=(takes(50, 25, Code.NO_RESPONSE), takes(60, 45, Code.MEETING_SET), ends(4, Code.WON)),
    details={"attribution": {"page": "/contact"}},
)
HANA = Part(
    "hana",
    Source.DEMO_REQUEST,
    Person("Hana Suzuki", "+18475550129", CHICAGO, "hana@suzukiauto.example", "Suzuki Auto Glass", "Manager"),
    "sends the form twice: one lead, one call",
    WON,
    reps=(takes(55, 20, Code.MEETING_SET), ends(6, Code.WON)),
    details={"attribution": {"page": "/demo"}},
)
FELIX = Part(
    "felix",
    Source.PRICING_PAGE,
    Person("Felix Aguilar", "+18155550109", CHICAGO, "felix@aguilar.example", "Aguilar Plumbing", "Owner"),
    "nobody takes the offers; out of the pool Dev claims the lead",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("rescue",)),
    reps=(Does("ignores"), takes(60, 30, Code.LOST, by=("dev",), claims=True)),
    details={"attribution": {"page": "/pricing"}},
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
    WON,
    reps=(takes(60, 30, Code.MEETING_SET), ends(4, Code.WON)),
    signed=True,
    details={"attribution": {"referrer_name": "Carl Jensen"}},
)
EDITH = Part(
    "edith",
    Source.CRM_STAGE,
    Person("Edith Moreau", "+12175550138", CHICAGO, "edith@moreau.example", "Moreau Pianos", "Head of Sales"),
    "is marked ready in the CRM, where Dev owns her: HubSpot's webhook brings her, Dev gets her; not now, she says",
    Ending(Stage.RESTING),
    door="hubspot",
    reps=(takes(90, 40, Code.NOT_NOW),),
    details={
        "lifecyclestage": "salesqualifiedlead",
        "hubspot_owner_id": "104",
        "baton_consent_kind": "written",
        "baton_consent_call": "true",
    },
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
    "asks for a demo at nine in the evening: nothing rings, nothing buzzes, before nine in the morning",
    Ending(Stage.CLOSED, ClosedReason.WON, texts=("hand_raise",)),
    at=12 * HOURS,
    reps=(takes(90, 30, Code.MEETING_SET), ends(5, Code.WON)),
    details={"attribution": {"page": "/demo"}},
)
