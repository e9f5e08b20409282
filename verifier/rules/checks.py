"""Checks of packs: schema, ids, sources, gaps and overlaps in time, and each pack's own cases. And what was in force
when.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from verifier.errors import CleargateError, ConfigError
from verifier.findings import Finding, Outcome
from verifier.rules import schema
from verifier.rules.case import Case, Movement
from verifier.rules.codes import RulesCode
from verifier.rules.facts import instant, local_day
from verifier.rules.loading import CASES, Pack, fail, load_pack
from verifier.rules.logic import UNMET, outcome
from verifier.rules.places import zone
from verifier.rules.policy import FOREVER, CompiledPolicy, Validity, validity
from verifier.rules.rulebook import PACKS, Hook, RuleBook
from verifier.rules.yaml_files import read_yaml


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case of a pack: what came out, and what should."""

    case: schema.PackCase
    verdict: str
    policies: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Verdict as expected, and the policy that is named as the reason was consulted."""
        return self.verdict == self.case.expected and self.case.because in self.policies


def read_cases(folder: Path) -> tuple[schema.PackCase, ...]:
    """The cases of a pack folder; none where it has no `cases.yaml`.

    Raises:
        ConfigError: PACK_SCHEMA or PACK_SYNTAX with file and line.
    """
    path = folder / CASES
    if not path.is_file():
        return ()
    raw = read_yaml(path)
    try:
        return tuple(schema.CaseFile.model_validate(raw).cases)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise fail(RulesCode.PACK_SCHEMA, path, first["loc"], why=first["msg"]) from None


def question(case: schema.PackCase, defaults: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """A case in the scenario form, with the file's defaults laid under it."""
    return {
        "id": case.id,
        "as_known_on": case.as_known_on,
        "travel_date": case.travel_date,
        "traveller": {**defaults.get("traveller", {}), **case.traveller},
        "trip": {**defaults.get("trip", {}), **case.trip},
        "evidence": case.evidence,
    }


def run_cases(folder: Path, book: RuleBook) -> Iterator[CaseResult]:
    """Judge every case of a pack folder."""
    cases = read_cases(folder)
    defaults = read_yaml(folder / CASES).get("defaults", {}) if cases else {}
    for case in cases:
        try:
            answer = book.judge(Case.from_json(question(case, defaults)))
        except CleargateError as error:
            yield CaseResult(case, error.code.value, ())
            continue
        named = [policy.id for policy in answer.policies]
        named += [policy.version.id for policy in answer.policies if policy.version is not None]
        named += [ident for finding in answer.findings for ident in finding.facts.get("policies", ())]
        yield CaseResult(case, answer.verdict, tuple(named))


def check_pack(folder: Path) -> tuple[Finding, ...]:
    """Everything wrong with one pack folder; one PACK_GOOD where nothing is."""
    try:
        pack = load_pack(folder)
        book = RuleBook([pack])
        results = tuple(run_cases(folder, book))
    except ConfigError as error:
        return (Finding(error.code, Outcome.UNMET, error.facts),)
    found = [*_sources(pack), *_times(pack)]
    found += [
        Finding(
            RulesCode.PACK_CASE,
            Outcome.UNMET,
            {
                "case": result.case.id,
                "expected": result.case.expected,
                "got": result.verdict,
                "policy": result.case.because,
            },
        )
        for result in results
        if not result.agrees
    ]
    if any(finding.outcome is Outcome.UNMET for finding in found):
        return tuple(found)
    facts = {"pack": pack.info.id, "policies": len(pack.policies), "cases": len(results)}
    return (*found, Finding(RulesCode.PACK_GOOD, Outcome.MET, facts))


def shipped() -> tuple[str, ...]:
    """Names of the packs that come with the library."""
    return tuple(sorted(folder.name for folder in PACKS.iterdir() if (folder / "pack.yaml").is_file()))


def _sources(pack: Pack) -> Iterator[Finding]:
    """Policies that name no source at all."""
    for policy in pack.policies:
        if not policy.sources:
            yield Finding(RulesCode.PACK_SOURCE, Outcome.UNMET, {"policy": policy.id})


def _times(pack: Pack) -> Iterator[Finding]:
    """Gaps and overlaps between the versions of one policy."""
    for policy in pack.policies:
        versions = sorted(policy.versions, key=lambda version: version.start)
        for before, after in itertools.pairwise(versions):
            if before.end == FOREVER or after.start < before.end:
                code = RulesCode.PACK_OVERLAP
            elif after.start > before.end:
                code = RulesCode.PACK_GAP
            else:
                continue
            yield Finding(code, Outcome.UNMET, {"policy": policy.id, "before": before.id, "after": after.id})


def prove(path: Path | str | None = None, *, hooks: Mapping[str, Hook] | None = None) -> RuleBook:
    """Load every pack under a folder and run all its cases. They are proved by themselves: rules that a hook brings
    are in the book that is returned and not in the cases.

    Raises:
        ConfigError: anything wrong with a pack, or PACK_CASE for the first case that does not come out as it must.
    """
    book = RuleBook.load(path)
    root = Path(path) if path is not None else PACKS
    folders = [root] if any(root.glob("*.yaml")) else sorted(child for child in root.iterdir() if child.is_dir())
    for folder in folders:
        for result in run_cases(folder, book):
            if not result.agrees:
                facts = {"case": result.case.id, "expected": result.case.expected, "got": result.verdict}
                raise ConfigError(RulesCode.PACK_CASE, facts={**facts, "pack": folder.name})
    return RuleBook.load(path, hooks=hooks) if hooks else book


class LiveRules:
    """A rule book that can be exchanged while it is being asked: the new one is proved first, or the old one stays.

        live = LiveRules(prove())
        checkin = CheckIn(trust=trust, rules=live.book)          # one book for one check
        live.replace("/etc/cleargate/packs")                     # ConfigError: the old book stays

    `book` is exchanged in one step, so whoever asks sees the old packs or the new ones, never some of each. Hooks stay.
    """

    def __init__(self, book: RuleBook) -> None:
        self.book = book

    def replace(self, path: Path | str) -> RuleBook:
        """Take the packs of a folder, all at once.

        Raises:
            ConfigError: they do not load, or a case fails; the old book stays.
        """
        self.book = prove(path, hooks=self.book.hooks)
        return self.book


def in_force_on(book: RuleBook, known: date, travel: date) -> Iterator[tuple[CompiledPolicy, Validity]]:
    """Every policy that applies, or might apply, at noon of a day of travel, as known on another day."""
    for pack in book.packs:
        local = zone(pack.zone)
        noon = instant(datetime(travel.year, travel.month, travel.day, 12, tzinfo=local))
        day = local_day(noon, local)
        leg = Movement("", "", "", pack.destinations[0], "air", (noon, noon), (day, day), (noon, noon), (day, day))
        case = Case((leg,), 0, known.toordinal(), None)
        for policy in book.policies.values():
            if policy.pack is pack:
                valid = validity(policy, case)
                if valid.answer != UNMET:
                    yield policy, valid


def listed(policy: CompiledPolicy, valid: Validity) -> dict[str, Any]:
    """One line of such a list: id, version, title, whether it surely applies, since and until when."""
    version = valid.version
    until = None if version is None or version.end == FOREVER else datetime.fromtimestamp(version.end, UTC).isoformat()
    return {
        "id": policy.id,
        "version": version.id if version else policy.id,
        "kind": policy.kind,
        "title": policy.title,
        "applies": outcome(valid.answer).value,
        "channels": sorted(policy.channels),
        "borders": sorted(policy.borders),
        "effective_from": datetime.fromtimestamp(version.start, UTC).isoformat() if version else None,
        "in_force_until": until,
        "source": [source.url or source.title for source in policy.sources],
    }
