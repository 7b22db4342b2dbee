"""An operator asks for a model and hears how it went."""

from __future__ import annotations

import socket
import threading
from pathlib import Path

import pytest

from benchmarks.server import free_port
from skycap.serving.door import Door, NotAnswered, ask_for
from skycap.settings import Settings


@pytest.fixture
def settings() -> Settings:
    return Settings(host="127.0.0.1", port=free_port())


def test_who_asks_hears_how_it_went(settings: Settings, tmp_path: Path) -> None:
    door, asked = Door(settings), []

    def open_it() -> None:
        asker = door.asked()
        asked.append(asker.archive)
        asker.answer(served=True, text="It serves.")

    server = threading.Thread(target=open_it)
    server.start()
    assert ask_for(settings, tmp_path / "new.tar.gz") == (True, "It serves.")
    server.join()
    door.close()
    assert asked == [tmp_path / "new.tar.gz"]


@pytest.mark.parametrize("said", [b"", b"hello", b"[]", b'{"model": 5}', b"\xff"])
def test_what_cannot_be_read_asks_for_nothing(settings: Settings, said: bytes) -> None:
    door = Door(settings)
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(f"\0skycap {settings.host} {settings.port}")
        client.sendall(said)
        client.shutdown(socket.SHUT_WR)
        asker = door.asked()
        assert asker is not None and asker.archive is None
        client.close()
        asker.answer(served=False, text="nobody listens any more")
    door.close()


def test_where_no_server_is_somebody_hears_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(NotAnswered, match=f"No server answers on port {settings.port}"):
        ask_for(settings, tmp_path)


def test_one_port_has_one_door(settings: Settings) -> None:
    door = Door(settings)
    with pytest.raises(OSError):
        Door(settings)
    door.close()
