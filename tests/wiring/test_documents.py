"""What README and docs say to type, open or set exists."""

from __future__ import annotations

import contextlib
import fnmatch
import io
import re
import shlex
from dataclasses import fields
from pathlib import Path

import pytest
from rasa.__main__ import create_argument_parser

from skycap.cli import main
from skycap.settings import ROOT, Settings

DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "data" / "README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCUMENTS]
CODE = re.compile(r"```.*?\n(.*?)```|`([^`\n]+)`", re.DOTALL)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
PATH = re.compile(r"[\w.<>*-]+(?:/[\w.<>*-]+)+|[\w<>*-]+[.](?:yml|toml|md|py|lock|json|csv|js|css)")
MADE_LATER = ("models/", "var/", "results/", ".venv")  # by make, the server, the tests
NO_PATHS = ("faq/", "utter_faq/", "chitchat/", "utter_chitchat/")  # retrieval intents and their responses
TEST_SETTING = "SKYCAP_TEST_POSTGRES_URL"


def snippets(text: str) -> list[str]:
    """The lines in code blocks and between backticks."""
    return [line.strip() for block, inline in CODE.findall(text) for line in (block or inline).splitlines()]


def commands(text: str, program: str) -> list[list[str]]:
    """The calls of `program`, without comments, settings in front, and paths to it."""
    found = []
    for line in snippets(text):
        bare = re.sub(r"^(?:[A-Z_]+=\S+ )*(?:\$ )?(?:\.venv/bin/)?", "", line.split("  #")[0]).strip()
        if bare.startswith(f"{program} ") and "…" not in bare:
            found.append(shlex.split(bare)[1:])
    return found


@pytest.fixture(params=DOCUMENTS, ids=NAMES)
def document(request) -> Path:
    return request.param


@pytest.fixture
def text(document) -> str:
    return document.read_text(encoding="utf-8")


def test_every_make_target_exists(text):
    targets = set(re.findall(r"^([a-z0-9.-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {word for call in commands(text, "make") for word in call if not word.startswith("-") and "=" not in word}
    assert named - targets == set()


def test_every_skycap_command_exists(text):
    for call in commands(text, "skycap"):
        with pytest.raises(SystemExit) as ended, contextlib.redirect_stdout(io.StringIO()):
            main([*call, "--help"])
        assert ended.value.code == 0, call


def test_every_rasa_command_exists(text):
    for call in commands(text, "rasa"):
        try:
            create_argument_parser().parse_args(call)
        except SystemExit as refused:
            pytest.fail(f"rasa {' '.join(call)} is refused with status {refused.code}")


def test_every_link_leads_somewhere(document):
    prose = CODE.sub("", document.read_text(encoding="utf-8"))
    links = [link for link in LINK.findall(prose) if "://" not in link]
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_path_exists(text, files):
    names = {path.relative_to(ROOT).as_posix() for path in files}
    names |= {parent.as_posix() for name in names for parent in Path(name).parents}
    bare = {Path(name).name for name in names}
    missing = []
    for word in " ".join(snippets(text)).split():
        found = word.strip(",;:()\"'|").rstrip("./")
        if not PATH.fullmatch(found) or found.startswith(MADE_LATER) or found.startswith(NO_PATHS):
            continue
        pattern = re.sub(r"<\w+>", "*", found)
        if not fnmatch.filter(names if "/" in pattern else bare, pattern):
            missing.append(found)
    assert missing == []


def test_every_setting_named_exists(text):
    known = {f"SKYCAP_{each.name.upper()}" for each in fields(Settings)} | {TEST_SETTING}
    assert set(re.findall(r"SKYCAP_[A-Z][A-Z_]*[A-Z]", text)) - known == set()


def test_the_list_of_settings_is_what_skycap_settings_prints(capsys):
    assert main(["settings"]) == 0
    printed = capsys.readouterr().out.strip()
    written = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert printed in written, "Paste what `skycap settings` prints into docs/settings.md."


def test_every_make_target_that_people_call_is_explained():
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", text, re.MULTILINE).group(1).split()
    explained = re.findall(r"^([a-z0-9.-]+):.*##", text, re.MULTILINE)
    assert sorted(set(phony) - set(explained)) == []


def test_every_component_named_in_the_documents_is_in_the_pipeline(text):
    config = (ROOT / "config.yml").read_text(encoding="utf-8")
    named = {word for word in snippets(text) if re.fullmatch(r"[A-Z]\w+(?:Classifier|Extractor)", word)}
    assert {name for name in named if name not in config} == set()
