"""What every view shares: keys and rules loaded once, the clock, and a bound on pictures decoded at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flask import current_app

from kiosk.codes import KioskCode
from kiosk.config import Config, Mode
from verifier.checkin import CheckIn
from verifier.decision import Decision
from verifier.errors import ConfigError
from verifier.model import Scan
from verifier.reading import Document, unfold
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.store import TrustStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Station:
    """One kiosk while it runs; safe to share between threads."""

    config: Config
    store: TrustStore
    rules: RuleBook
    check_in: CheckIn
    decoding: threading.BoundedSemaphore = field(repr=False)

    @classmethod
    def open(cls, config: Config) -> Station:
        """Load keys and rules.

        Raises:
            ConfigError: of either; QA_KEYS, PRODUCTION_KEYS where the keys are not of the mode.
        """
        store = load_store(config.trust)
        if config.mode is Mode.PRODUCTION and any(source.qa for source in store.sources.values()):
            raise ConfigError(KioskCode.QA_KEYS, facts={"folder": config.trust.name})
        if config.mode is Mode.QA and not store.qa:
            raise ConfigError(KioskCode.PRODUCTION_KEYS, facts={"folder": config.trust.name})
        rules = RuleBook.load(config.rules)
        slots = threading.BoundedSemaphore(config.limits.decoders)
        return cls(config, store, rules, CheckIn(trust=store, rules=rules), slots)

    def now(self) -> datetime:
        """The moment at which questions without one are asked: where the QA clock stands, else the time (UTC)."""
        return self.config.clock or datetime.now(UTC)

    def decide(self, question: Mapping[str, Any]) -> Decision:
        """Ask the library; `question` is what `question_from_json` made. Logs verdict and time, nothing else."""
        started = time.monotonic()
        if any(scan.kind == "image" or scan.data[:4] == b"%PDF" for scan in question["scans"]):
            with self.decoding:
                decision = self.check_in.check(**question)
        else:
            decision = self.check_in.check(**question)
        log.info("check: %s in %.0f ms", decision.verdict.value, (time.monotonic() - started) * 1000)
        return decision

    def unfold(self, scan: Scan) -> tuple[bytes | Document, ...]:
        """The codes in a picture, PDF or text; a failed document where there is none."""
        with self.decoding:
            return unfold([scan])


def station() -> Station:
    """The station of the application that answers this request."""
    found: Station = current_app.extensions["station"]
    return found
