"""`rasa train`, and what it cost: `make train`, or `python -m benchmarks.retraining`.

Rasa keeps what each step of the pipeline was trained from and takes unchanged steps from its cache (`.rasa/cache`).
Afterwards one line says which were trained, how long everything took, and the most memory that one of its processes
held. Arguments are those of `rasa train`.
"""

from __future__ import annotations

import logging
import re
import resource
import sys
import time
from collections.abc import Sequence

HOOKS = "rasa.engine.training.hooks"  # where Rasa says which component it trains, and which it takes from the cache
ROUTER = "LanguageRouter"  # in which it trains the pipeline of one language after the other
LANGUAGES = "skycap.nlu.lessons"  # where it says which
TRAINED = re.compile(r"^Starting to train component '(\w+)'")
RESTORED = re.compile(r"^Restored component '(\w+)' from cache")
LANGUAGE = re.compile(r"^Language '(\w+)'")


class Steps(logging.Handler):
    """Notes which components are trained, and which are not again."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.trained: list[str] = []
        self.restored: list[str] = []
        self._language: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if hit := LANGUAGE.match(message):
            self._language = hit[1]
        if ROUTER in message:
            self._language = None
        for pattern, names in ((TRAINED, self.trained), (RESTORED, self.restored)):
            if (hit := pattern.match(message)) and (hit[1] != ROUTER or names is self.restored):
                language = getattr(record, "language", self._language)  # of a process beside this one, or in it
                names.append(f"{hit[1]} ({language})" if language else hit[1])


def said(steps: Steps, seconds: float, cpu_seconds: float, peak_megabytes: float) -> str:
    """What a training did and took, in a line."""
    done = f"Trained {', '.join(steps.trained)}" if steps.trained else "Trained nothing"
    kept = f"; unchanged: {', '.join(steps.restored)}" if steps.restored else ""
    return (
        f"{done}{kept}. {seconds:.0f} s in all, {cpu_seconds:.0f} s of the processor, "
        f"at most {peak_megabytes:.0f} MB a process."
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Train in this process as `rasa train` with these arguments; returns the exit status."""
    started = time.monotonic()
    steps = Steps()
    for name in (HOOKS, LANGUAGES):
        logger = logging.getLogger(name)
        logger.setLevel(logging.INFO)
        logger.addHandler(steps)
    from rasa.__main__ import main as rasa  # imports TensorFlow: seconds

    sys.argv = ["rasa", "train", *(sys.argv[1:] if arguments is None else arguments)]
    status: int | str | None = 0
    try:
        rasa()
    except SystemExit as exit:
        status = exit.code
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu_seconds = sum(each.ru_utime + each.ru_stime for each in used)
    peak = max(each.ru_maxrss for each in used) / 1024
    print(said(steps, time.monotonic() - started, cpu_seconds, peak), flush=True)
    return status if isinstance(status, int) else 0 if status is None else 1


if __name__ == "__main__":
    sys.exit(main())
