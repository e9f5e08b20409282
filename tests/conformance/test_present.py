"""The variable CLEARGATE_CORPORA must point at corpora: set and empty is a failure, not a silent skip."""

import os

import pytest
from corpora import NAMES, VARIABLE, root


def test_corpora_are_there_when_asked_for() -> None:
    present = [name for name in NAMES if (root() / name).is_dir()]
    if not present and not os.environ.get(VARIABLE):
        pytest.skip(f"no corpora beside the project ({root()}) and {VARIABLE} is not set")
    assert present, f"{VARIABLE} is set but {root()} holds no corpus"
