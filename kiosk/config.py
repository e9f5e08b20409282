"""What a kiosk is set up with. Everything is checked here or when the station opens, never in front of a passenger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final

from kiosk.codes import KioskCode
from verifier.errors import ConfigError
from verifier.wording import LANGUAGES

QA_CLOCK: Final = datetime(2021, 12, 20, 12, tzinfo=UTC)
"""Where the clock stands in QA mode: five hours before the sample flight leaves."""


class Mode(StrEnum):
    """QA: test keys, sample passengers, a clock that stands still. Production: none of these, ever."""

    QA = "qa"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one kiosk.

    Attributes:
        body: bytes of a request; one picture of 10 MB in base64 and some text fit.
        decoders: pictures that are decoded at the same time.
        reset_seconds: how long `cleared` stays on the screen.
    """

    body: int = 16 * 1024 * 1024
    decoders: int = 2
    reset_seconds: int = 12


@dataclass(frozen=True, slots=True)
class Config:
    """One kiosk.

    Attributes:
        trust: folder with `anchors.toml`.
        clock: in QA mode the moment at which the clock stands; never set in production.
        languages: those offered, the first is the default.
        hosts: names under which requests are answered; others get status 400.
        rules: folder of rule packs; None for those of the library.
    """

    mode: Mode
    trust: Path
    clock: datetime | None = None
    languages: Sequence[str] = LANGUAGES
    hosts: Sequence[str] = ("localhost", "127.0.0.1")
    rules: Path | None = None
    limits: Limits = field(default_factory=Limits)

    def __post_init__(self) -> None:
        """Check what can be told without opening anything.

        Raises:
            ConfigError: CLOCK_IN_PRODUCTION, CLOCK_WITHOUT_ZONE, LANGUAGE_UNKNOWN.
        """
        if self.clock is not None and self.mode is Mode.PRODUCTION:
            raise ConfigError(KioskCode.CLOCK_IN_PRODUCTION)
        if self.mode is Mode.QA and self.clock is None:
            object.__setattr__(self, "clock", QA_CLOCK)
        if self.clock is not None and self.clock.tzinfo is None:
            raise ConfigError(KioskCode.CLOCK_WITHOUT_ZONE)
        unknown = sorted(set(self.languages) - set(LANGUAGES))
        if unknown or not self.languages:
            raise ConfigError(KioskCode.LANGUAGE_UNKNOWN, facts={"known": list(LANGUAGES), "unknown": unknown})
