"""A small writer of boarding passes for tests: it shares nothing with the reader."""

from __future__ import annotations


def leg(
    *,
    pnr: str = "ABC123",
    origin: str = "ZRH",
    to: str = "JFK",
    carrier: str = "LX",
    flight: str = "0014",
    day: str = "340",
    seat: str = "012C",
    sequence: str = "0042",
    status: str = "1",
    block: str = "",
    size: str | None = None,
) -> str:
    """Mandatory items of one leg with its conditional block."""
    size = f"{len(block):02X}" if size is None else size
    text = f"{pnr:<7}{origin:<3}{to:<3}{carrier:<3}{flight:<5}{day:<3}Y{seat:<4}{sequence:<5}{status}{size}"
    assert len(text) == 37
    return text + block


def unique(
    issued: str = "1335", *, version: str = "6", described: str = "0", kind: str = "B", bags: str = " " * 13
) -> str:
    """`>`, version and the unique block."""
    body = f"{described}WW{issued:<4}{kind}LX {bags}"
    return f">{version}{len(body):02X}{body}"


def repeated(*, verification: str = "1", fast_track: str = "N", airline: str = "") -> str:
    body = f"7241234567890 {verification}LX LX 992123456789000 N1PC{fast_track}"
    return f"{len(body):02X}{body}{airline}"


def boarding_pass(*legs: str, name: str = "SPECIMEN/ALEX", security: str = "", eticket: str = "E") -> str:
    parts = legs or (leg(),)
    return f"M{len(parts)}{name:<20}{eticket}{''.join(parts)}{security}"


def full() -> str:
    """Two legs with every block, and security data."""
    return boarding_pass(
        leg(block=unique() + repeated(airline="C19:OK ")),
        leg(pnr="DEF456", origin="JFK", to="YYZ", carrier="AC", flight="0705", day="341", block=repeated(airline="WQ")),
        security="^108aBcDeFgH",
    )
