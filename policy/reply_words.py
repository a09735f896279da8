"""Keywords in replies and the noise around them. Data for replies.py only; it reads nothing and decides nothing.

Everything is lower case, without accents, apostrophes and punctuation. Sources: the FCC's per-se words ("stop, quit,
end, revoke, opt out, cancel, unsubscribe"; any reasonable wording counts since 11 April 2025) and Twilio's default
keywords.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


STRONG = _words("""
    stop stopall unsubscribe unsub optout revoke
    stp stopp stpo sotp stopit stop2end stop2quit unsubcribe unsuscribe unsubscibe unsubscribeme
    alto basta parar paren desuscribir desuscribirme arret arretez cto\u043f
""")
"""Words that mean stop in whichever sentence of a message they stand alone; the last is Russian, folded."""

WEAK = _words("""
    cancel cancell end quit remove delete halt cease desist discontinue enough dnc donotcontact donottext
    cancelar detener detente baja salir pare para
""")
"""Words that mean stop when they are the whole message, or its first or last sentence."""

KEYWORD_PHRASES = {
    "opt out": "optout",
    "stop all": "stopall",
    "stop to end": "stop",
    "stop to quit": "stop",
    "reply stop": "stop",
    "text stop": "stop",
    "do not contact": "donotcontact",
    "do not call": "donotcontact",
    "do not text": "donottext",
    "dont text": "donottext",
    "dont contact": "donotcontact",
}
"""Two or more words that count as one keyword."""

POINTING = _words("it that this")
"""Noise that may point at something else once there is more to read: "cancel that, Friday works"."""

NOISE = POINTING | _words("""
    please pls plz plse kindly thanks thank thx ty sorry ok okay kk yes no nope well seriously really
    hi hello hey guys sir maam bro dude man everyone u you me us my number and but so just all al everything
    now immediately asap right already again forever anymore today lol omg ffs wtf s
    damn damnit fuck fucking fuckin hell goddamn asshole bitch
    por favor ya gracias con esto
""")
"""Words that change nothing about a keyword beside them."""

HELP = _words("help info ayuda")
START = _words("start unstop")
YES = _words("yes si")

LOOKALIKES = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0455\u0442\u0445\u0443\u0456\u0432\u043c\u043d\u043a"
    "\u03bf\u03c1\u03c4\u03b1\u03b5\u03b9\u03ba\u03c3\u03c2\u03c5\u03bd",
    "aeopcstxyibmhkoptaeikssuv",
)
"""Cyrillic and Greek letters that pass for Latin ones."""

DIGITS_AS_LETTERS = str.maketrans("01357$", "oiests")
"""How digits stand in for letters in a keyword: st0p, 5top."""
