"""The domain of a model, read once, is the one that Rasa reads."""

from __future__ import annotations

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain

from skycap.engine.domain import QuickDomainProvider
from skycap.settings import ROOT


def test_it_is_the_same_domain(tmp_path):
    storage, resource = LocalModelStorage(tmp_path), Resource("domain_provider")
    DomainProvider(storage, resource)._persist(Domain.load(str(ROOT / "domain.yml")))
    theirs, ours = (
        kind.load({}, storage, resource, ExecutionContext(GraphSchema({}))).provide_inference()
        for kind in (DomainProvider, QuickDomainProvider)
    )
    assert ours.as_dict() == theirs.as_dict()
    assert ours.fingerprint() == theirs.fingerprint()
    assert ours.action_names_or_texts == theirs.action_names_or_texts
    assert ours.input_states == theirs.input_states
