"""The English words for people who travel (data; `find.py` reads it)."""

from dataclasses import dataclass

from flights.dates.english import NUMBERS
from flights.dates.language import listed

ADULT, CHILD, INFANT = "adult", "child", "infant"


@dataclass(frozen=True)
class PeopleWords:
    """The words of one language. Patterns are regular expressions over folded text; `@num` is a number."""

    numbers: dict[str, int]
    articles: dict[str, int]  # numbers only before a person: "a friend"
    kinds: dict[str, str]  # "kids": child
    relatives: dict[str, tuple[str, int]]  # "wife": (adult, 1), "parents": (adult, 2); 0 needs a number before it
    owner: str  # "my": stands before a relative
    adjective: str
    myself: str
    beside: str  # "with": stands before those who come along
    beneficiary: str  # "for": stands before those who fly
    joint: str  # stands between two travellers
    comes_along: str  # follows somebody who flies too: "my sister comes along"
    brings: str  # stands before somebody who flies too: "we're bringing"
    stays: str  # follows somebody who does not: "my sister can't come"
    added: tuple[str, ...]  # a number on top of those who fly: "@num more people"
    removed: tuple[str, ...]  # a number of those who do not after all: "@num person less"
    and_i: str  # stands before such a number where everybody is named: "me and two more people"
    wholes: tuple[str, ...]  # a number that is everybody: "party of @num"
    checked: tuple[str, ...]  # the same, unless `not_count` follows: "for @num"
    fixed: dict[str, int]  # a phrase that is a number: "just me"
    not_count: str  # what follows a number that counts no people
    asked_fixed: dict[str, int]
    asked_not_before: str  # what stands before a number that counts no people: "option"


_FARE = (
    r"(?:(?:economy|business|first|premium|class|coach|one[- ]?way|round[- ]?trip|return|direct|non-?stop|cheap|"
    r"cheapest|plane|airline|air|flight|more|adult|full|fare|single|paying|fellow)[ -]){0,4}"
)
_SOMEBODY = r"(?:people|persons?|passengers?|travell?ers?|tickets?|seats?|adults?|child(?:ren)?|kids?|guests?|ppl)"
_MONTH = r"(?:of )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_ADULTS = listed(
    "wife husband spouse partner fiance fiancee girlfriend boyfriend gf bf friend colleague coworker boss mother \
father mom mum dad mama papa sister brother uncle aunt cousin grandmother grandfather grandma grandpa roommate \
assistant buddy niece nephew mother-in-law father-in-law"
)
ENGLISH = PeopleWords(
    numbers={word: number for word, number in NUMBERS.items() if number},
    articles={"a": 1, "an": 1, "a couple of": 2, "another": 1},
    kinds={
        **dict.fromkeys(listed("adult adults grown-up grown-ups grownups senior seniors"), ADULT),
        **dict.fromkeys(listed("child children kid kids teenager teenagers teen teens toddler toddlers"), CHILD),
        **dict.fromkeys(listed("infant infants baby babies newborn"), INFANT),
    },
    relatives={
        **dict.fromkeys(_ADULTS, (ADULT, 1)),
        **dict.fromkeys(listed("son daughter grandson granddaughter grandchild"), (CHILD, 1)),
        **dict.fromkeys(listed("parents grandparents"), (ADULT, 2)),
        **dict.fromkeys(
            listed("friends colleagues coworkers sisters brothers cousins buddies mates others"), (ADULT, 0)
        ),
        **dict.fromkeys(listed("sons daughters grandchildren grandkids"), (CHILD, 0)),
    },
    owner=r"my|our|his|her|their|the|your",
    adjective=r"small|little|young|lap|older|younger|best|good|other|more|full|paying|new",
    myself=r"me|myself|i",
    beside=r"(?:along |together )?with|plus|accompanied by",
    beneficiary=r"for|just|only|it's|its|it is|it'll be|there's|there is",
    joint=r" ?, ?(?:and |plus )?| and (?:also )?(?:for )?| plus | \+ ?| ?& ?| (?:along |together )?with ",
    comes_along=r"(?: of (?:mine|ours))?"
    r"(?: (?:is|are|will|would|can|might|may|wants? to|would like to|decided to|also|now|be|going to))*(?:'s|'ll)?"
    r"(?: (?:also|now|be|going to))* (?:(?:com(?:e|es|ing)|fl(?:y|ies|ying)|go(?:es|ing)?|travel(?:s|l?ing)?)"
    r" (?:along|too|as well|also|with (?:me|us))|com(?:es|ing)(?=\W*$)|tag(?:s|ging)? along"
    r"|join(?:s|ing|ed)?\b(?: (?:me|us|in))?(?! (?:in|there|at|a|an|the|from|me|us) ?))",
    brings=r"(?:bring(?:ing)?|tak(?:e|ing)|add(?:ing)?)(?: along)?",
    stays=r" (?:is|are|will|wo|ca|can|does|do)(?:n't|nt| ?not) (?:be )?(?:able to )?"
    r"(?:com(?:e|ing)|join(?:ing)?|fl(?:y|ying)|"
    r"travel(?:l?ing)?|mak(?:e|ing) it|go(?:ing)?)",
    added=(
        rf"@num (?:more|extra|additional) {_SOMEBODY}",
        rf"(?P<one>another|an? (?:extra|additional)) {_SOMEBODY}",
        rf"add (?:@num|(?P<one>another))(?: more)?(?: {_SOMEBODY})?(?= ?[.!,]|$| to (?:the|my|our) )",
        r"plus @num(?= ?[.!,]|$)",
        r"@num more (?:is|are) (?:coming|joining)(?: along| too| us| me)?",
    ),
    removed=(
        rf"@num (?:{_SOMEBODY} (?:less|fewer)|(?:less|fewer) {_SOMEBODY})",
        rf"(?P<one>an?) {_SOMEBODY} (?:less|fewer)",
    ),
    and_i=r"(?:me|myself|i)(?: and| plus| ?\+| ?&| ?,| with)?",
    wholes=(
        r"(?:party|group|family|total|crew|team) of (?:about )?@num",
        r"(?:the |all )?@num of (?:us|them|you)",
        r"us @num",
        rf"@num {_FARE}(?:people|persons?|passengers?|pax|travell?ers?|tickets?|seats?|guests?|individuals?|folks|ppl)",
        rf"(?:a )?(?P<two>pair|couple) of {_FARE}(?:tickets|seats)",
    ),
    checked=(
        r"(?:we are|we're|we will be|we'll be) (?:only |just |about )?@num(?! of)",
        r"for (?:just |only |about |all )?@num(?! of)",
        r"make (?:it|that) @num(?! of)",
    ),
    fixed={
        r"(?:me|myself|i) ?(?:plus|\+|and) ?(?:1|one)": 2,
        r"(?:both|the pair) of (?:us|them)": 2,
        r"(?:for|we're|we are|as) a couple(?! of)|(?:(?<=^)a couple(?=$))": 2,
        r"(?:just|only) (?:for )?(?:me|myself)": 1,
        r"(?<!leave )(?:me|myself) (?:only|alone)": 1,
        r"(?:all )?by myself|on my own|solo|nobody else|no one else": 1,
        r"(?:fly|flying|go|going|travel|travell?ing|i'm|i am|be|all|journey|trip) alone": 1,
    },
    not_count=r"days?|nights?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|bags?|suitcases?|luggage|carry|stops?|"
    r"stopovers?|layovers?|dollars?|euros?|usd|eur|bucks|pounds?|gbp|percent|points|miles|km|kg|stars?|am|pm|a\.m|p\.m|"
    r"o'clock|ways?|one[- ]way|options?|flights?|things?|airlines|cit(?:y|ies)|times?|reasons?|legs?|trips?|rooms?|"
    r"cars?|fortnights?|weekends?|other|moment|second|while|in the (?:morning|afternoon|evening)|at night|"
    r"hundred|thousand|" + _MONTH,
    asked_fixed={r"(?:for )?(?:me|myself)|alone|single": 1, r"a couple|both|us both": 2},
    asked_not_before=r"option|number|flight|no|gate|row|seat|at|by|after|before|until|around|from|the|on|terminal|age|"
    r"aged|first|second|third|last|other|cheapest|cheaper|best|earliest|fastest|direct|this|that|which|any|every|to",
)
