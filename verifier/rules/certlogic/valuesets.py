"""Code lists that rules refer to (`external.valueSets`), by date, in the published and in the compressed form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from verifier.errors import ConfigError
from verifier.rules.certlogic.codes import CertLogicCode
from verifier.rules.certlogic.files import json_files, read_json


@dataclass(frozen=True, slots=True)
class ValueSet:
    """One version of one code list. `published` is None in the compressed form: then it holds from the beginning."""

    name: str
    codes: tuple[str, ...]
    published: date | None = None
    source: str = ""


@dataclass(frozen=True, eq=False)
class ValueSets:
    """Every known version of every code list. Compared by identity, so that a day's lists are worked out once."""

    versions: Mapping[str, tuple[ValueSet, ...]]

    @classmethod
    def of(cls, sets: Iterable[ValueSet]) -> ValueSets:
        """From versions in any order."""
        grouped: dict[str, list[ValueSet]] = {}
        for one in sets:
            grouped.setdefault(one.name, []).append(one)
        return cls({name: tuple(sorted(found, key=_published)) for name, found in grouped.items()})

    @classmethod
    def load(cls, *paths: str | Path) -> ValueSets:
        """From files or folders: published form `{valueSetId, valueSetDate, valueSetValues: {code: ...}}` or compressed
        form `{set id: [codes]}`. Other JSON in a folder is passed over.

        Raises:
            ConfigError: NO_FILE, NOT_JSON, BAD_VALUE_SET (a named file that is none of these).
        """
        sets: list[ValueSet] = []
        for path in paths:
            for file in json_files(Path(path)):
                found = list(parse_value_sets(read_json(file), str(file)))
                if not found and file == Path(path):
                    raise ConfigError(CertLogicCode.BAD_VALUE_SET, facts={"file": str(file)})
                sets += found
        return cls.of(sets)

    def at(self, day: date) -> tuple[Mapping[str, list[str]], frozenset[str]]:
        """Compressed form as of a day, inactive codes included: for each set the last version published by then.

        Where all were published later the earliest is used; the second part names those sets.
        """
        return _at(self, day)


def _published(one: ValueSet) -> date:
    return one.published or date.min


@lru_cache(maxsize=32)
def _at(sets: ValueSets, day: date) -> tuple[Mapping[str, list[str]], frozenset[str]]:
    codes: dict[str, list[str]] = {}
    later = set()
    for name, versions in sets.versions.items():
        known = [one for one in versions if _published(one) <= day]
        chosen = known[-1] if known else versions[0]
        codes[name] = list(chosen.codes)
        if not known:
            later.add(name)
    return codes, frozenset(later)


def parse_value_sets(content: Any, source: str = "") -> Iterator[ValueSet]:
    """The value sets in parsed JSON; none where it has neither form.

    Raises:
        ConfigError: BAD_VALUE_SET where the published form has a date that is none.
    """
    if not isinstance(content, dict):
        return
    name, values = content.get("valueSetId"), content.get("valueSetValues")
    if isinstance(name, str) and isinstance(values, dict):
        yield ValueSet(name, tuple(values), _date(content.get("valueSetDate"), source), source)
        return
    if content and all(_is_codes(codes) for codes in content.values()):
        for set_id, codes in content.items():
            yield ValueSet(set_id, tuple(codes), None, source)


def _is_codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


def _date(text: Any, source: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        facts = {"file": source, "field": "valueSetDate", "value": json.dumps(text)[:40]}
        raise ConfigError(CertLogicCode.BAD_VALUE_SET, facts=facts) from None
