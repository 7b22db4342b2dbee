"""The domain of a trained model, read once.

In the place of Rasa's provider when a model is loaded (skycap/engine/graph.py). Rasa parses the file of a model five
times: to see whether it is a domain, to check it twice, which training has done, and to read it. Here libyaml reads it,
in less than half the time.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

import yaml
from rasa.engine.graph import ExecutionContext
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_file


class _Yaml(yaml.CSafeLoader):
    """YAML 1.2's core schema, in which Rasa writes: in 1.1 a button's `yes` would be a truth and `12:30` a number."""

    yaml_implicit_resolvers: ClassVar[dict[str | None, list[Any]]] = {}


for tag, expression, first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", list("-+0123456789.")),
):
    _Yaml.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"(?:{expression})$"), first)


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
            written = yaml.load(read_file(directory / "domain.yml"), _Yaml)
        return cls(model_storage, resource, Domain.from_dict(Domain.merge_domain_dicts(written, {})))


def quick(component: type) -> type:
    """The quick provider in the place of Rasa's; every other component as it is."""
    return QuickDomainProvider if component is DomainProvider else component
