"""The question and the small answers of the API, as models: they check requests and they make the OpenAPI file.

The form is the one of `verifier.questions`, which reads what these models let through; models check shapes, that module
checks meanings (dates, ages, places).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from verifier.model import Channel, Source

MAX_SCANS = 64
Country = Annotated[str, Field(min_length=1, max_length=10, description="ISO 3166-1 alpha-2, or an ICAO special")]
Place = Annotated[str, Field(min_length=1, max_length=10, description="IATA code of an airport, or ISO code")]
PartialDay = Annotated[str, Field(max_length=10, description="YYYY-MM-DD, YYYY-MM or YYYY", examples=["1984-03-12"])]
Day = Annotated[str, Field(max_length=10, description="YYYY-MM-DD", examples=["2021-12-20"])]
Moment = Annotated[str, Field(min_length=1, max_length=40, description="ISO 8601 with offset; a bare day is allowed")]
LocalMoment = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="ISO 8601. Without an offset: local time of the airport. A bare day where no time is known",
    ),
]
Text = Annotated[str, Field(max_length=100_000, description="Text of a code, exactly as scanned: blanks are data")]
Base64 = Annotated[str, Field(max_length=16 * 1024 * 1024, json_schema_extra={"contentEncoding": "base64"})]
Short = Annotated[str, Field(max_length=200)]
Fact = str | int | float | bool | None


class Model(BaseModel):
    """Frozen, strict, no unknown members, and never the input in an error."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", hide_input_in_errors=True)


class Paper(Model):
    """A passport or other travel document."""

    number: Short | None = None
    kind: Short | None = Field(None, description="As in the machine-readable zone: P, ID, V")
    issuer: Country | None = None
    expires: PartialDay | None = None


class TravellerIn(Model):
    """The person who wants to board. What is left out is not known, never `no`."""

    surname: Short | None = None
    given_names: Short | None = None
    name_field: Short | None = Field(None, description="Fixed-width name of a passport zone or boarding pass")
    birth_date: PartialDay | None = None
    age: int | None = Field(None, ge=0, le=130)
    sex: Literal["F", "M", "X"] | None = None
    citizenships: list[Country] = Field(default_factory=list, max_length=8)
    residence: Country | None = None
    status: dict[Short, Short] = Field(
        default_factory=dict,
        max_length=16,
        description="Standing by country, such as {US: lpr}; `destination` stands for the country of arrival",
    )
    visa: Short | None = None
    document: Paper | None = None
    facts: dict[Short, Fact | list[Fact]] = Field(default_factory=dict, max_length=64)
    sources: dict[Short, Source] = Field(default_factory=dict, max_length=64, strict=False)


class LegIn(Model):
    """One movement."""

    origin: Place
    destination: Place
    channel: Channel = Field(Channel.AIR, strict=False)
    departs: LocalMoment | None = None
    arrives: LocalMoment | None = None
    flight_date: Day | None = Field(None, description="Local day of departure, where no time is known")
    carrier: Short | None = None
    flight: Short | None = None
    border: Short | None = Field(None, description="Land border, such as US-CA")


class StayIn(Model):
    """Presence in a place, first and last day included."""

    place: Place
    first: Day
    last: Day
    transit: bool = False


class JourneyIn(Model):
    """The whole trip: legs in order, why, and where the traveller was before it (left out: not stated)."""

    legs: list[LegIn] = Field(min_length=1, max_length=16)
    purpose: Short | None = None
    stays: list[StayIn] | None = Field(None, max_length=64)
    sources: dict[Short, Source] = Field(default_factory=dict, max_length=8, strict=False)


class Attestation(BaseModel):
    """Something seen without a signature, with its attributes."""

    model_config = ConfigDict(frozen=True, strict=True, extra="allow", hide_input_in_errors=True)

    type: Short
    __pydantic_extra__: dict[str, Fact | list[Fact]]


class ScansIn(Model):
    """Everything shown as a code: as text, as the bytes of the code, or as a picture or PDF that holds it."""

    texts: list[Text] = Field(default_factory=list, max_length=MAX_SCANS)
    bytes_b64: list[Base64] = Field(default_factory=list, max_length=MAX_SCANS)
    images_b64: list[Base64] = Field(
        default_factory=list, max_length=MAX_SCANS, description="PNG, JPEG, WebP, GIF, TIFF or PDF"
    )


class CompanionIn(ScansIn):
    """Somebody who travels along, with what they show."""

    traveller: TravellerIn


class CheckIn(ScansIn):
    """May this person make this journey?"""

    traveller: TravellerIn = Field(default_factory=TravellerIn, description="A passport zone completes it")
    journey: JourneyIn | None = Field(None, description="Left out where a boarding pass among the scans states it")
    booking: TravellerIn | None = Field(None, description="The same person as booked, to be compared")
    shown: list[Short | Attestation] = Field(
        default_factory=list, max_length=64, description="What an agent saw without a signature, such as `attestation`"
    )
    party: list[CompanionIn] | None = Field(
        None, max_length=16, description="Who travels along; [] is nobody, left out is not known"
    )
    at: Moment | None = Field(None, description="The moment asked about; now where left out")
    known: Moment | None = Field(None, description="The moment whose knowledge of the rules counts; `at` by default")
    lang: Literal["en", "es", "ar"] = Field("en", description="Language of the sentences")
    earliest: bool = Field(False, description="Work out the first moment at which it would be cleared")


class ErrorAt(Model):
    """One mistake in a question: where, and of which kind. `*` stands for a name that is not ours."""

    at: list[str | int]
    type: str


class ProblemOut(BaseModel):
    """Any answer that is no decision (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    action: str | None = None
    facts: dict[str, Any] | None = None
    errors: list[ErrorAt] | None = None


class HealthOut(BaseModel):
    """That the kiosk answers, and with what."""

    status: Literal["ok"]
    version: str
    mode: Literal["qa", "production"]
    clock: str | None = Field(None, description="Where the clock stands, in QA mode only")
    keys: int
    lists: int
    packs: list[str]
