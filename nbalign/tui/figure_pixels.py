"""Figures decoded to a few pixels, and pixels drawn as half-blocks: two of them above each other in one cell."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rich.color import Color
from rich.color_triplet import ColorTriplet
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.notebooks.model import Image
from nbalign.tui.figures import PIXELS, why_not_drawn

if TYPE_CHECKING:
    from PIL.Image import Image as Decoded

RGB = tuple[int, int, int]
FORMATS = ("PNG", "JPEG", "GIF")
_SCALABLE = ("L", "LA", "RGB", "RGBA")
_LEAST_CONTRAST = 70  # of 255, between what is drawn and a see-through ground; below, it would be hard to see
_WHITE, _BLACK = (255, 255, 255), (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure made small.

    Attributes:
        columns: Pixels in a row.
        rows: Lines on the screen; two rows of pixels each.
        pixels: Red, green and blue of each, row by row; empty when the figure is broken.
    """

    columns: int
    rows: int
    pixels: bytes

    def line(self, row: int) -> Strip:
        """One line on the screen."""
        width = 3 * self.columns
        top = 2 * row * width
        return half_blocks(self.pixels[top : top + width], self.pixels[top + width : top + 2 * width])


def draw(image: Image, columns: int, rows: int, ground: RGB) -> Picture:
    """Decodes a figure into so many columns and rows; a broken one gives a picture without pixels.

    Args:
        image: The figure.
        columns: Columns.
        rows: Lines of two pixels each.
        ground: Colour of what lies under it, for figures that are see-through.
    """
    decoded = decode(image, columns, 2 * rows)
    if decoded is None:
        return Picture(columns, rows, b"")
    return Picture(columns, rows, _upon(decoded.resize((columns, 2 * rows), reducing_gap=2.0), ground).tobytes())


def decode(image: Image, width: int, height: int) -> Decoded | None:
    """Decodes a figure to RGBA, at no less than about so many pixels; None when it is broken or too large."""
    if why_not_drawn(image):
        return None
    from PIL import Image as Pillow

    try:
        with Pillow.open(io.BytesIO(image.data), formats=FORMATS) as found:
            if found.width * found.height > PIXELS:  # a GIF's first frame can be larger than its first bytes say
                return None
            found.draft("RGB", (width, height))  # a JPEG is decoded small at once
            if found.mode in _SCALABLE:
                found.thumbnail((2 * width, 2 * height))  # before the conversion, which takes memory
            if found.mode.startswith("I"):  # 16 bits of grey, which conversion would cut and not scale
                return found.convert("I").point(lambda value: value * (1 / 256)).convert("L").convert("RGBA")
            return found.convert("RGBA")
    except Exception:  # decoders raise whatever they stumble over; nothing of it concerns anything but this figure
        return None


def _upon(decoded: Decoded, ground: RGB) -> Decoded:
    """Lays a picture on the ground; where that would hide it, on white or black, as on the page it was made for."""
    from PIL import Image as Pillow

    alpha = decoded.getchannel("A")
    weight = sum(alpha.histogram()[n] * n for n in range(256))
    if weight < 255 * decoded.width * decoded.height:
        grey = decoded.convert("L")
        total = sum(level * opacity for level, opacity in zip(grey.tobytes(), alpha.tobytes(), strict=True))
        mean = total / max(weight, 1)
        if abs(mean - _grey(ground)) < _LEAST_CONTRAST:
            ground = _WHITE if mean < 128 else _BLACK
    base = Pillow.new("RGBA", decoded.size, (*ground, 255))
    return Pillow.alpha_composite(base, decoded).convert("RGB")


def _grey(colour: RGB) -> float:
    return 0.299 * colour[0] + 0.587 * colour[1] + 0.114 * colour[2]


@lru_cache(maxsize=512)
def half_blocks(upper: bytes, lower: bytes) -> Strip:
    """One line of cells out of two rows of pixels, three bytes each."""
    segments: list[Segment] = []
    for colours, count in _runs(upper, lower):
        ink, ground = (Color.from_triplet(ColorTriplet(*colours[n : n + 3])) for n in (0, 3))
        same = colours[:3] == colours[3:]
        segments.append(Segment((" " if same else "▀") * count, Style.from_color(ink, ground)))
    return Strip(segments, len(upper) // 3)


def _runs(upper: bytes, lower: bytes) -> Iterator[tuple[bytes, int]]:
    """Neighbours of one pair of colours, together."""
    last, count = b"", 0
    for at in range(0, len(upper), 3):
        pair = upper[at : at + 3] + lower[at : at + 3]
        if pair == last:
            count += 1
            continue
        if count:
            yield last, count
        last, count = pair, 1
    if count:
        yield last, count
