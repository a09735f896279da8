"""Parts of people who answered an ad, texted, read or watched something, or came with a list. Data only."""

from datetime import timedelta

from domain.values import ClosedReason, Code, Source, Stage
from runtime.demo.asked import CHICAGO, EAST, HOURS, MINUTES, SECONDS, WEST, asked, takes, talked
from runtime.demo.cast import Ending, Part, Person, Rung, Says

MARCUS = Part(
    "marcus",
    Source.PAID_LEAD_FORM,
    Person("Marcus Bell", "+13055550164", EAST, "marcus@bellpools.example", "Bell Pools", "Owner"),
    "answers an ad: one question by text, and phones ring only once he says he wants to buy",
    Ending(Stage.CLOSED, ClosedReason.WON, texts=("one_question",), calls=("connected",)),
    says=(Says("buying_signal", 90 * SECONDS, "Yes, this month. Please call me."),),
    reps=tuple(talked(25, Code.WON, rep) for rep in ("cleo", "dev")),  # one of them may be on the phone
    rung=(Rung("takes", ("cleo", "dev")),),
    details={"attribution": {"campaign": "fall-ads"}},
)
OUT_OF_THE_BLUE = Part(
    "texter",
    Source.INBOUND_SMS,
    Person(None, "+14055550173", CHICAGO),
    "texts out of the blue, and gets an answer in seconds; nothing for now, it turns out",
    Ending(Stage.RESTING, texts=("inbound_sms",)),
    door="text",
    reps=(takes(40, 30, Code.NOT_NOW),),
    details={"body": "Hi, do you install solar on metal roofs?"},
)
LENA = Part(
    "lena",
    Source.PAID_LEAD_FORM,
    Person("Lena Fischer", "+16305550188", CHICAGO, "lena@fischer.example"),
    "answers an ad, then says STOP: that is the last she hears of us",
    Ending(Stage.CLOSED, ClosedReason.OPTED_OUT, texts=("one_question",)),
    says=(Says("says_stop", 2 * MINUTES),),
    details={"attribution": {"campaign": "fall-ads"}},
)
NOAH = Part(
    "noah",
    Source.WEBINAR,
    Person("Noah Whitfield", "+16155550145", CHICAGO, "noah@whitfield.example", "Whitfield Homes"),
    "watched a webinar, and asks in his own words to be left alone: that counts as STOP too",
    Ending(Stage.CLOSED, ClosedReason.OPTED_OUT, texts=("nurture_hello",)),
    says=(Says("says_stop", 4 * MINUTES, "Please take me off your list"),),
)
KEOLA = Part(
    "keola",
    Source.PAID_LEAD_FORM,
    Person("Keola Kahale", "+18085550119", "Pacific/Honolulu", "keola@kahale.example"),
    "answers an ad from Hawaii, where it is five in the morning: the text waits; silence, so rest, and another try",
    Ending(Stage.RESTING, cycle=2, texts=("one_question", *3 * ("nurture_check",))),
    says=(Says("silent"),),
    details={"attribution": {"campaign": "fall-ads"}},
)
ARTHUR = Part(
    "arthur",
    Source.PAID_LEAD_FORM,
    Person("Arthur Doyle", "+13135550155", "America/Detroit", "arthur@doyle.example"),
    "left a landline's number: the text can't arrive, so the team is told and Ben takes it",
    Ending(Stage.CLOSED, ClosedReason.LOST, texts=("one_question",)),
    says=(Says("landline"),),
    reps=(takes(120, 30, Code.LOST, by=("ben",), claims=True),),
)
TESS = Part(
    "tess",
    Source.PAID_LEAD_FORM,
    Person("Tess Nguyen", "+16145550162", EAST, "tess@nguyen.example"),
    "gave somebody else's number; they say so, and nobody is texted or called there again",
    Ending(Stage.RESTING, cycle=2, texts=("one_question",)),
    says=(Says("wrong_number", 3 * MINUTES),),
)
OMAR = Part(
    "omar",
    Source.CONTENT_DOWNLOAD,
    Person("Omar Haddad", "+16145550158", EAST, "omar@haddad.example", "Haddad Clinics", "Head of Operations"),
    "downloads the price guide: no call for that, until he reads about prices three times the next day",
    Ending(Stage.CLOSED, ClosedReason.WON, 2, ("nurture_hello",)),
    reps=(takes(600, 60, Code.WON),),
    details={"attribution": {"page": "/pricing-guide"}},
)
BETH = Part(
    "beth",
    Source.WEBINAR,
    Person("Beth Yazzie", "+16025550166", "America/Phoenix", "beth@yazzie.example", "Yazzie Crafts"),
    "watched a webinar in Phoenix: a friendly text at nine there, another in a week",
    Ending(Stage.RESTING, texts=("nurture_hello", "nurture_tip")),
    door="api_key",
)
SAM = Part(
    "sam",
    Source.NEWSLETTER,
    Person("Sam Kowalski", "+12125550191", EAST, "sam@kowalski.example", "Kowalski Tiles", "Owner"),
    "reads the newsletter; the text a week later wins him over, and he is called",
    Ending(Stage.CLOSED, ClosedReason.WON, texts=("nurture_hello", "nurture_tip"), calls=("connected",)),
    door="api_key",
    says=(Says("silent", times=1), Says("replies", HOURS, "YES")),
    reps=(*(talked(30, Code.MEETING_SET, rep) for rep in ("ben", "dev")), asked(1, Code.WON)),
    rung=(Rung("takes", ("ben", "dev")),),
)
PAVEL = Part(
    "pavel",
    Source.IMPORT,
    Person("Pavel Novak", "+19195550147", EAST, "pavel@novak.example", "Novak Tools"),
    "comes with a list, beside others: long rest, no call",
    Ending(Stage.RESTING),
    door="batch",
)
JUNE = Part(
    "june",
    Source.IMPORT,
    Person("June Castillo", "+12065550124", WEST, "june@castillo.example", "Castillo Books"),
    "comes with the same list",
    Ending(Stage.RESTING),
    door="batch",
)

VISITS = tuple(timedelta(days=1, hours=2, minutes=7 * number) for number in range(3))
"""When Omar reads about prices."""
