"""A pack folder becomes compiled policies. Everything that can be wrong is said here, at start-up, with file and
line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from pydantic import ValidationError

from verifier.errors import ConfigError
from verifier.rules import schema
from verifier.rules.codes import RulesCode
from verifier.rules.facts import instant, moment_of
from verifier.rules.places import PlaceList, common_lists, lineage, place_list, zone
from verifier.rules.policy import (
    FOREVER,
    CompiledClause,
    CompiledExemption,
    CompiledPolicy,
    PackInfo,
    SourceRef,
    Told,
    Version,
)
from verifier.rules.requirements import Dangling, Malformed, Node, Shop, build
from verifier.rules.requirements.vaccinated import ProductList
from verifier.rules.yaml_files import line_of, read_yaml

CASES: Final = "cases.yaml"
_SLOT = re.compile(r"\$\{(\w+)\}")


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
    places: dict[str, PlaceList] = field(default_factory=dict)
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
    draft.places.update(common_lists())
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
    for name, rows in part.places.items():
        draft.places[name] = place_list([row.model_dump(by_alias=True, exclude_none=True) for row in rows])
    draft.named.update(part.requirements)
    draft.templates.update(part.templates)
    draft.instances.extend((path, position, instance) for position, instance in enumerate(part.instances))
    draft.policies.extend((path, ("policies", position), policy) for position, policy in enumerate(part.policies))


def _keys(location: tuple[str | int, ...], raw: Any) -> list[str | int]:
    """The steps of an error's place that exist in the file: names of models and branches are left out."""
    steps: list[str | int] = []
    for step in location:
        if (isinstance(raw, dict) and step in raw) or (
            isinstance(raw, list) and isinstance(step, int) and step < len(raw)
        ):
            raw = raw[step]
        else:
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


def fill(value: Any, values: Mapping[str, Any]) -> Any:
    """`${name}` replaced wherever a parameter has that name; a text that is nothing else takes the value as it is."""
    if isinstance(value, str):
        whole = _SLOT.fullmatch(value)
        if whole and whole[1] in values:
            return values[whole[1]]
        return _SLOT.sub(lambda match: str(values.get(match[1], match[0])), value)
    if isinstance(value, dict):
        return {fill(key, values): fill(item, values) for key, item in value.items()}
    return [fill(item, values) for item in value] if isinstance(value, list) else value


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
    )
    pack = Pack(info, folder, [])
    built: dict[str, tuple[Node, frozenset[str]]] = {}
    for path, where, policy in draft.policies:
        if policy.id in pack.written:
            raise fail(RulesCode.PACK_DUPLICATE, path, where, id=policy.id)
        shop = Shop(
            destination=header.destinations[0],
            products=draft.products,
            places=draft.places,
            statuses=frozenset(header.statuses),
            named=draft.named,
            requirement=build,
            built=built,
        )
        try:
            compiled = _Compiler(draft, info, header, policy, shop).policy()
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


@dataclass(slots=True)
class _Compiler:
    """Compiles one policy."""

    draft: _Draft
    info: PackInfo
    header: schema.Header
    written: schema.Policy
    shop: Shop

    def policy(self) -> CompiledPolicy:
        written = self.written
        sources = []
        for ref in written.source:
            if ref not in self.draft.sources:
                raise Dangling("source", ref)
            source = self.draft.sources[ref]
            sources.append(SourceRef(ref, source.title, source.url))
        clauses = [self.clause(clause) for clause in written.clauses]
        if written.require is not None:
            clauses.append(CompiledClause("", None, self.node(written.require, "require"), ()))
        return CompiledPolicy(
            id=written.id,
            kind=written.kind,
            title=written.title,
            status=written.status,
            authority=written.authority,
            legal_basis=written.legal_basis,
            citation=written.citation,
            pack=self.info,
            channels=frozenset(written.channels),
            borders=frozenset(written.borders),
            at_departure=written.on == "departure",
            anchor=written.anchor,
            versions=tuple(self.versions()),
            withdrawn=self.told(written.withdrawn),
            extendable=written.extendable,
            overrides=tuple(written.overrides),
            unsettles=tuple(written.unsettles),
            parent=written.parent,
            recommendation=written.recommendation or self.header.recommendation,
            applies=None if written.applies_to is None else self.node(written.applies_to, "applies_to"),
            clauses=tuple(clauses),
            exemptions=self.exemptions(written.exemptions, "exemptions"),
            duties=tuple(written.duties),
            confidence=written.confidence,
            from_memory=tuple(written.from_memory),
            sources=tuple(sources),
        )

    def node(self, written: Any, *path: str | int) -> Node:
        return build(written, self.shop, path)

    def clause(self, clause: schema.Clause) -> CompiledClause:
        applies = None if clause.applies_to is None else self.node(clause.applies_to, "clauses")
        return CompiledClause(
            clause.id, applies, self.node(clause.require, "clauses"), self.exemptions(clause.exemptions, "clauses")
        )

    def exemptions(self, listed: Iterable[schema.Exemption], where: str) -> tuple[CompiledExemption, ...]:
        return tuple(
            CompiledExemption(exemption.id, self.node(exemption.when, where, position, "when"), tuple(exemption.duties))
            for position, exemption in enumerate(listed)
        )

    def versions(self) -> Iterable[Version]:
        written = self.written
        if written.rows is None:
            if written.announced is None or written.effective_from is None:
                raise ValueError("announced and effective_from, or rows")
            yield self.version(
                written.id,
                written.announced,
                written.effective_from,
                written.in_force_until,
                written.end_announced,
                written.citation,
            )
        elif isinstance(written.rows, schema.Table):
            table = written.rows
            for values in table.values:
                if len(values) != len(table.columns):
                    raise ValueError("a row of the table has not as many values as columns")
                row = dict(zip(table.columns, values, strict=True))
                yield self.version(
                    str(fill(table.id, row)),
                    row["announced"],
                    row["from"],
                    row.get("until"),
                    row.get("end_announced"),
                    row.get(table.citation) if table.citation else None,
                )
        else:
            for line in written.rows:
                yield self.version(
                    line.id, line.announced, line.effective_from, line.in_force_until, line.end_announced, line.citation
                )

    def version(
        self, ident: str, announced: Any, start: Any, end: Any, end_announced: Any, citation: str | None
    ) -> Version:
        """One version. An end without its own announcement was public from the start."""
        told = self.told(announced)
        assert told is not None
        begins, ends = self.seconds(start), FOREVER if end is None else self.seconds(end)
        if ends <= begins:
            raise ValueError(f"{ident} ends before it begins")
        end_told = None if end is None else self.told(end_announced) or told
        return Version(ident, told, begins, ends, end_told, citation)

    def moment(self, value: Any) -> datetime:
        """A moment as written; a bare day is 00:00 local to the authority.

        Raises:
            ValueError: it is no time.
        """
        local = zone(self.written.zone or self.info.zone)
        if isinstance(value, str) and "T" not in value:
            value = date.fromisoformat(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day, tzinfo=local)
        found = moment_of(value, local)
        if found is None:
            raise ValueError("not a day or time")
        return found

    def seconds(self, value: Any) -> int:
        return instant(self.moment(value))

    def told(self, value: Any) -> Told | None:
        if value is None:
            return None
        moment = self.moment(value).astimezone(zone(self.written.zone or self.info.zone))
        return Told(moment.date().toordinal(), instant(moment))


def reachable(info: PackInfo, place: str) -> bool:
    """Whether a pack is about a place, or about one it lies in."""
    return not lineage(place).isdisjoint(info.destinations)
