"""What replies are told by that come from a machine, from somebody else, or say no: phrases in English and Spanish.
Data for reply_signals.py; it decides nothing.

Regular expressions over folded sentences (replies.py): lower case, no accents, apostrophes or punctuation, words parted
by one blank; a question keeps its mark. Each line is an alternative; one that begins with + goes on with the one
before.
"""

import re


def any_of(phrases: str) -> str:
    """One expression that matches where any of these does."""
    whole = re.sub(r"\n *\+ ", "", phrases)
    return "|".join(f"(?:{line.strip()})" for line in whole.splitlines() if line.strip())


_LATER = any_of(
    r"""
    (?:next (?:year|month|quarter|season|spring|summer|fall|autumn|winter)|(?:in|after|until|till|by
    + |come) (?:the )?(?:new year|spring|summer|fall|autumn|winter|holidays|january|february|march|april|june|july
    + |august|september|october|november|december)|in (?:a |another )?(?:few|couple(?: of)?|two|three|four|six
    + |several|[2-9]|1[0-2]) (?:weeks|months|years)|in a (?:month|year)|el (?:proximo|otro) (?:ano|mes)
    + |proximo (?:ano|mes)|(?:ano|mes) que viene|en unos meses|mas adelante|despues de (?:las fiestas|ano nuevo
    + |navidad))
    """
)

MACHINE = any_of(
    r"""
    \bauto(?:matic(?:ally)?|mated)?[ -]?(?:reply|replies|response|respon(?:d|der)|message|sent|generated)
    ^(?:auto ?(?:reply|response)|automated|automatic)\b|\bthis is an automat|\bsent automatically\b
    + |\bdo not disturb while driving\b
    \bnot receiving notifications\b|\bdriving focus\b
    \bthis (?:number|mailbox|inbox|line) (?:is not|isnt) monitored\b|\bunmonitored\b|\bnot a monitored\b
    \brespuesta automatica\b|\bmensaje automatico\b|\bestoy conduciendo\b.*\bautomatic
    """
)
"""A machine says it of itself."""

AWAY = any_of(
    r"""
    \b(?:out|away) (?:of|from) (?:the )?(?:office|my desk)\b|\booo\b|\baway from my (?:phone|desk|computer)\b
    + |\bwhen we re ?open\b|\b(?:were|we are|office is) closed (?:for|today|until|on)\b|\bfuera de (?:la )?oficina\b
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

WRONG = any_of(
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
    \bnumber (?:was|has been) reassigned\b|\b(?:doesnt|does not|dont) belong to\b|\bbelongs to (?:someone
    + |somebody|another|a different)\b|\bthere is no (?:one|[a-z]+)$|\bno longer (?:has|have|uses) this (?:number
    + |phone)\b|^not [a-z]+ (?:please )?(?:check|update|remove)\b|\bnobody here (?:asked|requested|called
    + |signed)\b|\b(?:there is|theres|there isnt
    + |there is not) (?:no|a|any) [a-z]+ here\b
    \b(?:no idea|no clue) who [a-z]+ (?:is|are)\b|\bwrong$|\bno soy (?:la|esa) persona\b|\bnot (?:his|her
    + |their) number\b
    \b(?:doesnt|does not|no longer) (?:live|work)s? here\b|\bnot my (?:lead|request|inquiry|account)\b
    \bnumero (?:equivocado|incorrecto)\b|\bequivocad[oa]\b|\bse equivoco\b|\bno soy (?!de)[a-z]+$|\bno conozco a\b
    \b(?:yo )?no (?:pedi|solicite|llene)\b|\bya no (?:vive|trabaja) aqui\b
    """
)

LATER = any_of(
    rf"""
    \bnot (?:right )?now\b|\bnot (?:at this|at the|right at this) (?:time|moment)\b|\bnot (?:just )?yet\b
    \bnot today\b|\bnot (?:this|for) (?:week|month|year|quarter|season|another|a while|some time)\b
    \bmaybe (?:later|some ?day|another time)\b|\b(?:another|some other) time\b|\bbad tim(?:e|ing)\b|\b(?:paused
    + |postponed|shelved|on pause)\b|\bgood (?:for|right) now\b|\b(?:dont|do not) think so\b|\b(?:going to|gonna
    + |have to|gotta|will) pass\b|\bnot (?:really )?(?:moving|going) (?:forward|ahead)\b
    \bnot a good (?:time|week|month)\b|\btoo (?:busy|soon|early|expensive|much(?: money)?$|pricey)\b
    + |\bmoney is tight\b|\bcant (?:right now|now|do it now)\b
    \bbusy (?:right now|now|at the moment|this (?:week|month))\b|\bon hold\b|\bhold off\b|\bstill (?:thinking
    + |deciding|considering)\b|\b(?:check|talk|speak|discuss it) with my (?:boss|wife|husband|partner|spouse|team
    + |family|manager)\b|\bholding off\b
    + |\bnot until\b|\bdecided to wait\b|\b(?:going|want|have|need) to wait\b
    \bputting (?:it|this|that) off\b|\bput (?:it|this|that) off\b|\bcheck back\b|\bcircle back\b
    \btouch base (?:in|next|later)\b
    \bnot (?:really |very |that |currently )?(?:interested|ready|looking|in the market|planning|a priority
    + |in a hurry|a fit)\b
    \bno (?:longer|more) (?:interested|looking|need(?:ed)?|need it|in the market|in need)\b
    \bno (?:interest|rush|hurry|need)\b
    \b(?:dont|do not|wont|will not|didnt) (?:really )?(?:need|want|have (?:the )?(?:time|budget|money)|plan)\b
    \b(?:arent|are not|isnt|is not) (?:ready|looking|interested|a priority|for us|for me|in the market|going to
    + |planning|in the budget)\b
    \b(?:only|just) (?:checking|comparing|browsing|looking(?! (?:for|to)\b)|curious|researching|shopping around
    + |doing (?:some )?research)\b
    \bchanged (?:my|our) minds?\b
    \bill (?:pass|let you know|reach out|get back|call you when|think about it|be in touch)\b
    \b(?:have to|need to|gotta|going to|let me|want to) (?:think|sleep on)\b|\bno (?:budget|money)\b|\bcant afford\b
    \bnot for (?:me|us)\b|\bwell (?:pass|let you know|reach out|think about it)\b
    \bmaybe (?:in|next|after|around)\b.*|\b(?:in |en )?(?:january|february|enero|febrero|marzo|abril|primavera
    + |verano|otono|invierno) (?:maybe|tal vez|quizas?)\b|\bahorita no\b|\b(?:itll|it will) be (?:a (?:few
    + |couple)|some|several)\b|\breach (?:back )?out (?:again )?(?:in|after|next|later)\b|\bno puedo (?:ahora
    + |ahorita|por)\b|\bahora no\b|\bpor (?:ahora|el momento) no\b
    \bno (?:por )?(?:ahora|el momento)\b|\btodavia no\b|\baun no\b|\bno (?:me |nos )?interesa\b
    \bno (?:estoy|estamos) (?:interesad|list|buscando)|\bno (?:tengo|tenemos) (?:tiempo|dinero|presupuesto)\b
    \bestoy (?:muy )?ocupad|\botro (?:dia|momento)\b
    \b(?:tal vez|quizas?) (?:mas (?:tarde|adelante)|luego|despues|otro|el|en)\b|\bno gracias\b
    \bsolo (?:estoy )?(?:mirando|viendo)\b|\byo (?:les|los|te) (?:aviso|llamo)\b
    \bno (?:lo )?(?:necesito|necesitamos|quiero)\b|^(?:luego|despues|mas tarde|mas adelante|later|someday)$
    \blo (?:voy a )?pens(?:ar|are)\b|{_LATER}
    """
)

BARE_NO = any_of(
    r"""
    ^(?:no|nope|nah|nop) (?!(?:problem|worries|one|body|idea|doubt|rush|matter|question|need to|but)\b)(?:thank
    + |thx|ty|sorry|all|im|i am|were
    + |we|not|i|its|it|my|please|dont|ya|por|la)\b
    ^(?:(?:no|nope|nah) )?(?:no|nope|nah|nay|n|not really|no (?:thanks?|thank you|thx|ty|sir|maam)|nope (?:thanks?
    + |sorry)|sorry no|im good|im all set|all set|we(?:re| are) (?:good|all set)|pass|no gracias|nel
    + |negative)(?: (?:thanks?|thank you|thx|ty|sorry|gracias))?$
    """
)
"""A no that is the whole message."""
