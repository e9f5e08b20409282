"""The import order, one way only; no clock, network or randomness below the edges; files of a readable size."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
# highest first; packages on the same step never import each other
STEPS: tuple[frozenset[str], ...] = (
    frozenset({"kiosk"}),
    frozenset({"certs"}),
    frozenset({"verifier.cli"}),
    frozenset({"verifier.checkin", "verifier.documents", "verifier.questions", "verifier.decision_schema"}),
    frozenset({"verifier.reading"}),
    frozenset({"verifier.decision"}),
    frozenset(
        {
            "verifier.rules",
            "verifier.identity",
            "verifier.trust",
            "verifier.formats",
            "verifier.scan",
            "verifier.scan_cells",
            "verifier.scan_lines",
            "verifier.scan_mrz",
            "verifier.scan_ocr",
            "verifier.scan_pdf",
        }
    ),
    frozenset({"verifier.travel", "verifier.health"}),
    frozenset({"verifier.wording", "verifier.codecs"}),
    frozenset({"verifier.times"}),
    frozenset({"verifier.model", "verifier.errors"}),
    frozenset({"verifier.partial"}),
    frozenset({"verifier.findings"}),
    frozenset({"verifier.quick"}),
)
RANK = {name: step for step, names in enumerate(STEPS) for name in names}
# pairs of one step that belong together: a base module and what is built on it
TOGETHER = {
    ("verifier.scan_pdf", "verifier.scan"),
    ("verifier.scan_lines", "verifier.scan_cells"),
    *(
        ("verifier.scan_mrz", f"verifier.{name}")
        for name in ("scan", "scan_cells", "scan_lines", "scan_ocr", "scan_pdf")
    ),
    ("verifier.errors", "verifier.findings"),
}
OUTER = {"kiosk", "certs", "fixtures", "verifier"}


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def part(module: str) -> str | None:
    """The name of `STEPS` a module belongs to."""
    names = module.split(".")
    for size in (2, 1):
        if ".".join(names[:size]) in RANK:
            return ".".join(names[:size])
    return None


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Modules imported, and whether only for type checking."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in typing_only) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module, id(node) in typing_only
            yield from ((f"{node.module}.{alias.name}", id(node) in typing_only) for alias in node.names)


@pytest.mark.parametrize("package", ["verifier", "certs", "kiosk"])
def test_import_order(package: str) -> None:
    wrong = []
    for path in files(package):
        mine = part(module_of(path))
        if mine is None:
            continue
        for module, typing_only in imports(path):
            theirs = part(module)
            if theirs is None or theirs == mine or typing_only:
                continue
            if RANK[theirs] <= RANK[mine] and (mine, theirs) not in TOGETHER:
                wrong.append(f"{module_of(path)} imports {module}")
    assert not wrong


def test_the_factory_is_independent() -> None:
    wrong = [
        f"{module_of(path)} imports {module}"
        for path in files("fixtures")
        for module, _ in imports(path)
        if module.split(".")[0] in {"verifier", "kiosk", "certs"}
    ]
    assert not wrong


def test_only_the_lab_imports_the_factory() -> None:
    wrong = [
        module_of(path)
        for package in ("verifier", "certs", "kiosk")
        for path in files(package)
        for module, _ in imports(path)
        if module.split(".")[0] == "fixtures" and not module_of(path).startswith("kiosk.lab")
    ]
    assert not wrong


FORBIDDEN = {
    "flask",
    "requests",
    "urllib.request",
    "http.client",
    "socket",
    "sqlalchemy",
    "random",
    "secrets",
    "kiosk",
    "fixtures",
}
CLOCKS = {"now", "utcnow", "today"}


def test_the_verifier_knows_no_flask_network_database_or_chance() -> None:
    wrong = [
        f"{module_of(path)} imports {module}"
        for path in files("verifier")
        for module, _ in imports(path)
        if module in FORBIDDEN
    ]
    assert not wrong


def test_only_the_command_line_reads_a_clock() -> None:
    wrong = []
    for path in files("verifier"):
        if "cli" in path.relative_to(ROOT).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS:
                wrong.append(f"{module_of(path)}:{node.lineno}")
    assert not wrong


@pytest.mark.parametrize("package", ["verifier", "kiosk", "certs", "fixtures"])
def test_files_stay_readable(package: str) -> None:
    long = {
        module_of(path): size for path in files(package) if (size := len(path.read_text("utf-8").splitlines())) > 345
    }
    assert not long


def test_no_cycles_between_modules() -> None:
    graph = {
        module_of(path): {
            module for module, typing_only in imports(path) if not typing_only and module.startswith("verifier")
        }
        for path in files("verifier")
    }
    top_level = {
        module_of(path): {
            name
            for node in ast.parse(path.read_text("utf-8")).body
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("verifier")
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
        }
        for path in files("verifier")
    }
    state: dict[str, int] = {}

    def visit(module: str, trail: tuple[str, ...]) -> None:
        if state.get(module) == 2 or module not in graph:
            return
        assert state.get(module) != 1, f"cycle: {' > '.join((*trail, module))}"
        state[module] = 1
        for other in sorted(top_level.get(module, ())):
            if other != module and other in graph and not module.startswith(f"{other}."):
                visit(other, (*trail, module))
        state[module] = 2

    for module in graph:
        visit(module, ())


def test_the_shipped_qa_trust_is_what_the_factory_writes(tmp_path: Path) -> None:
    from fixtures.authorities import write_trust

    write_trust(tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    shipped = {path.name: path.read_bytes() for path in (ROOT / "certs" / "qa").iterdir()}
    assert shipped == written, "run cleargate fixtures trust --out certs/qa --force"
