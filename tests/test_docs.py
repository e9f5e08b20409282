"""What the documents say is what the program does: README examples are run, and their output compared line by line."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")
CLEARGATE = [sys.executable, "-c", "from verifier.cli import main; main()"]


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*CLEARGATE, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def examples() -> list[tuple[str, str]]:
    """Commands of the README (`$ cleargate ...`, lines joined) and the indented output that follows each."""
    blocks = re.split(r"^    \$ ", README, flags=re.MULTILINE)[1:]
    out = []
    for block in blocks:
        lines = block.split("\n")
        command, rest = lines[0], lines[1:]
        while command.endswith("\\"):
            command = command[:-1] + rest.pop(0).strip()
        shown = []
        for line in rest:
            if line.strip() and not line.startswith("    "):
                break
            shown.append(line[4:] if line.startswith("    ") else line)
        out.append((command, "\n".join(shown).strip("\n")))
    return out


def test_readme_examples_are_true(tmp_path: Path) -> None:
    compared = 0
    for command, shown in examples():
        arguments = shlex.split(command.replace("/tmp/flight", str(tmp_path / "flight")))[1:]
        done = run(arguments)
        assert done.returncode in (0, 10, 20), done.stderr
        if shown:
            assert done.stdout.strip("\n") == shown
            compared += 1
    assert compared == 2


def test_readme_names_every_command() -> None:
    listed = run(["--help"]).stdout.partition("Commands:")[2]
    names = re.findall(r"^  ([a-z-]+)", listed, re.MULTILINE)
    assert len(names) >= 8
    assert [name for name in names if f"cleargate {name}" not in README and f"|{name}" not in README] == []


@pytest.mark.parametrize(
    "command", ["read", "check", "judge", "rules", "certlogic", "mrz", "boarding-pass", "match", "fixtures", "kiosk"]
)
def test_every_command_has_help(command: str) -> None:
    done = run([command, "--help"])
    assert done.returncode == 0
    assert len(done.stdout) > 100


def test_documents_speak_of_the_project_alone() -> None:
    """No address of a package registry and no path of somebody's machine in anything that is versioned."""
    listed = subprocess.run(["git", "ls-files"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    forbidden = (
        "pypi" + ".org",
        "files.pythonhosted" + ".org",
        "registry.npmjs" + ".org",
        "/work" + "/main",
        "/work" + "/shared",
        "/home/" + "user",
    )
    found = [
        name
        for name in listed.stdout.split("\n")
        if name and (ROOT / name).is_file()
        for text in [(ROOT / name).read_bytes()[:2_000_000]]
        if any(word.encode() in text for word in forbidden)
    ]
    assert not found
