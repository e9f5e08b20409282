"""A small writer of machine-readable zones for tests: it shares nothing with the reader."""

from __future__ import annotations


def digit(text: str) -> str:
    """Doc 9303-3 section 4.9, written out."""
    total = 0
    for place, character in enumerate(text):
        value = 0 if character == "<" else int(character, 36)
        total += value * (7, 3, 1)[place % 3]
    return str(total % 10)


def td3(
    *,
    name: str = "SPECIMEN<<ALEX<ROBIN",
    code: str = "P<",
    issuer: str = "DEU",
    number: str = "C01X00T47",
    nationality: str = "DEU",
    born: str = "640812",
    sex: str = "F",
    expires: str = "270228",
    optional: str = "",
    optional_digit: str | None = None,
) -> list[str]:
    number, optional = number.ljust(9, "<"), optional.ljust(14, "<")
    optional_digit = digit(optional) if optional_digit is None else optional_digit
    second = number + digit(number) + nationality.ljust(3, "<") + born + digit(born) + sex
    second += expires + digit(expires) + optional + optional_digit
    second += digit(second[:10] + second[13:20] + second[21:43])
    return [(code + issuer.ljust(3, "<") + name).ljust(44, "<"), second]


def td2(
    *, name: str = "SPECIMEN<<ALEX", number: str = "D23145890", born: str = "640812", optional: str = ""
) -> list[str]:
    head, rest = number[:9].ljust(9, "<"), number[9:]
    check = "<" if rest else digit(head)
    optional = (rest + digit(number) + "<" + optional if rest else optional).ljust(7, "<")
    second = head + check + "SWE" + born + digit(born) + "M" + "270228" + digit("270228") + optional
    second += digit(second[:10] + second[13:20] + second[21:35])
    return [("I<SWE" + name).ljust(36, "<"), second]


def td1(
    *,
    name: str = "SPECIMEN<<ALEX",
    number: str = "D23145890",
    born: str = "640812",
    optional: str = "",
    second: str = "",
) -> list[str]:
    head, rest = number[:9].ljust(9, "<"), number[9:]
    check = "<" if rest else digit(head)
    tail = (rest + digit(number) + "<" + optional if rest else optional).ljust(15, "<")
    one = "ID" + "BEL" + head + check + tail
    two = born + digit(born) + "M" + "270228" + digit("270228") + "BEL" + second.ljust(11, "<")
    two += digit(one[5:30] + two[:7] + two[8:15] + two[18:29])
    return [one, two, name.ljust(30, "<")]


def visa(width: int, *, name: str = "SPECIMEN<<ALEX", optional: str = "") -> list[str]:
    number, born, expires = "L8988901C", "640812", "270228"
    second = number + digit(number) + "XXX" + born + digit(born) + "F" + expires + digit(expires)
    return [("V<FRA" + name).ljust(width, "<"), (second + optional).ljust(width, "<")]
