"""The lines of a machine-readable zone in a grey picture, straightened. Nothing is read here.

A zone has no gaps, because fillers stand where nothing else does: its lines are the long, dense, thin bars of a page.
Fillers point to the left: where they point to the right, the page is upside down.

Source: ICAO Doc 9303-3 section 4.2 (the zone on the page).
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, product

from PIL import Image, ImageChops, ImageFilter

from verifier.scan_cells import HEIGHT, cut, find_fillers, fit_cells, profile, shape_of, upside_down

WIDTHS = {2: (44, 36), 3: (30,)}  # characters in a line, by lines of the zone
_SHARE = 0.9  # of the distance between lines that a straightened line shows
_LONGER = (800, 450)  # pixels: the longer side of the copies in which bars are looked for: of far and near pages
_SHARES = (0.5, 0.3, 0.18)  # of the densest dot, from which a dot is marked: letters beside little else, or much
_ACROSS, _DOWN = 8, 2  # its pixels in one dot of the map of bars
_MOST_BARS, _MOST_GROUPS = 40, 3
_STEEPEST = 0.18  # about ten degrees
_NEAREST, _FARTHEST = 0.03, 0.13  # distance of lines, in lengths of a line
Dot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Line:
    """One straightened line.

    Attributes:
        ink: light on black, `HEIGHT` pixels high.
        edges: borders of the cells in pixels, one more than there are cells.
        fillers: which cells hold one.
    """

    ink: Image.Image
    edges: tuple[float, ...]
    fillers: tuple[bool, ...]


def zones(image: Image.Image, pause: Callable[[], None] = lambda: None) -> Iterator[tuple[Line, ...]]:
    """Places that look like a zone, the likeliest first, each as its two or three lines, upright.

    Args:
        image: eight-bit grey, at most about 12 megapixels; the page turned by a multiple of 90 degrees and up to about
            8 more.
        pause: called before each attempt; what it raises ends the work.
    """
    for turn in (None, Image.Transpose.ROTATE_270):
        turned = image if turn is None else image.transpose(turn)
        tried: list[tuple[_Bar, ...]] = []
        for group in chain.from_iterable(_groups(_bars(turned, longer)) for longer in _LONGER):
            if any(len(group) == len(old) and all(map(_Bar.like, group, old)) for old in tried):
                continue
            tried.append(group)
            pause()
            lines = _lines(turned, group)
            if lines is not None:
                yield lines


# --- bars -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Bar:
    """A long thin dense region, as the line through its middle in pixels of the picture."""

    left: float
    right: float
    slope: float
    middle: float  # y at the middle of left and right

    @property
    def length(self) -> float:
        return self.right - self.left

    def like(self, other: _Bar) -> bool:
        """Whether the two are one bar, seen twice."""
        near = 0.02 * self.length
        off = (self.left - other.left, self.right - other.right, self.middle - other.middle)
        return all(abs(distance) < near for distance in off)

    def at(self, x: float) -> float:
        return self.middle + self.slope * (x - (self.left + self.right) / 2)


def _bars(image: Image.Image, longer: int) -> list[_Bar]:
    """Bars of dense upright strokes in a copy of that longer side, the longest first."""
    scale = max(image.size) / longer
    if min(image.size) < 2 * _DOWN * scale or min(image.size) < 16:
        return []
    small = image.resize(
        (max(1, round(image.width / scale)), max(1, round(image.height / scale))), Image.Resampling.BOX
    )
    strokes = ImageChops.difference(small, ImageChops.offset(small, 1, 0)).filter(ImageFilter.BoxBlur((10, 1)))
    grid = strokes.reduce((_ACROSS, _DOWN))
    values = grid.tobytes()
    top = _quantile(grid, 0.995)
    found: list[_Bar] = []
    for share in _SHARES:
        floor = max(3.0, top * share)
        marked = {(place % grid.width, place // grid.width) for place, value in enumerate(values) if value > floor}
        bars = (_bar(dots, grid.width, scale) for dots in _components(marked))
        found += [bar for bar in bars if bar is not None and not any(map(bar.like, found))]
    return sorted(found, key=lambda bar: -bar.length)[:_MOST_BARS]


def _components(marked: set[Dot]) -> Iterator[list[Dot]]:
    """The dots that hang together, also over a corner; empties the set."""
    while marked:
        heap = [marked.pop()]
        found: list[Dot] = []
        while heap:
            x, y = heap.pop()
            found.append((x, y))
            for near in product((x - 1, x, x + 1), (y - 1, y, y + 1)):
                if near in marked:
                    marked.remove(near)
                    heap.append(near)
        yield found


def _bar(dots: Sequence[Dot], width: int, scale: float) -> _Bar | None:
    """The line through dots, or None where they are no long thin bar."""
    columns: dict[int, list[int]] = {}
    for x, y in dots:
        columns.setdefault(x, []).append(y)
    length = len(columns)
    if length < max(8, width // 5) or len(dots) * _DOWN / length > length * _ACROSS / 8:
        return None
    points = [((x + 0.5) * _ACROSS, (sum(ys) / len(ys) + 0.5) * _DOWN) for x, ys in columns.items()]
    slope, start = _fit(points)
    off = sum(abs(y - start - slope * x) for x, y in points) / length
    if off > 3 * _DOWN or abs(slope) > _STEEPEST:
        return None
    left, right = min(columns) * _ACROSS, (max(columns) + 1) * _ACROSS
    return _Bar(left * scale, right * scale, slope, (start + slope * (left + right) / 2) * scale)


def _fit(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Slope and start of the line of least squares."""
    count = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    spread = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / spread if spread else 0.0
    return slope, mean_y - slope * mean_x


def _groups(bars: Sequence[_Bar]) -> Iterator[tuple[_Bar, ...]]:
    """Two or three bars that stand under each other like the lines of a zone, from the top; the longer ones first.

    Where more follow at the same distance, they are lines of a text.
    """
    below = {bar: [other for other in bars if _follows(bar, other)] for bar in bars}
    threes = [(a, b, c) for a in bars for b in below[a] for c in below[b] if _evenly(a, b, c)]
    ends, starts = {three[1:] for three in threes}, {three[:2] for three in threes}
    yield from [three for three in threes if three[1:] not in starts and three[:2] not in ends][:_MOST_GROUPS]
    twos = ((a, b) for a in bars for b in below[a])
    yield from [two for two in twos if two not in starts and two not in ends][:_MOST_GROUPS]


def _evenly(a: _Bar, b: _Bar, c: _Bar) -> bool:
    return 0.8 < _gap(b, c) / _gap(a, b) < 1.25


def _gap(upper: _Bar, lower: _Bar) -> float:
    x = (max(upper.left, lower.left) + min(upper.right, lower.right)) / 2
    return lower.at(x) - upper.at(x)


def _follows(upper: _Bar, lower: _Bar) -> bool:
    """Whether one bar can be the line under another: as long, in parallel, flush, at the distance of a zone's lines."""
    length = max(upper.length, lower.length)
    return (
        min(upper.length, lower.length) > 0.85 * length
        and abs(upper.slope - lower.slope) < 0.04
        and abs(upper.left - lower.left) < 0.12 * length
        and abs(upper.right - lower.right) < 0.12 * length
        and _NEAREST * length < _gap(upper, lower) < _FARTHEST * length
    )


# --- lines ------------------------------------------------------------------------------------------------------------

_MARGIN = 1 / 30  # of the length of a bar


def _lines(image: Image.Image, group: Sequence[_Bar]) -> tuple[Line, ...] | None:
    """The lines of a group with their cells, or None where they are no zone."""
    distance = sum(_gap(a, b) for a, b in pairwise(group)) / (len(group) - 1)
    strips = [_straight(image, bar, distance) for bar in group]
    fits: list[tuple[float, list[list[float]]]] = []
    for width in WIDTHS[len(group)]:
        fitted = [fit_cells(profile(ink), width, length / width) for ink, length in strips]
        fits.append((sum(cost for cost, _ in fitted), [edges for _, edges in fitted]))
    borders = min(fits)[1]
    shapes = [[shape_of(cell) for cell in cut(ink, at)] for (ink, _), at in zip(strips, borders, strict=True)]
    fillers = find_fillers(shapes)
    if fillers is not None:
        return tuple(Line(ink, tuple(at), which) for (ink, _), at, which in zip(strips, borders, fillers, strict=True))
    fillers = find_fillers([[shape and upside_down(shape) for shape in line[::-1]] for line in shapes[::-1]])
    if fillers is None:
        return None
    return tuple(
        Line(ink.transpose(Image.Transpose.ROTATE_180), tuple(ink.width - x for x in at[::-1]), which)
        for (ink, _), at, which in zip(strips[::-1], borders[::-1], fillers, strict=True)
    )


def _straight(image: Image.Image, bar: _Bar, distance: float) -> tuple[Image.Image, float]:
    """The ink of one line, level and `HEIGHT` high, with a margin of a letter or so at both ends; the bar's length."""
    slope, middle = bar.slope, bar.middle
    for last in (False, True):
        level = math.cos(math.atan(slope))
        scale = HEIGHT / (distance * level * _SHARE)  # pixels of the line for one of the picture
        length = bar.length / level * scale
        width = round(length * (1 + 2 * _MARGIN))
        ink = _ink(_level(image, ((bar.left + bar.right) / 2, middle), slope, scale, (width, HEIGHT)))
        if not last:  # once more, by the middles of the letters themselves
            tilt, start = _fit(_centres(ink))
            slope += tilt
            middle += (start + tilt * width / 2 - HEIGHT / 2) / scale
    return ink, length


def _level(
    image: Image.Image, centre: tuple[float, float], slope: float, scale: float, size: tuple[int, int]
) -> Image.Image:
    """The part of a picture around a point, turned level and scaled."""
    angle = math.atan(slope)
    right, down = math.cos(angle) / scale, math.sin(angle) / scale  # of the picture, for one pixel to the right
    x = centre[0] - (right * size[0] - down * size[1]) / 2
    y = centre[1] - (down * size[0] + right * size[1]) / 2
    corners = [(x + right * a - down * b, y + down * a + right * b) for a, b in product((0, size[0]), (0, size[1]))]
    across, along = ([corner[axis] for corner in corners] for axis in (0, 1))
    left, top = max(0, math.floor(min(across)) - 2), max(0, math.floor(min(along)) - 2)
    end, bottom = min(image.width, math.ceil(max(across)) + 2), min(image.height, math.ceil(max(along)) + 2)
    part = image.crop((left, top, end, bottom))
    shrink = max(1, int(1 / scale))  # else pixels would be skipped
    part = part.reduce(shrink) if shrink > 1 else part
    matrix = (right, -down, x - left, down, right, y - top)
    paper = _quantile(part, 0.8)
    return part.transform(
        size, Image.Transform.AFFINE, [value / shrink for value in matrix], Image.Resampling.BICUBIC, fillcolor=paper
    )


def _ink(strip: Image.Image) -> Image.Image:
    """How much darker than the paper around it each pixel is, the darkest as white."""
    small = strip.reduce(2).filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.BoxBlur(10))
    ink = ImageChops.subtract(small.resize(strip.size, Image.Resampling.BILINEAR), strip)
    dark = max(_quantile(ink, 0.97), 16)
    floor = dark * 0.2
    return ink.point([min(255, max(0, round((value - floor) * 255 / (dark - floor)))) for value in range(256)])


def _quantile(image: Image.Image, share: float) -> int:
    """The value that this share of the pixels does not exceed."""
    sums = list(accumulate(image.histogram()))
    return bisect_left(sums, share * sums[-1])


def _centres(ink: Image.Image) -> list[tuple[float, float]]:
    """The middle of the ink in each sixteenth of a line."""
    out = []
    step = ink.width / 16
    for part in range(16):
        piece = ink.crop((round(part * step), 0, round((part + 1) * step), ink.height))
        rows = piece.resize((1, ink.height), Image.Resampling.BOX).tobytes()
        total = sum(rows)
        if total > 255:
            out.append(((part + 0.5) * step, sum((y + 0.5) * value for y, value in enumerate(rows)) / total))
    return out or [(ink.width / 2, ink.height / 2)]
