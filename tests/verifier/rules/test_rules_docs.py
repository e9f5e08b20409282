"""The example of docs/packs.md is a pack: it loads, and its cases come out."""

from __future__ import annotations

import re
from pathlib import Path

from verifier.rules.checks import check_pack
from verifier.rules.codes import RulesCode
from verifier.rules.requirements import KINDS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "packs.md"


def test_a_country_is_one_folder(tmp_path: Path) -> None:
    example = PAGE.read_text("utf-8").split("## A country in one folder")[1]
    pack, cases = re.findall(r"```yaml\n(.*?)```", example, re.DOTALL)
    (tmp_path / "pack.yaml").write_text(pack, "utf-8")
    (tmp_path / "cases.yaml").write_text(cases, "utf-8")
    (finding,) = check_pack(tmp_path)
    assert (finding.code, finding.facts["cases"]) == (RulesCode.PACK_GOOD, 3), finding


def test_the_page_names_every_kind_of_requirement() -> None:
    text = PAGE.read_text("utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in text] == []
