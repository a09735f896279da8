"""Turns of phrase in replies: which are said to us and mean stop, which hold a keyword and mean something else.

Regular expressions over folded sentences (replies.py): lower case, no accents, apostrophes or punctuation, words
parted by one blank. Data only; it decides nothing.
"""


def _one(words: str) -> str:
    """A group of alternatives, written with a bar between them."""
    return f"(?:{words})"


def _some(words: str) -> str:
    """Any number of these words, each with its blank."""
    return f"(?:(?:{words}) )*"


_POLITE = _some("please|pls|plz|just|hi|hello|hey|ok|okay|so|and|no|now|but|then|kindly|sorry|yes|seriously")
_YOU = _one("you|u|yall|we")
_ASKED = _one("said|told you to|asked you to|want you to|need you to|want to|wish to|would like to|like to")
_ASK = _one(
    rf"(?:can|could|would|will|cant|wont) {_YOU}|i {_ASKED}|id like (?:you )?to|i want|you need to|you have to|you must"
    r"|told you to|asked you to|how (?:do|can) i|may i|let me|make it|(?:i am|im) asking you to"
)
_START = rf"^{_POLITE}(?:{_ASK} )?{_POLITE}"
"""Where a request made to us begins: at the start of a sentence, behind politeness or "can you"."""

_CEASE = _one("stop|quit|cease|discontinue")
_DOING = _one(
    "text|texting|texts|txts?|txting|message|messaging|messages|msg|msgs|msging|call|calling|calls|contact|contacting"
    "|email|emailing|emails|spam|spamming|bother|bothering|harass|harassing|harassment|bug|bugging|annoy|annoying"
    "|write|writing|send|sending|sms|pinging|reaching out|hitting me up|blowing up|soliciting|selling"
    "|communication|conversation|notifications|alerts"
)
_MORE = _some("all|with|the|these|this|those|your|ur|any|future|further|more|of|to|me|us|text|sms|marketing")
_NOUNS = _one(
    "texts?|messages?|msgs?|sms|text messages|alerts?|notifications?|emails?|calls?|spam|contact|lists?|communications?"
)
_ME = _one("me|us|my (?:number|phone|cell|line)|this|here|again|anymore|any more|any|at all|ever")
_MINE = _one("me|us|my (?:number|name|info|information|phone|contact|data|details|cell)|this (?:number|phone|contact)")
_NOT = _one("dont|do not|never")
_REACH = _one("text|message|msg|call|contact|email|write|bother|solicit")
_NEVER_US = rf"(?<!\bi )(?<!\bwe )(?<!\bthey )\b{_NOT} (?:ever )?"
"""A "don't" that is said to us, not of the writer or of others."""
_NOW = "(?: (?:now|immediately|please|already|crap|nonsense|shit|asap|bs|right now|thanks))*"
_ELSEWHERE = (
    rf"(?! {_one('from|off')} {_some('the|that|this|my|your|[a-z]+days?')}"
    r"(?:hold|meeting|call|slot|waitlist|calendar|demo|invite|speaker|appointment|webinar|thread)\b)"
)
_NOBODY_ELSE = (
    "(?!.*\\b(?:to|i|we|they|he|she|it|you|who|that|can|could|will|would|ill|well|theyll|should|shall|did|does|do|must|may"
    "|might|let|lets|and|or|when|where|why|how|if|once|until|before|after|reps?|team|people|agents|customers|leads|never"
    "|(?:my|our|their|his|her|some|most|many) [a-z]+)(?: [a-z]+ly)? (?:stop|quit|cease|discontinue)\\b)"
)
"""What comes before a keyword in the middle of a sentence names nobody who would stop: it is said to us."""
_NO_QUESTION = (
    "^(?!.*\\b(?:if|what|when|how|why|does|do|did|leads?|customers?|prospects?|people|they|he|she|everyone|somebody"
    "|someone|anyone)\\b)"
)
"""A sentence that neither asks of such a case nor tells of others."""
_A_REASON = _one(
    "not interested|no longer interested|uninterested|wrong number|wrong person|not me|moved|busy|at work|driving|sold"
    "|retired|no thanks|no thank you|nope|no|already bought|already have one|changed my mind|not looking|not buying"
)
_OF_OTHER_THINGS = rf"of (?:the|my|our|an?) (?!{_NOUNS})"
_SPANISH_VERB = (
    "(?:escrib|llam|contact|mand|envi|molest|texte|busqu)"
    "(?:a|e|o|as|es|an|en|ar|ir|ee|een|ees|irme|arme|iendo|ando|armes|arnos|irnos)*"
)
_SPANISH_PLEASE = _some("por favor|ya")

_TOLD_TO_STOP = (
    rf"{_START}(?:{_CEASE}|end|enough|halt)(?: with| w)? {_MORE}{_DOING}\b",
    rf"\b{_CEASE} {_MORE}{_DOING} {_ME}\b",
    rf"\b{_YOU} (?:please |just |all )?(?:stopped|{_CEASE}) {_MORE}{_DOING}\b",
    rf"\b(?:please|pls|plz|kindly) (?:just )?{_CEASE} {_MORE}{_DOING}\b",
    rf"\b(?:told|asked|asking|telling|begging) {_YOU}(?: guys| people| all)? (?:\w+ ){{0,2}}?to (?:stop|quit)\b"
    r"(?! (?:by|in|at)\b)",
    rf"(?:{_START}|\b(?:i|we|id|wed) (?:\w+ ){{1,3}}){_CEASE} (?:receiving|recieving|getting)"
    rf" (?:{_MORE}{_NOUNS}|these|this|those|them)\b(?! from (?!you|u|yall|this)\b)",
    rf"{_NO_QUESTION}{_NOBODY_ELSE}.*\b{_CEASE} {_MORE}{_DOING}(?: {_MORE}{_NOUNS})?{_NOW}$",
    rf"{_NO_QUESTION}.*\b(?:like|want|need|prefer|wish|ask|asking|begging|appreciate|love)(?: for)? {_YOU}"
    rf"(?: guys| people| all)? to (?:please |just |kindly )?{_CEASE}(?: {_MORE}{_DOING}| this| it)?{_NOW}$",
    rf"\b(?:have|get|want|need|like|see) (?:this|these|those|{_MORE}{_NOUNS})(?: to be)? stopped{_NOW}$",
    rf"{_START}no more {_MORE}{_NOUNS}\b",
    rf"{_START}no {_one('texts|texting|sms|spam|spamming|soliciting|(?:text |text)?messages|(?:phone )?calls')}"
    rf"(?: (?:or|and) {_NOUNS})*(?: (?:please|pls|plz|thanks|at all|anymore))*$",
    rf"{_START}no more(?: please| thanks| of this| of these)?$",
    r"\b(?:text|message|contact|call|bother|email|spam) (?:me|us) no more\b",
)

_STOP_WITH_A_REASON = (
    rf"{_START}stop (?:i|im|ive|u|you|ur|we|not|wrong|who|dont|nobody|or|bc|because|trying|wasting|contact|me from)\b",
    rf"{_START}stop (?:this|that|it|these){_NOW}(?: or .*)?$",
    r"\b(?:not interested|no thanks|no thank you|wrong number|wrong person|please|pls|plz|just|nope"
    r"|already bought|last time) stop$",
    r"\b(?:can|could|would|will|need|want|told|asked|asking|telling|said|say|saying|begging|must|has to|have to"
    r"|needs to)(?: (?!i |where|when|it |he |she |they |my |our |him |her |them |make )\w+){0,4} stop(?: it| this)?"
    + _NOW
    + "$",
    rf"\b{_A_REASON} (?:stop|unsubscribe|opt out|quit){_NOW}$",
    rf"\bmake (?:it|this|that|these|those|them|{_MORE}{_NOUNS}) stop{_NOW}$",
    rf"\b(?:texts|messages|calls|this|these) (?:\w+ ){{0,3}}stop{_NOW}$",
)

_TOLD_NOT_TO = (
    rf"\b(?:{_NOT}|not to|no need to|quit) (?:you )?(?:ever )?(?:text|message|msg|call|contact|email|write|bother|spam"
    rf"|send|reach out to|solicit|hit)(?: to)? {_some('up|any|anything|more|out')}{_ME}\b",
    rf"\b{_NOT} (?:ever )?(?:text|message|contact|bother|email|call) (?:\w+ ){{0,2}}(?:again|anymore|any more)\b",
    rf"{_NEVER_US}{_REACH}(?: me| us)?(?: (?:or|and) {_REACH})+\b",
    rf"{_NEVER_US}send (?:me |us )?{_MORE}{_NOUNS}\b(?! to\b)",
    rf"\b{_YOU} (?:dont have|do not have|have no|never had|had no) {_some('my|any|the')}"
    rf"(?:permission|consent|authori[sz]ation|right) to {_DOING}\b",
    rf"\b(?:{_NOT}|no longer) (?:want|wanna|wish|care|need|like|consent|agree) "
    rf"{_some('any|to|these|this|your|you|more|further|of|receiving|receive|get|getting|be|being|hear|for')}"
    rf"(?:{_NOUNS}|texting|texted|messaged|contacted|called|from you)\b",
    rf"\bi (?:{_NOT}|didnt|did not) (?:\w+ ){{0,2}}?"
    r"(?:sign|signed|ask|asked|agree|agreed|consent|consented|gave|give|authorized?|request|requested|subscribed?)"
    rf"(?: up)?(?: you)?(?: for| to)? {_some('any|the|these|this|get|receive')}"
    r"(?:this|these|texts?|messages?|permission|consent|spam|sms)\b",
    r"\b(?:leave|let) (?:me|us|my phone) (?:the (?:hell|fuck|heck) |tf )?(?:alone|be)\b$",
    r"\bleave (?:me|us|my phone) (?:the (?:hell|fuck|heck) |tf )?alone\b",
    rf"\bgo away{_NOW}$",
    r"\b(?:get lost|(?:fuck|piss|buzz|bugger|screw|back|eff|f) off)\b",
)

_OFF_THE_LIST = (
    rf"\b(?:remove|delete|erase|drop|scrub|unlist|unenroll) {_MINE}\b{_ELSEWHERE}(?! as )",
    rf"\b(?:take|get) {_MINE}\b{_ELSEWHERE} (?:off|out of|from)\b",
    rf"{_START}(?:remove|take|delete|drop|get) (?:from|off|off of|out of) "
    rf"{_some('your|ur|the|this|all|mailing|contact|text|texting|calling')}(?:lists?|database|system|contacts){_NOW}$",
    r"\b(?:lose|forget|block|unsave) (?:my|this) number\b",
    r"\bget off (?:of )?(?:this|your|the) (?:\w+ )?list\b",
    rf"\b(?:put|add|place) {_MINE} (?:on|to|in) (?:\w+ ){{0,2}}(?:do not (?:call|contact|text)|dnc|no call)\b",
    rf"{_START}(?:i )?(?:want|wanna get) out$",
    rf"{_START}(?:i am |im )?(?:un ?subscribe|unsub|unsubscribing)\b"
    r"(?! (?:rates?|links?|button|page|feature|form|handling|from (?:my|our|another)))",
    r"\bunsubscribe (?:me|us|my|this number)\b",
    rf"\bopt {_MINE} out\b",
    rf"{_START}(?:i am |im |i |we are |we )?(?:opt|opting|opted) ?out"
    rf"(?! (?:clause|option|fee|period|rates?|form|link|flow|page|button|feature|{_OF_OTHER_THINGS}))",
    r"\b(?:want|wish|like|need|choose|choosing|decided) (?:to )?"
    rf"(?:opt(?:ing)? out|be removed|be taken off|be left alone)\b(?! {_OF_OTHER_THINGS})",
    rf"\b(?:revoke|revoking|withdraw|withdrawing|rescind) {_some('my|all|any|our')}"
    r"(?:consent|permission|authori[sz]ation)\b",
    rf"{_START}(?:cancel|end|revoke|terminate) {_some('my|the|these|this|all|your|any|future')}"
    rf"(?:{_NOUNS}|subscription|enrollment|communication|conversation){_NOW}$",
    rf"\b(?:report|reported|reporting) {_some('you|this|it|u|number|as|for|these')}as (?:spam|junk|harassment)\b",
    r"\b(?:reporting|blocking|gonna block|going to block|will block) (?:you|this number|u)\b",
)

_SPANISH = (
    rf"\bno (?:me |nos |le |les )?(?:vuelva[ns]? a |quiero que me )?{_SPANISH_VERB}\b"
    r"(?! (?:antes|despues|hasta|ahora))",
    rf"\bno (?:(?:mas|recibir|quiero|deseo) )+{_some('sus|estos|los|tus|mas|recibir')}"
    r"(?:mensajes|textos|llamadas|sms|correos)\b",
    rf"^{_SPANISH_PLEASE}no mas$",
    rf"\b(?:deje|dejen|deja|dejeme|dejenme|dejame|paren|pare|para|parar|basta)(?: ya)? de {_SPANISH_VERB}\b",
    r"\b(?:dejenme|dejame|dejeme) (?:en paz|tranquil[oa])\b",
    r"\b(?:quiteme|quitenme|quitame|borreme|borrenme|borrame|eliminenme|elimineme|eliminame|saca|saquen|saque|bajen)(?:me)?"
    r" de (?:la|su|esta|tu) lista\b",
    r"\b(?:quit|borr|elimin)(?:eme|enme|ame)\b",
    r"\b(?:borr|elimin|quit|sa(?:c|qu)|remuev)(?:e|en|a|an) (?:mi|este) (?:numero|telefono|contacto|celular)\b",
    rf"^{_SPANISH_PLEASE}(?:parar|paren|pare|alto|basta|detener|detengan|cancelar|cancelen|cancele) "
    rf"{_some('de|con|a|los|sus|estos|mas|mi|la')}(?:mensajes|textos|suscripcion)\b",
    r"\b(?:quiero|deseo|quisiera) (?:dejar de recibir|cancelar (?:los|estos|sus|mi suscripcion)|parar (?:los|estos))",
    r"\b(?:darme|denme|deme|dame|dar) de baja\b",
)

STOP_PHRASES: tuple[str, ...] = (*_TOLD_TO_STOP, *_STOP_WITH_A_REASON, *_TOLD_NOT_TO, *_OFF_THE_LIST, *_SPANISH)
"""Phrases that are said to us and mean stop; searched in each sentence."""

NOT_STOP: tuple[str, ...] = (
    r"\b(?:dont|do not|never|wouldnt|didnt) (?:ever |please |you |yall )?"
    r"(?:stop|quit|cancel|unsubscribe|remove|end|opt|delete)\b(?! (?:by|in)\b)",
    r"(?<!you )(?<!u )(?<!they )\b(?:cant|can not|cannot|couldnt|could not|wont|will not|hard to|impossible to)"
    r" (?:stop|quit)\b",
    r"\b(?:full|bus|next|pit|rest|truck|train|one|last|first|every|each|non|subway|metro|trolley|tram|gas|f|t|a) "
    r"stop\b",
    r"\bstop (?:signs?|by|in|over|at|loss|lights?|watch|gap|off|motion|here|there|past|for|work)\b",
    r"\bno (?:pares|paren|pare|dejes|dejen)\b",
)
"""Turns of phrase that hold a keyword and don't mean it; taken out before the phrases above are looked for."""

# Two parts of one judgement: whoever would rather be written to than called asks for no end.
NO_CALLS = (
    rf"\b(?:(?:{_NOT} (?:ever )?(?:call|phone|ring)|{_CEASE} calling)(?: me| us)?|no (?:more )?(?:phone )?calls?)\b"
    r"(?! (?:or|and|nor)\b)"
)
WRITE_INSTEAD = (
    r"(?<!dont )(?<!not )(?<!never )(?<!stop )(?<!quit )(?<!or )(?<!and )(?<!nor )"
    r"\b(?:(?:text|txt|texting|message|email|sms) (?:me|us|instead|is|works|only|please)|texts? only"
    r"|just (?:text|email)|prefer (?:a |to )?(?:texts?|texting|emails?)|(?:ill|i will) call (?:you|back))\b"
)

# Three parts of one judgement: a "don't text me" with a time to it is put off, unless it is for good all the same.
NEGATED = r"\b(?:dont|do not|not|no)\b"
MERELY_FOR_NOW = (
    r"\b(?:before|until|till|after|during|while|tonight|today|tomorrow|right now|at night|at work|at this (?:hour|time)"
    r"|this (?:late|early)|so (?:late|early)|on (?:the )?(?:weekends?|sundays?|saturdays?)|between"
    r"|in the (?:morning|evening)|yet|just (?:text|call|email))\b"
)
FOR_GOOD = r"\b(?:again|anymore|any more|ever|never|at all)\b"

REACTION = (
    r"^\W*(?:liked|loved|laughed at|emphasi[sz]ed|questioned|disliked|reacted \S+ to|removed an? [\w ]+ from"
    r"|le gust[oó]|le encant[oó])\s+[\"'\u2018\u2019\u201c\u201d\u00ab]"
)
"""A phone's "Liked “…”" quotes our own words, the instruction to reply STOP among them."""
