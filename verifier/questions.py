"""A question as JSON - traveller, journey, scans, what was shown, who travels along - into the library's types.

One form for the command line, the API and files, validated at this edge and never below it.

    {"traveller": {"surname", "given_names", "birth_date", "age", "sex", "citizenships", "residence", "status", "visa",
                   "document": {"number", "kind", "issuer", "expires"}, "facts", "sources"},
     "journey": {"legs": [{"origin", "destination", "channel", "departs", "arrives", "flight_date", "carrier", "flight",
                           "border"}], "purpose", "stays": [{"place", "first", "last", "transit"}]},
     "texts": [...], "images_b64": [...], "bytes_b64": [...], "shown": [...], "party": [{"traveller", "texts", ...}],
     "at", "known"}
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from verifier.errors import InputError
from verifier.findings import Code
from verifier.health.dates import parse_date
from verifier.model import (
    UNKNOWN_DATE,
    Channel,
    Journey,
    Leg,
    PartialDate,
    Scan,
    Source,
    Stay,
    TravelDocument,
    Traveller,
)
from verifier.times import parse_moment

MAX_LEGS: Final = 64
MAX_PARTY: Final = 32
MAX_ITEMS: Final = 256


class QuestionCode(Code):
    """What is wrong with a question. Facts: `field`, the path of the value."""

    BAD_VALUE = "question.bad-value"
    MISSING = "question.missing"
    UNKNOWN_FIELD = "question.unknown-field"
    TOO_MANY = "question.too-many"
    AGE = "question.age"
    DATE = "question.date"
    ZONE = "question.zone"


_TRAVELLER = frozenset({
    "surname", "given_names", "name_field", "birth_date", "age", "sex", "citizenships", "residence", "status", "visa",
    "document", "facts", "sources",
})  # fmt: skip
_LEG = frozenset(
    {"origin", "destination", "channel", "departs", "arrives", "flight_date", "carrier", "flight", "border"}
)
_JOURNEY = frozenset({"legs", "purpose", "stays", "sources"})
_QUESTION = frozenset({
    "id", "traveller", "journey", "booking", "scans", "texts", "images_b64", "bytes_b64", "shown", "party", "at",
    "known", "lang",
})  # fmt: skip


def _refuse(code: QuestionCode, field: str) -> InputError:
    return InputError(code, facts={"field": field})


def _mapping(value: object, field: str, known: frozenset[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _refuse(QuestionCode.BAD_VALUE, field)
    if known is not None and (unknown := sorted(str(key)[:30] for key in value if key not in known)):
        raise InputError(QuestionCode.UNKNOWN_FIELD, facts={"field": f"{field}.{unknown[0]}"})
    return value


def _text(values: Mapping[str, Any], key: str, field: str) -> str | None:
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        raise _refuse(QuestionCode.BAD_VALUE, f"{field}.{key}")
    return value or None


def _list(values: Mapping[str, Any], key: str, field: str, limit: int = MAX_ITEMS) -> Sequence[Any]:
    value = values.get(key)
    if value is None:
        return ()
    if not isinstance(value, (list, tuple)):
        raise _refuse(QuestionCode.BAD_VALUE, f"{field}.{key}")
    if len(value) > limit:
        raise InputError(QuestionCode.TOO_MANY, facts={"field": f"{field}.{key}", "limit": limit})
    return value


def _partial(value: object, field: str) -> PartialDate:
    if value is None:
        return UNKNOWN_DATE
    parsed, notes = parse_date(value, field=field)
    if parsed.year is None or any(note.outcome.value == "open" for note in notes):
        raise _refuse(QuestionCode.DATE, field)
    return parsed


def _day(value: object, field: str) -> date:
    exact = _partial(value, field).exact
    if exact is None:
        raise _refuse(QuestionCode.DATE, field)
    return exact


def _sources(values: Mapping[str, Any], field: str, default: Source, stated: Sequence[str]) -> dict[str, Source]:
    given = _mapping(values.get("sources") or {}, f"{field}.sources")
    out = dict.fromkeys(stated, default)
    for key, value in given.items():
        try:
            out[str(key)] = Source(value)
        except ValueError:
            raise _refuse(QuestionCode.BAD_VALUE, f"{field}.sources.{str(key)[:30]}") from None
    return out


def traveller_from_json(value: object, *, field: str = "traveller", source: Source = Source.AGENT) -> Traveller:
    """A traveller; values without a stated source are `source`'s.

    Raises:
        InputError: BAD_VALUE, UNKNOWN_FIELD, DATE, AGE, TOO_MANY.
    """
    values = _mapping(value, field, _TRAVELLER)
    age = values.get("age")
    if age is not None and (type(age) is not int or not 0 <= age <= 130):
        raise _refuse(QuestionCode.AGE, f"{field}.age")
    document = None
    if values.get("document") is not None:
        paper = _mapping(values["document"], f"{field}.document", frozenset({"number", "kind", "issuer", "expires"}))
        where = f"{field}.document"
        document = TravelDocument(
            _text(paper, "number", where), _text(paper, "kind", where), _text(paper, "issuer", where),
            _partial(paper.get("expires"), f"{where}.expires"),
        )  # fmt: skip
    citizenships = _list(values, "citizenships", field)
    if not all(isinstance(item, str) for item in citizenships):
        raise _refuse(QuestionCode.BAD_VALUE, f"{field}.citizenships")
    stated = [key for key, item in values.items() if key != "sources" and item not in (None, "", [], {})]
    return Traveller(
        surname=_text(values, "surname", field),
        given_names=_text(values, "given_names", field),
        name_field=_text(values, "name_field", field),
        birth_date=_partial(values.get("birth_date"), f"{field}.birth_date"),
        age=age,
        sex=_text(values, "sex", field),
        citizenships=tuple(citizenships),
        residence=_text(values, "residence", field),
        status={str(key): str(item) for key, item in _mapping(values.get("status") or {}, f"{field}.status").items()},
        visa=_text(values, "visa", field),
        document=document,
        facts=dict(_mapping(values.get("facts") or {}, f"{field}.facts")),
        sources=_sources(values, field, source, stated),
    )


def _moment(values: Mapping[str, Any], key: str, field: str) -> tuple[datetime | None, date | None]:
    """A moment with zone, or the day alone where only a day is stated."""
    value = values.get(key)
    if value is None:
        return None, None
    if isinstance(value, str) and len(value) == 10:
        return None, _day(value, f"{field}.{key}")
    try:
        parsed = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise _refuse(QuestionCode.DATE, f"{field}.{key}") from None
    if parsed.tzinfo is None:
        raise _refuse(QuestionCode.ZONE, f"{field}.{key}")
    return parsed, None


def journey_from_json(value: object, *, field: str = "journey") -> Journey:
    """A journey.

    Raises:
        InputError: BAD_VALUE, UNKNOWN_FIELD, MISSING, DATE, ZONE (a time without offset), TOO_MANY.
    """
    values = _mapping(value, field, _JOURNEY)
    legs = []
    for index, item in enumerate(_list(values, "legs", field, MAX_LEGS)):
        where = f"{field}.legs.{index}"
        leg = _mapping(item, where, _LEG)
        origin, destination = _text(leg, "origin", where), _text(leg, "destination", where)
        if origin is None or destination is None:
            raise _refuse(QuestionCode.MISSING, f"{where}.{'destination' if origin else 'origin'}")
        channel = leg.get("channel") or "air"
        if not isinstance(channel, str) or channel not in set(Channel):
            raise _refuse(QuestionCode.BAD_VALUE, f"{where}.channel")
        departs, day = _moment(leg, "departs", where)
        arrives, _ = _moment(leg, "arrives", where)
        if leg.get("flight_date") is not None:
            day = _day(leg["flight_date"], f"{where}.flight_date")
        legs.append(
            Leg(
                origin.strip().upper(), destination.strip().upper(), Channel(channel), departs, arrives, day,
                _text(leg, "carrier", where), _text(leg, "flight", where), _text(leg, "border", where),
            )
        )  # fmt: skip
    stays = None
    if values.get("stays") is not None:
        stays = tuple(
            Stay(
                _text(stay, "place", f"{field}.stays.{index}") or "",
                _day(stay.get("first"), f"{field}.stays.{index}.first"),
                _day(stay.get("last"), f"{field}.stays.{index}.last"),
                stay.get("transit") is True,
            )
            for index, item in enumerate(_list(values, "stays", field))
            for stay in (_mapping(item, f"{field}.stays.{index}"),)
        )
    stated = [key for key, item in values.items() if key != "sources" and item not in (None, [], "")]
    return Journey(tuple(legs), _text(values, "purpose", field), stays, _sources(values, field, Source.AGENT, stated))


def scans_from_json(values: Mapping[str, Any], *, field: str = "question") -> list[Scan]:
    """Scans of `texts`, `bytes_b64` and `images_b64`; `scans` may hold ready `Scan` objects.

    Raises:
        InputError: BAD_VALUE, TOO_MANY.
    """
    out: list[Scan] = []
    for item in _list(values, "scans", field):
        if not isinstance(item, Scan):
            raise _refuse(QuestionCode.BAD_VALUE, field)
        out.append(item)
    for text in _list(values, "texts", field):
        if not isinstance(text, str):
            raise _refuse(QuestionCode.BAD_VALUE, "texts")
        out.append(Scan.text(text))
    makers = {"bytes_b64": Scan, "images_b64": Scan.image}
    for key, make in makers.items():
        for text in _list(values, key, field):
            try:
                out.append(make(base64.b64decode(text, validate=True)))
            except (binascii.Error, ValueError, TypeError):
                raise _refuse(QuestionCode.BAD_VALUE, key) from None
    return out


def question_from_json(value: object) -> dict[str, Any]:
    """The keyword arguments of `CheckIn.check`.

    Raises:
        InputError: of the parts; MISSING where there is no traveller or no `at`.
    """
    values = _mapping(value, "question", _QUESTION)
    if values.get("traveller") is None:
        raise _refuse(QuestionCode.MISSING, "traveller")
    if values.get("at") is None:
        raise _refuse(QuestionCode.MISSING, "at")
    party = None
    if values.get("party") is not None:
        party = []
        for index, item in enumerate(_list(values, "party", "question", MAX_PARTY)):
            member = _mapping(item, f"party.{index}", _QUESTION)
            person = traveller_from_json(member.get("traveller"), field=f"party.{index}.traveller")
            party.append((person, scans_from_json(member, field=f"party.{index}")))
    shown = _list(values, "shown", "question")
    if not all(isinstance(item, (str, Mapping)) for item in shown):
        raise _refuse(QuestionCode.BAD_VALUE, "shown")
    booking = values.get("booking")
    return {
        "traveller": traveller_from_json(values["traveller"]),
        "journey": None if values.get("journey") is None else journey_from_json(values["journey"]),
        "booking": None if booking is None else traveller_from_json(booking, field="booking", source=Source.BOOKING),
        "scans": scans_from_json(values),
        "shown": list(shown),
        "party": party,
        "at": parse_moment(values["at"]),
        "known": None if values.get("known") is None else parse_moment(values["known"]),
    }
