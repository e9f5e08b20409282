"""The example of docs/packs.md is a pack: it loads, and its cases come out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from verifier.rules.checks import LiveRules, check_pack
from verifier.rules.codes import RulesCode
from verifier.rules.requirements import KINDS
from verifier.rules.rulebook import RuleBook

ROOT = Path(__file__).resolve().parents[3]
PAGE = ROOT / "docs" / "packs.md"


@pytest.mark.parametrize(
    ("page", "heading", "cases"),
    [(PAGE, "## A country in one folder", 3), (ROOT / "CONTRIBUTING.md", "## A new country in one folder", 3)],
    ids=["packs", "contributing"],
)
def test_a_country_is_one_folder(tmp_path: Path, page: Path, heading: str, cases: int) -> None:
    pack, proof = re.findall(r"```yaml\n(.*?)```", page.read_text("utf-8").split(heading)[1], re.DOTALL)
    (tmp_path / "pack.yaml").write_text(pack, "utf-8")
    (tmp_path / "cases.yaml").write_text(proof, "utf-8")
    (finding,) = check_pack(tmp_path)
    assert (finding.code, finding.facts["cases"]) == (RulesCode.PACK_GOOD, cases), finding
    live = LiveRules(RuleBook.load())
    assert [info.destinations for info in live.replace(tmp_path).packs] == [live.book.packs[0].destinations]


def test_the_page_names_every_kind_of_requirement() -> None:
    text = PAGE.read_text("utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in text] == []
