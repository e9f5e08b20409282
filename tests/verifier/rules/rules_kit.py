"""Small questions for the tests of the rules: one traveller, one trip, what is shown."""

from __future__ import annotations

from typing import Any

from verifier.rules.case import Case

SHOWN = [{"type": "attestation"}, {"type": "contact_info"}]


def vaccination(*doses: tuple[str, str], **more: Any) -> dict[str, Any]:
    return {
        "type": "vaccination",
        "format": "shc",
        "signature_verified": True,
        "name_matches": True,
        "dob_matches": True,
        "doses": [{"vaccine": vaccine, "date": day} for vaccine, day in doses],
        **more,
    }


def a_test(collected: str, kind: str = "naat", **more: Any) -> dict[str, Any]:
    return {"type": "test", "kind": kind, "specimen_collected": collected, "result": "negative", **more}


def asked(
    travel: str = "2022-02-10",
    *,
    known: str | None = None,
    traveller: dict[str, Any] | None = None,
    trip: dict[str, Any] | None = None,
    evidence: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """A question: an Australian of 40 flies from Canada to the US, vaccinated and tested, unless said otherwise."""
    return {
        "id": "kit",
        "as_known_on": known or travel,
        "travel_date": travel,
        "traveller": {
            "citizenship": "AU", "age": 40, "purpose": "tourism", "us_status": "nonimmigrant", **(traveller or {}),
        },
        "trip": {
            "origin_country": "CA", "destination_country": "US", "from": "YUL", "to": "BOS", "channel": "air", **(trip or {}),  # noqa: E501
        },
        "evidence": evidence if evidence is not None else good(travel),
    }  # fmt: skip


def good(travel: str = "2022-02-10") -> list[dict[str, Any]]:
    """Everything the US asked of a tourist by air at any time from 2021 on."""
    return [*SHOWN, vaccination(("comirnaty", "2021-05-01"), ("comirnaty", "2021-06-01")), a_test(f"{travel}T06:00")]


def case(*args: Any, **more: Any) -> Case:
    return Case.from_json(asked(*args, **more))
