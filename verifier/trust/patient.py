"""The trust of a folder for a command that reads one document and ends: a list is read when a document asks for it.

Reading forty lists takes several times as long as reading a certificate. Every answer is the one that a store of all
lists gives: a document is only ever judged by all lists of its ring, or by the first of them that vouch for it, in the
order of the folder. That the files are what `anchors.toml` says was checked before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from verifier.errors import ConfigError
from verifier.model import Envelope
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.store import Checked, SignatureState, TrustStore

# kinds of `verifier.trust.lists.READERS` and the rings of what they hold; a kind that is not named may hold any
RINGS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("dsc-json", "dsc-german", "dsc-certificates", "who-did"), frozenset({"hcert"})),
    **dict.fromkeys(("jwks", "shc-crl", "vci-snapshot"), frozenset({"shc"})),
    **dict.fromkeys(("csca", "barcode-signers", "crl"), frozenset({"icao"})),
    "nzcp-did": frozenset({"nzcp"}),
    "divoc-keys": frozenset({"divoc"}),
    "named-keys": frozenset({"cred", "2ddoc", "nl2"}),
}
# they hold keys and no revocations, and their ring needs no more than a key: the first that vouches is enough
KEYS_ALONE = frozenset({"dsc-json", "dsc-german", "dsc-certificates", "who-did"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """One list of a folder that nobody has asked for yet; `rings` None: it may hold any. `read` raises ConfigError."""

    kind: str
    source: ListSource
    rings: frozenset[str] | None
    read: Callable[[], tuple[KeyList, ...]]


class PatientStore(TrustStore):
    """A trust store that reads its lists one after the other; not to be shared between threads.

    Whatever asks for more than a document's trust (`len`, `lists`, `findings`) reads them all.
    """

    def __init__(self, waiting: Sequence[Waiting]) -> None:  # what the base sets is taken from `_whole`
        test = [item.source.name for item in waiting if item.source.qa]
        if test and len(test) < len(waiting):
            raise ConfigError(ListCode.QA_MIXED, facts={"qa": sorted(test)})
        self._waiting = tuple(waiting)
        self._read: dict[int, tuple[KeyList, ...]] = {}

    def verify(self, envelope: Envelope, *, at: datetime, known: datetime | None = None) -> Checked:
        """As `TrustStore.verify`.

        Raises:
            ConfigError: a list that the document needs cannot be read.
        """
        for store in self._stores(envelope.hint.ring):
            checked = store.verify(envelope, at=at, known=known)
            if checked.state is SignatureState.VALID:
                break
        return checked

    def _stores(self, ring: str) -> Iterator[TrustStore]:
        """Stores of the lists of a ring: the first, the first two, up to all; all at once where they depend."""
        mine = [index for index, item in enumerate(self._waiting) if item.rings is None or ring in item.rings]
        patient = mine and all(self._waiting[index].kind in KEYS_ALONE for index in mine)
        for count in range(1, len(mine) + 1) if patient else (len(mine),):
            yield TrustStore(held for index in mine[:count] for held in self._lists(index))

    def _lists(self, index: int) -> tuple[KeyList, ...]:
        if index not in self._read:
            self._read[index] = self._waiting[index].read()
        return self._read[index]

    @cached_property
    def _whole(self) -> TrustStore:
        return TrustStore(held for index in range(len(self._waiting)) for held in self._lists(index))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._whole, name)
