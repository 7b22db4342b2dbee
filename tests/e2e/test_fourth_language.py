"""A fourth language from files alone: French is laid over a copy of the project, learnt there, and books a flight.

The files are in tests/e2e/french; what is done with them is what docs/add-a-language.md says. Of the other languages
the copy learns two sentences of English alone, so that it is ready in a minute. Needs no model.
"""

from __future__ import annotations

import copy
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from benchmarks.server import ServerProcess
from skycap.settings import ROOT

FRENCH = Path(__file__).parent / "french"
PARTS = ("actions", "data", "flights", "languages", "skycap", "web")
FILES = ("config.yml", "credentials.yml", "domain.yml", "endpoints.yml")
BY_HEART = [{"name": "skycap.nlu.tokens.BlankSpacyTokenizer"}, {"name": "KeywordIntentClassifier"}]
EPOCHS = 60  # a tenth of the sentences of Spanish needs more of them


@pytest.fixture(scope="session")
def _model() -> None:
    """Trained here."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the files of French, and its block in config.yml."""
    project = tmp_path_factory.mktemp("project")
    for name in PARTS:
        shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, project)
    for name in ("nlu", "calibration"):
        shutil.rmtree(project / "data" / name)
    shutil.copytree(FRENCH, project, dirs_exist_ok=True)
    config = yaml.safe_load((project / "config.yml").read_text("utf-8"))
    pipelines = next(each["pipelines"] for each in config["pipeline"] if "pipelines" in each)
    french = [{**each, "epochs": EPOCHS} if "epochs" in each else each for each in copy.deepcopy(pipelines["es"])]
    pipelines.clear()
    pipelines.update(en=BY_HEART, fr=french)
    for each in config["policies"]:  # rules lead through a booking; what stories teach is tried elsewhere
        if "epochs" in each:
            each["epochs"] = 1
    (project / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), "utf-8")
    return project


def run(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a module of Python in the copy."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKYCAP_")}
    environment |= {"PYTHONPATH": str(project), "RASA_TELEMETRY_ENABLED": "false", "PYTHONWARNINGS": "ignore"}
    call = [sys.executable, "-m", *command]
    return subprocess.run(call, cwd=project, env=environment, capture_output=True, text=True)


@pytest.fixture(scope="module")
def server(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """The copy, trained and serving."""
    trained = run(project, "rasa", "train", "--fixed-model-name", "skycap")
    assert trained.returncode == 0, trained.stdout[-3000:] + trained.stderr[-3000:]
    with ServerProcess(tmp_path_factory.mktemp("server"), project=project, today="2027-03-01") as process:
        yield process


@pytest.fixture
def say(server: ServerProcess) -> Callable[[str], str]:
    """Says something in a conversation of its own; returns the replies."""
    sender = f"e2e-{uuid.uuid4().hex[:12]}"
    return lambda text: "\n".join(each["text"] for each in server.say(sender, text) if each.get("text"))


def test_nothing_but_yaml_was_added(project: Path) -> None:
    assert {each.suffix for each in FRENCH.rglob("*") if each.is_file()} == {".yml"}
    code = {each: ROOT / each.relative_to(project) for each in project.rglob("*.py")}
    assert [each for each, ours in code.items() if each.read_bytes() != ours.read_bytes()] == []


def test_what_is_missing_is_named(project: Path) -> None:
    said = run(project, "skycap", "validate").stdout
    missing = r"error: languages/fr/replies_\S+\.yml: utter_help is not translated\."
    assert re.search(missing, said), said[-3000:]
    assert "utter_greet is not translated" not in said
    assert "data/nlu/fr" not in said


def test_a_french_traveller_books(server: ServerProcess, say: Callable[[str], str]) -> None:
    assert "Ici Skycap" in say("bonjour")
    assert say("je voudrais un vol de Berlin à Rome le 12 mars") == "Et quand revenez-vous ?"
    assert say("aller simple") == "Combien de personnes voyagent ?"
    changed = say("plutôt le 14 mars")
    assert "D'accord : départ le dimanche 14 mars." in changed
    assert changed.endswith("Combien de personnes voyagent ?")
    assert "une valise en soute de 23 kg" in say("et les bagages ?")
    offers = say("deux personnes")
    assert re.search(r"vols Berlin \(BER\) – Rome .*, dimanche 14 mars, les meilleurs d'abord :", offers), offers
    assert "par personne" in offers
    assert offers.endswith("Lequel préférez-vous ?")
    assert say("le premier").startswith("Bon choix.")
    assert "adresse e-mail" in say("Camille Dupont")
    assert "numéro de téléphone" in say("camille.dupont@example.com")
    summary = say("+33 1 99 00 12 34")
    assert "Voyageurs: 2 personnes, Camille Dupont" in summary
    assert "Dois-je réserver ?" in summary
    booked = say("oui")
    reference = re.search(r"C'est réservé ! Votre référence est ([A-Z0-9]{6})\.", booked)
    assert reference, booked
    assert "pour 2 personnes" in booked
    with closing(sqlite3.connect(server.directory / "flights.db")) as connection:
        rows = connection.execute("SELECT reference, state, passengers FROM bookings").fetchall()
    assert rows == [(reference[1], "ticketed", 2)]
    assert say("merci") == "Avec plaisir. Autre chose ?"


def test_a_reply_that_is_not_translated_is_said_in_english(server: ServerProcess, say: Callable[[str], str]) -> None:
    say("bonjour")
    assert "I find flights between any two airports" in say("aide")
    assert "utter_help has no wording in 'fr', and is said in English." in server.log_end(100_000)


def test_english_is_spoken_on(say: Callable[[str], str]) -> None:
    assert "Skycap" in say("hello there")
    assert "Where would you like to go?" in say("I need a flight")
