"""Measure how well and how fast one model understands, in a process of its own: used by `make eval-pipelines`.

Reads a model archive and held-out sentences; run as `python -m benchmarks.understanding`, it ends with one line of
JSON. Loads the model as the server does. Where people's own sentences are present, the programs that judge them are
asked too: they parse over HTTP, so a small server answers them.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from benchmarks import held_out
from benchmarks.evaluate import judge_intents, missing_from
from benchmarks.held_out import REFUSED, Sentence, best_intent
from benchmarks.scores import Judgement, entity_f1, expected_calibration_error, reliability, share
from skycap.settings import ROOT

Parse = Callable[[str], dict[str, Any]]
WARM_UP = 30  # sentences before the clock starts
MEGABYTE = 1024 * 1024


class MeasuringFailed(RuntimeError):
    """A model could not be measured; the message holds the end of what was said about it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure one model; returns the exit status."""
    parser = argparse.ArgumentParser(description="Measure how well and how fast one model understands.")
    parser.add_argument("archive", type=Path, help="the model, .tar.gz")
    parser.add_argument("--held-out", type=Path, default=held_out.DIRECTORY)
    parser.add_argument("--directory", type=Path, help="people's own sentences and the programs that judge them")
    parser.add_argument("--sentences", type=int, default=1000, help="how many of those from conversations")
    chosen = parser.parse_args(arguments)
    parse = load(chosen.archive)
    figures = understood(held_out.ours(chosen.held_out), parse)
    figures["archive_megabytes"] = round(chosen.archive.stat().st_size / MEGABYTE, 2)
    figures["process_megabytes"] = round(resident_bytes() / MEGABYTE)
    if chosen.directory and not missing_from(chosen.directory):
        with tempfile.TemporaryDirectory(prefix="skycap-understanding-") as failures, parse_server(parse) as url:
            figures |= judge_intents(chosen.directory.resolve(), url, Path(failures), chosen.sentences)
    print(json.dumps(figures), flush=True)
    return 0


def load(archive: Path) -> Parse:
    """The model in `archive`, as a function from a text to what Rasa says of it."""
    from rasa.core.channels.channel import UserMessage
    from rasa.engine.constants import PLACEHOLDER_MESSAGE

    from skycap.engine import graph  # imports TensorFlow: seconds

    metadata, runner = graph.load(archive)

    def parse(text: str) -> dict[str, Any]:
        results = runner.run(inputs={PLACEHOLDER_MESSAGE: [UserMessage(text)]}, targets=[metadata.nlu_target])
        return results[metadata.nlu_target][0].as_dict(only_output_properties=True)

    return parse


def understood(sentences: Sequence[Sentence], parse: Parse) -> dict[str, Any]:
    """How many of the sentences are understood, and in what time. Shares are between 0 and 1.

    `intent_accuracy` is what a conversation gets: a refused sentence of a trip is wrong, a refused out-of-scope one is
    right, whichever way it was refused. `best_intent_accuracy` is the model's choice before the fallback.
    `milliseconds` is the median of sentences seen for the first time.
    """
    for sentence in sentences[:WARM_UP]:
        parse(f"{sentence.text} and then some")
    seconds, parses = [], []
    for sentence in sentences:
        started = time.perf_counter()
        parses.append(parse(sentence.text))
        seconds.append(time.perf_counter() - started)
    pairs = list(zip(sentences, parses, strict=True))
    judgements = [Judgement(best_intent(got)[1], best_intent(got)[0] in each.intents) for each, got in pairs]
    tokens, spans = entity_f1((each.text, each.entities, got.get("entities") or ()) for each, got in pairs)
    names = [(each, got["intent"]["name"]) for each, got in pairs]
    return {
        "sentences": len(pairs),
        "intent_accuracy": round(share(each.is_answered_by(name) for each, name in names), 4),
        "best_intent_accuracy": round(share(each.right for each in judgements), 4),
        "calibration_error": round(expected_calibration_error(reliability(judgements)), 4),
        "entity_f1": round(tokens, 4),
        "entity_span_f1": round(spans, 4),
        "own_out_of_scope_refused": round(share(name in REFUSED for each, name in names if not each.is_in_scope), 4),
        "own_in_scope_refused": round(share(name in REFUSED for each, name in names if each.is_in_scope), 4),
        "milliseconds": round(1000 * statistics.median(seconds), 2),
    }


def resident_bytes() -> int:
    """The memory of this process that is in use now (Linux)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found.group(1)) * 1024


@contextlib.contextmanager
def parse_server(parse: Parse) -> Iterator[str]:
    """Answer POST /model/parse on a free port with `parse`, one at a time; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps(parse(json.loads(body)["text"]), default=float).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *arguments: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def measure(archive: Path, *, held_out_directory: Path, directory: Path | None, sentences: int) -> dict[str, Any]:
    """Run this program on `archive`; returns its figures. Raises MeasuringFailed."""
    command = [sys.executable, "-m", "benchmarks.understanding", str(archive.resolve())]
    command += ["--held-out", str(held_out_directory.resolve()), "--sentences", str(sentences)]
    command += ["--directory", str(directory.resolve())] if directory else []
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise MeasuringFailed(f"Measuring {archive.name} failed with status {done.returncode}:\n{done.stderr[-3000:]}")
    *said, line = done.stdout.strip().splitlines()
    print(*said, sep="\n", flush=True) if said else None
    return json.loads(line)


if __name__ == "__main__":
    sys.exit(main())
