"""Made-up personal values, and the search for them in every byte that a server wrote.

A value occurs once, and is looked for as it was sent, as JSON and addresses write it, and as bare digits; names by
each of their words, in any case.
"""

from __future__ import annotations

import json
import random
import zlib
from contextlib import suppress
from urllib.parse import quote

from skycap.privacy.checks import dni, iban, luhn

ZLIB = b"\x78\x9c"  # what packed texts begin with
CHANCE = random.Random(20261122)


def digits(length: int) -> str:
    return "".join(CHANCE.choice("0123456789") for _ in range(length))


def card(start: str, length: int) -> str:
    body = start + digits(length - len(start) - 1)
    return next(body + last for last in "0123456789" if luhn(body + last))


def grouped(number: str, sign: str) -> str:
    return sign.join(number[at : at + 4] for at in range(0, len(number), 4))


def account() -> str:
    body = digits(18)
    return next(code for check in range(2, 99) if iban(code := f"DE{check:02}{body}"))


def spanish() -> str:
    body = digits(8)
    return next(body + letter for letter in "TRWAGMYFPDXBNJZSQVHLCKE" if dni(body + letter))


def birthday() -> str:
    return f"19{CHANCE.randrange(40, 80)}-{CHANCE.randrange(10, 13)}-{CHANCE.randrange(10, 29)}"


def address() -> str:
    return f"canary{digits(7)}@example.com"


def phone() -> str:
    return f"+49 171 {digits(7)}"


# Shape: a sentence, and how a value is made.
SHAPES = {
    "card": ("my card is {}", lambda: card("4", 16)),
    "card in fours": ("{} please", lambda: grouped(card("51", 16), " ")),
    "card with dashes": ("pay with {}", lambda: grouped(card("4", 16), "-")),
    "amex": ("{}", lambda: card("37", 15)),
    "full-width card": ("{}", lambda: card("4", 16).translate(str.maketrans("0123456789", "０１２３４５６７８９"))),
    "Arabic card": ("{}", lambda: card("4", 16).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))),
    "e-mail": ("write to {}", address),
    "e-mail in words": ("it's {}", lambda: f"canary{digits(7)} (at) example dot org"),
    "half an e-mail": ("{}", lambda: f"canary.{digits(7)}@example"),
    "German phone": ("call {}", phone),
    "US phone": ("my number is {}", lambda: f"(202) 555-{digits(4)}"),
    "British phone": ("{}", lambda: f"+44 7911 {digits(6)}"),
    "bare phone": ("{}", lambda: f"0171{digits(7)}"),
    "IBAN": ("from {}", account),
    "passport": ("my passport is {}", lambda: f"C{CHANCE.randrange(1, 9)}{digits(7)}"),
    "SSN": ("ssn {}", lambda: f"{CHANCE.randrange(100, 600)}-{CHANCE.randrange(10, 99)}-7{digits(3)}"),
    "NINO": ("{}", lambda: f"AB{digits(6)}C"),
    "DNI": ("mi DNI es {}", spanish),
    "IPv4": ("from {}", lambda: f"203.0.{CHANCE.randrange(100, 255)}.{CHANCE.randrange(100, 255)}"),
    "IPv6": ("ping {}", lambda: f"2001:db8:{digits(4)}:{digits(4)}::{digits(3)}"),
    "date of birth": ("I was born on {}", birthday),
    "German date of birth": ("ich bin am {} geboren", lambda: ".".join(reversed(birthday().split("-")))),
    "German identity card": ("Personalausweis {}", lambda: f"L{digits(8)}"),
    "German street": ("ich wohne in der {} in Bremen", lambda: f"{_word()}gasse {CHANCE.randrange(100, 999)}"),
    "Spanish date of birth": ("nací el {}", lambda: "/".join(reversed(birthday().split("-")))),
    "Spanish passport": ("mi pasaporte es {}", lambda: f"AAB{digits(6)}"),
    "Spanish phone": ("llámeme al {}", lambda: f"6{CHANCE.randrange(10, 99)} {digits(3)} {digits(3)}"),
    "Spanish street": ("vivo en la {}", lambda: f"calle {_word()} {CHANCE.randrange(100, 999)}"),
}  # fmt: skip
_made: set[str] = set()
_SYLLABLES = ("zeb", "quil", "vex", "jarn", "thrux", "wolb", "myk", "orst", "phlin", "gwez", "druv", "kasp")


def _new(make) -> str:
    while (value := make()) in _made:
        pass
    _made.add(value)
    return value


def canaries(each: int) -> list[tuple[str, str]]:
    """So many values of each shape that were not made before, with the sentence that says them."""
    made = []
    for sentence, make in SHAPES.values():
        made += [(value, sentence.format(value)) for value in (_new(make) for _ in range(each))]
    return made


class Passenger:
    """Somebody who flies: none of their words occurs anywhere else."""

    def __init__(self) -> None:
        self.first, self.last = _new(_word), _new(_word)
        self.name = f"{self.first} {self.last}"
        self.address, self.phone = _new(address), _new(phone)

    @property
    def values(self) -> list[str]:
        return [self.first, self.last, self.address, self.phone]


def _word() -> str:
    return "".join(CHANCE.sample(_SYLLABLES, 3)).capitalize()


def unpacked(content: bytes) -> bytes:
    """The content, and after it every text that is packed in it (skycap/state/packed.py): in keys, in what was sent."""
    found, at = [content], content.find(ZLIB)
    while at >= 0:
        with suppress(zlib.error):  # two bytes of something else
            found.append(zlib.decompressobj().decompress(content[at : at + 500_000]))
        at = content.find(ZLIB, at + 1)
    return b"\n".join(found)


def hits(values: list[str], files: dict[str, bytes]) -> list[str]:
    """Which value is where, over and over again if it must be; empty is what everybody wants."""
    lower = {name: unpacked(content).lower() for name, content in files.items()}
    found = []
    for value in values:
        escaped = json.dumps(value).strip('"')  # as JSON in a database writes it
        forms = {value, escaped, quote(value)}
        bare = "".join(str(int(each)) for each in value if each.isdigit())
        if len(bare) >= 9:
            forms.add(bare)
        wanted = {form.lower().encode() for form in forms}
        found += [f"{value!r} in {name}" for name, content in lower.items() if any(each in content for each in wanted)]
    return found
