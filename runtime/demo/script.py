"""The script: who comes in which order, what else they do, when the curtain falls. Data only."""

from datetime import UTC, datetime, timedelta

from runtime.demo import asked, warm
from runtime.demo.cast import Part, Scene

START = datetime(2026, 12, 1, 15, tzinfo=UTC)
"""A Tuesday, 09:00 in America/Chicago; far enough from holidays and from daylight saving's ends for three weeks."""

LENGTH = timedelta(days=16)
"""Long enough for a rest of ten days and one of fourteen, and the cycles after them."""

MORNING: tuple[Part, ...] = (
    asked.DANA,
    warm.MARCUS,
    asked.WALTER,
    asked.LUIS,
    asked.TOMAS,
    asked.VERA,
    warm.LENA,
    asked.PRIYA,
    warm.OUT_OF_THE_BLUE,
    asked.HANA,
    warm.OMAR,
    asked.GRACE,
    warm.KEOLA,
    asked.ROSA,
    asked.IVAN,
    warm.NOAH,
    asked.NADIA,
    asked.EDITH,
    asked.GWEN,
    warm.ARTHUR,
    warm.BETH,
    asked.FELIX,
    asked.REX,
    warm.SAM,
    warm.TESS,
    warm.PAVEL,
    warm.JUNE,
)
LATER: tuple[Part, ...] = (asked.RUTH,)
PARTS = MORNING + LATER

SCENES: tuple[Scene, ...] = (
    Scene("hana", "again", "sends the form once more, a little differently"),
    Scene("hana", "repeat", "sent it once, but the network delivers it twice"),
    Scene(
        "vera", "writes", "writes instead", words="I can't talk right now. What do you need from me?", while_rung=True
    ),
    Scene(
        "ruth",
        "writes",
        "writes, hours before her call",
        timedelta(hours=12, minutes=20),
        words="Better by text: which days do you have next week?",
    ),
    *(Scene("omar", "visit", "reads about prices", at, "/pricing") for at in warm.VISITS),
)
"""Those without a time come right after their part."""
