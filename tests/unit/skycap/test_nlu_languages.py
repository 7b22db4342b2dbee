"""One pipeline a language: what each learns from, what is trained again after a change, who reads which message."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from skycap.data import LANGUAGE
from skycap.engine.graph import QuickLanguageRouter
from skycap.nlu import calibration
from skycap.nlu.languages import LanguageRouter, Trained
from skycap.nlu.lessons import model_of

pytestmark = pytest.mark.filterwarnings("ignore")  # what Rasa and scikit-learn say about themselves
COMPONENTS = [
    {"name": "skycap.nlu.tokens.BlankSpacyTokenizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "LogisticRegressionClassifier"},
]
PIPELINES = {"en": COMPONENTS, "de": COMPONENTS}
SENTENCES = {
    "en": {"greet": ["hello", "hi there", "good morning"], "goodbye": ["bye", "see you", "good night"]},
    "de": {"greet": ["hallo", "guten tag", "moin"], "goodbye": ["auf wiedersehen", "bis bald", "gute nacht"]},
}
ALL = ["CountVectorsFeaturizer", "LogisticRegressionClassifier"]
HOOKS = "rasa.engine.training.hooks"  # where Rasa says which component it trains
CONTEXT = ExecutionContext(GraphSchema({}), node_name="router")


def sentence(text: str, intent: str, code: str | None) -> Message:
    return Message({TEXT: text, INTENT: intent, METADATA: {LANGUAGE: code} if code else None})


def sentences(**more: str) -> TrainingData:
    """The sentences of both languages, and in each language named one more."""
    examples = [
        sentence(text, intent, code)
        for code, intents in SENTENCES.items()
        for intent, texts in intents.items()
        for text in texts
    ]
    return TrainingData([*examples, *(sentence(text, "greet", code) for code, text in more.items())])


@pytest.fixture
def train(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog) -> Callable[..., tuple[LocalModelStorage, list]]:
    """Trains as `rasa train` does, with a cache: gives the storage of the model, and what was trained."""
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    folders = iter(range(100))

    def train(data: TrainingData, pipelines: dict = PIPELINES) -> tuple[LocalModelStorage, list[str]]:
        folder = tmp_path / f"model-{next(folders)}"
        folder.mkdir()
        storage = LocalModelStorage(folder)
        caplog.clear()
        with caplog.at_level(logging.INFO, logger=HOOKS):
            LanguageRouter.create({"pipelines": pipelines}, storage, Resource("router"), CONTEXT).train(data)
        said = [each.getMessage() for each in caplog.records if each.name == HOOKS]
        return storage, [each.split("'")[1] for each in said if each.startswith("Starting")]

    return train


def load(storage: LocalModelStorage, kind: type[LanguageRouter] = LanguageRouter) -> LanguageRouter:
    return kind.load({"pipelines": PIPELINES}, storage, Resource("router"), CONTEXT)


def read(router: LanguageRouter, *texts: str, spoken: str | None = None) -> list[Message]:
    told = {LANGUAGE: {"spoken": spoken, "reply": spoken, "home": spoken, "clear": spoken}} if spoken else None
    return router.process([Message({TEXT: text, METADATA: told}) for text in texts])


def intents(messages: list[Message]) -> list[str]:
    return [each.get(INTENT)["name"] for each in messages]


def test_each_language_gets_its_own_sentences_and_the_first_those_without_a_language():
    router = LanguageRouter({"pipelines": PIPELINES}, None, Resource("router"))
    stray, story, french = (
        Message({TEXT: "yo", INTENT: "greet"}),
        Message({INTENT: "greet"}),
        sentence("oui", "a", "fr"),
    )
    divided = router.divided(TrainingData([*sentences().training_examples, stray, story, french]))
    assert list(divided) == ["en", "de"]
    texts = {code: [each.get(TEXT) for each in data.training_examples] for code, data in divided.items()}
    assert texts["de"] == [text for intent in SENTENCES["de"].values() for text in intent]
    assert texts["en"] == [*(text for intent in SENTENCES["en"].values() for text in intent), "yo"]


def test_the_wording_of_an_answer_is_no_part_of_what_is_learnt():
    def learnt_from(wording: str) -> str:
        asked = Message({TEXT: "how much luggage", INTENT: "faq", INTENT_RESPONSE_KEY: "faq/luggage"})
        data = TrainingData([asked], responses={"utter_faq/luggage": [{TEXT: wording}]})
        return LanguageRouter({"pipelines": PIPELINES}, None, Resource("router")).divided(data)["en"].fingerprint()

    assert learnt_from("One bag.") == learnt_from("One bag of 23 kg.")


def test_a_changed_sentence_trains_its_language_alone(train) -> None:
    assert sorted(train(sentences())[1]) == sorted(2 * ALL)
    assert train(sentences())[1] == []
    storage, trained = train(sentences(de="servus"))
    assert sorted(trained) == sorted(ALL)
    assert (
        intents(read(load(storage), "hello", spoken="en") + read(load(storage), "servus", spoken="de")) == ["greet"] * 2
    )


def test_a_changed_option_trains_what_comes_after_it(train) -> None:
    train(sentences())
    other = [*COMPONENTS[:2], {**COMPONENTS[2], "C": 2.0}]
    assert train(sentences(), {"en": COMPONENTS, "de": other})[1] == ["LogisticRegressionClassifier"]


@pytest.mark.parametrize("kind", [LanguageRouter, QuickLanguageRouter])
def test_a_message_is_read_in_its_language_whatever_comes_with_it(train, kind) -> None:
    router = load(train(sentences())[0], kind)
    texts = ["gute nacht", "hallo", "moin"]
    assert intents(read(router, *texts, spoken="de")) == ["goodbye", "greet", "greet"]
    told = {code: {"spoken": code, "reply": "en", "home": "en", "clear": code} for code in PIPELINES}
    mixed = [("good night", "en"), ("gute nacht", "de"), ("hi there", "en")]
    messages = router.process([Message({TEXT: text, METADATA: {LANGUAGE: told[code]}}) for text, code in mixed])
    assert intents(messages) == ["goodbye", "goodbye", "greet"]
    assert [each.get(LANGUAGE) for each in messages] == [told[code] for _, code in mixed]
    assert [each.get(TEXT) for each in messages] == [text for text, _ in mixed]
    assert all(LANGUAGE in each.output_properties for each in messages)


def test_an_unknown_language_is_the_default(train) -> None:
    router = load(train(sentences())[0])
    (unclear,) = read(router, "17")
    (other,) = read(router, "17", spoken="fr")
    for message in (unclear, other):
        assert message.get(LANGUAGE)["spoken"] == message.get(LANGUAGE)["reply"] == "en"
        assert message.get(INTENT)["name"]


def test_a_language_without_sentences_is_left_out(train, caplog) -> None:
    english = TrainingData([each for each in sentences().training_examples if each.get(METADATA)[LANGUAGE] == "en"])
    storage, trained = train(english)
    assert sorted(trained) == sorted(ALL)
    router = load(storage)
    assert "'de'" in caplog.text
    assert intents(read(router, "hello", spoken="de")) == ["greet"]


def test_the_training_cache_keeps_every_part_once(train, tmp_path: Path) -> None:
    storage, _ = train(sentences())
    router = LanguageRouter.create({"pipelines": PIPELINES}, storage, Resource("router"), CONTEXT)
    trained = router.train(sentences())
    (tmp_path / "kept").mkdir()
    (tmp_path / "again").mkdir()
    trained.to_cache(tmp_path / "kept", storage)
    assert sum(each.stat().st_size for each in (tmp_path / "kept").iterdir()) < 2_000
    again = LocalModelStorage(tmp_path / "again")
    restored = Trained.from_cache("router", tmp_path / "kept", again, "fingerprint")
    assert restored.parts == trained.parts and restored.fingerprint() == "fingerprint"
    assert intents(read(load(again), "moin", spoken="de")) == ["greet"]


def test_a_part_that_the_cache_has_lost_is_trained_again(train, tmp_path: Path, monkeypatch) -> None:
    storage, _ = train(sentences())
    trained = LanguageRouter.create({"pipelines": PIPELINES}, storage, Resource("router"), CONTEXT).train(sentences())
    (tmp_path / "kept").mkdir()
    (tmp_path / "again").mkdir()
    trained.to_cache(tmp_path / "kept", storage)
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "empty"))
    with pytest.raises(ValueError, match="no longer in the cache"):
        Trained.from_cache("router", tmp_path / "kept", LocalModelStorage(tmp_path / "again"), "fingerprint")


def test_changed_code_of_a_component_is_a_change_of_the_router(monkeypatch: pytest.MonkeyPatch) -> None:
    before = LanguageRouter.fingerprint_addon({"pipelines": PIPELINES})
    assert before == LanguageRouter.fingerprint_addon({"pipelines": PIPELINES})
    monkeypatch.setattr("inspect.getsource", lambda kind: f"other code of {kind}")
    assert before != LanguageRouter.fingerprint_addon({"pipelines": PIPELINES})


def test_a_component_is_told_its_language_unless_config_says_another():
    def language(**said: str) -> str:
        nodes = model_of("de", [{**COMPONENTS[0], **said}]).predict_schema.nodes.values()
        return next(node.config["language"] for node in nodes if node.uses.__name__ == "BlankSpacyTokenizer")

    assert language() == "de"
    assert language(language="es") == "es"


def test_what_a_component_learns_by_counts_as_its_code(monkeypatch: pytest.MonkeyPatch) -> None:
    pipelines = {"en": [{"name": "skycap.nlu.joint.JointIntentClassifier"}]}
    before = LanguageRouter.fingerprint_addon({"pipelines": pipelines})
    source = inspect.getsource

    def edited(part: object) -> str:
        return source(part) + ("# another threshold" if part is calibration else "")

    monkeypatch.setattr(inspect, "getsource", edited)
    assert before != LanguageRouter.fingerprint_addon({"pipelines": pipelines})
