"""`make bench` on servers that stand for the real ones: what it measures, compares, draws and says."""

from __future__ import annotations

import contextlib
import io
import json
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from redis import Redis
from redis.exceptions import RedisError

from benchmarks.bench import QUICK, first_right_answer, main
from benchmarks.bench_figures import percentile
from benchmarks.bench_load import at_rate, saturated
from benchmarks.bench_report import KEYS
from benchmarks.bench_talks import Talk, Writer, words
from benchmarks.server import ServerFailed, free_port

SMALL = replace(
    QUICK,
    alone=4,
    alone_seconds=5,
    chats=1,
    chat_seconds=5,
    load_seconds=2.0,
    rate_seconds=2.0,
    short_seconds=4.0,
    ramp_seconds=0.2,
    start_seconds=3.0,
)


class Echo:
    """Answers each message over REST after `seconds`, as a server does that may be spawned and stopped."""

    def __init__(self, directory: Path, *, seconds: float = 0.0, answer: Callable[[str], str], **settings: str) -> None:
        self.asked: list[tuple[str, str]] = []
        self.settings = settings
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, int] = {}
        echo = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                echo.asked.append((said["sender"], said["message"]))
                time.sleep(seconds)
                words = answer(said["message"])
                body = json.dumps([{"recipient_id": said["sender"], "text": words}] if words else []).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *arguments: object) -> None:
                """Say nothing."""

        self._handler = Handler

    def spawn(self) -> SimpleNamespace:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return SimpleNamespace(poll=lambda: None)

    def stop(self) -> None:
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    kill = stop

    def log_end(self) -> str:
        return "the end of its log"


def right(text: str) -> str:
    return "And when do you come back?" if "Berlin to Rome" in text else f"You said: {text}"


def make_servers() -> dict:
    made: list[Echo] = []

    def make(seconds: float):
        def build(directory: Path, **settings: str) -> Echo:
            made.append(Echo(directory, seconds=seconds, answer=right, **settings))
            return made[-1]

        return build

    return {"stock": make(0.04), "ours": make(0.01), "made": made}


@pytest.fixture
def servers() -> dict:
    return make_servers()


@pytest.fixture(scope="module")
def run(tmp_path_factory) -> SimpleNamespace:
    """One run against two servers, the stock one four times slower."""
    directory, servers, shown = tmp_path_factory.mktemp("bench"), make_servers(), io.StringIO()
    with contextlib.redirect_stdout(shown):
        status = main(["--stores", "sqlite", "--pictures", str(directory)], servers=servers, plan=SMALL)
    return SimpleNamespace(status=status, directory=directory, servers=servers["made"], shown=shown.getvalue())


def test_a_run_ends_with_the_ratios_of_ours_over_stock(run) -> None:
    assert run.status == 0
    last = json.loads(run.shown.splitlines()[-1])
    assert tuple(last)[: len(KEYS)] == KEYS
    assert last["throughput_ratio"] > 1.5
    assert last["never_seen_ratio"] > 1.5
    assert last["p50_ratio"] < 0.7
    assert last["throughput_ratio_redis"] is None
    assert last["worker_memory_ratio"] is None
    assert last["growth_ours"] > 0
    assert "100.0% are equal" in run.shown
    kept = {each.name for each in run.directory.iterdir()}
    assert kept == {"bars.png", "latency.png", "turns.png", "times.json", "results.md", "differences-sqlite.txt"}
    results = (run.directory / "results.md").read_text()
    assert results in run.shown
    assert "| throughput, sentences never said before | ≥ 5 |" in results


def test_both_sides_hear_the_same_messages_on_the_same_day(run) -> None:
    stock, ours = run.servers
    heard = [[each for each in server.asked if each[0].startswith(("alone", "chat"))] for server in (stock, ours)]
    assert heard[0] == heard[1]
    assert len(heard[0]) > 60
    assert stock.settings == {"redis": None, "today": "2027-03-01"}
    assert ours.settings == stock.settings | {"workers": "2"}


def test_in_the_burst_nobody_ever_said_the_words_before(run) -> None:
    for server in run.servers:
        burst = [words(text) for sender, text in server.asked if sender.startswith("unseen")]
        before = {words(text) for sender, text in server.asked if not sender.startswith("unseen")}
        assert len(burst) == len(set(burst)) > 20
        assert not before.intersection(burst)


def test_what_was_left_out_is_null(tmp_path, servers, capsys) -> None:
    assert main(["--only", "ours", "--stores", "sqlite", "--pictures", str(tmp_path)], servers=servers, plan=SMALL) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert len(servers["made"]) == 1
    assert {name for name, value in last.items() if value is not None} == {"growth_ours"}


def test_only_ingest_starts_no_server(tmp_path, servers, capsys) -> None:
    assert main(["--only", "ingest", "--quick", "--pictures", str(tmp_path)], servers=servers) == 0
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert servers["made"] == []
    assert {name for name, value in last.items() if value is not None} == {"ingest_us"}


def test_a_redis_database_in_use_is_left_alone(tmp_path, servers, capsys) -> None:
    url = os.environ.get("SKYCAP_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
    try:
        Redis.from_url(url, socket_connect_timeout=2).set("of-somebody-else", "1")
    except RedisError:
        pytest.skip("There is no Redis.")
    try:
        assert main(["--redis", url, "--pictures", str(tmp_path)], servers=servers) == 1
        assert "Name an empty one" in capsys.readouterr().err
        assert servers["made"] == []
        assert Redis.from_url(url).get("of-somebody-else") == b"1"
    finally:
        Redis.from_url(url).delete("of-somebody-else")


def test_without_redis_the_run_says_how_to_leave_it_out(tmp_path, servers, capsys) -> None:
    assert main(["--redis", f"redis://127.0.0.1:{free_port()}/0", "--pictures", str(tmp_path)], servers=servers) == 1
    assert "--stores sqlite" in capsys.readouterr().err
    assert servers["made"] == []


def test_a_server_that_never_answers_rightly_fails_the_run(tmp_path, capsys) -> None:
    servers = {"stock": lambda directory, **settings: Echo(directory, answer=lambda text: "Hm?", **settings)}
    plan = replace(SMALL, start_seconds=0.5)
    assert main(["--only", "stock", "--stores", "sqlite", "--pictures", str(tmp_path)], servers=servers, plan=plan) == 1
    assert "the end of its log" in capsys.readouterr().err


def test_the_start_is_over_with_the_first_right_answer(tmp_path) -> None:
    answers = iter(["", "Hm?", "And when do you come back?"])
    server = Echo(tmp_path, answer=lambda text: next(answers))
    try:
        assert 0.1 <= first_right_answer(server, 3) < 3
        assert len({sender for sender, _ in server.asked}) == 3  # a new conversation each
    finally:
        server.stop()


def test_a_failed_start_leaves_nothing_running(tmp_path) -> None:
    server = Echo(tmp_path, answer=lambda text: "")
    with pytest.raises(ServerFailed):
        first_right_answer(server, 0.2)
    assert not server._thread.is_alive()


def test_at_a_rate_waiting_for_a_busy_server_counts(tmp_path) -> None:
    lock = threading.Lock()

    def one_at_a_time(text: str) -> str:
        with lock:
            time.sleep(0.05)
        return "hello"

    server = Echo(tmp_path, answer=one_at_a_time)
    server.spawn()
    try:
        writer = Writer()
        load = at_rate(server.url, iter(writer.talk, None), "rate", rate=40, seconds=1.5)
    finally:
        server.stop()
    assert len(load.turns) > 35
    assert percentile(load.turns, 95).value > 0.4  # twice of what it can do: the queue grows


def test_several_callers_keep_their_conversations_in_order(tmp_path) -> None:
    server = Echo(tmp_path, answer=lambda text: "hello", seconds=0.005)
    server.spawn()
    talks = iter([Talk("t", tuple(f"{number}.{each}" for each in range(4))) for number in range(10_000)])
    try:
        load = saturated(server.url, talks, "load", callers=3, seconds=0.5, ramp_seconds=0.1)
    finally:
        server.stop()
    assert all(load.begin <= each.at <= load.end for each in load.turns)
    by_sender: dict[str, list[str]] = {}
    for sender, text in server.asked:
        by_sender.setdefault(sender, []).append(text)
    assert len(by_sender) > 3
    for said in by_sender.values():
        assert said == [f"{said[0].split('.')[0]}.{number}" for number in range(len(said))]
