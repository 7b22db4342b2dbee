"""A change trains again what depends on it, and nothing else: Rasa is asked what it would train, without training.

Needs the cache of `make train` (.rasa/cache) for the project as it is, and minutes: ask by SKYCAP_TEST_RETRAINING=1.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.importer import TrainingDataImporter

from skycap.nlu.cleaning import TextCleaner
from skycap.nlu.languages import LanguageRouter
from skycap.settings import ROOT

pytestmark = pytest.mark.filterwarnings("ignore")  # what TensorFlow and Rasa say about themselves
if not os.environ.get("SKYCAP_TEST_RETRAINING"):
    pytest.skip("Set SKYCAP_TEST_RETRAINING=1, after `make train`, to run these.", allow_module_level=True)
ROUTER = "skycap.nlu.languages.LanguageRouter"
NEW_RULE = 'version: "3.1"\nrules:\n- rule: a new rule\n  steps:\n  - intent: goodbye\n  - action: utter_goodbye\n'
NEW_SENTENCE = "    - a sentence about flights that nobody has written down\n"


def would_train(directory: Path, change: Callable[[Path], None] = lambda project: None) -> set[str]:
    """The steps that `rasa train` would train in a copy of the project with this change."""
    from rasa.model_training import train

    for name in ("data", "languages"):
        shutil.copytree(ROOT / name, directory / name)
    for name in ("domain.yml", "config.yml"):
        shutil.copy(ROOT / name, directory)
    change(directory)
    domain, config = str(directory / "domain.yml"), str(directory / "config.yml")
    done = train(domain, config, [str(directory / "data")], str(directory), dry_run=True)
    missed = [name for name, each in done.dry_run_results.items() if not getattr(each, "is_hit", True)]
    names = {re.sub(r"\d+$", "", name.removeprefix("train_")) for name in missed if name.startswith("train_")}
    if ROUTER in names:  # to Rasa it has changed when anything near it has; what it will train it knows itself
        names = {*names - {ROUTER}, *left_in_router(directory)}
    return names


def left_in_router(directory: Path) -> set[str]:
    """What the router would train: a component and its language."""
    config, domain = str(directory / "config.yml"), str(directory / "domain.yml")
    importer = TrainingDataImporter.load_from_config(config, domain, [str(directory / "data")])
    options = next(each for each in importer.get_config()["pipeline"] if each["name"] == ROUTER)
    router = LanguageRouter(options, LocalModelStorage(directory), Resource("router"))
    sentences = TextCleaner().process_training_data(importer.get_nlu_data())  # what stands before it in config.yml
    lessons = router.lessons(sentences, directory)
    for lesson in lessons:
        lesson.folder.mkdir()
    return {f"{name} ({lesson.code})" for lesson in lessons for name in lesson.left()}


@pytest.fixture(scope="module", autouse=True)
def _trained_here(tmp_path_factory: pytest.TempPathFactory) -> None:
    again = would_train(tmp_path_factory.mktemp("same"))
    if not again:
        return
    model = ROOT / "models" / "skycap.tar.gz"
    read = [
        ROOT / "config.yml",
        ROOT / "domain.yml",
        *(ROOT / "data").rglob("*.yml"),
        *(ROOT / "languages").rglob("*.yml"),
        *(ROOT / "skycap").rglob("*.py"),
    ]
    if (ROOT / ".rasa").is_dir() and model.stat().st_mtime > max(each.stat().st_mtime for each in read):
        pytest.fail(f"This project was trained here as it is, and yet {sorted(again)} would be trained again.")
    pytest.skip("This project was not trained here as it is. Run `make train` first.")


def reworded(project: Path) -> None:
    file = project / "domain.yml"
    reply = re.search(r"  utter_ask_destination:\n\s+- text: (.*)\n", file.read_text())
    file.write_text(file.read_text().replace(reply[1], '"Where to, then?"', 1))


def translated_otherwise(project: Path) -> None:
    for file in (project / "languages").glob("*/replies_*.yml"):
        file.write_text(re.sub(r"- text: \"", '- text: "Well: ', file.read_text()))


def with_a_rule(project: Path) -> None:
    (project / "data" / "rules" / "new.yml").write_text(NEW_RULE)


def with_a_sentence(project: Path) -> None:
    file = project / "data" / "nlu" / "en" / "booking.yml"
    text = file.read_text()
    first = text.index("    - ")
    file.write_text(text[:first] + NEW_SENTENCE + text[first:])


def test_a_reworded_reply_trains_nothing(tmp_path: Path) -> None:
    assert would_train(tmp_path, reworded) == set()


def test_a_reworded_translation_trains_nothing(tmp_path: Path) -> None:
    assert would_train(tmp_path, translated_otherwise) == set()


def test_a_rule_trains_the_policies_alone(tmp_path: Path) -> None:
    trained = would_train(tmp_path, with_a_rule)
    assert "RulePolicy" in trained
    assert all(name.endswith("Policy") for name in trained)


def test_a_sentence_trains_what_understands_its_language_alone(tmp_path: Path) -> None:
    trained = would_train(tmp_path, with_a_sentence)
    assert "JointIntentClassifier (en)" in trained
    assert all(name.endswith("(en)") for name in trained)
