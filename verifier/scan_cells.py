"""The cells of a straightened line of a machine-readable zone, and which of them hold a filler.

Characters have one width, so every character has a cell of its own. The filler is known by its shape, which text
readers take for K, L or E.

Source: ICAO Doc 9303-3 section 4.2 (ten characters to the inch), ISO 1073-2 (OCR-B).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import accumulate, pairwise
from operator import mul

from PIL import Image, ImageDraw

HEIGHT = 64  # pixels of a line once straightened; its letters are 26 to 30 of them high
BAND = (10, HEIGHT - 10)  # rows in which letters stand
MIN_FILLERS = 3  # in a zone: document code or state leave one, the surname two
# Measured in two typefaces, clean, blurred, noisy and small: fillers are at least 0.66 like the ideal sign and 0.76
# like the mean of the clearest ones on their page; K, the letter nearest to it, at most 0.61 and 0.68.
_ALIKE, _SAME = 0.63, 0.73
_MOST_MOVES = 30  # of the cells of a line, per size of step
_SIDE = 12  # pixels of the square in which shapes are compared
Shape = list[float]
"""A sign as large as the square: its pixels less their mean, as a vector of length one."""


def profile(ink: Image.Image) -> list[int]:
    """Ink in each column, in the rows where letters stand."""
    band = ink.crop((0, BAND[0], ink.width, BAND[1]))
    return list(band.resize((ink.width, 1), Image.Resampling.BOX).tobytes())


def fit_cells(columns: Sequence[int], count: int, pitch: float) -> tuple[float, list[float]]:
    """The cost (0 is best) and the borders of so many cells that best leave the ink inside.

    Args:
        columns: ink in each column of the line.
        pitch: width of a cell where letters fill the line; it may hold the edges of the page too.

    Where the page is seen at an angle, cells grow along the line: borders stand at start + step n + bend n (count - n).
    """
    margin = math.ceil(4 * pitch)
    padded = [*[0] * margin, *columns, *[0] * margin]
    total = list(accumulate(padded, initial=0))
    near = max(1, round(pitch * 0.12))
    # what a border costs that stands there: the ink around it, in inks of a typical cell
    typical = max(1.0, total[-1] / count)
    gaps = [(total[min(x + near + 1, len(padded))] - total[max(x - near, 0)]) / typical for x in range(len(padded))]
    places = range(count + 1)

    def cost(start: float, end: float, bend: float) -> float:
        step = (end - start) / count
        if start < 2 * step or end > len(padded) - 2 * step or abs(bend) * count**2 > 4 * step:
            return math.inf
        if bend:
            out = sum(gaps[int(start + step * n + bend * n * (count - n))] for n in places)
        else:
            out = sum(gaps[int(start + step * n)] for n in places)
        for left, middle, right, sign in ((start - step, start, start + step, 1), (end - step, end, end + step, -1)):
            before, after = (total[int(b)] - total[int(a)] for a, b in ((left, middle), (middle, right))[::sign])
            out += 4 * (after < 0.15 * typical) + 2 * min(1.0, before / typical)  # empty inside, ink outside
        return out

    length, centre = pitch * count, len(padded) / 2
    at = min(
        (
            (centre - size / 2 + shift * pitch, centre + size / 2 + shift * pitch, 0.0)
            for size in (length * (0.865 + 0.006 * n) for n in range(30))
            for shift in (n * 0.15 for n in range(-8, 9))
        ),
        key=lambda place: cost(*place),
    )
    best = cost(*at)
    for size in (0.08, 0.04, 0.02):
        by = (size * pitch, size * pitch, size * 6 * pitch / count**2)
        for _ in range(_MOST_MOVES):
            near_by = [
                (at[0] + a * by[0], at[1] + b * by[1], at[2] + c * by[2])
                for a, b, c in (
                    (1, 0, 0),
                    (-1, 0, 0),
                    (0, 1, 0),
                    (0, -1, 0),
                    (0, 0, 1),
                    (0, 0, -1),
                    (1, 1, 0),
                    (-1, -1, 0),
                )
            ]
            found, place = min((cost(*place), place) for place in near_by)
            if found >= best:
                break
            best, at = found, place
    start, end, bend = at
    step = (end - start) / count
    return best / count, [start - margin + step * n + bend * n * (count - n) for n in places]


def cut(ink: Image.Image, edges: Sequence[float]) -> list[Image.Image]:
    """The cells of a line, in the rows where letters stand."""
    return [ink.crop((round(a), BAND[0], round(b), BAND[1])) for a, b in pairwise(edges)]


def _pattern() -> Shape:
    """The sign `<` in the square: what it has more or less than the mean."""
    out = Image.new("L", (_SIDE * 8, _SIDE * 8))
    end = _SIDE * 8
    ImageDraw.Draw(out).line([(end - 4, 10), (12, end / 2), (end - 4, end - 10)], fill=255, width=22, joint="curve")
    return _centred(out.resize((_SIDE, _SIDE), Image.Resampling.BOX))


def _centred(square: Image.Image) -> Shape:
    """Pixels less their mean, as a vector of length one."""
    values = square.tobytes()
    mean = sum(values) / len(values)
    return _unit([value - mean for value in values])


def _unit(vector: Sequence[float]) -> Shape:
    norm = math.hypot(*vector) or 1.0
    return [value / norm for value in vector]


def shape_of(cell: Image.Image) -> Shape | None:
    """The sign in a cell, as large as the square; None where there is next to nothing."""
    box = cell.point([0] * 110 + [255] * 146).getbbox()
    if box is None or box[2] - box[0] < 5 or box[3] - box[1] < 5:
        return None
    return _centred(cell.crop(box).resize((_SIDE, _SIDE), Image.Resampling.BOX))


def upside_down(shape: Shape) -> Shape:
    """The shape upside down."""
    return shape[::-1]


def find_fillers(lines: Sequence[Sequence[Shape | None]]) -> list[tuple[bool, ...]] | None:
    """Which cells hold a filler, or None where too few do.

    Those most like the ideal sign show what a filler looks like in this typeface and this light; the others are
    compared with that.
    """
    shapes = [shape for line in lines for shape in line if shape is not None]
    alike = [_likeness(shape, _SIGN) for shape in shapes]
    best = max(alike, default=0.0)
    if sum(value > _ALIKE for value in alike) < MIN_FILLERS:
        return None
    sure = [shape for shape, value in zip(shapes, alike, strict=True) if value > 0.85 * best]
    mean = _unit([sum(values) for values in zip(*sure, strict=True)])
    found = [tuple(shape is not None and _likeness(shape, mean) > _SAME for shape in line) for line in lines]
    return found if sum(map(sum, found)) >= MIN_FILLERS else None


def _likeness(a: Sequence[float], b: Sequence[float]) -> float:
    return sum(map(mul, a, b), 0.0)


_SIGN = _pattern()
