"""Where the items of a boarding pass stand. Offsets count from the start of their block.

Source: IATA Resolution 792, M format; Bar Coded Boarding Pass Implementation Guide, 5th and 7th edition.
"""

from __future__ import annotations

from collections.abc import Mapping

LEGS = "1234"
HEADER = 23  # format code 1, number of legs 1, passenger name 20, e-ticket indicator 1
NAME = slice(2, 22)
NAME_WIDTH = 20
LEG = 37  # mandatory items of one leg, its size field included
SMALLEST = HEADER + LEG
LEG_SIZE = slice(35, 37)

# mandatory items of a leg: PNR, from, to, carrier, flight, day of year, compartment, seat, sequence, status
PNR = slice(0, 7)
ORIGIN = slice(7, 10)
DESTINATION = slice(10, 13)
CARRIER = slice(13, 16)
FLIGHT = slice(16, 21)
DAY = slice(21, 24)
COMPARTMENT = slice(24, 25)
SEAT = slice(25, 29)
SEQUENCE = slice(29, 34)
STATUS = slice(34, 35)
NEEDED = DAY.stop  # a leg cut behind the day still says who flies where and when

Items = tuple[tuple[str, int, int], ...]
UNIQUE: Items = (
    ("passenger_description", 0, 1),
    ("checkin_source", 1, 2),
    ("issuance_source", 2, 3),
    ("issue_date_raw", 3, 7),
    ("document_type", 7, 8),
    ("issuer", 8, 11),
    ("bag_tag_1", 11, 24),
    ("bag_tag_2", 24, 37),
    ("bag_tag_3", 37, 50),
)
REPEATED: Items = (
    ("airline_numeric_code", 0, 3),
    ("document_serial", 3, 13),
    ("selectee", 13, 14),
    ("document_verification", 14, 15),
    ("marketing_carrier", 15, 18),
    ("ff_airline", 18, 21),
    ("ff_number", 21, 37),
    ("id_ad", 37, 38),
    ("free_baggage", 38, 41),
    ("fast_track", 41, 42),
)

# values that the guide lists; others are read and remarked on, since later editions add to them
VALUES: Mapping[str, str] = {
    "eticket_indicator": "EL",
    "passenger_status": "0123456789A",
    "passenger_description": "01234567XU",
    "checkin_source": "WKXRMOTVA",
    "issuance_source": "WKXRMOTVA",
    "document_type": "BI",
    "document_verification": "012",
    "fast_track": "YN",
}


def items(table: Items, block: str) -> dict[str, str]:
    """The items of a block that it reaches, without the blanks around them. An item beyond its end is absent."""
    size = len(block)
    return {name: block[start:stop].strip(" ") for name, start, stop in table if start < size}


def size_of(digits: str) -> int | None:
    """A size field: exactly two hexadecimal digits, else None. `int` alone would take blanks, signs and underscores."""
    return int(digits, 16) if len(digits) == 2 and all(c in "0123456789ABCDEFabcdef" for c in digits) else None
