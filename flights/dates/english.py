"""The English words and phrases for dates (data; `language.py` says what each table means)."""

from flights.dates.language import Language, listed

WEEKDAYS = {
    word: number
    for number, words in enumerate(
        (
            "monday mon",
            "tuesday tue tues",
            "wednesday wed weds",
            "thursday thu thur thurs",
            "friday fri",
            "saturday sat",
            "sunday sun",
        )
    )
    for word in listed(words)
}
MONTH_NAMES = (
    listed("january february march april may june july august september october november december")
)  # fmt: skip
MONTHS = {
    **{name: number for number, name in enumerate(MONTH_NAMES, 1)},
    **{name[:3]: number for number, name in enumerate(MONTH_NAMES, 1)},
    "sept": 9,
}
_ONES = listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen \
seventeen eighteen nineteen"
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}
NUMBERS = {
    **{word: number for number, word in enumerate(_ONES)},
    **_TENS,
    **{f"{ten} {one}": _TENS[ten] + number for ten in _TENS for number, one in enumerate(_ONES[:10]) if number},
}
_COUNTS = {**NUMBERS, "a": 1, "an": 1, "a couple of": 2, "a couple": 2, "couple of": 2, "another": 1}
_ORDINAL_ONES = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth \
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
ORDINALS = {
    **{word: number for number, word in enumerate(_ORDINAL_ONES, 1)},
    **{f"twenty {word}": 20 + number for number, word in enumerate(_ORDINAL_ONES[:9], 1)},
    "thirtieth": 30,
    "thirty first": 31,
}
HOLIDAYS = {
    word: key
    for key, words in {
        "christmas_eve": ("christmas eve", "xmas eve"),
        "christmas_day": ("christmas", "xmas", "christmas day", "xmas day"),
        "boxing_day": ("boxing day",),
        "new_years_eve": ("new year's eve", "new years eve", "new year eve", "nye"),
        "new_years_day": ("new year's day", "new years day", "new year's", "new years", "new year"),
        "valentines_day": ("valentine's day", "valentines day", "valentine's", "valentines"),
        "st_patricks_day": ("st patrick's day", "st. patrick's day", "st patricks day"),
        "good_friday": ("good friday",),
        "easter_sunday": ("easter", "easter sunday"),
        "easter_monday": ("easter monday",),
        "memorial_day": ("memorial day",),
        "independence_day": ("independence day",),
        "labor_day": ("labor day", "labour day"),
        "halloween": ("halloween",),
        "veterans_day": ("veterans day", "veteran's day"),
        "thanksgiving": ("thanksgiving", "thanksgiving day"),
        "black_friday": ("black friday",),
    }.items()
    for word in words
}

# A weekday before a date that is complete without it: "Friday, March 8".
_DAY_NAME = r"(?:(?:(?:this|next|coming) )?@weekday[.,]? (?:on )?(?:the )?)?"
_WEEK_MOD = r"this coming|this|coming|next|last|past|following"
_THE_MONTH = r"(?:@mod month|(?P<same>the month))"
_NTH_OF = r"(?:@weekday|(?P<week>week)|weekend)"
_TO = r"(?:to|until|till|til|thru|through|-)"
_NOT_SUN = r"(?!(?:(?<=the )|(?<=some )|(?<=of )|(?<=more )|(?<=i )|(?<=we ))(?:sun|sat)\b)"
_NOT_COUNTED = r"(?<!\d[ -])(?<!two[ -])(?<!three[ -])(?<!four[ -])(?<!five[ -])(?<!six[ -])(?<!seven[ -])(?<!ten[ -])"

RULES = (
    ("word", r"(?:the )?@word"),
    ("iso", _DAY_NAME + r"(?<![\d/.-])(?P<yyyy>\d{4})[-/.](?P<mm>\d{1,2})[-/.](?P<dd>\d{1,2})(?![/.-]?\d)"),
    ("numeric", _DAY_NAME + r"(?<![\d/.:-])(?!24/7)(?P<one>\d{1,2})/(?P<two>\d{1,2})(?:/(?P<yy>\d{4}|\d\d))?(?![/\d])"),
    ("numeric", _DAY_NAME + r"(?<![\d/.:-])(?P<one>\d{1,2})-(?P<two>\d{1,2})-(?P<yy>\d{4})(?![-\d])"),
    (
        "dotted",
        _DAY_NAME + r"(?<![\d/.:-])(?<!at )(?P<dd>\d{1,2})\. ?(?P<mm>\d{1,2})\.(?: ?(?P<yy>20\d\d|\d\d(?![\d:])))?",
    ),
    ("month_day", _DAY_NAME + r"@month,? (?:on )?(?:the )?@day(?:(?:,|, | of | )@year)?"),
    ("day_month", _DAY_NAME + r"(?:the )?(?<![\d/.:])@day (?:of )?@month(?:(?:,|, | of | )@year)?"),
    ("day_month", _DAY_NAME + r"(?<![\d/.:])(?P<day>\d{1,2})-?@month(?:-?@year)?"),
    ("month_days", r"@month (?:the )?@day ?" + _TO + r" ?(?:the )?@day2(?:,? @year)?"),
    ("month_days", r"(?:the )?(?<![\d/.:])@day ?" + _TO + r" ?(?:the )?@day2 (?:of )?@month(?:,? @year)?"),
    ("month_days", r"between (?P<span>(?:the )?@day and (?:the )?@day2 (?:of )?@month(?:,? @year)?)"),
    ("month_days", r"between (?P<span>@month (?:the )?@day and (?:the )?@day2(?:,? @year)?)"),
    ("bare_days", r"(?:the )?@ord ?" + _TO + r" ?(?:the )?@ord2@notordinal(?: of " + _THE_MONTH + ")?"),
    ("bare_days", r"between (?P<span>(?:the )?@ord and (?:the )?@ord2@notordinal(?: of " + _THE_MONTH + ")?)"),
    ("day_of_month", r"(?:the )?@ord (?:of )?" + _THE_MONTH),
    ("day_of_month", r"@mod month,? (?:on )?(?:the )?@ord@notordinal"),
    ("bare_day", _DAY_NAME + r"(?:the )?(?P<ord>\d{1,2}(?:st|nd|rd|th))@notordinal"),
    ("bare_day", r"(?:on|from|until|till|by|between|leaving|returning|back) (?P<span>the @ord@notordinal)"),
    ("bare_day", r"@weekday,? the @ord@notordinal"),
    ("bare_day", r"^\W*(?P<span>the @ord)\W*$"),
    ("bare_day", r"the (?!first|second|third|fourth|fifth)@ord@notordinal"),  # "take the third" may be an option
    ("weekday_day", r"@weekday,? (?:the )?(?<![\d/.:])(?P<ord>\d{1,2})@notday"),
    ("weekday", rf"(?:(?:the )?(?P<mod>{_WEEK_MOD}) )?{_NOT_SUN}(?!sun (?:valley|city)|friday harbou?r)@weekday"),
    ("weekday", r"@weekday,? (?:of )?(?P<week>this|next|last) week"),
    ("weekday", r"(?P<week>this|next|last) week,? (?:on )?@weekday"),
    ("weekday", r"@weekday(?P<plus> week)"),
    ("week", r"(?:(?:the )?@part[ -])?(?:the )?@mod week"),
    ("weekend", r"(?:(?:the|@mod) )?weekend(?! (?:of|after next))"),
    ("weekend", r"(?:the )?weekend (?P<after_next>after next)"),
    ("week", r"(?:the )?week (?P<after_next>after next)"),
    ("month_relative", r"(?:(?:the )?@part[ -])?@mod month"),
    ("month_relative", r"(?:the )?@part (?P<same>the month)"),
    ("month", r"(?:(?:the )?@part[ -]|(?:next|this) )@month(?! del\b)(?:,? (?:of )?@year)?"),
    (
        "month",
        r"(?:in|for|during|of|by|until|around|sometime|till|before|after) (?P<span>@month(?! del\b)(?:,? @year)?)",
    ),
    ("month", r"@month,? @year"),
    ("month", r"@fullmonth"),
    ("offset", r"in (?:about |like )?@num (?:more )?@unit(?: time|'s time|' time)?"),
    ("offset", r"@num @unit from (?:now|today)"),
    ("offset", r"@num @unit (?P<ago>ago)"),
    ("nth_weekday", r"(?:the )?@nth " + _NTH_OF + r" (?:of|in) (?:@month(?: @year)?|" + _THE_MONTH + ")"),
    ("holiday", r"@holiday(?! island)(?: @year)?"),
    ("holiday", r"(?:the )?(?P<july4>(?:4th|fourth) of july|july (?:4th|fourth))"),
    ("sequel", _NOT_COUNTED + r"@sequel"),
    ("sequel", r"(?:@num |the )@unit (?:later|after that|afterwards|after(?= *(?:$|[,.;!?])))"),
)

ENGLISH = Language(
    weekdays=WEEKDAYS,
    months=MONTHS,
    safe_months=frozenset(MONTH_NAMES) - {"may"},
    numbers=_COUNTS,
    ordinals=ORDINALS,
    ordinal_suffix="st|nd|rd|th",
    units={
        "day": (1, 0),
        "days": (1, 0),
        "night": (1, 0),
        "nights": (1, 0),
        "week": (7, 0),
        "weeks": (7, 0),
        "wk": (7, 0),
        "wks": (7, 0),
        "fortnight": (14, 0),
        "fortnights": (14, 0),
        "month": (0, 1),
        "months": (0, 1),
    },
    words={
        "today": 0,
        "tonight": 0,
        "this morning": 0,
        "this afternoon": 0,
        "this evening": 0,
        "tomorrow": 1,
        "day after tomorrow": 2,
        "yesterday": -1,
        "last night": -1,
        "day before yesterday": -2,
    },
    sequels={
        "the next day": 1,
        "next day": 1,
        "the following day": 1,
        "the very next day": 1,
        "the following week": 7,
        "a day trip": 0,
        "day trip": 0,
        "the same day": 0,
        "same day": 0,
        "same-day": 0,
        "that same day": 0,
        "that day": 0,
    },
    modifiers={
        "this coming": "coming",
        "this": "this",
        "the coming": "coming",
        "coming": "coming",
        "current": "this",
        "next": "next",
        "following": "following",
        "last": "last",
        "past": "last",
        "previous": "last",
    },
    parts={
        word: part
        for part, words in {
            "early": ("early", "early in", "beginning of", "the beginning of", "start of", "the start of"),
            "mid": ("mid", "middle of", "the middle of"),
            "late": ("late", "late in", "end of", "the end of", "later"),
        }.items()
        for word in words
    },
    nths={"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1},
    holidays=HOLIDAYS,
    typos={
        "tmrw": "tomorrow",
        "tmr": "tomorrow",
        "tmw": "tomorrow",
        "tomoz": "tomorrow",
        "2morrow": "tomorrow",
        "tommorow": "tomorrow",
        "tomorow": "tomorrow",
        "tommorrow": "tomorrow",
        "tomm": "tomorrow",
        "2day": "today",
        "wensday": "wednesday",
        "wendsday": "wednesday",
        "wensdays": "wednesday",
        "wednsday": "wednesday",
        "thrusday": "thursday",
        "thursdsay": "thursday",
        "tusday": "tuesday",
        "teusday": "tuesday",
        "saterday": "saturday",
        "satuday": "saturday",
        "freiday": "friday",
        "feburary": "february",
        "febuary": "february",
        "apirl": "april",
        "agust": "august",
        "augst": "august",
        "setember": "september",
        "wkend": "weekend",
        "wknd": "weekend",
        "fortnite": "fortnight",
        "chirstmas": "christmas",
        "thanksgivings": "thanksgiving",
    },
    fuzzy=frozenset(
        listed(
            "monday tuesday wednesday thursday friday saturday sunday tomorrow yesterday weekend january february \
september october november december christmas thanksgiving"
        )
    ),
    not_day=r"people|persons?|passengers?|adults?|tickets?|pax|child|children|kids?|infants?|of us|seats?|bags?|"
    r"am|pm|a\.m|p\.m|o'clock|hours?|hrs?|percent|stops?|nights?|days?|weeks?|months?|travell?ers?|guests?|"
    r"dollars|euros?|usd|eur|bucks|or (?:so|more|fewer) people",
    not_ordinal=r"options?|flights?|ones?|class|floor|leg|choice|time|person|passengers?|row|seats?|bags?|results?|"
    r"offer|fare|tickets?|half|thing|available|place|item|street|avenue|ave|grade|birthday|anniversary|trip|days?|"
    r"weeks?|weekends?|months?|cheapest|fastest|earliest|latest|best|two|three|class|name|of (?:the|these|those|them)"
    r"(?! month)|morning|adult|child|traveller|traveler|airline|date|question|city|stop",
    rules=RULES,
    asked_rules=(
        (
            "bare_day",
            r"^\W*(?:(?:on|maybe|make it|say|um|ok|how about|let's say) )*(?P<span>(?:the )?@day)"
            r"(?: (?:please|pls|thanks|i think|would be fine|is fine|works))?\W*$",
        ),
        ("bare_day", r"(?P<span>the @ord@notordinal)"),
        ("month", r"^\W*(?P<span>@month(?: @year)?)\W*$"),
        ("dotted", r"^\W*(?:on )?(?P<span>(?P<dd>\d{1,2})\.(?P<mm>\d{1,2}))\W*$"),
        ("numeric", r"^\W*(?:on )?(?P<span>(?P<one>\d{1,2})-(?P<two>\d{1,2}))\W*$"),
    ),
    stays=(
        _NOT_COUNTED + r"(?:an? |the )?(?P<sequel>same[ -]day|day trip)(?: return)?",
        r"for (?:about |around |only |just |like )?@num (?:more )?@unit"
        r"(?! (?:from (?:now|today)|ago|before|in advance))",
        r"stay(?:ing)?(?: there)? (?:for )?(?:about )?@num @unit",
        r"(?<!in )@num[ -](?P<unit>nights?)(?! (?:ago|later|after|before))",
        r"(?:an? |the )?@num[ -]@unit[ -](?:trip|stay|holiday|vacation|break|visit|getaway)",
        r"(?P<num>a) @unit[ -]?long (?:trip|stay|holiday|vacation|break|visit)",
    ),
    asked_stays=(r"^\W*(?:(?:maybe|about|like|just|after|let's say) )*@num @unit(?: (?:please|i think))?\W*$",),
    shift=r"(?:(?<!for )(?<!stay )(?<!staying )(?<!about )@num |the |on |\A)(?P<unit>days?|weeks?|fortnight|months?) "
    r"(?:(?P<before>before|prior to)|from|after|past|on)(?: the)? |"
    r"(?<!for )(?<!stay )(?<!staying )(?P<num2>a|1|one|two|2) (?P<unit2>weeks?) ",
    wrap=r"(?:the )?(?P<wrap>weekend|week)(?: (?:of|starting|beginning|commencing|with))(?: on)?(?: the)? ",
    range_gap=r",? ?(?:morning |afternoon |evening |night )?"
    r"(?:up )?(?:to|until|till|til|thru|through|-) ?(?:on )?(?:the )?",
    between=r"between (?:the )?",
    between_gap=r" and (?:the )?",
    changing=r"\b(?:change|move|switch|reschedule|push|postpone|shift|bring)\b.*\bfrom (?:the )?\Z",
    alternative=r"(?: or| and|,|/| or maybe| or on| and on)?(?: or| and)? ?(?:the )?",
    departure_cue=r"out on|leav(?:e|es|ing)|depart(?:s|ing|ure|ures)?|outbound|outgoing|starting|start|"
    r"(?:fly|flying|head|heading|set|setting|go|going|get|getting) (?:out|off)(?: on)?|going on|go on|going(?= $)",
    return_cue=r"returning|returns|(?<!a )(?<!book )return(?! (?:ticket|trip|fare|journey|"
    r"flights?\b(?! (?:on|is|for|date))))|"
    r"back|inbound|(?:come|coming|go|going|get|getting|fly|flying|be) home|home(?= on)",
    clause=r"[.;!?,]|\b(?:and|then|but|while)\b",
    library=r"days?|weeks?|weekends?|months?|fortnights?|year|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|"
    r"saturdays?|sundays?|eve|holiday|end of|middle of|soon|mother's day|father's day|"
    + "|".join(MONTH_NAMES[:4] + MONTH_NAMES[5:]),
    culture="English",
)
