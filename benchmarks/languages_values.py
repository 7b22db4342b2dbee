"""Measure cities and days in every language: `python -m benchmarks.languages_values [CODE ...]`.

Reads benchmarks/languages_values/<code>.yml, the same trips said in each language, as flights/reading does without a
model (names from the gazetteer). Prints, for each language, the share of values that are right by slot; with
`--failures` the sentences that were read wrongly. Ends with one line of JSON.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from flights.reading import Context, read
from skycap.settings import ROOT

DIRECTORY = ROOT / "benchmarks" / "languages_values"
TODAY = date(2027, 3, 10)  # a Wednesday
SLOTS = ("origin", "destination", "departure_date", "return_date")


@dataclass(frozen=True)
class Said:
    """A sentence, what it depends on, and the values that are right for it."""

    text: str
    context: Context
    values: dict[str, str]


@dataclass(frozen=True)
class Read:
    """What came of one slot: None on either side is no value."""

    text: str
    slot: str
    right: str | None
    got: str | None


def languages(directory: Path = DIRECTORY) -> list[str]:
    """The languages that there are sentences for."""
    return sorted(each.stem for each in directory.glob("*.yml"))


def sentences(code: str, directory: Path = DIRECTORY) -> list[Said]:
    """The sentences of one language."""
    groups = yaml.safe_load((directory / f"{code}.yml").read_text(encoding="utf-8"))
    said = []
    for group in groups:
        context = Context(
            today=TODAY,
            known=group.get("known", {}),
            asked=group.get("asked"),
            intent=group["intent"],
            language=code,
        )
        said += [Said(row.pop("text"), context, row) for row in map(dict, group["sentences"])]
    return said


def readings(said: Sequence[Said]) -> Iterator[Read]:
    """Each slot of each sentence that has a value or was given one."""
    for each in said:
        values = read(each.text, each.context).values
        for slot in SLOTS:
            right, got = each.values.get(slot), values.get(slot)
            if right or got:
                yield Read(each.text, slot, right, got)


def accuracy(found: Sequence[Read]) -> dict[str, float]:
    """Shares between 0 and 1 by slot, and of all values."""
    shares = {}
    for name in (*SLOTS, "all"):
        of_slot = [each for each in found if name in (each.slot, "all")]
        shares[name] = round(sum(each.right == each.got for each in of_slot) / max(1, len(of_slot)), 4)
    return shares


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure the languages asked for, or all."""
    parser = argparse.ArgumentParser(description="Measure cities and days in every language.")
    parser.add_argument("codes", nargs="*", help="languages, all when none is given")
    parser.add_argument("--failures", action="store_true", help="show what was read wrongly")
    chosen = parser.parse_args(arguments)
    report = {}
    for code in chosen.codes or languages():
        said = sentences(code)
        found = list(readings(said))
        report[code] = accuracy(found)
        print(f"{code}: {len(said)} sentences, {len(found)} values,", report[code])
        for each in found:
            if chosen.failures and each.right != each.got:
                print(f"  {each.text!r}: {each.slot} is {each.right}, read as {each.got}")
    print(json.dumps(report))


if __name__ == "__main__":
    main()
