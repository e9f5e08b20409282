"""A desk with the QA authorities and every pack of rules."""

from __future__ import annotations

import pytest

from fixtures.authorities import write_trust
from verifier.checkin import CheckIn
from verifier.rules.rulebook import RuleBook
from verifier.trust.anchors import load_store
from verifier.trust.store import TrustStore


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> TrustStore:
    folder = tmp_path_factory.mktemp("trust")
    write_trust(folder)
    return load_store(folder)


@pytest.fixture(scope="session")
def desk(store: TrustStore) -> CheckIn:
    return CheckIn(trust=store, rules=RuleBook.load(), budget=60)
