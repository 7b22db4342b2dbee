"""What `ingest` costs: cleaning and masking of one message, in microseconds, with a vault in memory."""

from __future__ import annotations

import statistics
import time

from cryptography.fernet import Fernet

from skycap import privacy
from skycap.cleaning import MAX_CHARACTERS
from skycap.ingest import HalfCards, ingest
from skycap.settings import Settings
from skycap.vault import make_vault

TWELVE_WORDS = (
    "we would like to fly from {} to Rome with two children",
    "could you please show me what flies from {} to Oslo Sunday",
    "I prefer to leave {} in the morning and be back tonight",
    "please send everything to nora.keller{}@example.com and then call me back today please",
)
PARAGRAPH = "We are {} people and want to fly on March 12 around 10:30 am with LH 1234, seat 14C, for under 500 euros. "


def ingest_microseconds(*, short_calls: int = 4000, long_calls: int = 400) -> dict[str, float]:
    """Median microseconds for messages of 12 words (one in four with an address) and of 2,000 characters.

    No text comes twice.
    """
    vault = make_vault(Settings(vault_url="memory:", vault_key=Fernet.generate_key().decode()))
    halves = HalfCards()
    privacy.warm_up()
    short = [TWELVE_WORDS[number % len(TWELVE_WORDS)].format(number) for number in range(short_calls)]
    long = [
        "".join(PARAGRAPH.format(number * 40 + each) for each in range(40))[:MAX_CHARACTERS]
        for number in range(long_calls)
    ]

    def median(texts: list[str], name: str) -> float:
        taken = []
        for number, text in enumerate(texts):
            started = time.perf_counter_ns()
            ingest(text, f"{name}-{number // 20}", vault, halves)
            taken.append((time.perf_counter_ns() - started) / 1000)
        return statistics.median(taken)

    median(short[:200], "warm up")
    return {"12 words": median(short, "short"), "2,000 characters": median(long, "long")}
