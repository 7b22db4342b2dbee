"""Whether two servers said the same: what is random in a reply is set aside, everything else must be equal.

References of bookings are drawn, so each is one placeholder; our buttons are signed, and what they say is compared. Of
several wordings of a response Rasa takes one at random and we take them in turn: two wordings of one response are the
same answer when what was filled in agrees. Our actions put personal data into the vault on both sides, and only our
channels show it to its owner again: stock Rasa says "[NAME:1]" where we say the name. Such turns are counted apart.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from benchmarks.bench_load import Turn
from benchmarks.bench_talks import FIRST, LAST
from flights.bookings.records import REFERENCE_ALPHABET

REFERENCE = re.compile(rf"\b[{REFERENCE_ALPHABET}]{{6}}\b")
SIGNATURE = re.compile(r"~~[A-Za-z0-9_-]{24}(?=\")")  # of a button's words (skycap/buttons.py), in JSON
FIELD = re.compile(r"\{(\w+)\}")
TOKEN = re.compile(r"\[(NAME|EMAIL|PHONE):\d+\]")
PERSON = {
    "NAME": re.compile(rf"\b(?:{'|'.join(FIRST)}) (?:{'|'.join(LAST)})\b"),
    "EMAIL": re.compile(r"[\w.]+@example\.com\b"),
    "PHONE": re.compile(r"\+1 \d{3} 555 01\d\d\b"),
}
SAME, WORDING, REVEALED, OTHER = "same", "other wording", "revealed", "different"


def normalised(reply: Mapping[str, Any], said: str | None = None) -> dict[str, Any]:
    """A reply without its address and without what is drawn.

    With `said`, all that the traveller said before, their own personal data and its tokens are alike.
    """
    kept = {key: value for key, value in reply.items() if key != "recipient_id"}
    text = SIGNATURE.sub("", json.dumps(kept, sort_keys=True, ensure_ascii=False))
    text = REFERENCE.sub("<reference>", text)
    if said is not None:
        text = TOKEN.sub(lambda token: f"<{token[1]}>", text)
        for kind, pattern in PERSON.items():
            text = pattern.sub(lambda hit, kind=kind: f"<{kind}>" if hit.group() in said else hit.group(), text)
    return json.loads(text)


class Wordings:
    """The responses that have several wordings, and which of them a text is."""

    def __init__(self, responses: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        self._patterns = {
            name: [_pattern(each["text"]) for each in wordings if each.get("text")]
            for name, wordings in responses.items()
            if len(wordings) > 1
        }

    @classmethod
    def of(cls, domain: Path) -> Wordings:
        """Those of a domain file."""
        return cls(yaml.safe_load(domain.read_text(encoding="utf-8"))["responses"])

    def agree(self, a: str, b: str) -> bool:
        """Whether both texts are wordings of one response, filled with the same values."""
        for patterns in self._patterns.values():
            ours, theirs = (_filled(patterns, text) for text in (a, b))
            if any(_compatible(one, other) for one in ours for other in theirs):
                return True
        return False


def compare(a: Turn, b: Turn, wordings: Wordings, said: str = "") -> str:
    """SAME, WORDING (another wording of the same response), REVEALED (and a token is shown as what it stands for) or
    OTHER. `said` is all that the traveller said so far."""
    if a.failed or b.failed:
        return OTHER  # silence is no answer
    kind = _compare(a, b, wordings, None)
    return REVEALED if kind == OTHER and _compare(a, b, wordings, said) != OTHER else kind


def _compare(a: Turn, b: Turn, wordings: Wordings, said: str | None) -> str:
    ours, theirs = ([normalised(each, said) for each in turn.replies] for turn in (a, b))
    if ours == theirs:
        return SAME
    if len(ours) != len(theirs):
        return OTHER
    for one, other in zip(ours, theirs, strict=True):
        if one == other:
            continue
        if one.get("custom") != other.get("custom"):
            return OTHER
        if not (one.get("text") and other.get("text") and wordings.agree(one["text"], other["text"])):
            return OTHER
    return WORDING


def compare_all(
    ours: Sequence[Sequence[Turn]], theirs: Sequence[Sequence[Turn]], wordings: Wordings
) -> tuple[Counter[str], list[tuple[int, int]]]:
    """How many turns of the talks that both held are what, and where (talk, turn) the different ones are."""
    counts: Counter[str] = Counter()
    different = []
    for talk, (a, b) in enumerate(zip(ours, theirs, strict=False)):
        for turn, pair in enumerate(zip(a, b, strict=True)):
            said = "\n".join(each.text for each in a[: turn + 1])
            counts[kind := compare(*pair, wordings, said)] += 1
            if kind == OTHER:
                different.append((talk, turn))
    return counts, different


def _pattern(text: str) -> re.Pattern[str]:
    text = REFERENCE.sub("<reference>", text)  # as in the replies; some wordings give an example of one
    pattern, at, seen = "", 0, set()
    for field in FIELD.finditer(text):
        pattern += re.escape(text[at : field.start()])
        pattern += f"(?P={field[1]})" if field[1] in seen else f"(?P<{field[1]}>.+?)"
        seen.add(field[1])
        at = field.end()
    return re.compile(pattern + re.escape(text[at:]), re.DOTALL)


def _filled(patterns: Sequence[re.Pattern[str]], text: str) -> list[dict[str, str]]:
    return [hit.groupdict() for pattern in patterns if (hit := pattern.fullmatch(text))]


def _compatible(a: Mapping[str, str], b: Mapping[str, str]) -> bool:
    return all(b[name] == value for name, value in a.items() if name in b)
