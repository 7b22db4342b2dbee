"""How many people fly: from "me, my wife and a baby" or "a party of four" to a number.

Place in the flow: NLU passes the traveller's sentence, `asked=True` when the last question was for the number of
passengers; the mention becomes the slot `passengers`. Whether so many can be booked is the caller's business.
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from flights.dates.language import alternation, compiled
from flights.dates.scan import fold
from flights.languages import load
from flights.people.language import ADULT, CHILD, INFANT, PeopleWords


@dataclass(frozen=True)
class PassengerMention:
    """The number of passengers in a text.

    `start` and `end` are character offsets, `text` what stands there. `adults`, `children` and `infants` are None
    unless the traveller told them apart; they then add up to `count`. With `added` the count comes on top of those
    known to fly, and is below 0 for those who stay at home.
    """

    start: int
    end: int
    text: str
    count: int
    adults: int | None = None
    children: int | None = None
    infants: int | None = None
    added: bool = False


MAX_BARE_COUNT = 20  # "for 300" is a price


@dataclass(frozen=True)
class _Patterns:
    wholes: tuple[re.Pattern, ...]
    checked: tuple[re.Pattern, ...]
    fixed: tuple[tuple[re.Pattern, int], ...]
    asked_fixed: tuple[tuple[re.Pattern, int], ...]
    person: re.Pattern
    joint: re.Pattern
    beside: re.Pattern
    beneficiary: re.Pattern
    number: re.Pattern
    not_count: re.Pattern
    not_before: re.Pattern
    comes_along: re.Pattern
    brings: re.Pattern
    stays: re.Pattern
    added: tuple[tuple[re.Pattern, int], ...]
    and_i: re.Pattern


@lru_cache(maxsize=8)
def _patterns(locale: str) -> tuple[PeopleWords, _Patterns]:
    words = load(locale, "people", PeopleWords)
    digits = r"(?<![.,:/#+-])\d{1,4}(?![\d:/%€$£]|[.,]\d)"
    number = rf"(?P<num>{digits}|{'|'.join(words.zeros)}|{alternation(words.numbers)})(?!\w)"
    counted = rf"(?P<count>{digits}|{alternation({**words.numbers, **words.articles})}) (?:{words.more})?"
    who = alternation({**words.relatives, **words.kinds})

    def phrase(pattern: str) -> re.Pattern:
        return re.compile(rf"(?<![\w$€£-])(?:{pattern.replace('@num', number)})(?!\w)")

    return words, _Patterns(
        wholes=tuple(phrase(pattern) for pattern in words.wholes),
        checked=tuple(phrase(pattern) for pattern in words.checked),
        fixed=tuple((phrase(pattern), count) for pattern, count in words.fixed.items()),
        asked_fixed=tuple(
            (re.compile(rf"\W*(?:{pattern}){words.asked_tail}\W*"), count)
            for pattern, count in words.asked_fixed.items()
        ),
        person=re.compile(
            rf"(?<![\w$€£'-])(?:(?P<self>{words.myself})|(?P<owner>(?:{words.owner}) )?(?:{counted})?"
            rf"(?:(?:{words.adjective}) )*(?P<who>{who}))(?![\w-]|{words.possessive})"
        ),
        joint=re.compile(words.joint),
        beside=re.compile(rf"(?<!\w)(?:{words.beside}) \Z"),
        beneficiary=re.compile(rf"(?:(?<!\w)(?:{words.beneficiary}) |^\W*)\Z"),
        number=phrase("@num"),
        not_count=re.compile(
            rf"(?: ?(?:{words.range_joint}) ?(?:{digits}|{alternation(words.numbers)}))?"
            rf"[ -]?(?:{words.not_count})(?!\w)"
        ),
        not_before=re.compile(rf"(?<!\w)(?:{words.asked_not_before}) \Z"),
        comes_along=re.compile(words.comes_along),
        brings=re.compile(rf"(?<!\w)(?:{words.brings}) \Z"),
        stays=re.compile(words.stays),
        added=(
            *((phrase(pattern), 1) for pattern in words.added),
            *((phrase(pattern), -1) for pattern in words.removed),
        ),
        and_i=re.compile(rf"(?<!\w)(?:{words.and_i}) \Z"),
    )


@dataclass(frozen=True)
class _Group:
    """People named one by one: where, how many of each sort, and whether the sorts were told apart."""

    start: int
    end: int
    sorts: Counter
    sorted: bool

    @property
    def count(self) -> int:
        return sum(self.sorts.values())


def find_passengers(text: str, *, asked: bool = False, locale: str = "en") -> PassengerMention | None:
    """Find how many people fly, or None when the text does not say.

    "a ticket" and "a flight" say nothing; "one ticket" does. With `asked`, a bare number counts people.
    Raises ValueError for a locale without tables.
    """
    words, patterns = _patterns(locale)
    folded = fold(text, compiled(locale).misspelt)
    said = folded.text
    more = _added(said, words, patterns)
    if more:
        start, end = folded.source(more.start, more.end)
        return PassengerMention(start, end, text[start:end], more.count, added=True)
    groups = _groups(said, words, patterns)
    whole = _whole(said, words, patterns)
    if whole:
        answer = _combine(whole, groups, said, words, patterns)
    elif groups:
        answer = max(groups, key=lambda one: one.count)
    else:
        answer = _fixed(said, patterns.fixed) or _checked(said, words, patterns)
        if answer is None and asked:
            answer = _bare(said, words, patterns)
    if answer is None:
        return None
    start, end = folded.source(answer.start, answer.end)
    sorts = [answer.sorts[sort] for sort in (ADULT, CHILD, INFANT)] if answer.sorted else [None] * 3
    return PassengerMention(start, end, text[start:end], answer.count, *sorts)


def _number(text: str, words: PeopleWords) -> int:
    plain = text.replace("-", " ")
    return int(text) if text.isdigit() else {**words.numbers, **words.articles, **dict.fromkeys(words.zeros, 0)}[plain]


def _simple(match: re.Match, count: int) -> _Group:
    return _Group(*match.span(), Counter({ADULT: count}), False)


def _whole(said: str, words: PeopleWords, patterns: _Patterns) -> _Group | None:
    found = []
    for pattern in patterns.wholes:
        if match := pattern.search(said):
            found.append(_simple(match, 2 if "two" in match.groupdict() else _number(match.group("num"), words)))
    return min(found, key=lambda one: one.start, default=None)


def _checked(said: str, words: PeopleWords, patterns: _Patterns) -> _Group | None:
    for pattern in patterns.checked:
        for match in pattern.finditer(said):
            count = _number(match.group("num"), words)
            if count <= MAX_BARE_COUNT and not patterns.not_count.match(said, match.end()):
                return _simple(match, count)
    return None


def _fixed(said: str, table) -> _Group | None:
    return next((_simple(match, count) for pattern, count in table if (match := pattern.search(said))), None)


def _bare(said: str, words: PeopleWords, patterns: _Patterns) -> _Group | None:
    for pattern, count in patterns.asked_fixed:
        if match := pattern.fullmatch(said):
            return _simple(match, count)
    found = [
        match
        for match in patterns.number.finditer(said)
        if not patterns.not_count.match(said, match.end()) and not patterns.not_before.search(said[: match.start()])
    ]
    return _simple(found[0], _number(found[0].group("num"), words)) if len(found) == 1 else None


def _added(said: str, words: PeopleWords, patterns: _Patterns) -> _Group | None:
    """Who comes on top of those known to fly, or stays at home: "one more person", "my sister comes along"."""
    for pattern, sign in patterns.added:
        if match := pattern.search(said):
            named = match.groupdict()
            count = 1 if named.get("one") else _number(named["num"], words)
            everybody = patterns.and_i.search(said[: match.start()])  # "me and two more people"
            return None if everybody or count > MAX_BARE_COUNT else _simple(match, sign * count)
    for chain in _chains(said, patterns):
        end = chain[-1].end()
        brought = patterns.brings.search(said[: chain[0].start()]) or patterns.comes_along.match(said, end)
        sign = -1 if patterns.stays.match(said, end) else 1 if brought else 0
        tally = _tally(chain, words, has_self=False) if sign and not any(each["self"] for each in chain) else None
        if tally:
            return _Group(chain[0].start(), end, Counter({ADULT: sign * sum(tally[0].values())}), False)
    return None


def _groups(said: str, words: PeopleWords, patterns: _Patterns) -> list[_Group]:
    """The people named one by one who are everybody."""
    found = [_group(chain, said, words, patterns) for chain in _chains(said, patterns)]
    return [one for one in found if one]


def _chains(said: str, patterns: _Patterns) -> list[list[re.Match]]:
    """Persons named one by one, joined by "and", "with" or commas."""
    chains: list[list[re.Match]] = []
    for match in patterns.person.finditer(said):
        if chains and _joined(said, chains[-1][-1].end(), match, patterns):
            chains[-1].append(match)
        else:
            chains.append([match])
    return chains


def _joined(said: str, end: int, match: re.Match, patterns: _Patterns) -> bool:
    """Whether a person stands beside the one that ends at `end`; "me my wife" needs no more than a space."""
    return bool(
        patterns.joint.fullmatch(said, end, match.start()) or (match["owner"] and said[end : match.start()] == " ")
    )


def _group(chain: list[re.Match], said: str, words: PeopleWords, patterns: _Patterns) -> _Group | None:
    has_self = any(match.group("self") for match in chain)
    tally = _tally(chain, words, has_self=has_self)
    if tally is None:
        return None
    sorts, told_apart, counted_kind = tally
    before = said[: chain[0].start()]
    beside = bool(patterns.beside.search(before)) and not counted_kind
    named = patterns.beneficiary.search(before) and (before.strip() or re.match(words.alone, said[chain[-1].end() :]))
    if not sorts or not (beside or counted_kind or (has_self and len(chain) > 1) or named):
        return None
    sorts[ADULT] += int(has_self or beside)
    return _Group(chain[0].start(), chain[-1].end(), sorts, told_apart)


def _tally(chain: list[re.Match], words: PeopleWords, *, has_self: bool) -> tuple[Counter, bool, bool] | None:
    """How many of each sort beside the speaker, whether sorts were told apart, whether a sort was counted.

    None when the words count nobody.
    """
    sorts: Counter = Counter()
    told_apart = counted_kind = False
    for match in chain:
        if match.group("self"):
            continue
        who = match.group("who")
        sort, each = words.relatives.get(who) or (words.kinds[who], 0)
        if match.group("count"):
            each = _number(match.group("count"), words)
            article = match.group("count") in words.articles and not (words.articles_count and len(chain) > 1)
            counted_kind |= who in words.kinds and not article
        elif not match.group("owner") and not has_self:
            return None  # "a wife's name": nobody who flies
        if not each and not match.group("count"):
            return None  # "my kids": how many is not said
        sorts[sort] += each
        told_apart |= sort != ADULT or who in words.kinds
    return sorts, told_apart, counted_kind


def _combine(whole: _Group, groups: list[_Group], said: str, words: PeopleWords, patterns: _Patterns) -> _Group:
    """Read a number of everybody together with people named: "two of us plus a baby", "3 people, one child"."""
    for match in patterns.person.finditer(said, whole.end):
        sort = words.kinds.get(match.group("who"))
        if sort and match.group("count") and patterns.joint.fullmatch(said, whole.end, match.start()):
            sorts = whole.sorts + Counter({sort: _number(match.group("count"), words)})
            return _Group(whole.start, match.end(), sorts, True)
    for one in groups:
        if one.sorted and one.count <= whole.count:
            sorts = Counter(one.sorts)
            sorts[ADULT] += whole.count - one.count
            return _Group(min(one.start, whole.start), max(one.end, whole.end), sorts, True)
    return whole
