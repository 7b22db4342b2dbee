"""Finds the dates of a sentence: the grammar, then ranges, roles and stays, and the library as a last resort.

Place in the flow: NLU passes the traveller's sentence, today and what is known of the trip; the mentions become
`departure_date` and `return_date`. Nothing here reads the clock.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from flights.dates import library
from flights.dates.language import DEPARTURE, RETURN, Compiled, compiled
from flights.dates.resolve import Known, Value, resolve, shifted
from flights.dates.roles import assign_roles
from flights.dates.scan import Folded, Phrase, fold, phrases

RETURN_ASKED, DEPARTURE_ASKED = "return_date", "departure_date"
_PUNCTUATION = " ,()."
_PREFIX_CHARACTERS = 45


@dataclass(frozen=True)
class DateMention:
    """A date, or a range of dates, in a text.

    `start` and `end` are character offsets, `text` what stands there. `last` is None for a single day. `grain` is one
    of day, week, weekend, month, range; a part of a week or month is no range but one vague day. `past` says that the
    traveller named a date before today.
    """

    start: int
    end: int
    text: str
    first: date
    last: date | None = None
    role: str | None = None
    grain: str = "day"
    past: bool = False


@dataclass(frozen=True)
class StayMention:
    """How long the traveller stays ("for a week", "day trip"): whole days, or months counted from the departure."""

    start: int
    end: int
    text: str
    days: int
    months: int = 0


@dataclass(frozen=True)
class _Item:
    """A phrase on its way to a mention; `until` is the phrase that ends its range, `shift` moves it."""

    start: int
    end: int
    phrase: Phrase
    until: Phrase | None = None
    shift: tuple[int, tuple[int, int]] | None = None
    wrap: str | None = None
    between: bool = False
    role: str | None = None

    def value(self, known: Known) -> Value | None:
        value = resolve(self.phrase, known)
        if value is None:
            return None
        if self.shift:
            day = shifted(value.first, *self.shift)
            value = Value(day, past=day < known.today)
        if self.wrap:
            monday = value.first - timedelta(days=value.first.weekday())
            first, last = (monday + timedelta(days=5), 6) if self.wrap == "weekend" else (monday, 6)
            last = monday + timedelta(days=last)
            value = Value(max(first, known.today), last, self.wrap, last < known.today)
        if self.until:
            end = resolve(self.until, replace(known, after=value.first))
            last = end and (end.last or end.first)
            if not last or last < value.first:
                return value
            value = Value(value.first, last, "range", value.past)
        return value


def find_dates(
    text: str, *, today: date, locale: str = "en", after: date | None = None, asked: str | None = None
) -> tuple[DateMention, ...]:
    """Find the dates of a text, in the order of the sentence.

    `after` is a departure already known: a return given as a bare weekday or day of the month, or by its distance
    ("a week later"), is counted from it. `asked` is the slot asked for (`departure_date`, `return_date`): then a bare
    "15" is a day of the month and a bare "5 days", for the return, a stay. A role is given only when words say so.
    "for a week" ends the mention of the departure; a range with "to" has no departure role, its first day is one.
    Raises ValueError for a locale without tables.
    """
    tables = compiled(locale)
    folded = fold(text, tables.misspelt)
    found = phrases(folded.text, tables, asked=asked is not None)
    known = Known(today, day_first=tables.language.day_first)
    items = _items(folded.text, found, tables, known)
    items = [replace(one, role=role) for one, role in zip(items, _roles(folded.text, items, tables), strict=True)]
    mentions = _mentions(folded, text, items, known, after, asked)
    mentions = _with_stay(folded, text, mentions, tables, after, asked)
    if not mentions and not found:
        mentions = _from_library(folded, text, today, tables)
    return tuple(mentions)


def find_stay(text: str, *, locale: str = "en") -> StayMention | None:
    """Find how long the traveller stays, to be counted from a departure that is not yet known."""
    tables = compiled(locale)
    folded = fold(text, tables.misspelt)
    return _stay(folded, text, tables, None)


def warm(locale: str = "en") -> None:
    """Compile the tables and load the library (about a second), so that no traveller waits for it."""
    tables = compiled(locale)
    library.recognize("the second sunday of may", date(2027, 1, 1), tables.language.culture)


def _items(text: str, found: list[Phrase], tables: Compiled, known: Known) -> list[_Item]:
    """Join phrases that are one date ("March 8, Friday"), one range, or a moved date ("a week from Friday")."""
    anywhere = replace(known, after=known.today)
    items: list[_Item] = []
    for phrase in found:
        if resolve(phrase, anywhere) is None:
            continue
        item = _prefixed(text, _Item(phrase.start, phrase.end, phrase), tables, items[-1].end if items else 0)
        previous = items[-1] if items else None
        gap = text[previous.end : phrase.start] if previous else ""
        if previous and _same_day(previous, item, gap, known):
            items[-1] = replace(previous, end=item.end)
        elif previous and item.shift is None and (joined := _joined(text, previous, item, gap, tables)):
            items[-1] = joined
        else:
            items.append(item)
    return items


def _prefixed(text: str, item: _Item, tables: Compiled, floor: int) -> _Item:
    if item.phrase.kind == "sequel":
        return item
    start = max(floor, item.start - _PREFIX_CHARACTERS)
    before = text[start : item.start]
    if item.phrase.kind != "month" and (match := tables.wrap.search(before)):
        return replace(item, start=start + match.start(), wrap=match.lastgroup)
    if match := tables.shift.search(before):
        values = {name: tables.value(name, part) for name, part in match.groupdict().items() if part is not None}
        number = values.get("num", values.get("num2", 1))
        unit = values.get("unit", values.get("unit2"))
        return replace(item, start=start + match.start(), shift=(-number if "before" in values else number, unit))
    return item


def _same_day(previous: _Item, item: _Item, gap: str, known: Known) -> bool:
    if gap.strip(_PUNCTUATION):
        return False
    one, other = previous.value(known), item.value(known)
    if not one or not other or one.last or other.last:
        return False
    weekday = item.phrase.values.get("weekday") if item.phrase.kind == "weekday" else None
    return one.first == other.first or weekday == one.first.weekday()


def _joined(text: str, previous: _Item, item: _Item, gap: str, tables: Compiled) -> _Item | None:
    if previous.until or "sequel" in (previous.phrase.kind, item.phrase.kind) or previous.phrase.kind.endswith("_days"):
        return None
    before = text[: previous.start]
    if tables.between.search(before) and tables.between_gap.match(gap):
        return replace(previous, end=item.end, until=item.phrase, between=True)
    if tables.range_gap.match(gap) and not tables.changing.search(before):
        return replace(previous, end=item.end, until=item.phrase)
    return None


def _roles(text: str, items: list[_Item], tables: Compiled) -> list[str | None]:
    roles = assign_roles(text, [(one.start, one.end) for one in items], tables)
    for i, item in enumerate(items):
        if item.phrase.kind == "sequel":
            roles[i] = RETURN
        ranged = item.until or item.phrase.kind.endswith("_days")
        between = item.between or bool(tables.between.search(text[: item.start]))
        if ranged and roles[i] == DEPARTURE and not between:
            roles[i] = None
    return roles


def _mentions(folded: Folded, text: str, items: list[_Item], known: Known, after, asked) -> list[DateMention]:
    departure = next((i for i, one in enumerate(items) if one.role == DEPARTURE), None)
    if departure is None:
        departure = next((i for i, one in enumerate(items) if one.role is None), None)
    leaving = None
    if departure is not None:
        alone = items[departure].role is None and not any(one.role for one in items)
        value_after = after if alone and asked != DEPARTURE_ASKED else None
        leaving = _borrow_month(items, departure, known) or items[departure].value(replace(known, after=value_after))
    mentions = []
    for i, item in enumerate(items):
        if i == departure:
            value = leaving
        elif item.role == RETURN:
            value = item.value(replace(known, after=leaving.first if leaving else after))
        elif item.role is None and asked != DEPARTURE_ASKED and items[departure].role is None:
            value = item.value(replace(known, after=after))
        else:
            value = item.value(known)
        if value:
            start, end = folded.source(item.start, item.end)
            mentions.append(
                DateMention(start, end, text[start:end], value.first, value.last, item.role, value.grain, value.past)
            )
    return mentions


def _borrow_month(items: list[_Item], departure: int, known: Known) -> Value | None:
    """ "leave on the 8th, return on the 12th of March": the 8th is in March too."""
    item = items[departure]
    if item.phrase.kind != "bare_day" or item.until or item.shift or departure + 1 >= len(items):
        return None
    later = items[departure + 1]
    if later.role != RETURN or later.phrase.kind not in ("day_month", "month_day", "day_of_month"):
        return None
    end, own = later.value(known), item.value(known)
    if end is None or own is None or own.first.day > end.first.day:
        return None
    first = end.first.replace(day=own.first.day)
    return Value(first) if first >= known.today else None


def _stay(folded: Folded, text: str, tables: Compiled, asked: str | None) -> StayMention | None:
    patterns = tables.stays + tables.asked_stays if asked == RETURN_ASKED else tables.stays
    for pattern in patterns:
        if match := pattern.search(folded.text):
            start, end = folded.source(*match.span())
            groups = match.groupdict()
            if groups.get("sequel"):
                return StayMention(start, end, text[start:end], 0)
            number, (days, months) = tables.value("num", groups["num"]), tables.value("unit", groups["unit"])
            return StayMention(start, end, text[start:end], number * days, number * months)
    return None


def _with_stay(folded, text, mentions, tables, after, asked) -> list[DateMention]:
    if any(one.role == RETURN or one.last for one in mentions):
        return mentions
    stay = _stay(folded, text, tables, asked)
    if stay is None or any(one.start < stay.end and stay.start < one.end for one in mentions):
        return mentions
    leaving = next((i for i, one in enumerate(mentions) if one.role in (DEPARTURE, None)), None)
    try:
        if leaving is not None:
            one = mentions[leaving]
            last = shifted(one.first, 1, (stay.days, stay.months))
            start, end = one.start, one.end
            if not text[one.end : stay.start].strip(_PUNCTUATION) and stay.start >= one.end:
                end = stay.end
            whole = replace(one, start=start, end=end, text=text[start:end], last=last, grain="range")
            return [*mentions[:leaving], whole, *mentions[leaving + 1 :]]
        if after:
            day = shifted(after, 1, (stay.days, stay.months))
            return [DateMention(stay.start, stay.end, stay.text, day, role=RETURN)]
    except (ValueError, OverflowError):
        pass
    return mentions


def _from_library(folded: Folded, text: str, today: date, tables: Compiled) -> list[DateMention]:
    hint = tables.library.search(folded.text)
    if not hint:
        return []
    start, end = library.window(folded.text, hint.start())
    found = library.recognize(folded.text[start:end], today, tables.language.culture)
    spans = [(start + one.start, start + one.end) for one in found]
    mentions = []
    for span, one, role in zip(spans, found, assign_roles(folded.text, spans, tables), strict=True):
        first, last = folded.source(*span)
        value = one.value
        mentions.append(
            DateMention(first, last, text[first:last], value.first, value.last, role, value.grain, value.past)
        )
    return mentions
