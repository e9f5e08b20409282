"""Loading the code tables: JSON files of this package, read once on first use.

Each file says `as_of` (the day its content describes) and `source`; a table is replaced as a whole when its publisher
issues a new release.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from verifier.quick import remembered

_DATA = Path(__file__).parent / "data"
TABLES = ("countries", "devices", "diseases", "icvp", "makers", "products", "tests", "vaccine_kinds")

# Names by which documents cite a code system, and the name it has in the tables.
_SYSTEMS: Mapping[str, str] = {
    "http://hl7.org/fhir/sid/cvx": "cvx",
    "http://hl7.org/fhir/sid/cvx-temporary-code-system": "cvx",
    "urn:oid:2.16.840.1.113883.12.292": "cvx",
    "http://snomed.info/sct": "snomed",
    "http://id.who.int/icd/release/11/mms": "icd11",
    "http://id.who.int/icd11/mms": "icd11",
    "http://id.who.int/icd/entity": "ichi",
    "http://www.whocc.no/atc": "atc",
    "http://loinc.org": "loinc",
    "http://hl7.org/fhir/sid/icd-10": "icd10",
    "http://hl7.org/fhir/sid/icd-10-cm": "icd10",
    "https://ec.europa.eu/health/documents/community-register/html/": "dcc.mp",
    "http://ec.europa.eu/temp/vaccineproductname": "dcc.mp",
    "https://spor.ema.europa.eu/v1/organisations": "dcc.ma",
    "http://ec.europa.eu/temp/vaccinemanufacturer": "dcc.ma",
    "https://covid-19-diagnostics.jrc.ec.europa.eu/devices": "dcc.device",
    "dcc.tg": "snomed",
    "dcc.tt": "loinc",
    "dcc.tr": "snomed",
}
_LONGEST_TEXT = 200  # characters of free text that are looked at; longer names do not occur


@dataclass(frozen=True, slots=True)
class TableInfo:
    """Where a table is from: the day its content describes, and its source in words."""

    name: str
    as_of: date
    source: str


@lru_cache(maxsize=len(TABLES))
def table(name: str) -> dict[str, Any]:
    """The content of one table file."""
    content: dict[str, Any] = json.loads((_DATA / f"{name}.json").read_bytes())
    return content


def table_info(name: str) -> TableInfo:
    """Date and source of a table of `TABLES`."""
    content = table(name)
    source = content.get("source") or "; ".join(part["title"] for part in content["sources"].values())
    return TableInfo(name, date.fromisoformat(content["as_of"]), source)


@remembered(64)
def system_name(system: str) -> str:
    """The tables' name of a code system cited by URL, OID or name; an unknown system stays as it is."""
    key = system.strip().casefold()
    return _SYSTEMS.get(key) or _SYSTEMS.get(key.rstrip("/")) or _SYSTEMS.get(f"{key}/") or key


def words(text: str) -> tuple[str, ...]:
    """Free text as words for comparison: no case, accents or punctuation."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST_TEXT]).casefold()
    return tuple(re.findall(r"[^\W_]+", "".join(char for char in plain if not unicodedata.combining(char))))


def spread(groups: Mapping[str, str]) -> dict[str, str]:
    """`{"kind": "code code"}` as `{"code": "kind"}`."""
    return {code: kind for kind, codes in groups.items() for code in codes.split()}
