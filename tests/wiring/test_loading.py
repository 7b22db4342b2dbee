"""Every name in config.yml, endpoints.yml and credentials.yml loads through Rasa's own factories and is what is meant.

Rasa answers a wrong store or broker with its in-memory one and goes on; here that is a failure.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import LockStore
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.run import create_http_input_channels
from rasa.core.tracker_store import TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.engine.recipes.default_components import DEFAULT_COMPONENTS
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.domain import Domain
from rasa.shared.importers.importer import TrainingDataImporter
from ruamel.yaml import YAML

from skycap.data import LanguageImporter, languages
from skycap.engine import graph
from skycap.nlg import VariedResponses
from skycap.nlu.languages import LanguageRouter
from skycap.nlu.lessons import model_of
from skycap.settings import ROOT, Settings
from skycap.state.locks import FileLocks
from skycap.state.sql import SqlState
from skycap.state.tracker_store import WindowTrackerStore
from skycap.state.window import LOOK_BACK

CONFIG = YAML(typ="safe").load(ROOT / "config.yml")
PIPELINES = CONFIG["pipeline"][-1]["pipelines"]
WITHIN = sorted({each["name"] for pipeline in PIPELINES.values() for each in pipeline})
COMPONENTS = sorted({*WITHIN, *(each["name"] for each in [*CONFIG["pipeline"], *CONFIG["policies"]])})
OURS = [name for name in COMPONENTS if "." in name]


def dotted(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


@pytest.fixture
def endpoints(tmp_path, monkeypatch) -> AvailableEndpoints:
    """endpoints.yml, with its SQLite files in a place of their own."""
    (tmp_path / "var").mkdir()
    monkeypatch.chdir(tmp_path)
    return AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_a_component_is_the_class_that_config_names(name):
    loaded = DefaultV1Recipe._from_registry(name).clazz
    assert dotted(loaded) == name if name in OURS else loaded.__module__.startswith("rasa.")


@pytest.mark.parametrize("name", OURS)
def test_a_component_of_ours_takes_no_name_of_rasas(name):
    # Rasa registers by the bare class name: ours would replace the built-in one everywhere.
    assert name.rsplit(".", 1)[1] not in {kind.__name__ for kind in DEFAULT_COMPONENTS}


def test_config_becomes_a_graph_with_every_component():
    configuration = DefaultV1Recipe().graph_config_for_recipe(CONFIG, {})
    nodes = [*configuration.train_schema.nodes.values(), *configuration.predict_schema.nodes.values()]
    used = {node.uses.__name__ for node in nodes}
    assert {name.rsplit(".", 1)[-1] for name in set(COMPONENTS) - set(WITHIN)} <= used


@pytest.mark.parametrize("code", PIPELINES)
def test_the_pipeline_of_a_language_becomes_a_graph_that_knows_its_language(code):
    nodes = model_of(code, PIPELINES[code]).predict_schema.nodes.values()
    assert {each["name"].rsplit(".", 1)[-1] for each in PIPELINES[code]} <= {node.uses.__name__ for node in nodes}
    assert {node.config["language"] for node in nodes if "language" in node.uses.get_default_config()} == {code}


def test_the_default_language_is_the_first_to_have_a_pipeline():
    assert CONFIG["language"] == next(iter(PIPELINES)) and languages(CONFIG) == list(PIPELINES)


def test_training_data_comes_through_our_own_importer():
    importer = TrainingDataImporter.load_from_config(str(ROOT / "config.yml"))
    while hasattr(importer, "importer") or hasattr(importer, "_importer"):
        importer = getattr(importer, "importer", None) or importer._importer
    assert [type(each) for each in importer._importers] == [LanguageImporter]


async def test_endpoints_make_the_parts_they_name(endpoints):
    assert await EventBroker.create(endpoints.event_broker) is None and endpoints.event_broker is None
    store = TrackerStore.create(endpoints.tracker_store)
    assert type(store) is WindowTrackerStore and type(store.backend) is SqlState
    assert await store.retrieve("nobody") is None
    assert type(LockStore.create(endpoints.lock_store)) is FileLocks
    speaker = NaturalLanguageGenerator.create(endpoints.nlg, Domain.empty())
    assert type(speaker) is VariedResponses
    assert endpoints.action.url.endswith("/webhook")
    await store.backend.close()


def test_every_channel_of_credentials_is_the_class_it_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "skycap.channels.web.settings", lambda: Settings(web_secret="a secret of the tests, long enough")
    )
    monkeypatch.setattr("skycap.channels.platforms.settings", Settings)
    named = list(YAML(typ="safe").load(ROOT / "credentials.yml"))
    channels = create_http_input_channels(None, str(ROOT / "credentials.yml"))
    assert [dotted(type(each)) for each in channels] == named
    assert sorted(each.name() for each in channels) == ["facebook", "rest", "slack", "socketio", "telegram", "twilio"]


WATCH_IMPORTS = """
import json, pkgutil, sys
done = []
def watch(event, arguments):
    path = str(arguments[0]) if arguments else ""
    if event.startswith(("sqlite3.connect", "socket.connect", "subprocess.")):
        done.append(event)
    elif event == "open" and "/site-packages/" not in path and path.startswith(ROOT):
        # the words by which personal data is known are as good as code: without them nothing may start
        if not path.endswith((".py", ".pyc", "/privacy.yml")) and "__pycache__" not in path:
            done.append("open " + path)
sys.addaudithook(watch)
import actions
for module in pkgutil.walk_packages(actions.__path__, "actions."):
    __import__(module.name)
from flights import database
if database._engine.cache_info().currsize:
    done.append("an engine was made")
rasa = [name for name in sys.modules if name.split(".")[0] in ("rasa", "tensorflow")]
print(json.dumps({"done": done, "rasa": rasa}))
"""


def test_importing_the_actions_reads_nothing_connects_to_nothing_and_knows_no_rasa():
    script = f"ROOT = {str(ROOT)!r}\n{WATCH_IMPORTS}"
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1]) == {"done": [], "rasa": []}


def test_no_policy_looks_further_back_than_a_snapshot_reaches():
    histories = [each["max_history"] for each in CONFIG["policies"] if "max_history" in each]
    rules = [
        sum("action" in step for step in rule["steps"])
        for path in (ROOT / "data" / "rules").glob("*.yml")
        for rule in YAML(typ="safe").load(path)["rules"]
    ]
    assert max([*histories, *rules]) < LOOK_BACK


def test_the_engine_serves_the_pipelines_with_its_quick_components():
    schema = graph.quick(DefaultV1Recipe().graph_config_for_recipe(CONFIG, {}).predict_schema)
    (router,) = [node.uses for node in schema.nodes.values() if issubclass(node.uses, LanguageRouter)]
    assert router.runner is graph.QuickGraphRunner
