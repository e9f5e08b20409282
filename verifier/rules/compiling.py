"""One policy as written becomes one that can be asked: moments become instants, requirements become nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from verifier.rules import schema
from verifier.rules.facts import instant, moment_of
from verifier.rules.places import zone
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
from verifier.rules.requirements import Dangling, Node, Shop, build

_SLOT = re.compile(r"\$\{(\w+)\}")


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


@dataclass(slots=True)
class Compiler:
    """Compiles one policy."""

    sources: Mapping[str, schema.Source]
    info: PackInfo
    header: schema.Header
    written: schema.Policy
    shop: Shop

    def policy(self) -> CompiledPolicy:
        written = self.written
        sources = []
        for ref in written.source:
            if ref not in self.sources:
                raise Dangling("source", ref)
            source = self.sources[ref]
            sources.append(SourceRef(ref, source.title, source.url))
        clauses = [self.clause(clause) for clause in written.clauses]
        if written.require is not None:
            clauses.append(CompiledClause("", None, self.node(written.require, "require"), ()))
        versions = tuple(self.versions())
        if not versions:
            raise ValueError("no version")
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
            versions=versions,
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
            starts=min(version.start for version in versions),
            transit=written.transit or self.header.transit,
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
