"""The tables of a language, from its files: `languages/<code>/<name>.yml` becomes a dataclass.

Place in the flow: every part of `flights` that knows words asks `load(code, "dates", Language)`; what it gets is
kept, so that no file is read twice. A file has the fields of its dataclass as keys. Regular expressions stand in single
quotes; `fragments:` at the top names pieces of them, and `<<piece>>` in any text stands for the piece. A pair is
written `[a, b]` or `a: b`. A language is added by a folder, without code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import MISSING, fields
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

import yaml

FOLDER = Path(__file__).parents[1] / "languages"
DEFAULT = "en"
FRAGMENTS = "fragments"
T = TypeVar("T")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """YAML in which `no`, `on` and `12:30` are the words they look like; only true, false and numbers are not text."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"-?(?:0|[1-9]\d*)$"), list("-0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(?:null|~|)$"), ["n", "~", ""])


class LanguageError(ValueError):
    """A language, a file of it or a key of a file is missing or wrong; the message says which and what to do."""


def codes(folder: Path | None = None) -> tuple[str, ...]:
    """The languages there are words for."""
    return tuple(sorted(each.name for each in (folder or FOLDER).iterdir() if each.is_dir()))


def code_of(locale: str) -> str:
    """The language of a locale: `en` of `en_GB`. Raises LanguageError where there are no words for it."""
    code = locale.replace("-", "_").partition("_")[0].lower()
    if not (FOLDER / code).is_dir():
        raise LanguageError(
            f"No language {locale!r}: there is no folder languages/{code}. Known: {', '.join(codes())}."
        )
    return code


def file_of(locale: str, name: str) -> Path:
    """Where a table of a language is. Raises LanguageError for an unknown language."""
    return FOLDER / code_of(locale) / f"{name}.yml"


@lru_cache(maxsize=256)
def load(locale: str, name: str, shape: type[T]) -> T:
    """The table `languages/<code>/<name>.yml` as a dataclass. Raises LanguageError naming file and key."""
    return read(file_of(locale, name), shape)


def read(path: Path, shape: type[T]) -> T:
    """One file as a dataclass; `load` keeps what it read."""
    where, found = _where(path), content(path)
    pieces = _pieces(found.pop(FRAGMENTS, None) or {}, where)
    known = _keys(shape)
    for key in found:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}."
            raise LanguageError(f"{where} has an unknown key {key!r}. {hint}")
    missing = [key for key, required in known.items() if required and key not in found]
    if missing:
        raise LanguageError(f"{where} lacks {', '.join(missing)}. See languages/{DEFAULT}/{path.name}.")
    kinds = get_type_hints(shape)
    return shape(**{key: _value(each, kinds[key], f"{where}, {key}", pieces) for key, each in found.items()})


def content(path: Path) -> dict[str, Any]:
    """The keys and values of a file as they are written."""
    where = _where(path)
    if not path.is_file():
        raise LanguageError(f"There is no {where}. Copy languages/{DEFAULT}/{path.name} and translate it.")
    try:
        found = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    except yaml.YAMLError as error:
        raise LanguageError(f"{where} is no YAML: {error}") from error
    if not isinstance(found, dict):
        raise LanguageError(f"{where} has to be a mapping. See languages/{DEFAULT}/{path.name}.")
    return found


def _where(path: Path) -> str:
    return f"languages/{path.parent.name}/{path.name}"


def _keys(shape: type) -> dict[str, bool]:
    """The keys of a file, and whether they have to be there."""
    return {each.name: each.default is MISSING and each.default_factory is MISSING for each in fields(shape)}


def _pieces(fragments: Any, where: str) -> dict[str, str]:
    """The fragments with the fragments in them replaced."""
    if not isinstance(fragments, dict) or not all(isinstance(each, str) for each in fragments.values()):
        raise LanguageError(f"{where}, {FRAGMENTS}: write `name: 'expression'`, each in single quotes.")
    for _ in fragments:  # as deep as they can be nested
        fragments = {name: _text(each, fragments, f"{where}, {FRAGMENTS}") for name, each in fragments.items()}
    if circular := [name for name, each in fragments.items() if re.search(r"<<\w+>>", each)]:
        raise LanguageError(f"{where}, {FRAGMENTS}: {', '.join(circular)} holds itself.")
    return fragments


def _text(text: str, pieces: Mapping[str, str], where: str) -> str:
    def piece(match: re.Match) -> str:
        if match.group(1) not in pieces:
            raise LanguageError(f"{where}: no fragment is called {match.group(1)!r}. Known: {', '.join(pieces)}.")
        return pieces[match.group(1)]

    return re.sub(r"<<(\w+)>>", piece, text) if "<<" in text else text


def _value(value: Any, kind: Any, where: str, pieces: Mapping[str, str]) -> Any:
    """A value of YAML as the type of its field."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        inner = next(each for each in parts if each is not type(None))
        return None if value is None else _value(value, inner, where, pieces)
    if kind is str and isinstance(value, str):
        return _text(value, pieces, where)
    if kind in (int, bool) and type(value) is kind:
        return value
    if origin is dict and isinstance(value, dict):
        return {
            _value(key, parts[0], where, pieces): _value(each, parts[1], f"{where}, {key}", pieces)
            for key, each in value.items()
        }
    if origin in (tuple, frozenset):
        return _several(value, origin, parts, where, pieces)
    raise LanguageError(f"{where}: {value!r} should be {_called(kind)}.")


def _several(value: Any, origin: type, parts: tuple, where: str, pieces: Mapping[str, str]) -> Any:
    if origin is tuple and parts[-1] is not Ellipsis:  # a pair
        values = list(*value.items()) if isinstance(value, dict) and len(value) == 1 else value
        if isinstance(values, list) and len(values) == len(parts):
            return tuple(_value(each, kind, where, pieces) for each, kind in zip(values, parts, strict=True))
    elif isinstance(value, list):
        return origin(_value(each, parts[0], f"{where}[{index}]", pieces) for index, each in enumerate(value))
    raise LanguageError(f"{where}: {value!r} should be {_called(origin[parts])}.")


def _called(kind: Any) -> str:
    names = {str: "a text (in single quotes)", int: "a whole number", bool: "true or false", dict: "a mapping"}
    origin, parts = get_origin(kind), get_args(kind)
    if origin is tuple and parts[-1] is not Ellipsis:
        return f"a list of {len(parts)}"
    return names.get(origin or kind, "a list")
