"""Rules from files: a list, a single rule, JSON lines, or a folder tree of them.

A bad entry is left out and reported; it never brings the rest down. What is not a rule (a rule's own tests, a README in
JSON) is passed over in a folder, and reported in a file that was named.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from verifier.errors import ConfigError
from verifier.findings import Finding, Outcome
from verifier.rules.certlogic.codes import CertLogicCode
from verifier.rules.certlogic.files import json_files, read_json
from verifier.rules.certlogic.rule import Rule, Unreadable, country_in, looks_like_rule, parse_rule

Parsed = Rule | Unreadable


def load_entries(paths: Iterable[str | Path]) -> Iterator[Parsed]:
    """Rules and unreadable entries of files and folders, in order of path.

    Raises:
        ConfigError: NO_FILE, NOT_JSON, TOO_LARGE for a file that was named itself.
    """
    for path in map(Path, paths):
        named = not path.is_dir()
        for file in json_files(path):
            try:
                content = read_json(file)
            except ConfigError as error:
                if named:
                    raise
                yield Unreadable(error.finding(), country_in(str(file.relative_to(path))))
                continue
            yield from parse_entries(content, str(file), strict=named or _named_as_rule(file.stem))


def _named_as_rule(stem: str) -> bool:
    """Whether a file in a folder claims by its name to be a rule, so that an empty one is missed."""
    return stem == "rule" or country_in(stem) is not None


def parse_entries(content: Any, source: str = "", *, strict: bool = True) -> Iterator[Parsed]:
    """The rules in parsed JSON: a list, or one rule.

    Args:
        strict: report entries that do not even look like rules; else pass over them.
    """
    several = isinstance(content, list)
    for number, entry in enumerate(content if several else [content]):
        if isinstance(entry, Mapping) and isinstance(entry.get("rule"), Mapping):
            entry = entry["rule"]  # a rule with its tests beside it
        if strict or looks_like_rule(entry):
            yield parse_rule(entry, source, number if several else None)


def settle(entries: Iterable[Parsed]) -> tuple[tuple[Rule, ...], tuple[Finding, ...], tuple[Unreadable, ...]]:
    """Usable rules without repetitions, the findings of the import, and what is unreadable.

    The same rule twice counts once. Two different rules under one identifier and version cannot be told apart: both
    stay, so that both must pass, and a finding says so.
    """
    rules: dict[tuple[Any, ...], list[Rule]] = {}
    unreadable, findings = [], []
    for entry in entries:
        if isinstance(entry, Unreadable):
            unreadable.append(entry)
            findings.append(entry.finding)
            continue
        versions = rules.setdefault((*entry.key, entry.version), [])
        if any(entry.repeats(other) for other in versions):
            continue
        if versions:
            facts = {"rule": entry.identifier, "version": entry.version_text, "file": entry.source}
            findings.append(Finding(CertLogicCode.SAME_VERSION, Outcome.NOTE, facts))
        versions.append(entry)
        if entry.fault:
            findings.append(entry.fault)
    kept = [rule for versions in rules.values() for rule in versions]
    kept.sort(key=lambda rule: (rule.identifier, rule.version))
    return tuple(kept), tuple(findings), tuple(unreadable)
