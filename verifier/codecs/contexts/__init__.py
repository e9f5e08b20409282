"""The JSON-LD contexts this kit knows, as tables of terms. README.md beside this file states the form."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

GENERIC_DELIMITERS = tuple(":/?#[]@")
SUFFIX = ".yaml"


@dataclass(frozen=True, slots=True)
class Term:
    """What a term stands for: its IRI (or keyword), the type its values have, and the terms that apply inside it."""

    iri: str
    type: str | None = None
    terms: Mapping[str, Term] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """One context: `local` in JSON-LD's own form, `terms` for reading, `after` the contexts that come before it."""

    local: Mapping[str, Any]
    terms: Mapping[str, Term]
    after: tuple[str, ...] = ()


class _Table:
    """Compiles one file."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.prefixes: Mapping[str, str] = data.get("prefixes", {})
        self.sets: Mapping[str, Mapping[str, Any]] = data.get("sets", {})
        self.version = data.get("version")
        self.protected = bool(data.get("protected", False))
        self.terms, self.local = self._group(data["terms"], self.protected, None)

    def _iri(self, short: str) -> str:
        prefix, colon, rest = short.partition(":")
        known = self.prefixes.get(prefix)
        if not colon or known is None or (rest and not known.endswith(GENERIC_DELIMITERS)):
            return short  # a keyword, a full IRI, or a prefix that JSON-LD 1.1 does not use as one
        return known + rest

    def _group(
        self, group: Mapping[str, Any], protected: bool, scope: str | None
    ) -> tuple[dict[str, Term], dict[str, Any]]:
        local: dict[str, Any] = {}
        if self.version is not None:
            local["@version"] = self.version
        if protected:
            local["@protected"] = True
        if scope is not None:
            local["@base"] = self._iri(scope)
        terms: dict[str, Term] = {}
        for name, value in group.items():
            terms[name], local[name] = self._term(value)
        return terms, local

    def _term(self, value: str | Mapping[str, Any]) -> tuple[Term, Any]:
        if isinstance(value, str):
            iri = self._iri(value)
            return Term(iri), iri
        iri = self._iri(value["iri"])
        local: dict[str, Any] = {"@id": iri}
        kind = value.get("type")
        if kind is not None:
            local["@type"] = kind = self._iri(kind)
        if "container" in value:
            local["@container"] = value["container"]
        inner = self.sets[value["set"]] if "set" in value else value.get("terms")
        terms: dict[str, Term] = {}
        if inner is not None:
            protected = bool(value.get("protected", self.protected))
            terms, local["@context"] = self._group(inner, protected, value.get("scope"))
        return Term(iri, kind, terms), local


@cache
def contexts() -> Mapping[str, Context]:
    """Every context under each of its addresses. Read once."""
    found: dict[str, Context] = {}
    for path in sorted(resources.files(__name__).iterdir(), key=lambda item: item.name):
        if not path.name.endswith(SUFFIX):
            continue
        data = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
        table = _Table(data)
        for url in data["urls"]:
            found[url] = Context(table.local, table.terms, tuple(data.get("after", ())))
    return found


@lru_cache(maxsize=64)
def terms_of(urls: tuple[str, ...]) -> Mapping[str, Term]:
    """The terms that apply at the top of a document that names these contexts, later ones winning."""
    active: dict[str, Term] = {}
    for url in urls:
        context = contexts()[url]
        active.update(terms_of(context.after))
        active.update(context.terms)
    return active


@lru_cache(maxsize=64)
def names(urls: tuple[str, ...]) -> frozenset[str]:
    """Every name that is a term somewhere in these contexts."""

    def inside(terms: Mapping[str, Term]) -> Iterator[str]:
        for name, term in terms.items():
            yield name
            yield from inside(term.terms)

    return frozenset(inside(terms_of(urls)))


@lru_cache(maxsize=128)
def cut(urls: tuple[str, ...], words: frozenset[str]) -> Mapping[str, Any]:
    """These contexts in order, address -> JSON-LD document, cut down to the terms that a document can mean.

    PyLD prepares every term of a context again for each object it applies to, which takes most of its time. A term
    whose name the document never writes cannot matter. The addresses name the cut, because PyLD caches by address.
    """
    digest = hashlib.sha256("\0".join((*urls, "", *sorted(words))).encode()).hexdigest()
    parts = (local for url in urls for local in _parts(url))
    return {f"urn:sha256:{digest}:{at}": {"@context": _cut(local, words)} for at, local in enumerate(parts)}


def _parts(url: str) -> Iterator[Mapping[str, Any]]:
    context = contexts()[url]
    for before in context.after:
        yield from _parts(before)
    yield context.local


def _cut(local: Mapping[str, Any], words: frozenset[str]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name, value in local.items():
        if name.startswith("@"):
            kept[name] = value
        elif name in words:
            inner = isinstance(value, dict) and "@context" in value
            kept[name] = {**value, "@context": _cut(value["@context"], words)} if inner else value
    return kept
