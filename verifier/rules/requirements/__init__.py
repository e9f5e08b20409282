"""The kinds of requirement: one file each. A new kind is a file here, its line in KINDS, and its sentences.

A requirement is written as a mapping with one key, its kind: `{tested: {kinds: [naat], hours: 72}}`; `all`, `any`
    and `not` hold
others; a bare text names a requirement that the pack defines under `requirements`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from verifier.rules.requirements.absent import AbsentSpec
from verifier.rules.requirements.base import Asked, Dangling, Node, Shop, Spec
from verifier.rules.requirements.combine import AllOf, Always, AnyOf, Not
from verifier.rules.requirements.holds import LetterSpec, ShownSpec
from verifier.rules.requirements.party import AccompaniedSpec
from verifier.rules.requirements.person import (
    AgeSpec,
    CitizenSpec,
    PurposeSpec,
    RelationshipSpec,
    ResidenceSpec,
    StatusSpec,
    VisaSpec,
)
from verifier.rules.requirements.recovered import RecoveredSpec
from verifier.rules.requirements.stated import DaysBeforeSpec, FactSpec, HoursSinceSpec
from verifier.rules.requirements.tested import TestedSpec
from verifier.rules.requirements.trip import BoardsSpec, ChannelSpec, DecidedSpec, ExternalSpec, InForceSpec, WhenSpec
from verifier.rules.requirements.vaccinated import VaccinatedSpec

KINDS: Final[Mapping[str, type[Spec]]] = {
    "vaccinated": VaccinatedSpec, "tested": TestedSpec, "recovered": RecoveredSpec, "absent": AbsentSpec,
    "shown": ShownSpec, "letter": LetterSpec, "accompanied": AccompaniedSpec,
    "status": StatusSpec, "citizen": CitizenSpec, "residence": ResidenceSpec, "age": AgeSpec, "purpose": PurposeSpec,
    "visa": VisaSpec, "relationship": RelationshipSpec, "fact": FactSpec, "days_before": DaysBeforeSpec,
    "hours_since": HoursSinceSpec,
    "boards": BoardsSpec, "channel": ChannelSpec, "when": WhenSpec, "in_force": InForceSpec,
    "decided": DecidedSpec, "external": ExternalSpec,
}  # fmt: skip

MAX_DEPTH: Final = 32


class Malformed(Exception):  # noqa: N818
    """A requirement that cannot be read: where in it, and why."""

    def __init__(self, path: tuple[str | int, ...], why: str) -> None:
        super().__init__(why)
        self.path, self.why = path, why


def build(written: Any, shop: Shop, path: tuple[str | int, ...] = ()) -> Node:
    """Compile a requirement as a pack writes it.

    Raises:
        Malformed: it is no requirement, or nested too deep.
        Dangling: a name in it that nothing carries.
    """
    if len(path) > MAX_DEPTH:
        raise Malformed(path, "nested too deep")
    if isinstance(written, str):
        return _named(written, shop, path)
    if not isinstance(written, Mapping) or len(written) != 1:
        raise Malformed(path, "a requirement is one key, its kind")
    ((kind, value),) = written.items()
    if kind in ("all", "any"):
        if not isinstance(value, list):
            raise Malformed((*path, kind), "a list of requirements")
        parts = tuple(build(part, shop, (*path, kind, position)) for position, part in enumerate(value))
        return AllOf(parts) if kind == "all" else AnyOf(parts)
    if kind == "not":
        return Not(build(value, shop, (*path, kind)))
    spec = KINDS.get(kind) if isinstance(kind, str) else None
    if spec is None:
        raise Malformed(path, "unknown kind of requirement")
    try:
        return spec.model_validate(_tuples(value)).build(shop)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Malformed((*path, kind, *first["loc"]), first["msg"]) from None
    except ValueError as error:
        raise Malformed((*path, kind), str(error)) from None


def _named(name: str, shop: Shop, path: tuple[str | int, ...]) -> Node:
    """A requirement of the pack by name: compiled once, so that its answer is worked out once for a case."""
    if name == "always":
        return Always()
    if name in shop.built:
        node, cited = shop.built[name]
        shop.cited |= cited
        return node
    if name not in shop.named:
        raise Dangling("requirement", name)
    if name in shop.open_names:
        raise Dangling("circle", name)
    before, shop.cited = shop.cited, set()
    shop.open_names.append(name)
    try:
        node = build(shop.named[name], shop, (*path, name))
    finally:
        shop.open_names.pop()
    shop.built[name] = node, frozenset(shop.cited)
    shop.cited |= before
    return node


def _tuples(value: Any) -> Any:
    """Lists of a specification as tuples: it is frozen."""
    if isinstance(value, Mapping):
        return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}
    return value


def schema() -> dict[str, Any]:
    """JSON Schema of a requirement: one key, its kind. Definitions are returned under `$defs`."""
    defs: dict[str, Any] = {}
    reference = {"$ref": "#/$defs/Requirement"}
    listed = {"type": "array", "items": reference}
    choices: list[dict[str, Any]] = [
        {"type": "string", "description": "name of a requirement of the pack, or `always`"}
    ]
    kinds: dict[str, Any] = {"all": listed, "any": listed, "not": reference}
    for kind, spec in KINDS.items():
        made = spec.model_json_schema(by_alias=True)
        defs.update(made.pop("$defs", {}))
        defs[spec.__name__] = made
        kinds[kind] = {"$ref": f"#/$defs/{spec.__name__}"}
    for kind, value in kinds.items():
        choices.append(
            {"type": "object", "properties": {kind: value}, "required": [kind], "additionalProperties": False}
        )
    defs["Requirement"] = {"oneOf": choices}
    return defs


__all__ = ["KINDS", "Asked", "Dangling", "Malformed", "Node", "Shop", "Spec", "build", "schema"]
