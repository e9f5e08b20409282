"""Moments as text: ISO 8601 in, aware datetimes out."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from verifier.errors import InputError
from verifier.findings import Code

_FRACTION = re.compile(r"(\.\d{6})\d+")


class TimeCode(Code):
    """What is wrong with a moment."""

    UNREADABLE = "time.unreadable"


def parse_moment(value: object) -> datetime:
    """A moment: date and time with zone, without zone (UTC is taken), or a bare date (00:00 UTC).

    Fractions beyond microseconds are cut.

    Raises:
        InputError: UNREADABLE.
    """
    if isinstance(value, datetime):
        parsed = value
    else:
        try:
            parsed = datetime.fromisoformat(_FRACTION.sub(r"\1", str(value)))
        except ValueError:
            raise InputError(TimeCode.UNREADABLE, facts={"length": len(str(value))}) from None
    return parsed if parsed.tzinfo is not None else parsed.replace(tzinfo=UTC)
