"""A pack folder becomes compiled policies. Everything that can be wrong is said here, at start-up, with file and
line.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from verifier.errors import ConfigError
from verifier.rules import schema
from verifier.rules.codes import RulesCode
from verifier.rules.compiling import Compiler, fill
from verifier.rules.places import common_lists, place_list, zone
from verifier.rules.policy import CompiledPolicy, PackInfo
from verifier.rules.requirements import Dangling, Malformed, Node, Shop, build
from verifier.rules.requirements.vaccinated import ProductList
from verifier.rules.yaml_files import line_of, read_yaml

CASES: Final = "cases.yaml"


@dataclass(slots=True)
class Pack:
    """One loaded pack: its header, its policies in the order of the files, and where each was written."""

    info: PackInfo
    folder: Path
    policies: list[CompiledPolicy]
    cited: dict[str, frozenset[str]] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    written: dict[str, tuple[Path, tuple[str | int, ...]]] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """What the files of one folder say, before it is compiled."""

    header: schema.Header | None = None
    sources: dict[str, schema.Source] = field(default_factory=dict)
    products: dict[str, ProductList] = field(default_factory=dict)
    places: dict[str, list[schema.PlaceRow]] = field(default_factory=dict)
    named: dict[str, Any] = field(default_factory=dict)
    templates: dict[str, schema.Template] = field(default_factory=dict)
    instances: list[tuple[Path, int, schema.Instance]] = field(default_factory=list)
    policies: list[tuple[Path, tuple[str | int, ...], schema.Policy]] = field(default_factory=list)


def fail(code: RulesCode, path: Path, location: Iterable[str | int] = (), **facts: Any) -> ConfigError:
    """The error for something wrong at a place in a file."""
    where = tuple(location)
    return ConfigError(code, facts={"file": f"{path.parent.name}/{path.name}", "line": line_of(path, where), **facts})


def load_pack(folder: Path) -> Pack:
    """Read and compile one pack folder.

    Raises:
        ConfigError: PACK_EMPTY, PACK_SYNTAX, PACK_SCHEMA, PACK_DUPLICATE, PACK_DANGLING, PACK_CIRCLE, PACK_SOURCE
            or PACK_TOO_LARGE.
    """
    files = sorted(path for path in folder.glob("*.yaml") if path.name != CASES) if folder.is_dir() else []
    if not files:
        raise ConfigError(RulesCode.PACK_EMPTY, facts={"folder": folder.name})
    draft = _Draft()
    for path in files:
        _take(draft, path, read_yaml(path))
    for path, position, instance in draft.instances:
        _instantiate(draft, path, position, instance)
    if draft.header is None:
        raise fail(RulesCode.PACK_SCHEMA, files[0], why="no file of the pack has the key `pack`")
    return _compile(draft, draft.header, folder)


def _take(draft: _Draft, path: Path, raw: dict[str, Any]) -> None:
    try:
        part = schema.PackFile.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise fail(RulesCode.PACK_SCHEMA, path, _keys(first["loc"], raw), why=first["msg"]) from None
    if part.pack is not None:
        if draft.header is not None:
            raise fail(RulesCode.PACK_DUPLICATE, path, ("pack",), id="pack")
        draft.header = part.pack
    draft.sources.update(part.sources)
    draft.products.update({name: ProductList.of(spec) for name, spec in part.products.items()})
    draft.places.update(part.places)
    draft.named.update(part.requirements)
    draft.templates.update(part.templates)
    draft.instances.extend((path, position, instance) for position, instance in enumerate(part.instances))
    draft.policies.extend((path, ("policies", position), policy) for position, policy in enumerate(part.policies))


def _keys(location: tuple[str | int, ...], raw: Any) -> list[str | int]:
    """The steps of an error's place that exist in the file: names of models and branches are left out."""
    steps: list[str | int] = []
    for step in location:
        try:
            raw = raw[step]
        except (KeyError, IndexError, TypeError):
            continue
        steps.append(step)
    return steps


def _instantiate(draft: _Draft, path: Path, position: int, instance: schema.Instance) -> None:
    where = ("instances", position)
    template = draft.templates.get(instance.template)
    if template is None:
        raise fail(RulesCode.PACK_DANGLING, path, where, kind="template", id=instance.template)
    if set(template.parameters) != set(instance.values):
        raise fail(RulesCode.PACK_SCHEMA, path, where, why="parameters of the template and of `with` differ")
    for raw in template.policies:
        filled = fill(raw, instance.values)
        try:
            policy = schema.Policy.model_validate(filled)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            raise fail(
                RulesCode.PACK_SCHEMA, path, where, why=f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            ) from None
        draft.policies.append((path, where, policy))


def _compile(draft: _Draft, header: schema.Header, folder: Path) -> Pack:
    info = PackInfo(
        header.id,
        header.title,
        header.subject,
        tuple(header.destinations),
        header.zone,
        header.as_of.toordinal(),
        header.complete_from.toordinal(),
        header.complete_until.toordinal(),
        header.recommendation,
        header.transit,
    )
    pack = Pack(info, folder, [])
    places = dict(common_lists())
    for name, rows in draft.places.items():
        written = [row.model_dump(by_alias=True, exclude_none=True) for row in rows]
        places[name] = place_list(written, zone(header.zone))
    built: dict[str, tuple[Node, frozenset[str]]] = {}
    for path, where, policy in draft.policies:
        if policy.id in pack.written:
            raise fail(RulesCode.PACK_DUPLICATE, path, where, id=policy.id)
        shop = Shop(
            destination=header.destinations[0],
            products=draft.products,
            places=places,
            statuses=frozenset(header.statuses),
            named=draft.named,
            requirement=build,
            built=built,
        )
        try:
            compiled = Compiler(draft.sources, info, header, policy, shop).policy()
        except Malformed as error:
            raise fail(RulesCode.PACK_SCHEMA, path, (*where, *error.path), why=error.why, policy=policy.id) from None
        except Dangling as error:
            code = RulesCode.PACK_CIRCLE if error.kind == "circle" else RulesCode.PACK_DANGLING
            raise fail(code, path, where, kind=error.kind, id=error.name, policy=policy.id) from None
        except ValueError as error:
            raise fail(RulesCode.PACK_SCHEMA, path, where, why=str(error), policy=policy.id) from None
        pack.policies.append(compiled)
        pack.cited[policy.id] = frozenset({*shop.cited, *policy.overrides, *policy.unsettles})
        if policy.parent is not None:
            pack.parents[policy.id] = policy.parent
        pack.written[policy.id] = (path, where)
    return pack
