"""The words by which a sentence gives a detail its meaning, one table per language.

Data, not logic: adding a language means adding a `Words`. Patterns are matched without regard to case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Words:
    """Patterns of one language. `before_*` must end right before a place; `after_*` start right behind it."""

    before_origin: str
    before_destination: str
    after_origin: str
    after_destination: str
    between: str
    and_: str
    not_before: str
    not_after: str
    instead_of: str
    not_with: str
    one_way: str
    round_trip: str
    no_return: str
    cabins: tuple[tuple[str, str], ...]
    any_cabin: str
    any_airline: str
    nonstop: str
    stops_allowed: str
    refundable: str
    refund_not_needed: str
    any_time: str
    indifferent: str
    passing_day: str
    weekday: str
    correction: str
    instead: str
    swap: str
    ordinal: str
    exclamation: str
    yes: str
    no: str
    accept: str
    question: str
    my_name_is: str
    not_a_name: str
    start_over: str
    forget_trip: str
    never_mind: str
    back_to_assistant: str
    leave_queue: str
    ordinals: tuple[tuple[str, int], ...]
    option_number: str
    cheapest: str
    fastest: str
    earliest: str
    latest: str
    that_one: str
    reference_is: str
    flight_number_is: str
    not_before_reference: str
    last_name_is: str
    name_after_reference: str
    lead_in: str
    behind_a_name: str
    not_a_last_name: str
    lacks_proof: str
    rather: str
    another_booking: str
    cancel_it: str
    cancel_instead: str
    keep_it: str
    hesitates: str
    beside: str
    past: str
    shift_counts: tuple[tuple[str, int], ...]
    later: str
    earlier: str
    way_back: str
    from_booked_to: str
    which_day: tuple[tuple[str, str], ...]


_FILLER = r"(?:\s+(?:the|a|an|my|our|lovely|beautiful|sunny|either|maybe|like|um|uh|city of|airport(?: of| in)?))*"

ENGLISH = Words(
    before_origin=(
        r"\b(?:from|out of|ex|departing|depart(?:ure)?(?: (?:city|airport|point))?(?: (?:is|from|at|in|:))?|leav(?:e|ing)(?: (?:from|out of|at|behind))?"
        r"|origin(?:ating)?(?: (?:is|in|at|from|:))?|start(?:ing)?(?: point)?(?: (?:from|in|at|is|out in))?|fly(?:ing)? out of|based in|live in|living in"
        r"|(?:i am|i'm|im|we are|we're)(?: currently| now| here)? (?:in|at)|(?:pick|picked) up in|coming from|tak(?:e|ing) off(?: from)?)"
        + _FILLER
        + r"\s*[:\-]?\s*$"
    ),
    before_destination=(
        r"\b(?:to|2|into|toward(?:s)?|visit(?:ing)?|destination(?: (?:city|airport))?(?: (?:is|will be|would be|of|:))?|arriv(?:e|ing|al)(?: (?:in|at|city|airport))*"
        r"|land(?:ing)?(?: (?:in|at))|reach(?:ing)?|see(?:ing)?|explore|exploring|go|tour|bound for|head(?:ed|ing)?(?: (?:to|for|over to|down to|up to|out to))"
        r"|leav(?:e|ing) for|depart(?:ing)? for|flights? for|fly(?:ing)? (?:in|for)|trip for"
        r"|(?:trip|vacation|holiday|holidays|weekend|week|conference|meeting|wedding|days|stay|staying|business|be|family|friends|friend|mom|parents|honeymoon|event|appointment|tickets?|interview)"
        r"(?: \w+)? in)" + _FILLER + r"\s*[:\-]?\s*$"
    ),
    after_origin=r"^\s*(?:is (?:where|the (?:origin|departure|starting))|as (?:the |my |our )?(?:origin|departure|starting)|(?:is )?where (?:i|we)(?:'m|'ll| am| are| will)? (?:leav|start|depart|com))",
    after_destination=r"^\s*(?:is (?:where (?:i|we)(?:'d| would)? (?:want|like|need|am going|are going)|(?:the|my|our) destination)|as (?:the |my |our )?destination|[- ]bound)",
    between=r"\bbetween\s*$",
    and_=r"^\s*(?:and|&)\s*$",
    not_before=r"\b(?:not|no longer|instead of|rather than|anything but|except(?: for)?|but not|isn't|wasn't|don't want(?: to (?:go to|fly to|leave from))?|avoid|hate|dislike|without|never|(?:not|n't) (?:a (?:huge |big |real |great )?)?(?:fan of|fond of|like|trust)|sick of|tired of)"
    r"(?: (?:to|from|with|on|by|in|fly|flying|go|going|going to|use|take))*(?: the)?\s*$",
    not_after=r"^\s*(?:is|was)?\s*(?:is wrong|was wrong|isn't right|not what i (?:said|meant)|is not (?:right|correct|an option))",
    instead_of=r"\b(?:instead of|rather than)\s*(?:from |to )?$",
    not_with=r"\b(?:visit(?:ing)?|see(?:ing)?|meet(?:ing)?|call(?:ing)?|picking up|join(?:ing)?)\s*$",
    one_way=r"\b(?:one[ -]?way|oneway|1[ -]way|single (?:ticket|flight|trip|fare)|just (?:going )?there|only there|not (?:a )?(?:round[ -]?trip|return))\b",
    round_trip=r"\b(?:round[ -]?trips?|roundtrip|return (?:ticket|tickets|flight|flights|trip|fare|journey)|both ways|two[ -]way|there and back|to and from|and back(?! (?:problem|pain)))\b",
    no_return=r"\b(?:no (?:return|way back)|not (?:coming|going|flying) back|(?:won't|will not|don't|do not|not|never)(?: \w+){0,3} (?:return|returning|come back|coming back|a return)"
    r"|without (?:a )?return|open[- ]ended|(?:don't|do not) know (?:yet )?when (?:i|we)(?:'ll| will)? (?:return|come back))\b",
    cabins=(
        (r"premium(?:[ -]?economy)?(?: class)?|prem(?:ium)? eco(?:nomy)?|comfort\+|economy plus", "premium_economy"),
        (
            r"business[ -]class|(?<!on )(?<!for )(?<!my )(?<!have )(?<!has )(?<!do )(?<!doing )(?<!some )(?<!any )business(?= (?:seats?|tickets?|fares?|cabin|please|or|and|instead|then|if|for|with|to|from|on|out of|leaving|going|flying|one|two|three|four|[1-9])\b|\s*$|\s*[.,!?;])"
            r"|biz(?:[ -]class)?|club (?:world|class|europe)",
            "business",
        ),
        (
            r"first[ -]class|1st[ -]class|(?:fly|flying|seats? in|tickets? in|in) first(?= |$|[.,!?;])(?! (?:row|week|half|place|thing|flight|of))",
            "first",
        ),
        (
            r"econ(?:omy|o)?(?:[ -]class)?|coach(?: class)?|main cabin|cattle class|standard class|second class",
            "economy",
        ),
    ),
    any_cabin=r"\b(?:any (?:cabin|class|seating|seat|kind of seat)(?: class)?|(?:cabin|class|seating)(?: class)? (?:doesn't|does not|dont) matter|(?:no|don't have a) (?:cabin|class) preference|(?:don'?t|do not) (?:really |particularly |much )?(?:care|mind)(?: about| which| what)? (?:the |which )?(?:cabin|class|seating|seat))\b",
    any_airline=r"\b(?:any (?:\w+ )?(?:airlines?|carriers?|company|airways)|(?:which(?:ever)?|what(?:ever)?|all) (?:airlines?|carriers?)|(?:airlines?|carriers?) (?:doesn't|does not|don't|dont|do not|isn't|is not) (?:matter|important)"
    r"|(?:no|don't have(?: a| any)?|without(?: a)?) (?:particular |specific |strong |preferred )?(?:airlines?|carriers?)(?: preferences?| of preference| in mind)?|(?:don'?t|do not|not) (?:really |particularly |much )?(?:care|mind|concerned|picky|fussy)(?: about| which| what)? (?:the |which )?(?:airlines?|carriers?))\b",
    nonstop=r"\b(?:non[ -]?stop|nonstops?|direct(?:ly)?(?! message)|without (?:any |a )?(?:stops?|layovers?|stopovers?|connections?|changes?|changing(?: planes)?)|no (?:stops?|layovers?|stopovers?|connections?|changes)|zero stops|0 stops|straight (?:there|through|flight))\b",
    stops_allowed=r"\b(?:(?:stops?|layovers?|connections?|stopovers?) (?:is|are|would be|'s)? ?(?:fine|ok|okay|alright|no problem|allowed)|don't mind (?:a |the )?(?:stops?|layovers?|stopovers?|connections?|changing)"
    r"|(?:doesn't|does not|needn't|need not|not) (?:have to|need to)? ?(?:be )?(?:necessarily )?(?:direct|non[ -]?stop)|with (?:a )?(?:stops?|layovers?) (?:too|as well))\b",
    refundable=r"\b(?<!non)(?<!non-)(?<!not )(?:fully |must be |be )?refundable\b",
    refund_not_needed=r"\b(?:non[ -]?refundable(?: is| are)?(?: fine| ok| okay)?|(?:doesn't|does not|don't|needn't|not) (?:need|have|care|mind|necessarily)?(?: \w+){0,4} refund(?:able)?)\b",
    any_time=r"\b(?:any ?time(?: of (?:the )?day)?|whenever|(?:time|times) (?:doesn't|does not|don't) matter|flexible (?:on|about|with) (?:the )?times?)\b",
    indifferent=r"^\W*(?:(?:it |that |i |we |really |honestly |oh |well |um |uh |just )*(?:doesn'?t|does not|dont|do not|don't) (?:really |much )?(?:matter|care|mind|have (?:a|any) (?:preferences?))(?: (?:to me|at all|either way|really))*"
    r"|(?:any|anything|whatever|either|no preferences?|no matter|all the same|you (?:choose|decide|pick)|surprise me|all(?: are| is)? fine|any(?: of them| one)?(?: is| will|'s)? ?(?:fine|ok|okay|good|do)?|i'm (?:easy|flexible)))\W*(?:please|thanks|thank you)?\W*$",
    passing_day=r"^(?:today|tonight|now|right now|later today|as soon as possible|asap|(?:on )?that (?:same )?day)$",
    weekday=r"(?:mon|tues?|wed(?:nes)?|thurs?|thu|fri|sat(?:ur)?|sun)(?:day)?",
    ordinal=r"(?:the )?(?:first|second|third|fourth|fifth|[1-5](?:st|nd|rd|th))",
    correction=r"\b(?:make (?:it|that)|change (?:it|that) to|i meant?|instead|rather)\b",
    instead=r"\b(?:instead|change (?:it|that) to|i meant?|(?:sorry|oops)\W+(?:not|i meant?|make))\b",
    swap=r"^\W*(?:swap|reverse|flip)\W*$|\b(?:swap|reverse|flip|switch|turn) (?:them|those|these|both)(?: around| round| over)?\b(?! (?:to|for|with)\b)|\b(?:swap|reverse|flip|switch|turn) (?:it|that|this) (?:around|round)\b|\b(?:swap|reverse|flip) (?:it|that)\W*(?:please)?\W*$"
    r"|\b(?:swap|reverse|flip|switch)(?: around)? (?:the )?(?:two )?(?:cities|places|airports|ends|directions?|route|origin and destination|from and to|departure and arrival(?: cit(?:y|ies))?)\b"
    r"|\b(?:the )?other way (?:a)?round\b|\bvice versa\b|\b(?:opposite|other|reverse) direction\b|\b(?:got|had|have|said|put|told you|typed|is|are|was|that's|it's) (?:it |that |them |those |these |the (?:two )?(?:cities|places) )?(?:backwards?|the wrong way (?:a)?round|mixed up|reversed)\b",
    exclamation=r"^(?:nice|bath|reading|split)$",
    yes=r"^\W*(?:yes|yeah|yep|yup|ya|yess+|y|sure|ok(?:ay)?|k|correct|right|exactly|absolutely|definitely|of course|indeed|affirmative|please do|go ahead|do it|confirm(?:ed)?|that'?s (?:right|correct|fine|good|perfect|it)|sounds? (?:good|great|fine|perfect)|perfect|great|fine|book it|let'?s do (?:it|that)|looks? (?:good|right|great|fine|correct)|thumbs up)\b",
    no=r"^\W*(?:no|nope|nah|na|n|not (?:really|now|yet|quite|right)|negative|wrong|incorrect|don'?t|do not|that'?s (?:not|wrong)|thumbs down)\b",
    accept=r"\b(?:(?:that|this|it|which|flight|one)(?: one| flight| option)?(?:'s| is|'ll be| will be| would be| sounds?| looks?| seems?| works?| will| suits?| should| fits?)(?: just| very| really| pretty| absolutely| all)*"
    r" ?(?:good|great|fine|perfect|ok|okay|nice|ideal|excellent|wonderful|awesome|amazing|lovely|reasonable|right|work|works|do|for (?:me|us)|(?:me|us|my \w+)|best)?"
    r"|sounds? (?:\w+ )?(?:good|great|fine|perfect|nice|wonderful|excellent|amazing|reasonable|like (?:a )?(?:plan|deal|the best))|works? (?:\w+ )?(?:for|with) (?:me|us)|(?:i|we)(?:'ll| will| would|'d)? (?:\w+ )?(?:take|go with|have|pick|choose|book|buy|like|love) (?:that|this|it)"
    r"|(?:book|reserve|purchase|buy|take|get) (?:it|that|this|me that|me this|them|the ticket|the tickets|the flight|those|these|tickets?|(?:the |a |my |this |that )?(?:\w+[ -])?(?:tickets?|flight))|go ahead|let'?s (?:go with|take|book|do) (?:it|that|this|the)|i (?:want|like|love) (?:it|that|this)|perfect|excellent|wonderful)\b",
    question=r"^\W*(?:(?:and|but|so|ok(?:ay)?|also|well|oh|great|thanks?|please|hey|hi|sorry|just|yes|no|now|wait|actually|cool|good|fine|perfect)\W+)*(?:what|which|when|where|who|how|why|is|are|was|does|do|did|can|could|will|would|am|has|have|tell me|what's|whats|any|at what|in what|from (?:what|which)|to (?:what|which)|i (?:want|need|would like|'d like) to know)\b",
    my_name_is=r"\b(?:my (?:full )?name is|the name is|name's|name:|i am called|i'm called|call me|traveller(?: is|:)|passenger(?: is|:)|ticket (?:for|in the name of)|under the name(?: of)?|it's for|this is|it is|it's|i'm|i am)\s+",
    not_a_name=r"\b(?:flight|flights|yes|no|stop|help|the|what|when|where|how|cancel|change|book|ticket|baggage|one|two|first|second|please|thanks|thank|is|are|can|will|want|need|option|nothing|never|mind|back|airport|hello|wait|don't|sure|why|my|cheaper|other|another|person|agent|human|not|again|over|repeat|it|that|this|do|does|have|know|tell|refund|luggage|bags?)\b",
    start_over=r"\b(?:start(?:ing)? (?:over|again|anew|afresh|from scratch)|from scratch|reset|begin again|new search|forget everything|clear everything|from the (?:beginning|start|top)|restart)\b",
    forget_trip=r"\b(?:(?:forget|drop|stop|discard|end|quit) (?:about )?(?:this|the|that|my) (?:trip|search|new booking|whole thing)|(?:stop|forget|cancel) (?:it all|everything|all of it))\b",
    never_mind=r"^\W*(?:(?:oh|ah|ok(?:ay)?|actually|no|well|sorry)\W+)*(?:never ?mind|nevr mind|nvm|nm|forget (?:it|that|about (?:it|that)|(?:that )?i asked)|(?:it's |it is |that's )?not important)(?: (?:that|then|it|about that))?\W*(?:please|thanks?|thank you)?\W*$",
    back_to_assistant=r"\b(?:(?:back|return|switch back) to (?:the |this |my )?(?:bot|chat ?bot|robot|skycap|assistant|machine|computer)|(?:go on|continue|carry on) with (?:the )?(?:bot|chat ?bot|skycap|assistant|you,? skycap)|(?:i want|i'd like|give me) (?:the )?(?:bot|chat ?bot|skycap|assistant)(?: back)?|skycap again)\b",
    leave_queue=r"^\W*(?:(?:oh|ah|ok(?:ay)?|actually|no|well|sorry|please)\W+)*(?:stop(?: (?:it|this|waiting))?|cancel(?: (?:it|that|this))?|quit|exit|go back|(?:take me )?back|(?:i )?(?:don't|do not|can't) (?:want to |wanna )?wait(?: (?:any ?more|any longer|that long))?|stop waiting|no (?:person|human|agent)(?: needed)?|(?:let's )?(?:go on|continue|carry on)(?: without(?: (?:a person|them|one))?)?)\W*(?:please|thanks?|thank you)?\W*$",
    ordinals=(
        (r"first|1st|number one|top|former|initial", 1),
        (r"second|2nd|number two", 2),
        (r"third|3rd|number three", 3),
        (r"fourth|4th|number four", 4),
        (r"fifth|5th|number five", 5),
        (r"last|bottom|final", -1),
    ),
    option_number=r"(?:^\W*|\b(?:option|number|no\.?|flight|choice|#|take|choose|pick|nr\.?)\s*#?\s*)([1-9]\d?)(?:\W*(?:please|thanks?|is (?:fine|good)|it is|then|st|nd|rd|th|sounds good|works?|for me))*\W*$",
    cheapest=r"\b(?:cheapest|least expensive|lowest (?:price|fare|cost)|most affordable|best price)\b",
    fastest=r"\b(?:fastest|quickest|shortest|least (?:travel )?time)\b",
    earliest=r"\b(?:earliest|first thing in the morning one)\b",
    latest=r"\b(?:latest)\b",
    that_one=r"\b(?:the|that|this)(?: \w+){0,4} (?:one|flight|option|departure)\b",
    reference_is=r"\b(?:reference|booking|reservation|confirmation|code|pnr|(?:record )?locator|ref|itinerary|trip|ticket)(?:\W+(?:is|was|should be|number|code|nr|no|id|reference|locator))*\W{0,3}$",
    flight_number_is=r"\bflight(?: (?:number|no|is))*\W{0,3}$",
    not_before_reference=r"\b(?:not|instead of|rather than)\W{0,3}$",
    last_name_is=r"\b(?:(?:last|family|sur|second)[ -]?name(?:'s| is| was| should be| on it is|:)?|under(?: the| my)?(?: (?:last |family |sur)?name)?(?: of)?|in the name of|name(?:'s| is|:))\s+",
    name_after_reference=r"^\W*(?:(?:and|for|by|under|last name|the|name|is|of)\W+)*",
    lead_in=r"^\W*(?:(?:no|nope|oh|oops|sorry|wait|actually|well|um|uh|yes|ok(?:ay)?|sure|hi|hello|the|my|that|this|(?:last |family |sur)?name|i meant?|i mean|it'?s|it is|it was|it should be|should be|is|was|i'?m|i am|that'?s|mr|mrs|ms|miss|dr|prof)\b\W*)*",
    behind_a_name=r",? (?:not|instead of|please|thanks|thank you|to|on|from|and|at|into|with|in|by|but|so|because|what|which)\b.*$",
    not_a_last_name=r"\b(?:booking|reference|reservation|confirmation|code|number|don'?t|cannot|can'?t|lost|find|look|show|keep|go|leave|exit|quit|forget|later|today|tomorrow|email|phone|bot|what|which|who|hi|bye|ok|okay|thx|great|good|fine|nope|yeah|yep|and|for|name|was|were|made|been|had|i|we|you)\b",
    lacks_proof=r"\b(?:(?:don'?t|do not|didn'?t|did not|no longer|haven'?t|have not|can'?t|cannot|couldn'?t|never)(?: \w+){0,3} (?:have|know|remember|find|recall|got|get|received?)|(?:lost|deleted|forgot|forgotten|misplaced)(?: \w+){0,2} (?:it|that|this|them|reference|code|number|confirmation|email|e-mail)|(?:no|without(?: a| the)?) (?:idea|clue|reference|code|confirmation)|where (?:do|can|could|is|would)(?: \w+){0,4} (?:find|see|get|it|that|reference|code))\b",
    rather=r"\b(?:i|we)(?:'d| would)? (?:much )?(?:rather|prefer to) (?:fly|go|leave|travel|depart|return|come back|fly back)\b|\b(?:change|move|switch|shift|push|postpone|reschedule) (?:my|our|the|it)\b",
    another_booking=r"\b(?:another|(?:a )?different|(?:an)?other) (?:booking|reservation|one|trip)\b",
    cancel_it=r"^\W*(?:(?:yes|please|just|then|ok(?:ay)?|go ahead and)\W+)*cancel(?: (?:it|them|that|this|the (?:booking|flight|trip|reservation)|my (?:booking|flight|trip|reservation)|everything))?(?: please| then| now)*\W*$",
    cancel_instead=r"\bcancel (?:it|everything|the (?:whole )?(?:booking|flight|trip|reservation|thing)|my (?:booking|flight|trip|reservation)) (?:instead|altogether|completely)\b",
    keep_it=r"^\W*(?:no\W+)?(?:i(?:'ll| will| want to| would like to)? |let'?s |please |just |better )*(?:keep|leave)\b",
    hesitates=r"\b(?:but|not|never|except|unless|wait|without|\w+n't|dont|isnt|didnt)\b",
    beside=r"(?<=[.!?;\n])\s+|\s*,\s*(?=(?:(?:and|but|also|by the way|btw)\s+)*(?:what|which|when|where|who|how|is|are|do|does|can|could|will|would|may|am)\b)|\s+(?=(?:and|but|also|by the way|btw)\s+(?:what|which|when|how|is|are|do|does|can|could|may)\b)",
    past=r"\b(?:lost|missing|mislaid|stolen|broken?|damaged|flew|landed|arrived|missed|cancel+ed|delayed|yesterday|ago|(?:didn'?t|did not|never) (?:arrived?|c[ao]me|show(?:ed)?|ma[kd]e|turn(?:ed)?|g[eo]t)"
    r"|last (?:night|week|weekend|month|year|summer|winter|spring|autumn|fall|time|(?:mon|tues|wednes|thurs|fri|satur|sun)day))\b",
    shift_counts=(
        (r"an?|one|1|the", 1),
        (r"two|2|a couple of|couple of", 2),
        (r"three|3", 3),
        (r"four|4", 4),
        (r"five|5", 5),
        (r"six|6", 6),
        (r"seven|7", 7),
        (r"ten|10", 10),
    ),  # fmt: skip
    later=r"\b(?:later|after|further|postpone|delay|push|back by|longer)\b",
    earlier=r"\b(?:earlier|sooner|before|forward|shorter)\b",
    way_back=r"\b(?:return(?:ing)?|way (?:back|home)|(?:fly|come|coming|go|going|travel)(?:ing)? (?:back|home)|inbound|second flight|(?<!push my )(?<!push our )(?<!move my )(?<!move our )(?<!put my )flight (?:back|home)|stay(?:ing)?)\b",
    from_booked_to=r"\b(?:change|move|switch|shift|swap|reschedule|rebook)\b.*?\b(from (?:the )?(.{2,30}?)) to\b",
    which_day=(
        (r"(?:return|inbound|way back|coming back|flight (?:back|home))", "return_date"),
        (r"(?:dates?|days?|departure|outbound|leaving|going out)", "departure_date"),
    ),
)

LANGUAGES = {"en": ENGLISH}


def words(language: str | None) -> Words:
    """The table of `language` (ISO 639-1), English when there is none."""
    return LANGUAGES.get(language or "en", ENGLISH)


@lru_cache(maxsize=512)
def pattern(expression: str) -> re.Pattern[str]:
    """A compiled, case-blind pattern."""
    return re.compile(expression, re.IGNORECASE)
