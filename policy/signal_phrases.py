"""What replies are told by: phrases in English and Spanish, by kind. Data for reply_signals.py; it decides nothing.

Regular expressions over folded sentences (replies.py): lower case, no accents, apostrophes or punctuation, words parted
by one blank; a question keeps its mark. Each line is an alternative; one that begins with + goes on with the one
before.
"""

import re


def _any(phrases: str) -> str:
    whole = re.sub(r"\n *\+ ", "", phrases)
    return "|".join(f"(?:{line.strip()})" for line in whole.splitlines() if line.strip())


_DAY = _any(
    r"""
    (?:today|tonight|tomorrow|tmrw|tmw|asap|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed
    + |thurs?|fri|hoy|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo)
    """
)
_SOON = _any(
    rf"""
    (?:{_DAY}|this (?:week|weekend|afternoon|morning|evening|month)|next week|right (?:now|away)|esta semana
    + |este mes)
    """
)
_LATER = _any(
    r"""
    (?:next (?:year|month|quarter|season|spring|summer|fall|autumn|winter)|(?:in|after|until|till|by
    + |come) (?:the )?(?:new year|spring|summer|fall|autumn|winter|holidays|january|february|march|april|june|july
    + |august|september|october|november|december)|in (?:a |another )?(?:few|couple(?: of)?|two|three|four|six
    + |several|[2-9]|1[0-2]) (?:weeks|months|years)|in a (?:month|year)|el (?:proximo|otro) (?:ano|mes)
    + |proximo (?:ano|mes)|(?:ano|mes) que viene|en unos meses|mas adelante|despues de (?:las fiestas|ano nuevo
    + |navidad))
    """
)
_THING = _any(
    r"""
    (?:quote|estimate|demo|demonstration|proposal|appointment|consult(?:ation)?|call|call ?back|meeting|visit|tour
    + |showing|inspection|contract|invoice|trial|slot|time|walkthrough|cotizacion|presupuesto|cita|llamada
    + |demostracion|visita|reunion)
    """
)
_GET = _any(
    r"""
    (?:get|have|book|schedule|set up|arrange|see|start|begin|buy|order|sign|move|proceed|go ahead|hire|purchase
    + |talk|speak|chat|meet|discuss|do (?:it|this|that)|try|join|come (?:by|in|over)|rent|sell|replace|fix|list)
    """
)
MACHINE = _any(
    r"""
    \bauto(?:matic(?:ally)?|mated)?[ -]?(?:reply|replies|response|respon(?:d|der)|message|sent|generated)
    ^auto ?(?:reply|response)|\bthis is an automat|\bsent automatically\b|\bdo not disturb while driving\b
    \bnot receiving notifications\b|\bdriving focus\b
    \bthis (?:number|mailbox|inbox|line) (?:is not|isnt) monitored\b|\bunmonitored\b|\bnot a monitored\b
    \brespuesta automatica\b|\bmensaje automatico\b|\bestoy conduciendo\b.*\bautomatic
    """
)
"""A machine says it of itself."""

AWAY = _any(
    r"""
    \b(?:out|away) (?:of|from) (?:the )?(?:office|my desk)\b|\booo\b|\bfuera de (?:la )?oficina\b
    \b(?:am|im|be|is|currently|currently on|on) (?:on )?(?:vacation|holiday|annual leave|parental leave
    + |maternity leave|pto|leave)\b.*\b(?:until|till|through|return|back|with (?:limited|no) access)\b
    \bwith (?:limited|no) access to\b|\b(?:limited|no) access to (?:my )?(?:e ?mail|messages|phone)\b
    \bour office is (?:now |currently )?closed\b|\bwe are (?:now |currently )closed\b
    \bthank(?:s| you) for (?:contacting|your message|your text|reaching out)\b.*\b(?:as soon as|shortly
    + |business (?:hours|day))
    \bwill (?:respond|reply|get back to you|return your (?:message|call|text)) (?:when|once|upon|on|after
    + |as soon as)\b.*\b(?:return|back|office|available|possible)\b
    \bde vacaciones hasta\b|\bvuelvo (?:a la oficina )?el\b.*\bresponder|\bacceso limitado\b
    \b(?:im|i am) driving\b.*\b(?:will|ill) (?:see|reply|respond|get back|text)
    """
)
"""What such machines say; a person says some of it too, and then goes on to ask for something."""

WRONG = _any(
    r"""
    \bwrong (?:number|person|guy|phone|party|contact|num|#)\b|\bwr?ong no\b$|\b(?:got|have) the wrong\b|^wrong$
    \b(?:this is not|this isnt|im not|i am not|not) (?:the (?:person|one)|who you|whoever)\b
    ^(?:sorry |hi |no |hey |um )*(?:this is not|this isnt|i am not|im not) (?!(?:a|an|the|interested|sure|ready
    + |looking|going|in|able|available|really|for|at|to|on|good|working|home|urgent|your|that|very|quite|yet|buying
    + |here|right|so|what|free|spam|my|convenient|helpful|clear|fair|funny|happy)\b)[a-z]+(?: [a-z]+)?$
    \b(?:no one|nobody|no body|noone) (?:here )?(?:by|with|named|called) (?:that|this|the)? ?(?:name|[a-z]+)\b
    \bnever (?:asked|signed|filled|requested|contacted|called|submitted|heard of (?:you|u|this))\b
    \b(?:didnt|did not|havent|have not) (?:ask|sign|fill|request|contact|call you|submit|contacted|signed|requested
    + |submitted|filled|call)\b
    \b(?:dont|do not) know (?:any|anyone|an|who (?:that|dana|this person) is)\b
    \bnew (?:phone|number)\b.*\bwho (?:is|dis)|\b(?:just )?(?:got|have had|had) this number\b
    \bnumber (?:was|has been) reassigned\b|\bnot (?:his|her|their) number\b
    \b(?:doesnt|does not|no longer) (?:live|work)s? here\b|\bnot my (?:lead|request|inquiry|account)\b
    \bnumero (?:equivocado|incorrecto)\b|\bequivocad[oa]\b|\bse equivoco\b|\bno soy (?!de)[a-z]+$|\bno conozco a\b
    \b(?:yo )?no (?:pedi|solicite|llene)\b|\bya no (?:vive|trabaja) aqui\b
    """
)
LATER = _any(
    rf"""
    \bnot (?:right )?now\b|\bnot (?:at this|at the|right at this) (?:time|moment)\b|\bnot (?:just )?yet\b
    \bnot today\b|\bnot (?:this|for) (?:week|month|year|quarter|season|another|a while|some time)\b
    \bmaybe (?:later|some ?day|another time)\b|\b(?:another|some other) time\b|\bbad time\b
    \bnot a good (?:time|week|month)\b|\btoo (?:busy|soon|early)\b
    \bbusy (?:right now|now|at the moment|this (?:week|month))\b|\bon hold\b|\bhold off\b|\bholding off\b
    \bputting (?:it|this|that) off\b|\bput (?:it|this|that) off\b|\bcheck back\b|\bcircle back\b
    \btouch base (?:in|next|later)\b
    \bnot (?:really |very |that |currently )?(?:interested|ready|looking|in the market|planning|a priority
    + |in a hurry|a fit)\b
    \bno (?:longer|more) (?:interested|looking|need(?:ed)?|need it|in the market|in need)\b
    \bno (?:interest|rush|hurry|need)\b
    \b(?:dont|do not|wont|will not|didnt) (?:really )?(?:need|want|have (?:the )?(?:time|budget|money)|plan)\b
    \b(?:arent|are not|isnt|is not) (?:ready|looking|interested|in the market|going to|planning|in the budget)\b
    \b(?:only|just) (?:browsing|looking(?! (?:for|to)\b)|curious|researching|shopping around
    + |doing (?:some )?research)\b
    \bchanged (?:my|our) minds?\b
    \bill (?:pass|let you know|reach out|get back|call you when|think about it|be in touch)\b
    \b(?:have to|need to|gotta|going to|let me|want to) (?:think|sleep on)\b|\bno (?:budget|money)\b|\bcant afford\b
    \bnot for (?:me|us)\b|\bwell (?:pass|let you know|reach out|think about it)\b
    \bmaybe (?:in|next|after|around)\b.*|\bahora no\b|\bpor (?:ahora|el momento) no\b
    \bno (?:por )?(?:ahora|el momento)\b|\btodavia no\b|\baun no\b|\bno (?:me |nos )?interesa\b
    \bno (?:estoy|estamos) (?:interesad|list|buscando)|\bno (?:tengo|tenemos) (?:tiempo|dinero|presupuesto)\b
    \bestoy (?:muy )?ocupad|\botro (?:dia|momento)\b
    \b(?:tal vez|quizas?) (?:mas (?:tarde|adelante)|luego|despues|otro|el|en)\b|\bno gracias\b
    \bsolo (?:estoy )?(?:mirando|viendo)\b|\byo (?:les|los|te) (?:aviso|llamo)\b
    \bno (?:lo )?(?:necesito|necesitamos|quiero)\b|^(?:luego|despues|mas tarde|mas adelante|later|someday)$
    \blo (?:voy a )?pens(?:ar|are)\b|{_LATER}
    """
)
BARE_NO = _any(
    r"""
    ^(?:(?:no|nope|nah) )?(?:no|nope|nah|nay|n|not really|no (?:thanks?|thank you|thx|ty|sir|maam)|nope (?:thanks?
    + |sorry)|sorry no|im good|im all set|all set|we(?:re| are) (?:good|all set)|pass|no gracias|nel
    + |negative)(?: (?:thanks?|thank you|thx|ty|sorry|gracias))?$
    """
)
"""A no that is the whole message."""

CALL_ME = _any(
    r"""
    \b(?:call|ring|phone|dial) (?:me|us|my (?:cell|phone|office|wife|husband|number)|back|now|today|tomorrow
    + |anytime|please)\b
    \b(?:give|gimme|drop) (?:me |us )?a (?:call|ring|buzz|shout)\b
    \b(?:can|could|would|will) (?:you|u|someone|somebody|one of you) (?:please |pls )?(?:call|ring|phone|come
    + |stop by|send (?:someone|somebody|a person|over)|help|meet|give me a (?:call|ring)|schedule|book|set)\b
    \b(?:please|pls|plz) (?:do )?(?:call|ring|phone|book|schedule|come|send (?:someone|somebody))\b
    \bhave (?:someone|somebody|them|her|him|your [a-z]+) (?:call|reach|contact|ring)\b
    \b(?:anyone|anybody|someone|somebody) (?:i|we) (?:can|could) (?:talk|speak|chat)\b
    \bi can (?:talk|speak|chat|meet)\b
    \b(?:can|could|may) (?:i|we) (?:talk|speak|chat|meet|get|have|book|schedule|come|set|call)\b
    \blets (?:talk|chat|do (?:it|this|that)|go|meet|set|schedule|book|get|start|hop|move|connect)\b|\bll?amen?me\b
    \bllame(?:n)? (?:me|por favor|hoy|ahora|manana)\b|\b(?:me|nos) (?:puede|pueden|puedes|podria|podrian) llamar\b
    \bpueden? llamar(?:me|nos)\b|\bpuedes llamarme\b|\bhablemos\b|\bquiero (?:hablar|una llamada)\b|\bmarqueme\b
    """
)
"""Asks for a call or a visit."""

NEAR = _any(
    rf"""
    \b{_SOON}\b|\b(?:in|within) (?:an?|\d+|ten|twenty|thirty) (?:hours?|hr|min(?:ute)?s?)\b
    \b(?:at|after|around|a las) \d
    """
)
"""A time so near that "not now" only puts a call off to it."""

WANTS = _any(
    rf"""
    \b(?:i|we|id|wed|ill|well|i would|we would|im|my [a-z]+|he|she) (?:really |definitely |do
    +  |still |both )*(?:want|need|like|love|wanna|looking|ready|hoping|trying|happy|available|open)\b.*\b(?:to {_GET}
    + |{_THING}|asap|soon|help|today)\b
    \b(?:want|need|would like|like|love|wanna|ready|looking) (?:to )?(?:a |an |the |some |your
    +  |my |free )*(?:{_GET}|{_THING})\b
    \b(?:send|text|email|get) (?:me|us|over) (?:a |an |the |your |over )*(?:{_THING}|link|paperwork|calendar|invite
    + |info to sign)\b
    \b(?:very |really |definitely |still |yes |im |am |were |are |quite |super )(?:very )?interested\b|^interested\b
    \bcount (?:me|us) in\b|\bsign (?:me|us) up\b|\b(?:im|were|i am|we are|count me) in\b$
    \b(?:im|were|i am|we are|am) (?:all )?ready\b|^ready\b|\bwhere do i (?:sign|pay|start)\b
    \bhow (?:do|can) (?:i|we) (?:sign|start|get started|book|schedule|pay|proceed|order|buy|move forward)\b
    \bhow (?:soon|quickly|fast|early) (?:can|could|are|do|would|will)\b
    \b(?:when|what day|what time) (?:can|could|are|would|will|works|is)(?: (?:you|u|we|i|someone|somebody
    + |your))?.*\b(?:start|come|call|talk|meet|available|free|begin|out|here|install|works?|stop by|earliest|next)\b
    \b(?:whats|what is) (?:the|your) (?:earliest|soonest|next|first)\b|\b(?:the )?sooner the better\b
    \bas soon as (?:possible|you can)\b
    \b{_SOON} (?:works|is (?:good|great|fine|perfect|best)|would|at|around|after|before|afternoon|morning|evening
    + |please|pm|am|sounds|if)\b
    ^(?:yes|yeah|yep|ok|sure|maybe|how about|what about|about|by|on|can we do|lets do|around|before|after
    + |at)?(?: )?(?:this |next )?{_SOON}\??$
    \b(?:available|free|home|around|open|in) (?:all day |most of )?(?:on |this |after |at )?(?:{_SOON}|\d)\b
    \bthis (?:week|month|weekend)(?: (?:please|if possible|ideally))?$
    \b(?:sounds|that sounds|looks|all) (?:good|great|perfect|awesome)\b|\bthat works\b|\bworks for (?:me|us)\b
    \bim (?:down|game)\b|\b(?:id|i would|wed|we would) (?:love|like) (?:to|that|it|a|one|an)\b|\bgo ahead\b
    \b(?:book|schedule) (?:me|us|it|a|an|that)\b|\bmove forward\b
    \bwe(?:re| are) (?:buying|moving|selling|hiring|switching|looking to)\b|\bapproved (?:the )?budget\b
    \bbudget (?:is|was|got) approved\b|\bpre ?approved\b|\bemergency\b|\burgent(?:ly)?\b
    \b(?:its|is|still) (?:leaking|flooding|broken)\b|\b(?:me|nos) interesa\b|\b(?:estoy|estamos) (?:muy )?interesad
    \bquier[oe](?:mos)? (?:una?|empezar|comprar|agendar|reservar|ver|saber cuando|contratar|hacer)\b
    \bquisiera (?:una?|agendar|empezar|ver|hablar|comprar|reservar)\b
    \bcuando (?:pueden?|podrian?|puedes|podemos) (?:venir|empezar|llamar|pasar|comenzar|hablar)\b
    \bnecesito (?:una?|que|ayuda|empezar|alguien)\b|\b(?:estoy|estamos) list[oa]s?\b
    \blo (?:mas pronto|antes) posible\b|\bcuanto antes\b|\beste mes\b|\besta semana\b|\bagend(?:a|en|emos|ar)\b
    \bme gustaria\b
    """
)
"""Wants to go on."""

YES = _any(
    r"""
    ^(?:yes|yea|yeah|yep|yup|yess+|ya|yas|y|sure|sure thing|absolutely|definitely|of course|certainly|indeed|ok
    + |okay|k|please|please do|pls|yes please|yes pls|for sure|100|affirmative|perfect|great|correct|sounds good
    + |you bet|i am|we are|i do|i would|i want to|si|sip|claro|claro que si|por supuesto|dale|vale|de acuerdo
    + |si por favor|con gusto|correcto|perfecto|asi es|oui)(?: (?:please|pls|plz|sir|maam|thanks?|thank you|thx|ty
    + |i am|we are|i do|i would|im interested|interested|absolutely|definitely|sure|asap|por favor|gracias|claro|si
    + |of course|that works))*$
    """
)
"""A yes that is the whole sentence, with what belongs to it."""

YES_AND = _any(
    r"""
    ^(?:yes|yeah|yep|yup|absolutely|definitely|si|claro)\b(?! (?:this is|who|what|its|i (?:got|received|saw|know
    + |remember)|but (?:not|no)|soy|quien|que))
    """
)
"""A yes that goes on, and not merely to say who is speaking or that a message came."""

MAYBE = _any(
    r"""
    \b(?:maybe|possibly|perhaps|depends|not sure|unsure|might|i guess|tal vez|quizas?|depende|no se)\b
    """
)
"""Neither a yes nor a no."""

ASKS = _any(
    r"""
    \?$
    ^(?:who|what|whats|where|wheres|how|why|which|whose|is|are|do|does|did|can|could|whos)\b.*\b(?:is|are|does|do
    + |cost|much|this|it|you|your|u)\b
    \b(?:i have|ive got|have|got|had) (?:a |some |another |one |a few |a couple )?(?:quick )?questions?\b
    \bwondering (?:if|how|what|whether|about)\b
    \b(?:tell|send|give) me (?:more|some|a little|info|details|the details|prices?|pricing|about)\b
    \bmore (?:info|information|details)\b|\bcan you (?:tell|explain|send|text|email|share)\b|\bhow much\b
    \bwhat (?:is|are|does|do|kind|type|would)\b|^(?:price|pricing|cost|info|details|rates)\b
    ^(?:quien|que|cual|cuanto|donde|como|por que|hay|tienen|aceptan|hacen)\b
    \bcuanto (?:cuesta|vale|cobran|seria|sale)\b|\bmas (?:informacion|info|detalles)\b
    \b(?:tengo|una) (?:una |unas )?(?:pregunta|duda)|\bprecios?\b
    """
)
