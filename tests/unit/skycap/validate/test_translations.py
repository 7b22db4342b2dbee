"""What a language lacks is found, with the file where it belongs."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from flights import languages
from skycap.validate.translations import check_translations, check_words

CONFIG = {
    "language": "en",
    "pipeline": [{"name": "some.TextCleaner"}, {"name": "a", "pipelines": {"en": [], "de": []}}],
}
YES = {"title": "Yes", "payload": "yes"}
ENGLISH = {
    "utter_greet": [
        {"text": "Hello, {name}"},
        {"text": "Hallo, {name}", "condition": [{"type": "slot", "name": "language", "value": "de"}]},
    ],
    "utter_ask": [{"text": "Well?", "buttons": [YES, {"title": "No", "payload": "no"}]}, {"text": "Yes or no?"}],
    "utter_faq/luggage": [{"text": "One bag."}],
}
FIRST = 'responses:\n  utter_greet: [{text: "Hallo, {name}"}]\n  utter_ask:\n    - text: "Nun?"\n' + (
    "      buttons: [{title: Ja, payload: ja}, {title: Nein, payload: nein}]\n"
)
SECOND = 'responses:\n  utter_faq/luggage: [{text: "Eine Tasche."}]\n'


@pytest.fixture
def found(tmp_path: Path) -> Callable[..., list[tuple[str, str]]]:
    """Checks a project whose German replies are written in two files; gives where and what, of each finding."""

    def found(first: str = FIRST, second: str = SECOND, **more: str) -> list[tuple[str, str]]:
        files = {
            "languages/de/replies_first.yml": first,
            "languages/de/replies_second.yml": second,
            "data/nlu/de/some.yml": "nlu: []",
            "data/nlu/en/some.yml": "nlu: []",
        }
        for name, text in (files | more).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
        findings = check_translations(tmp_path, CONFIG, ENGLISH)
        assert all(each.is_error and each.advice for each in findings)
        return [(each.where, each.what) for each in findings]

    return found


def test_a_whole_language_is_well(found) -> None:
    assert found() == []


def test_a_reply_that_is_missing_is_named_with_the_file_of_its_neighbour(found) -> None:
    assert found(second="") == [("languages/de/replies_first.yml", "utter_faq/luggage is not translated.")]
    names = [what.split()[0] for where, what in found(first="") if where == "languages/de/replies_….yml"]
    assert names == ["utter_greet", "utter_ask"]


def test_what_is_filled_in_is_compared(found) -> None:
    other = FIRST.replace("{name}", "{city}")
    assert [what for _, what in found(other)] == [
        "utter_greet does not say {name}, which the English reply says.",
        "utter_greet says {city}, which the English reply does not have.",
    ]


def test_buttons_are_compared(found) -> None:
    fewer = FIRST.replace(", {title: Nein, payload: nein}", "")
    assert found(fewer) == [("languages/de/replies_first.yml", "utter_ask has 1 buttons, the English reply 2.")]


def test_unknown_and_repeated_replies_are_found(found) -> None:
    more = SECOND + '  utter_gret: [{text: "Hallo"}]\n  utter_ask: [{text: "Nun?"}]\n'
    assert found(second=more) == [
        ("languages/de/replies_second.yml", "utter_gret is no reply of domain.yml."),
        ("languages/de/replies_second.yml", "utter_ask stands in languages/de/replies_first.yml too."),
    ]


def test_a_pipeline_without_a_folder_and_a_folder_without_a_pipeline_are_found(found, tmp_path: Path) -> None:
    (tmp_path / "data" / "nlu" / "en").mkdir(parents=True)
    assert [each.what for each in check_translations(tmp_path, CONFIG, ENGLISH)] == [
        "The language 'de' has a pipeline and no sentences.",
        "The language 'de' has a pipeline and no words or replies.",
    ]
    assert [where for where, _ in found(**{"data/nlu/fr/some.yml": "nlu: []"})] == ["data/nlu/fr"]


def test_a_project_of_one_language_needs_no_folders(tmp_path: Path) -> None:
    assert check_translations(tmp_path, {"language": "en", "pipeline": []}, ENGLISH) == []


def test_words_that_cannot_be_read_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert check_words(["en", "de", "es"]) == []
    for code in ("en", "xx"):
        shutil.copytree(languages.FOLDER / "en", tmp_path / code)
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    times = tmp_path / "xx" / "times.yml"
    times.write_text(times.read_text("utf-8").replace("afternoon_letter:", "afternoon_leter:"), "utf-8")
    (tmp_path / "xx" / "detection.yml").unlink()
    found = check_words(["en", "xx", "not written yet"])
    assert [each.where for each in found] == ["languages/xx"] * 2
    assert "times.yml has an unknown key 'afternoon_leter'. Did you mean 'afternoon_letter'?" in found[0].what
    assert "There is no languages/xx/detection.yml." in found[1].what
