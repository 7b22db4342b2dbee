"""A model's archive is unpacked in one pass, and nothing of it lies elsewhere."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from tarsafe import TarSafeException

from skycap.engine.graph import QuickStorage


def archive(folder: Path, *members: tarfile.TarInfo) -> Path:
    path = folder / "model.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for each in members:
            tar.addfile(each, io.BytesIO(b"x" * each.size))
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.size = kind, link, 3 if kind == tarfile.REGTYPE else 0
    return info


def test_files_and_folders_come_out_as_rasas_storage_has_them(tmp_path: Path) -> None:
    path = archive(tmp_path, member("components", tarfile.DIRTYPE), member("components/a.txt"), member("metadata.json"))
    found = []
    for number, storage in enumerate((QuickStorage, LocalModelStorage)):
        there = tmp_path / str(number)
        there.mkdir()
        storage._extract_archive_to_directory(path, there)
        found.append({str(each.relative_to(there)): each.is_file() and each.read_bytes() for each in there.rglob("*")})
    assert found[0] == found[1] and len(found[0]) == 3


@pytest.mark.parametrize(
    "bad",
    [
        member("../elsewhere"),
        member("components/../../elsewhere"),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "metadata.json"),
        member("pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda each: each.name,
)
def test_what_is_no_file_inside_is_refused(tmp_path: Path, bad: tarfile.TarInfo) -> None:
    there = tmp_path / "there"
    there.mkdir()
    with pytest.raises(TarSafeException):
        QuickStorage._extract_archive_to_directory(archive(tmp_path, member("metadata.json"), bad), there)
    assert not (tmp_path / "elsewhere").exists()
