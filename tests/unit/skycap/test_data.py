"""The importer of several languages: sentences know their language, replies are in all of them."""

from __future__ import annotations

import copy
from pathlib import Path

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap import data
from skycap.data import LanguageImporter, Sentence, language_of, language_of_file, languages
from skycap.nlu.joint import marked

pytestmark = pytest.mark.filterwarnings("ignore:The following duplicated intents")  # a false alarm, see ADR 0008
CONFIG = """
recipe: default.v1
assistant_id: small
language: en
importers: [{name: skycap.data.LanguageImporter}]
pipeline:
- name: skycap.nlu.languages.LanguageRouter
  pipelines: {en: [{name: WhitespaceTokenizer}], de: [{name: WhitespaceTokenizer}]}
policies: [{name: RulePolicy}]
"""
DOMAIN = """
version: "3.1"
intents: [greet, faq]
slots: {language: {type: text, mappings: [{type: custom}]}, vip: {type: bool, mappings: [{type: custom}]}}
responses:
  utter_greet: [{text: "Hello!"}, {text: "Hi!"}]
  utter_faq/luggage: [{text: "One bag."}]
"""
REPLIES = """
responses:
  utter_greet:
    - text: "Hallo!"
    - text: "Willkommen zurück!"
      condition: [{type: slot, name: vip, value: true}]
  utter_never: [{text: "Nie"}]
"""
FILES = {
    "config.yml": CONFIG,
    "domain.yml": DOMAIN,
    "languages/de/replies_shared.yml": REPLIES,
    "languages/de/replies_faq.yml": 'responses:\n  utter_faq/luggage: [{text: "Eine Tasche."}]\n',
    "languages/fr/replies_shared.yml": 'responses:\n  utter_greet: [{text: "Bonjour !"}]\n',
    "data/nlu/en/shared.yml": "nlu:\n- intent: greet\n  examples: |\n    - hello\n    - moin\n",
    "data/nlu/de/shared.yml": "nlu:\n- intent: greet\n  examples: |\n    - hallo\n    - moin\n",
    "data/nlu/de/faq.yml": "nlu:\n- intent: faq/luggage\n  examples: |\n    - wie viel gepäck\n",
    "data/calibration/de_shared.yml": (
        "nlu:\n- intent: greet\n  metadata: {held_out: true}\n  examples: |\n    - grüß gott\n"
    ),
    "data/more.yml": "nlu:\n- intent: greet\n  examples: |\n    - hey\n",
}


@pytest.fixture(autouse=True)
def _nothing_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))


@pytest.fixture
def importer(tmp_path: Path) -> TrainingDataImporter:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / name) for name in ("config.yml", "domain.yml", "data")]
    return TrainingDataImporter.load_from_config(paths[0], paths[1], paths[2:])


def by_text(data: TrainingData) -> dict[str, set[str | None]]:
    found: dict[str, set[str | None]] = {}
    for each in data.nlu_examples:
        found.setdefault(each.get(TEXT), set()).add(language_of(each))
    return found


def test_every_sentence_has_the_language_of_its_folder(importer) -> None:
    assert by_text(importer.get_nlu_data()) == {
        "hello": {"en"},
        "hallo": {"de"},
        "moin": {"en", "de"},
        "wie viel gepäck": {"de"},
        "grüß gott": {"de"},
        "hey": {None},
    }


def test_other_marks_of_a_sentence_stay(importer) -> None:
    (kept_out,) = [each for each in importer.get_nlu_data().nlu_examples if each.get(TEXT) == "grüß gott"]
    assert marked(kept_out, "held_out")
    assert set(kept_out.get(METADATA)) == {"intent", "language"}


def test_replies_of_the_configured_languages_are_variations_with_a_condition(importer) -> None:
    responses = importer.get_domain().responses
    german = {"type": "slot", "name": "language", "value": "de"}
    assert [each["text"] for each in responses["utter_greet"]] == ["Hello!", "Hi!", "Hallo!", "Willkommen zurück!"]
    assert [each.get("condition") for each in responses["utter_greet"]] == [
        None,
        None,
        [german],
        [{"type": "slot", "name": "vip", "value": True}, german],
    ]
    assert "utter_never" not in responses


def test_answers_stand_in_the_domain_in_one_order(tmp_path: Path) -> None:
    """Else the policies are trained again by one process in two."""
    (tmp_path / "nlu.yml").write_text(
        "nlu:\n" + "".join(f"- intent: {each}/a\n  examples: |\n    - say {each}\n" for each in "gcbfaed")
    )
    (tmp_path / "domain.yml").write_text('version: "3.1"\nactions: [action_b, action_a]\n')
    own = LanguageImporter(None, str(tmp_path / "domain.yml"), [str(tmp_path / "nlu.yml")])
    assert own.get_domain().user_actions[:9] == ["action_b", "action_a", *(f"utter_{each}" for each in "abcdefg")]


def test_plain_rasa_says_the_reply_in_the_language_of_the_slot(importer) -> None:
    speaker = TemplatedNaturalLanguageGenerator(importer.get_domain().responses)
    said = {
        code: speaker.generate_from_slots("utter_faq/luggage", {"language": code}, "web")["text"]
        for code in ("en", "de", "fr", None)
    }
    assert said == {"en": "One bag.", "de": "Eine Tasche.", "fr": "One bag.", None: "One bag."}


def test_importing_nlu_alone_needs_no_domain(importer, tmp_path: Path) -> None:
    alone = TrainingDataImporter.load_nlu_importer_from_config(
        str(tmp_path / "config.yml"), None, [str(tmp_path / "data")]
    )
    assert by_text(alone.get_nlu_data())["hallo"] == {"de"}
    assert alone.get_domain().is_empty()


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("data/nlu/de/booking.yml", "de"),
        ("nlu/pt/faq.yml", "pt"),
        ("/somewhere/data/calibration/es_booking.yml", "es"),
        ("data/calibration/booking.yml", None),
        ("data/rules/booking.yml", None),
        ("data/nlu/booking.yml", None),
    ],
)
def test_the_folder_says_the_language(path: str, code: str | None) -> None:
    assert language_of_file(path) == code


def test_the_languages_are_those_with_a_pipeline_and_the_default_is_first():
    router = {"name": "skycap.nlu.languages.LanguageRouter", "pipelines": {"de": [], "en": []}}
    assert languages({"language": "en", "pipeline": [{"name": "some.TextCleaner"}, router]}) == ["en", "de"]
    assert languages({"language": "de", "pipeline": [{"name": "WhitespaceTokenizer"}]}) == ["de"]
    assert languages({}) == ["en"]


def test_what_the_last_training_read_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "nlu" / "de" / "shared.yml"
    file.parent.mkdir(parents=True)
    file.write_text(
        "nlu:\n- intent: faq/bags\n  metadata: {held_out: true}\n  examples: |\n"
        '    - von [berlin]{"entity": "city", "role": "origin", "value": "BER"}\n    - noch einmal\n'
        "- synonym: BER\n  examples: |\n    - schönefeld\n",
        encoding="utf-8",
    )
    first = LanguageImporter(training_data_paths=[str(file)]).get_nlu_data()
    data._read.cache_clear()
    with monkeypatch.context() as patched:
        patched.delattr(data, "load_data")
        again = LanguageImporter(training_data_paths=[str(file)]).get_nlu_data()
    assert again.fingerprint() == first.fingerprint()
    assert [each.data for each in again.training_examples] == [each.data for each in first.training_examples]
    file.write_text(file.read_text(encoding="utf-8").replace("noch einmal", "neu"), encoding="utf-8")
    assert "neu" in by_text(LanguageImporter(training_data_paths=[str(file)]).get_nlu_data())


def test_rasa_warns_of_a_file_every_time(tmp_path: Path) -> None:
    file = tmp_path / "nlu.yml"
    file.write_text("nlu:\n- intent: greet\n  examples: |\n    - hello\n    hi\n")
    for _ in range(2):
        data._read.cache_clear()
        with pytest.warns(UserWarning, match="doesn't start with a '-'"):
            LanguageImporter(training_data_paths=[str(file)]).get_nlu_data()


def test_a_sentence_is_copied_as_rasa_copies_messages() -> None:
    said = {TEXT: "to Rome", INTENT: "inform", ENTITIES: [{"entity": "city", "start": 3, "end": 7}]}
    sentence, message = Sentence(said), Message(said)
    assert sentence == message
    copied = copy.deepcopy(sentence)
    copied.get(ENTITIES)[0]["role"] = "destination"
    copied.set(METADATA, {"language": "en"})
    assert sentence == message != copied
    assert sentence.fingerprint() == Message(said).fingerprint()
    sentence.set(INTENT, "inform")
    sentence.set(TEXT, "to Oslo")
    assert sentence == Message({**said, TEXT: "to Oslo"})
