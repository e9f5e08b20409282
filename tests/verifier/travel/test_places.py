"""Places: airports, territories, subdivisions, whose rules hold, and local time."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verifier.errors import InputError
from verifier.model import Channel, Leg
from verifier.travel import airports
from verifier.travel.places import PlaceCode, departure, find_place, local_day, local_noon, place
from verifier.travel.states import citizenship, country_of, is_state
from verifier.travel.tables import table


@pytest.mark.parametrize(
    ("code", "within", "state", "zone"),
    [
        ("JFK", ("US",), "US", "America/New_York"),
        ("FRA", ("DE",), "DE", "Europe/Berlin"),
        ("SJU", ("PR", "US"), "US", "America/Puerto_Rico"),
        ("STT", ("VI", "US"), "US", "America/St_Thomas"),
        ("GUM", ("GU", "US"), "US", "Pacific/Guam"),
        ("PPG", ("AS", "US"), "US", "Pacific/Pago_Pago"),
        ("SPN", ("MP", "US"), "US", "Pacific/Saipan"),
        ("HKG", ("HK",), "CN", "Asia/Hong_Kong"),
        ("MFM", ("MO",), "CN", "Asia/Macau"),
        ("TPE", ("TW",), "TW", "Asia/Taipei"),
        ("LHR", ("GB-ENG", "GB"), "GB", "Europe/London"),
        ("EDI", ("GB-SCT", "GB"), "GB", "Europe/London"),
        ("BFS", ("GB-NIR", "GB"), "GB", "Europe/London"),
        ("CWL", ("GB-WLS", "GB"), "GB", "Europe/London"),
        ("GIB", ("GI",), "GB", "Europe/Gibraltar"),
        ("JER", ("JE",), "GB", "Europe/Jersey"),
        ("CAY", ("GF",), "FR", "America/Cayenne"),
        ("LPA", ("ES",), "ES", "Atlantic/Canary"),
        ("LYR", ("SJ",), "NO", "Arctic/Longyearbyen"),
        ("MHQ", ("AX", "FI"), "FI", "Europe/Mariehamn"),
        ("PRN", ("XK",), "XK", "Europe/Belgrade"),
        ("LON", ("GB-ENG", "GB"), "GB", "Europe/London"),
        ("XHJ", ("DE",), "DE", "Europe/Berlin"),
    ],
)
def test_locations(code: str, within: tuple[str, ...], state: str, zone: str) -> None:
    found = place(code)
    assert (found.kind, found.within, found.state) == ("location", within, state)
    assert found.zone == ZoneInfo(zone)
    assert found.channel is (Channel.RAIL if code == "XHJ" else Channel.AIR)


@pytest.mark.parametrize(
    ("code", "kind", "within", "entry"),
    [
        ("DE", "country", ("DE",), "DE"),
        ("US", "country", ("US",), "US"),
        ("PR", "territory", ("PR", "US"), "US"),
        ("HK", "territory", ("HK",), "HK"),
        ("GB-ENG", "subdivision", ("GB-ENG", "GB"), "GB"),
        ("US-PR", "territory", ("PR", "US"), "US"),
        ("CN-HK", "territory", ("HK",), "HK"),
        ("XK", "country", ("XK",), "XK"),
    ],
)
def test_countries_and_territories(code: str, kind: str, within: tuple[str, ...], entry: str) -> None:
    found = place(code.lower())
    assert (found.code, found.kind, found.within, found.entry, found.channel) == (code, kind, within, entry, None)


def test_three_letters_are_always_a_location() -> None:
    assert place("CAN").country == "CN"  # Guangzhou, not Canada


@pytest.mark.parametrize("code", ["", "J", "J1K2", "JFK ", "ÄÄÄ", "日本", "US-", "-", "J\0K", "ＪＦＫ", "A" * 10_000])
def test_what_is_no_code_is_a_coded_error(code: str) -> None:
    assert find_place(code) is None
    with pytest.raises(InputError) as caught:
        place(code)
    assert caught.value.code is PlaceCode.MALFORMED


@pytest.mark.parametrize("code", ["QQQ", "ZZ", "US-TX", "US-CA", "000"])
def test_unknown_places_are_a_coded_error(code: str) -> None:
    with pytest.raises(InputError) as caught:
        place(code)
    assert caught.value.code is PlaceCode.UNKNOWN


@settings(deadline=None, max_examples=100)
@given(st.text(max_size=8))
def test_any_text_is_a_place_or_a_coded_error(code: str) -> None:
    try:
        assert place(code).within
    except InputError:
        assert find_place(code) is None


def test_every_airport_has_a_country_and_a_zone_that_exist() -> None:
    zones = available_timezones()
    for code in airports._airports():
        found = place(code)
        assert found.zones, code
        assert set(found.zones) <= zones, code


def test_tables_are_consistent() -> None:
    countries = {row["alpha2"]: row for row in table("countries")}
    assert len({row["alpha3"] for row in countries.values()}) == len(countries)
    for row in countries.values():
        assert len(row["alpha3"]) == 3
        assert row["state"] in countries
        assert row["entry"] in (row["alpha2"], row["state"])
        assert countries[row["state"]]["state"] == row["state"]
    for row in table("stations"):
        assert row["code"] not in airports._airports(), "the airport table knows it now"
        assert row["country"] in countries
        assert row["zone"] in available_timezones()
    for row in table("subdivisions"):
        assert row["state"] in countries
        assert not row["same_as"] or countries[row["same_as"]]["state"] == row["state"]


def test_alpha3_codes_agree_with_unicode() -> None:
    """The territory aliases of CLDR are an independent list of ISO 3166-1 alpha-3 codes."""
    from babel.core import get_global

    aliases = get_global("territory_aliases")
    for row in table("countries"):
        if row["alpha2"] != "XK":
            assert aliases[row["alpha3"]] == [row["alpha2"]]


@pytest.mark.parametrize(
    ("state", "citizen", "country"),
    [
        ("DEU", "DE", "DE"),
        ("D", "DE", "DE"),
        ("RKS", "XK", "XK"),
        ("GBN", "GBN", "GB"),
        ("XXA", "XXA", None),
        ("UNO", "UNO", None),
        ("UTO", "UTO", None),
        ("QQQ", None, None),
        ("", None, None),
    ],
)
def test_states(state: str, citizen: str | None, country: str | None) -> None:
    assert (citizenship(state), country_of(state)) == (citizen, country)
    assert is_state(state) is (citizen is not None)


def test_local_noon() -> None:
    noon = local_noon("JFK", date(2021, 11, 8))
    assert noon is not None
    assert noon.astimezone(UTC) == datetime(2021, 11, 8, 17, tzinfo=UTC)
    assert local_noon("DE", date(2021, 7, 1)) is not None  # two zones, one time
    assert local_noon("US", date(2021, 7, 1)) is None


def test_local_days_on_clock_changes() -> None:
    def hours(day: date) -> float:
        bounds = local_day("LHR", day)
        assert bounds
        return (bounds[1].timestamp() - bounds[0].timestamp()) / 3600

    assert [hours(date(2021, 3, 28)), hours(date(2021, 10, 31)), hours(date(2021, 7, 1))] == [23, 25, 24]
    widest = local_day("US", date(2021, 12, 1))
    assert widest
    assert (widest[1].timestamp() - widest[0].timestamp()) / 3600 == 24 + 5  # New York to Adak
    assert local_day("JFK", date.max) is None


def test_departures() -> None:
    stated = datetime(2021, 12, 6, 10, 15, tzinfo=ZoneInfo("Europe/Zurich"))
    exact = departure(Leg("ZRH", "JFK", departs=stated))
    assert exact
    assert (exact.instant, exact.earliest, exact.latest, exact.exact) == (stated, stated, stated, True)
    naive = departure(Leg("ZRH", "JFK", departs=stated.replace(tzinfo=None)))
    assert naive
    assert (naive.instant, naive.exact) == (stated, True)
    day = departure(Leg("ZRH", "JFK", flight_date=date(2021, 12, 6)))
    assert day
    assert not day.exact
    assert day.instant == datetime(2021, 12, 6, 12, tzinfo=ZoneInfo("Europe/Zurich"))
    assert day.earliest == datetime(2021, 12, 6, tzinfo=ZoneInfo("Europe/Zurich"))
    assert day.latest == datetime(2021, 12, 7, tzinfo=ZoneInfo("Europe/Zurich"))
    country = departure(Leg("US", "CA", channel=Channel.LAND, flight_date=date(2021, 12, 6)))
    assert country
    assert country.earliest < country.instant < country.latest
    assert departure(Leg("ZRH", "JFK")) is None
    with pytest.raises(InputError):
        departure(Leg("QQQ", "JFK", flight_date=date(2021, 12, 6)))
