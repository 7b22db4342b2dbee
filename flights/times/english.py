"""The English words and phrases for times of day (data; `find.py` reads it)."""

from dataclasses import dataclass

from flights.dates.english import NUMBERS


@dataclass(frozen=True)
class TimeWords:
    """The words of one language. Patterns are regular expressions over folded text."""

    hours: dict[str, int]
    clock_words: dict[str, int]  # "noon": minutes after midnight
    minutes_past: dict[str, int]  # "half past": 30, "quarter to": -15
    clock: str  # one clock time, with the groups past, hour, minute, half, military
    afternoon_letter: str
    parts: dict[str, tuple[str, str | None, str | None]]  # "after lunch": (part, earliest, latest)
    late_parts: frozenset[str]  # parts that make 7 mean 19:00
    part_lead: str
    greeting: str  # what stands before a part that is then a greeting: "good morning"
    counted: dict[str, str]  # what stands before a part that is then a length: "one night"
    leads: dict[str, str]  # after, before, around, at: what stands before a clock time
    tail: str
    tail_leads: dict[str, str]
    pair_lead: str
    pair_gap: str
    merge_gap: str
    not_time: str  # what follows a number that is no time
    arrival: str  # what stands before a time of arrival
    blocked: tuple[str, ...]  # dates: their digits are no times


_MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_WORD_PARTS = {
    "morning": ("05:00", "11:59", ("morning", "mornings", "in the am")),
    "early_morning": (
        "05:00", "08:59",
        ("early morning", "early in the morning", "early flight", "early departure", "first thing",
         "first thing in the morning", "crack of dawn", "early bird", "morning early"),
    ),
    "late_morning": ("10:00", "11:59", ("late morning", "late in the morning", "mid morning")),
    "midday": ("11:00", "13:59", ("midday", "lunchtime", "lunch time", "around lunch", "mid day")),
    "afternoon": ("12:00", "17:59", ("afternoon", "afternoons")),
    "early_afternoon": ("12:00", "14:59", ("early afternoon", "early in the afternoon")),
    "late_afternoon": ("15:00", "17:59", ("late afternoon", "late in the afternoon", "mid afternoon")),
    "evening": ("18:00", "22:59", ("evening", "evenings", "tonight")),
    "early_evening": ("17:00", "19:59", ("early evening", "early in the evening")),
    "late_evening": ("20:00", "23:59", ("late evening", "late in the evening", "late flight", "late departure")),
    "night": ("20:00", "23:59", ("night", "at night", "nighttime", "night time", "night flight", "late night",
                                 "late at night")),
    "overnight": ("21:00", "05:59", ("red eye", "redeye", "overnight", "over night", "through the night")),
}  # fmt: skip
# What a part of the day is when nothing narrows it: earliest and latest departure.
PARTS = {part: (early, late) for part, (early, late, _) in _WORD_PARTS.items()}
_OPEN_PARTS = {
    "before lunch": ("morning", None, "12:00"),
    "after breakfast": ("morning", "09:00", None),
    "after lunch": ("afternoon", "13:00", None),
    "before dinner": ("afternoon", None, "18:00"),
    "after work": ("evening", "17:00", None),
    "after dinner": ("evening", "19:00", None),
}

ENGLISH = TimeWords(
    hours={word: number for word, number in NUMBERS.items() if 1 <= number <= 12},
    clock_words={"noon": 720, "midday": 720, "midnight": 0, "12 noon": 720, "12 midnight": 0},
    minutes_past={
        "half past": 30,
        "quarter past": 15,
        "a quarter past": 15,
        "quarter to": -15,
        "a quarter to": -15,
        "quarter of": -15,
    },
    clock=r"(?:(?P<past>half past|(?:a )?quarter (?:past|to|of)) )?"
    r"(?:(?P<military>(?:[01]\d|2[0-3])[0-5]\d)(?= ?(?:hours|hrs|h)\b)"
    r"|(?P<hour>[01]?\d|2[0-4]|@hour)(?![\d/])(?:(?:[:]|\.(?=\d\d ?[ap]\.?m)|h(?=\d))(?P<minute>[0-5]\d)(?!\d))?"
    r"(?: ?(?P<half>[ap])(?:\.m\.?|m)(?!\w)| ?(?P<oclock>o'clock|h\b))?)",
    afternoon_letter="p",
    parts={
        **{word: (part, early, late) for part, (early, late, words) in _WORD_PARTS.items() for word in words},
        **_OPEN_PARTS,
    },
    late_parts=frozenset(
        {"afternoon", "early_afternoon", "late_afternoon", "evening", "early_evening", "late_evening", "night"}
    ),
    part_lead=r"(?:in|during|at|on) (?:the )?",
    greeting=r"\bgood \Z",
    counted={"night": r"(?:\bone|\ba|\bper|\beach|\bevery|\bfirst|\d|\btwo|\bthree)[ -]\Z"},
    leads={
        "around": r"(?:at )?(?:around|about|approximately|approx\.?|roughly|circa|close to|near|~)(?: about)?",
        "after": r"(?:any ?time |some ?time )?(?:after|past|from|not before|later than|no earlier than|"
        r"not earlier than)",
        "before": r"(?:any ?time |some ?time )?(?:before|by|until|till|no later than|not later than|"
        r"earlier than|not after)",
        "at": r"(?:at|@|for the)(?: exactly)?",
    },
    tail=r" (?:or later|or earlier|or after|or before|onwards?|sharp|ish|or so|at the latest|at the earliest)|ish",
    tail_leads={
        "or later": "after",
        "or after": "after",
        "onward": "after",
        "onwards": "after",
        "at the earliest": "after",
        "or earlier": "before",
        "or before": "before",
        "at the latest": "before",
        "ish": "around",
        "or so": "around",
    },
    pair_lead=r"(?:between|from|anywhere from|anytime from|anytime between) ",
    pair_gap=r" ?(?:-|to|until|till|and|through) ?",
    merge_gap=r",? ?(?:in the |at |on the |the )?",
    not_time=r" ?(?:[%$€£/]|[.,]\d|people|persons?|passengers?|adults?|tickets?|pax|child|children|kids?|infants?|"
    r"of us|seats?|bags?|suitcases?|days?|nights?|weeks?|months?|years?|minutes?|mins?|hours\b|hrs\b|stops?|"
    r"dollars?|euros?|usd|eur|bucks|pounds?|percent|stars?|miles|km|points|options?|flights?|airlines|travell?ers?|guests?|friends|"
    r"colleagues|or more|more|(?:st|nd|rd|th)\b|(?:of )?(?:"
    + _MONTHS
    + r")[a-z]*\b|-? ?way|-\d|\d|different|other|of)",
    arrival=r"\b(?:arriv\w*|land(?:s|ing)?|get(?:ting)? (?:there|in|to [\w ]{1,20}?)|be there|be in [\w ]{1,20}?|"
    r"home|need to be (?:at|in) [\w ]{1,20}?)(?: (?:there|in|at|on|sometime|\w+day|[\w]+,?)){0,3} ?\Z",
    blocked=(
        r"\d{1,4}[/-]\d{1,2}(?:[/-]\d{2,4})?(?! ?[ap]\.?m)(?=$|[^\w:-])(?<![:]\d\d)",
        r"\b\d{1,2}\.\d{1,2}\.(?:\d{2,4})?",
        r"\b(?:" + _MONTHS + r")[a-z]*\.? (?:the )?\d{1,2}(?:st|nd|rd|th)?(?! ?[ap]\.?m|:)(?:\s*(?:-|to|until|and) ?"
        r"(?:the )?\d{1,2}(?:st|nd|rd|th)?)?(?! ?[ap]\.?m|:)\b",
        r"\b\d{1,2}(?:st|nd|rd|th)?(?: ?(?:-|to|until|and) ?\d{1,2}(?:st|nd|rd|th)?)? (?:of )?(?:"
        + _MONTHS
        + r")[a-z]*\b",
        r"[$€£] ?\d[\d.,]*(?: ?(?:-|to|and) ?[$€£]?\d+)?",
    ),
)
