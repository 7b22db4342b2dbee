"""Files stay short, and say nothing of the machine they were written on."""

from __future__ import annotations

import re

from skycap.settings import ROOT

PYTHON_LINES, YAML_LINES, SENTENCE_LINES = 300, 600, 900
ANY_LENGTH = {"domain.yml"}
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.*$}])/(?:root|home/[a-z]\w*|Users/\w+|work/(?:main|shared)|tmp/(?:boot|brief))\b")
REGISTRY = re.compile(
    r"pypi[.]org|python" r"hosted|npm" r"js[.](?:org|com)|proxy[.]go" r"lang|crates[.]io|conda[.]anaconda"
)
BINARY = {".png", ".jpg", ".ico", ".gz", ".woff2"}


def lines_allowed(name: str) -> int | None:
    if name in ANY_LENGTH:
        return None
    if name.endswith(".py"):
        return PYTHON_LINES
    if name.endswith((".yml", ".yaml")):
        return SENTENCE_LINES if name.startswith("data/nlu/") or name.startswith("tests/nlu/") else YAML_LINES
    return None


def test_no_file_is_too_long(files):
    too_long = {}
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        allowed = lines_allowed(name)
        if allowed and (lines := len(path.read_text(encoding="utf-8").splitlines())) > allowed:
            too_long[name] = lines
    assert too_long == {}, "Split them: a package of the same name, or data in CSV."


def test_no_file_names_a_place_of_this_machine_or_a_package_registry(files):
    said = []
    for path in files:
        if path.suffix in BINARY or path.name == "uv.lock":  # uv writes the lock
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if hit := MACHINE_PATH.search(line) or REGISTRY.search(line):
                said.append(f"{path.relative_to(ROOT)}:{number}: {hit.group()}")
    assert said == []


def test_every_python_file_that_ships_says_its_place_in_the_flow(files):
    silent = []
    for path in files:
        name = path.relative_to(ROOT).as_posix()
        if name.startswith(("skycap/", "flights/", "actions/", "benchmarks/")) and path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            if text.strip() and not text.startswith(('"""', "# ", "'''")):
                silent.append(name)
    assert silent == []


def test_every_yaml_file_that_people_edit_says_what_it_is_for(files):
    edited = [path for path in files if path.suffix == ".yml" and "data" in path.relative_to(ROOT).parts[:1]]
    edited += [ROOT / name for name in ("domain.yml", "config.yml", "endpoints.yml", "credentials.yml")]
    assert [path.name for path in edited if not path.read_text(encoding="utf-8").startswith("# ")] == []
