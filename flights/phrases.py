"""What the program says in its own words, in the language of the traveller.

Place in the flow: `describe`, `answers` and the actions ask `phrase` for a text of `languages/<code>/phrases.yml` by
its key ("offers.title"); money and dates come in the form of the language, by Babel. Nothing is read twice.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from string import Formatter
from typing import TYPE_CHECKING, Any

from flights.languages import DEFAULT, LanguageError, code_of, content, file_of

if TYPE_CHECKING:
    from babel import Locale  # it opens a file when it is imported: nothing here does before it is asked

FILE = "phrases"
PLURALS = {"zero", "one", "two", "few", "many", "other"}
Phrase = str | dict[str, str]


def phrase(key: str, language: str = DEFAULT, *, count: int | None = None, **words: Any) -> str:
    """The phrase of a key with its words filled in; `count` chooses among plural forms and fills {count}."""
    found = phrases(language)[key]
    if isinstance(found, dict):
        form = _locale(language).plural_form(count) if (count or 0) >= 0 else "other"
        found = found.get(form, found["other"])
    return found.format(count=count, **words)


@lru_cache(maxsize=16)
def phrases(language: str) -> dict[str, Phrase]:
    """All phrases of a language by key. Raises LanguageError when one is missing, unknown, or has unknown {words}."""
    code = code_of(language)
    where = f"languages/{code}/{FILE}.yml"
    found = dict(_flat(content(file_of(code, FILE)), where))
    if code == DEFAULT:
        return found
    model = phrases(DEFAULT)
    if missing := [key for key in model if key not in found]:
        raise LanguageError(f"{where} lacks {', '.join(missing)}. See languages/{DEFAULT}/{FILE}.yml.")
    if unknown := [key for key in found if key not in model]:
        raise LanguageError(f"{where} has phrases that nobody says: {', '.join(unknown)}.")
    for key, each in found.items():
        if strange := _words_in(each) - _words_in(model[key]) - {"count"}:
            known = ", ".join(sorted(_words_in(model[key]))) or "none"
            raise LanguageError(f"{where}, {key}: nothing fills {', '.join(sorted(strange))}. Known: {known}.")
    return found


def _flat(mapping: Any, where: str, prefix: str = "") -> list[tuple[str, Phrase]]:
    found: list[tuple[str, Phrase]] = []
    for name, each in mapping.items():
        key = f"{prefix}{name}"
        if isinstance(each, dict) and "other" in each and set(each) <= PLURALS:
            found.append((key, each))
        elif isinstance(each, dict):
            found += _flat(each, where, f"{key}.")
        elif isinstance(each, str):
            found.append((key, each))
        else:
            raise LanguageError(f"{where}, {key}: {each!r} should be a text, or one:/other: with texts.")
    return found


def _words_in(each: Phrase) -> set[str]:
    texts = each.values() if isinstance(each, dict) else [each]
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name is not None}


@lru_cache(maxsize=16)
def _locale(locale: str) -> Locale:
    from babel import Locale

    code_of(locale)  # only languages that have words
    return Locale.parse(locale.replace("-", "_"))


@lru_cache(maxsize=8192)
def spoken_date(day: date, *, with_year: bool, locale: str = DEFAULT) -> str:
    """ "Friday, March 8" or "Friday, March 8, 2027", in the words and the order of the language."""
    from babel.dates import format_date

    where = _locale(locale)
    written = where.date_formats["full"].pattern  # "EEEE, d. MMMM y"
    if not with_year:
        written = re.sub(r"(?:,| 'de')?\s*y+$", "", written)
    return format_date(day, written, locale=where)


@lru_cache(maxsize=8192)
def spoken_money(cents: int, currency: str, language: str = DEFAULT) -> str:
    """ "$1,234" or "1.234,50 $"; `cents` in minor units. Whole amounts have no decimals."""
    from babel.numbers import format_currency, get_currency_symbol

    where = _locale(language)
    pattern = where.currency_formats["standard"].pattern
    if get_currency_symbol(currency, where) == currency:  # no symbol: behind the amount in any language
        pattern = "#,##0.00 ¤"
    if cents % 100 == 0:
        pattern = pattern.replace(".00", "")
    amount = format_currency(Decimal(cents) / 100, currency, format=pattern, locale=where, currency_digits=False)
    return amount.replace("\u00a0", " ").replace("\u202f", " ")


@lru_cache(maxsize=4096)
def country(code: str, language: str) -> str | None:
    """What a country of an ISO code is called, None when Babel does not know it."""
    return _locale(language).territories.get(code)
