from __future__ import annotations

import sys
from pathlib import Path

import pytest

from verifier.rules.rulebook import RuleBook

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def book() -> RuleBook:
    return RuleBook.load()
