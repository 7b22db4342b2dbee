"""Stored conversations on a terminal: listed, shown, exported; their figures printed, drawn, compared."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from matplotlib import image

from flights import database
from skycap.cli import main
from skycap.settings import settings
from skycap.state.analytics.archive import Archive
from skycap.state.analytics.intake import everything
from skycap.state.backend import MemoryState
from skycap.state.opening import open_state
from skycap.state.report import groups_of, quantile, report
from skycap.state.tracker_store import WindowTrackerStore
from tests.unit.skycap.state.talks import ANN, NOW, SECRET, three


async def test_the_report_counts_by_day_channel_and_language(empty_url: str) -> None:
    archive, backend = Archive(database.engine(empty_url)), MemoryState()
    assert report(archive).startswith("No figures yet.")
    await three(backend)
    assert sum(everything(backend, archive, NOW)) == 12
    text = report(archive)
    rows = {each.split()[0]: each.split()[1:] for each in text.splitlines() if each}
    # Sessions, messages, bookings, contained, not understood, messages to booking, turn ms, wait s.
    assert rows["2027-03-01"] == ["1", "3", "1", "100.0%", "0.0%", "3", "200", "-"]
    assert rows["2027-03-02"] == ["3", "8", "1", "66.7%", "25.0%", "2", "200", "50"]
    assert rows["rest"][:4] == ["3", "10", "2", "66.7%"] and rows["socketio"][:3] == ["1", "1", "0"]
    assert rows["de"][0] == "1" and rows["none"][0] == "3" and rows["all"][0] == "4"
    assert rows["passengers"][:2] == ["3", "75%"] and rows["departure_date"][:2] == ["1", "25%"]
    assert rows["(booked)"][:2] == ["2", "50%"]
    assert "until 2027-03-02 20:00 UTC" in text and SECRET not in text
    whole = groups_of(archive)["all", "all"]
    assert (whole.contained, whole.fallback_rate) == (0.75, 2 / 11)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 2), (0.75, 2), (0.76, 9), (1.0, 9)])
def test_a_quantile_of_counted_values(share: float, value: int) -> None:
    assert quantile(Counter({9: 1, 2: 2, 1: 1}), share) == value and quantile(Counter(), share) is None


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> Run:
    """Runs `skycap …` where a server kept Ann, Ben and Cem in SQLite; returns the status and what was printed."""
    url = f"sqlite:///{tmp_path}/conversations.db"
    asyncio.run(three(open_state(url)))
    kind = f"{WindowTrackerStore.__module__}.{WindowTrackerStore.__qualname__}"
    (tmp_path / "endpoints.yml").write_text(json.dumps({"tracker_store": {"type": kind, "url": url}}))
    monkeypatch.setenv("SKYCAP_ENDPOINTS", str(tmp_path / "endpoints.yml"))
    monkeypatch.setenv("SKYCAP_DATABASE_URL", f"sqlite:///{tmp_path}/flights.db")
    settings.cache_clear()

    def command(*words: str) -> tuple[int, str]:
        return main(words), "".join(capsys.readouterr())

    yield command
    database.engine(f"sqlite:///{tmp_path}/analytics.db").dispose()
    monkeypatch.undo()
    settings.cache_clear()


def test_commands_read_what_the_server_wrote(run: Run) -> None:
    status, out = run("conversations", "list")
    assert status == 0 and {each.split()[0] for each in out.splitlines()} == {"ben", "cem", "ann"}
    status, out = run("conversations", "show", "ann")
    assert status == 0 and f"traveller: affirm {SECRET}  [affirm 0.90]" in out and "booking_reference = 'K7QX2M'" in out
    status, out = run("conversations", "export", "ann")
    assert [len(json.loads(each)) for each in out.splitlines()] == [len(each) for each in ANN]
    assert run("conversations", "show", "dora")[0] == 1


def test_the_report_is_refreshed_compared_and_drawn(run: Run, tmp_path: Path) -> None:
    assert run("report") == (0, "No figures yet. `skycap report --refresh` takes in what was said so far.\n")
    assert run("report", "--plot", str(tmp_path / "none.png"))[0] == 0 and not (tmp_path / "none.png").exists()
    status, out = run("report", "--check")
    assert status == 1 and "They differ" in out and "turn 1 of ben" in out
    status, out = run("report", "--refresh")
    assert status == 0 and "12 turns taken in." in out and "(booked)" in out
    status, out = run("report", "--check")
    assert status == 0 and "They agree." in out and out.split().count("12") == 2
    status, out = run("report", "--plot", str(tmp_path / "report.png"))
    assert status == 0 and "(booked)" in out
    picture = image.imread(tmp_path / "report.png")
    height, width = picture.shape[:2]
    assert height > 800 and width > 1200
    panels = [picture[row : row + height // 2, column : column + width // 3]
              for row in (0, height // 2) for column in (0, width // 3, 2 * width // 3)]  # fmt: skip
    assert all(panel[..., :3].min() < 0.5 and panel[..., :3].std() > 0.02 for panel in panels)  # none is empty
    status, out = run("report", "--plot", str(tmp_path / "report.xyz"))
    assert status == 1 and "report.xyz cannot be drawn" in out


def test_what_is_kept_elsewhere_cannot_be_taken_in(run: Run, tmp_path: Path) -> None:
    (tmp_path / "endpoints.yml").write_text("tracker_store: {type: SQL, dialect: sqlite, db: other.db}")
    for words in (["report", "--refresh"], ["report", "--check"], ["conversations", "list"]):
        status, out = run(*words)
        assert status == 1 and "WindowTrackerStore" in out
    assert run("report")[0] == 0
