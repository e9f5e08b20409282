"""A store that reads its lists when asked gives the answers of one that has read them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from fixtures.authorities import write_trust
from fixtures.flights import Flight, flight
from verifier.errors import ConfigError
from verifier.model import Scan
from verifier.reading import read_scans
from verifier.trust import patient
from verifier.trust.anchors import load_store
from verifier.trust.codes import ListCode
from verifier.trust.keys import KeyList, ListSource
from verifier.trust.lists import READERS
from verifier.trust.patient import PatientStore, Waiting
from verifier.trust.store import TrustStore


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust")
    write_trust(str(path))
    return path


@pytest.fixture(scope="module")
def sample() -> Flight:
    return flight("us-air-2021-12-20")


def texts(sample: Flight) -> list[str]:
    people = {seat.persona.name: seat for seat in sample.passengers}
    return [document.text for name in people for document in sample.passenger(name).documents()]


def test_every_document_gets_the_same_answer(folder: Path, sample: Flight) -> None:
    whole = load_store(folder)
    formats = set()
    for text in texts(sample):
        alone = [Scan.text(text)]
        (expected,) = read_scans(alone, trust=whole, at=sample.clock)
        assert read_scans(alone, trust=load_store(folder, patient=True), at=sample.clock) == (expected,)
        formats.add(expected.format)
    assert {"eu-dcc", "shc", "vds-nc", "divoc", "nzcp"} <= formats


def test_only_lists_of_the_ring_are_read_and_only_until_one_vouches(folder: Path, sample: Flight) -> None:
    store = load_store(folder, patient=True)
    assert isinstance(store, PatientStore)
    (document,) = read_scans([Scan.text(texts(sample)[0])], trust=store, at=sample.clock)
    assert (document.format, document.signature.value) == ("eu-dcc", "valid")
    assert [store._waiting[index].source.name for index in store._read] == ["qa-eu-dcc.json"]


def test_whatever_else_is_asked_reads_all(folder: Path) -> None:
    store, whole = load_store(folder, patient=True), load_store(folder)
    assert len(store) == len(whole)
    assert store.sources == whole.sources
    assert store.findings == whole.findings
    assert store.qa is True


def test_kinds_are_those_that_can_be_read() -> None:
    assert set(patient.RINGS) == set(READERS) - {"pathcheck"}  # which holds keys of many rings
    assert patient.KEYS_ALONE.issubset(patient.RINGS)


@pytest.mark.parametrize("late", [False, True])
def test_a_hash_that_differs_is_found_at_once(folder: Path, tmp_path: Path, late: bool) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "qa-nzcp.did.json").write_bytes(b"{}")
    with pytest.raises(ConfigError) as refused:
        load_store(tmp_path, patient=late)
    assert refused.value.code.value == "list.hash-differs"
    assert refused.value.facts["line"]


def waiting(name: str, read: Callable[[], tuple[KeyList, ...]], *, qa: bool = True) -> Waiting:
    return Waiting("dsc-json", ListSource(name, qa=qa), frozenset({"hcert"}), read)


def test_a_list_that_cannot_be_read_is_raised_when_it_is_needed(folder: Path, sample: Flight) -> None:
    held = load_store(folder).lists
    good = next(item for item in held if item.source.name == "qa-eu-dcc.json")

    def broken() -> tuple[KeyList, ...]:
        raise ConfigError(ListCode.NOT_READABLE)

    scans = [Scan.text(texts(sample)[0])]
    behind = PatientStore([waiting("good", lambda: (good,)), waiting("bad", broken)])
    assert read_scans(scans, trust=behind, at=sample.clock)[0].signature.value == "valid"
    before = PatientStore([waiting("bad", broken), waiting("good", lambda: (good,))])
    with pytest.raises(ConfigError):
        read_scans(scans, trust=before, at=sample.clock)


def test_test_lists_never_stand_beside_others() -> None:
    def nothing() -> tuple[KeyList, ...]:
        return ()

    with pytest.raises(ConfigError) as refused:
        PatientStore([waiting("a", nothing), waiting("b", nothing, qa=False)])
    assert refused.value.code.value == "list.qa-mixed"


def test_no_list_of_the_ring_is_an_unknown_signer(sample: Flight) -> None:
    at: datetime = sample.clock
    scans = [Scan.text(texts(sample)[0])]
    assert read_scans(scans, trust=PatientStore([]), at=at) == read_scans(scans, trust=TrustStore(), at=at)
