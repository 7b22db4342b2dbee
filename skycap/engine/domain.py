"""The domain of a trained model, read once.

In the place of Rasa's provider when a model is loaded (skycap/engine/graph.py). Rasa parses the file of a model five
times: to see whether it is a domain, to check it twice, which training has done, and to read it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_file, read_yaml


class QuickDomainProvider(DomainProvider):
    """Provides the same domain."""

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> QuickDomainProvider:
        with model_storage.read_from(resource) as directory:
            written = read_yaml(read_file(directory / "domain.yml"))
        return cls(model_storage, resource, Domain.from_dict(Domain.merge_domain_dicts(written, {})))


def quick(component: type) -> type:
    """The quick provider in the place of Rasa's; every other component as it is."""
    return QuickDomainProvider if component is DomainProvider else component
