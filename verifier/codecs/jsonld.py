"""JSON-LD to its canonical form (URDNA2015), and what of a document that form really covers.

Contexts come from the tables in `contexts/`, never from the network and never from inside a document. A signature
over the canonical form covers statements, not the JSON text: a property that no context defines is not signed,
nor is anything said about a subject with a relative identifier. `signed_view` keeps what is signed and names the rest.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyld import jsonld
from pyld.canon import URDNA2015

from verifier.codecs.contexts import Term, contexts, cut, names, terms_of
from verifier.errors import EnvelopeError
from verifier.findings import Code


class JsonLdCode(Code):
    """Why a JSON-LD document has no canonical form that we would rely on."""

    CONTEXT_MISSING = "jsonld.context-missing"
    CONTEXT_UNKNOWN = "jsonld.context-unknown"
    CONTEXT_INLINE = "jsonld.context-inline"
    KEYWORD = "jsonld.keyword"
    NODE_NAMED = "jsonld.blank-node-named"
    NODE_REPEATED = "jsonld.node-repeated"
    TOO_COMPLEX = "jsonld.too-complex"
    BROKEN = "jsonld.broken"


MAX_VALUES = 500  # values in a document; a certificate has about 50, 2,000 take more than a second. Lists pass more
MAX_ALIKE = 5  # blank nodes that look alike: canonicalisation tries their orders, which are n! many
MAX_WALKS = 200
NQUADS = "application/n-quads"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
RESERVED = ("@", "_:")
RELATIVE = "http://relative.invalid/"  # PyLD invents a base where there is none; this one is recognised
Dataset = dict[str, list[dict[str, Any]]]

_LOCK = threading.Lock()  # PyLD keeps processed contexts in caches that are not safe across threads
_SHOWN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class SignedView:
    """A document reduced to what its canonical form covers.

    Attributes:
        canonical: the N-Quads, UTF-8.
        content: the document in its own shape with signed properties alone.
        unsigned: names of properties that were left out, those that read as a plain name; at most 8.
        dropped: how many properties were left out.
    """

    canonical: bytes
    content: Mapping[str, Any]
    unsigned: tuple[str, ...]
    dropped: int


class _Canonical(URDNA2015):  # type: ignore[misc]  # PyLD has no types
    """URDNA2015 that gives up on graphs built to make it run for ever (its worst case is factorial)."""

    def __init__(self) -> None:
        super().__init__()
        self.walks = 0

    def hash_n_degree_quads(self, id_: str, issuer: Any) -> Any:
        self.walks += 1
        alike = max(map(len, self.hash_to_blank_nodes.values()), default=0)
        if self.walks > MAX_WALKS or alike > MAX_ALIKE:
            raise EnvelopeError(JsonLdCode.TOO_COMPLEX)
        return super().hash_n_degree_quads(id_, issuer)


def canonicalise(document: Mapping[str, Any], *, values: int = MAX_VALUES) -> bytes:
    """The canonical N-Quads of a document whose `@context` names known contexts only.

    Args:
        document: parsed JSON; not changed.
        values: most JSON values accepted.

    Raises:
        EnvelopeError: CONTEXT_MISSING, CONTEXT_UNKNOWN (not in the tables), CONTEXT_INLINE (a context written out, or
            one inside the document), KEYWORD (any other `@` key), NODE_NAMED (`_:` identifiers), TOO_COMPLEX, BROKEN.

    Source: JSON-LD 1.1 API sections 5 and 8; RDF Dataset Normalization (URDNA2015).
    """
    urls, words = _check(document, values)
    return _canonical(_dataset(document, urls, words))


def signed_view(document: Mapping[str, Any], *, values: int = MAX_VALUES) -> SignedView:
    """Canonical form and signed content of a document that is a tree of things, each described once.

    Raises:
        EnvelopeError: as `canonicalise`; KEYWORD also for a property that is written as an address; NODE_REPEATED where
            two objects share an identifier, because the canonical form joins them and cannot tell which property stood
            in which.
    """
    urls, words = _check(document, values)
    dataset = _dataset(document, urls, words)
    view = _View(dataset)
    content = view.root(document, terms_of(urls))
    return SignedView(_canonical(dataset), content, tuple(view.unsigned), view.dropped)


def _check(document: Mapping[str, Any], values: int) -> tuple[tuple[str, ...], set[str]]:
    """Addresses of the document's contexts, and every word in it that could name a term. Raises as `canonicalise`."""
    named = document.get("@context")
    urls = [named] if isinstance(named, str) else named
    if not isinstance(urls, list) or not urls:
        raise EnvelopeError(JsonLdCode.CONTEXT_INLINE if isinstance(urls, dict) else JsonLdCode.CONTEXT_MISSING)
    for position, url in enumerate(urls):
        if not isinstance(url, str):
            raise EnvelopeError(JsonLdCode.CONTEXT_INLINE)
        if url not in contexts():
            raise EnvelopeError(JsonLdCode.CONTEXT_UNKNOWN, facts={"position": position})
    words: set[str] = set()
    pending: list[Any] = [{key: value for key, value in document.items() if key != "@context"}]
    count = 0
    while pending:
        value = pending.pop()
        count += 1
        if count > values:
            raise EnvelopeError(JsonLdCode.TOO_COMPLEX, facts={"limit": values})
        if isinstance(value, dict):
            for key in value:
                if key.startswith(RESERVED):
                    raise EnvelopeError(JsonLdCode.CONTEXT_INLINE if key == "@context" else JsonLdCode.KEYWORD)
                words.add(key.partition(":")[0])
            pending.extend(value.values())
        elif isinstance(value, list):
            pending.extend(value)
        elif isinstance(value, str):
            if value.startswith("_:"):
                raise EnvelopeError(JsonLdCode.NODE_NAMED)
            words.add(value.partition(":")[0])
    return tuple(urls), words


def _dataset(document: Mapping[str, Any], urls: tuple[str, ...], words: set[str]) -> Dataset:
    bundled = cut(urls, names(urls) & words)

    def load(url: str, _options: Any) -> dict[str, Any]:
        found, kind = bundled[url], "application/ld+json"
        return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": kind, "tag": "static"}

    try:
        with _LOCK:
            options = {"documentLoader": load, "base": RELATIVE}
            dataset: Dataset = jsonld.to_rdf({**document, "@context": list(bundled)}, options)
    except Exception:  # noqa: BLE001 - PyLD raises its own error, and for hostile input many others
        raise EnvelopeError(JsonLdCode.BROKEN) from None
    return {name: [triple for triple in graph if _absolute(triple)] for name, graph in dataset.items()}


def _absolute(triple: Mapping[str, Any]) -> bool:
    """False for a statement that needs a base address. A certificate has none, so such a statement does not exist.

    An unknown type is kept all the same: types decide which terms apply, so one that was added must not go unnoticed.
    """
    subject, value = triple["subject"]["value"], triple["object"]
    if subject.startswith(RELATIVE):
        return False
    relative = value["type"] == "IRI" and value["value"].startswith(RELATIVE)
    return not relative or triple["predicate"]["value"] == RDF_TYPE


def _canonical(dataset: Dataset) -> bytes:
    try:
        text: str = _Canonical().main(dataset, {"format": NQUADS})
        return text.encode("utf-8")
    except EnvelopeError:
        raise
    except Exception:  # noqa: BLE001
        raise EnvelopeError(JsonLdCode.BROKEN) from None


class _View:
    """Walks document and dataset side by side."""

    def __init__(self, dataset: Dataset) -> None:
        self.index: dict[tuple[str, str], list[tuple[str, str]]] = {}
        self.unsigned: list[str] = []
        self.dropped = 0
        self.seen: set[str] = set()
        objects: set[str] = set()
        subjects: dict[str, None] = {}
        for triple in dataset.get("@default", ()):
            subject, value = triple["subject"]["value"], triple["object"]
            subjects[subject] = None
            objects.add(value["value"])
            self.index.setdefault((subject, triple["predicate"]["value"]), []).append((value["type"], value["value"]))
        self.roots = [subject for subject in subjects if subject.startswith("_:") and subject not in objects]

    def root(self, document: Mapping[str, Any], terms: Mapping[str, Term]) -> dict[str, Any]:
        unnamed = self.roots[0] if len(self.roots) == 1 else ""
        return self._node({k: v for k, v in document.items() if k != "@context"}, terms, unnamed)

    def _node(self, node: Mapping[str, Any], inherited: Mapping[str, Term], unnamed: str) -> dict[str, Any]:
        """The signed part of one object. `unnamed` is its blank node, for an object without an identifier."""
        types = node.get("type")
        names = [types] if isinstance(types, str) else types if isinstance(types, list) else []
        known = sorted(name for name in names if isinstance(name, str) and name in inherited)
        scope: Mapping[str, Term] = inherited
        for name in known:  # terms that come with a type hold in this object alone
            scope = {**scope, **inherited[name].terms}
        ident = node.get("id") if _alias(scope, "id", "@id") else None
        subject = unnamed
        if isinstance(ident, str):
            if ident in self.seen:
                raise EnvelopeError(JsonLdCode.NODE_REPEATED)
            self.seen.add(ident)
            subject = ident
        kept: dict[str, Any] = {}
        for key, value in node.items():
            term = scope.get(key)
            if ":" in key:  # a full or compact address states the same as a term, past everybody who looks for the term
                raise EnvelopeError(JsonLdCode.KEYWORD)
            if term is None:
                self._drop(key, value)
            elif term.iri == "@id":
                kept[key] = value
            elif term.iri == "@type":
                kept[key] = known
            else:
                inner = {**inherited, **term.terms} if term.terms else inherited
                self._property(kept, key, value, term, inner, self.index.get((subject, term.iri), []))
        return kept

    def _property(
        self,
        kept: dict[str, Any],
        key: str,
        value: Any,
        term: Term,
        inner: Mapping[str, Term],
        stated: list[tuple[str, str]],
    ) -> None:
        blank = iter([name for kind, name in stated if kind == "blank node"])
        items = value if isinstance(value, list) else [value]
        signed: list[Any] = []
        for item in items:
            if isinstance(item, dict):
                named = item.get("id") if _alias(inner, "id", "@id") else None
                if isinstance(named, str):
                    if ("IRI", named) in stated:
                        signed.append(self._node(item, inner, ""))
                        continue
                elif (node := next(blank, None)) is not None:
                    signed.append(self._node(item, inner, node))
                    continue
            elif _stated(item, term, stated):
                signed.append(item)
                continue
            self._drop(key, item)
        if signed:
            kept[key] = signed if isinstance(value, list) else signed[0]

    def _drop(self, key: str, value: Any) -> None:
        if value is None or value == []:  # nothing is said, so nothing is lost
            return
        self.dropped += 1
        if len(self.unsigned) < 8 and _SHOWN_NAME.fullmatch(key):
            self.unsigned.append(key)


def _alias(scope: Mapping[str, Term], key: str, keyword: str) -> bool:
    term = scope.get(key)
    return term is not None and term.iri == keyword


def _stated(item: Any, term: Term, stated: list[tuple[str, str]]) -> bool:
    """True where the dataset says of this subject and property what the JSON says."""
    if isinstance(item, bool):
        return ("literal", "true" if item else "false") in stated
    if isinstance(item, (int, str)):
        return ("IRI" if term.type in ("@id", "@vocab") else "literal", str(item)) in stated
    return False
