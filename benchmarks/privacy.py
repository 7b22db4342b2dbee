"""What finding personal data costs, and whether any text makes a pattern hang.

`python -m benchmarks.privacy [TEXTS]` fuzzes with TEXTS random texts (100,000 unless told) and prints one line of JSON:
medians in milliseconds of CPU, and the slowest text's time and beginning.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time

from skycap.privacy import find, warm_up

SENTENCES = (
    "I need a flight from Berlin to Rome on March 12 for two",
    "please send the details to alice@example.com or call me on +49 170 1234567",
    "we are 2 adults and 3 kids leaving 2027-03-12 around 10:30 am",
    "my card is 4111 1111 1111 1111 and I was born on 12 May 1985",
    "LH 1234 from FRA gate 12 B seat 14C under 500 euros please thanks",
)
# Pieces on which careless patterns backtrack: half an address, half a card, half a date, over and over.
PIECES = (
    "a", "1", " ", "-", ".", "@", "(", ")", "+", ":", "/", "00", "1 ", "1-", "1.", "a.", "a@", "@a.", "x1", "A1", "::",
    "at ", " dot ", "born ", "born on ", "may ", "12 ", "DOB ", "passport ", "iban ", "DE89", "my ", "is ", "card ",
    "4111 ", "0171 ", "12/03/", "1,000", "$", "€", "é", "１", "٤", "\u200b", "\0", "[EMAIL:1]", "[", "flight ", "ssn ",
    "the ", "\n", "f:", "_", " punkt ", "arroba ", "ref ", "1/6 ", "249.00 ", "0600 ", "250/", "version ", "A1B2",
    " and ", "geboren am ", "nacida el ", "dos ", "de ", "straße 1", "calle ", "plaza mayor ", " 12 Baker", " Street",
    "código postal ", "Ausweis ",
)  # fmt: skip


def texts(how_many: int, seed: int = 20261122):
    """Random texts: a few pieces repeated, all pieces mixed, any characters; mostly short, some of 2,000."""
    chance = random.Random(seed)
    for number in range(how_many):
        length = 2000 if number % 50 == 0 else chance.randrange(1, 160)
        pieces = chance.sample(PIECES, chance.randrange(1, 4)) if number % 2 else PIECES
        text = ""
        while len(text) < length:
            text += chance.choice(pieces) if number % 7 else chr(chance.randrange(1, 0x2FFF))
        yield text[:length]


def milliseconds(text: str) -> float:
    start = time.process_time()
    find(text)
    return (time.process_time() - start) * 1000


def main(how_many: int) -> None:
    warm_up()
    for sentence in SENTENCES:
        find(sentence)
    short = statistics.median(milliseconds(each) for each in SENTENCES * 400)
    long = statistics.median(milliseconds((f"{' '.join(SENTENCES)} " * 9)[:2000]) for _ in range(200))
    slowest, text = max((milliseconds(each), each) for each in texts(how_many))
    result = {
        "privacy_12_words_ms": round(short, 3),
        "privacy_2000_characters_ms": round(long, 3),
        "fuzzed": how_many,
        "slowest_ms": round(slowest, 1),
        "slowest_again_ms": round(min(milliseconds(text) for _ in range(5)), 1),
        "slowest_text": text[:60],
    }
    print(json.dumps(result, ensure_ascii=True))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
