"""What replies are told by that want to go on, or to know something first: phrases in English and Spanish, written as
those of signal_phrases.py. Data for reply_signals.py; it decides nothing.
"""

from policy.signal_phrases import any_of

_DAY = any_of(
    r"""
    (?:today|tonight|tomorrow|tmrw|tmw|asap|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed
    + |thurs?|fri|hoy|manana|lunes|martes|miercoles|jueves|viernes|sabado|domingo)
    """
)

_SOON = any_of(
    rf"""
    (?:{_DAY}|this (?:week|weekend|afternoon|morning|evening|month)|next week|right (?:now|away)|esta semana
    + |este mes)
    """
)

_THING = any_of(
    r"""
    (?:quote|estimate|demo|demonstration|proposal|appointment|consult(?:ation)?|call|call ?back|meeting|visit|tour
    + |showing|inspection|contract|invoice|trial|slot|time|walkthrough|cotizacion|presupuesto|cita|llamada
    + |demostracion|visita|reunion)
    """
)

_GET = any_of(
    r"""
    (?:get|have|book|schedule|set up|arrange|see|start|begin|buy|order|sign|move|proceed|go ahead|hire|purchase
    + |talk|speak|chat|meet|discuss|do (?:it|this|that)|try|join|come (?:by|in|over)|rent|sell|replace|fix|list)
    """
)

CALL_ME = any_of(
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
    \blets (?:talk|chat|do (?:it|this|that)|go|meet|set|schedule|book|get|start|hop|move|connect)\b|\bllam[ae]n?me\b
    \b(?:podemos|puedo|podria|podriamos) (?:hablar|agendar|reunirnos|vernos|ir|pasar)\b
    \b(?:fit|get|squeeze|pencil) (?:me|us) in\b
    \bllame(?:n)? (?:me|por favor|hoy|ahora|manana)\b|\b(?:me|nos) (?:puede|pueden|puedes|podria|podrian) llamar\b
    \bpueden? llamar(?:me|nos)\b|\bpuedes llamarme\b|\bhablemos\b|\bquiero (?:hablar|una llamada)\b|\bmarqueme\b
    """
)
"""Asks for a call or a visit."""

NEAR = any_of(
    rf"""
    \b{_SOON}\b|\b(?:in|within) (?:an?|\d+|ten|twenty|thirty) (?:hours?|hr|min(?:ute)?s?)\b
    \b(?:at|after|around|a las) \d
    """
)
"""A time so near that "not now" only puts a call off to it."""

WANTS = any_of(
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
    \b(?:free|available|home) all (?:day|afternoon|morning|evening|week)\b
    \b(?:available|free|home|around|open|in) (?:all day |most of )?(?:on |this |after |at )?(?:{_SOON}|\d)\b
    \bthis (?:week|month|weekend)(?: (?:please|if possible|ideally))?$
    \b(?:sounds|that sounds|looks|all) (?:good|great|perfect|awesome)\b|\bthat works\b|\bworks for (?:me|us)\b
    \bim (?:down|game)\b|\b(?:id|i would|wed|we would) (?:love|like) (?:to|that|it|a|one|an)\b|\bgo ahead\b
    \b(?:book|schedule) (?:me|us|it|a|an|that)\b|\bmove forward\b
    \bwe(?:re| are) (?:buying|moving|selling|hiring|switching|looking to)\b|\bapproved (?:the )?budget\b
    \bbudget (?:is|was|got) approved\b|\bpre ?approved\b|\bneed \d+ [a-z]+ (?:by|before|this|asap)\b|\b(?:hoping
    + |trying|want|need|like) to (?:talk|speak) (?:to|with)\b|\bhurry\b(?! up and wait)|\bemergency\b
    \bneed (?:this|it|that|these|them) (?:done|fixed|replaced|installed|asap|by|today|soon|now)\b
    \b(?:want|ill take|well take|wanna do) (?:this|it|that|one)\b|\bcoming through (?:my|the|our) (?:ceiling|roof
    + |wall)|\burgent(?:ly)?\b
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

YES = any_of(
    r"""
    ^(?:yes|yea|yeah|yep|yup|yess+|ya|yas|y|sure|sure thing|absolutely|definitely|of course|certainly|indeed
    + |please|please do|pls|yes please|yes pls|for sure|100|affirmative|sounds good
    + |you bet|ok yes|ok sure|i am|we are|i do|i would|i want to|si|sip|claro|claro que si|por supuesto|dale|vale
    + |de acuerdo
    + |si por favor|con gusto|asi es|oui)(?: (?:please|pls|plz|sir|maam|thanks?|thank you|thx|ty
    + |i am|we are|i do|i would|im interested|interested|absolutely|definitely|sure|asap|por favor|gracias|claro|si
    + |of course|that works))*$
    """
)
"""A yes that is the whole sentence, with what belongs to it."""

YES_AND = any_of(
    r"""
    ^(?:yes|yeah|yep|yup|absolutely|definitely|si|claro)\b(?! (?:this is|who|what|its|i (?:got|received|saw|know
    + |remember)|but (?:not|no)|soy|quien|que))
    """
)
"""A yes that goes on, and not merely to say who is speaking or that a message came."""

MAYBE = any_of(
    r"""
    \b(?:maybe|possibly|perhaps|depends|not sure|unsure|might|i guess|tal vez|quizas?|depende|no se)\b
    """
)
"""Neither a yes nor a no."""

ASKS = any_of(
    r"""
    \?$|^(?:is|are) there\b|^any\b
    ^(?:who|what|whats|where|wheres|how|why|which|whose|is|are|do|does|did|can|could|whos)\b.*\b(?:is|are|does|do
    + |cost|much|this|it|you|your|u)\b
    \b(?:i have|ive got|have|got|had) (?:a |some |another |one |a few |a couple )?(?:quick )?questions?\b
    \bwondering (?:if|how|what|whether|about)\b
    \b(?:tell|send|give) me (?:more|some|a little|info|details|the details|prices?|pricing|about)\b
    \bmore (?:info|information|details)\b|\bcan you (?:tell|explain|send|text|email|share)\b|\bhow much\b
    + |^who am i\b|^whats the (?:monthly|rate|fee|total|catch|deal)\b
    \bwhat (?:is|are|does|do|kind|type|would)\b|^(?:price|pricing|cost|info|details|rates)\b
    ^(?:quien|que|cual|cuanto|donde|como|por que|hay|tienen|aceptan|hacen)\b
    \bcuanto (?:cuesta|vale|cobran|seria|sale)\b|\bmas (?:informacion|info|detalles)\b
    \b(?:tengo|una) (?:una |unas )?(?:pregunta|duda)|\bprecios?\b
    """
)
