from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image as Pillow

from nbalign.notebooks.model import Cell, Image, Output
from nbalign.tui.cell_lines import cell_lines
from nbalign.tui.figure_pixels import Picture, draw, half_blocks
from nbalign.tui.figures import PIXELS, fitted, why_not_drawn
from tests.tui.looks import look, texts

DARK, LIGHT = (10, 10, 10), (250, 250, 250)


def encoded(picture: Pillow.Image, kind: str = "PNG") -> Image:
    buffer = io.BytesIO()
    picture.save(buffer, kind)
    return Image(f"image/{kind.lower()}", buffer.getvalue(), buffer.tell())


def claiming(width: int, height: int) -> Image:
    """A PNG of a few bytes that says it is this large."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")
    return Image("image/png", data, len(data))


def pixel(picture: Picture, x: int, y: int) -> tuple[int, ...]:
    at = 3 * (y * picture.columns + x)
    return tuple(picture.pixels[at : at + 3])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF"])
def test_every_kind_is_decoded_in_its_colours(kind: str) -> None:
    drawn = Pillow.new("RGB", (64, 32), (255, 0, 0))
    drawn.paste((0, 0, 255), (32, 0, 64, 32))
    picture = draw(encoded(drawn, kind), 16, 4, DARK)
    red, blue = pixel(picture, 2, 3), pixel(picture, 13, 3)
    assert red[0] > 200 > 60 > red[2] and blue[2] > 200 > 60 > blue[0]


def test_a_line_holds_two_rows_of_pixels() -> None:
    strip = half_blocks(bytes([1, 1, 1, 9, 9, 9, 9, 9, 9]), bytes([2, 2, 2, 9, 9, 9, 9, 9, 9]))
    assert strip.text == "▀  " and strip.cell_length == 3
    first, rest = list(strip)
    assert first.style is not None and first.style.color is not None and first.style.bgcolor is not None
    assert tuple(first.style.color.triplet or ()) == (1, 1, 1) and tuple(first.style.bgcolor.triplet or ()) == (2, 2, 2)
    assert len(rest.text) == 2, "neighbours of one colour are one segment"


def test_a_figure_fits_into_half_of_the_view_and_is_never_larger_than_it_is() -> None:
    assert fitted((640, 480), 60, 18) == (48, 18)
    assert fitted((2000, 100), 60, 18) == (60, 2)
    assert fitted((28, 28), 60, 18) == (28, 14)
    assert fitted((1, 5000), 60, 18) == (1, 18)


@pytest.mark.parametrize(("ground", "lines"), [(DARK, (20, 20, 20)), (LIGHT, (240, 240, 240))])
def test_a_see_through_figure_can_be_seen_on_every_ground(
    ground: tuple[int, int, int], lines: tuple[int, int, int]
) -> None:
    drawn = Pillow.new("RGBA", (40, 40), (0, 0, 0, 0))
    drawn.paste((*lines, 255), (0, 0, 40, 20))
    picture = draw(encoded(drawn), 20, 10, ground)
    above, below = pixel(picture, 10, 3), pixel(picture, 10, 17)
    assert abs(above[0] - below[0]) > 100


def test_a_see_through_figure_that_stands_out_lies_on_the_ground_of_the_theme() -> None:
    drawn = Pillow.new("RGBA", (40, 40), (0, 0, 0, 0))
    drawn.paste((255, 255, 255, 255), (0, 0, 40, 20))
    assert pixel(draw(encoded(drawn), 20, 10, DARK), 10, 17) == DARK


def test_sixteen_bits_of_grey_are_scaled_and_not_cut() -> None:
    drawn = Pillow.new("I;16", (8, 8), 128 * 256)
    assert pixel(draw(encoded(drawn), 4, 2, DARK), 1, 1)[0] == pytest.approx(128, abs=2)


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = claiming(30_000, 30_000)
    assert PIXELS < 30_000 * 30_000 and why_not_drawn(bomb) == "too many pixels"
    assert draw(bomb, 10, 5, DARK).pixels == b""
    shown = texts(cell_lines(Cell(1, "code", "x", 1, (Output("display", "", "", (bomb,)),)), look(80)))
    assert shown[-1].startswith("[figure 30000x30000 png") and shown[-1].endswith("too many pixels")


def test_a_gif_whose_frame_is_larger_than_it_says_is_refused() -> None:
    data = bytearray(encoded(Pillow.new("P", (4, 4)), "GIF").data)
    frame = data.index(b"\x2c")
    data[frame + 5 : frame + 9] = struct.pack("<HH", 8_000, 8_000)
    assert draw(Image("image/gif", bytes(data), len(data)), 4, 2, DARK).pixels == b""


@pytest.mark.parametrize(
    ("image", "why"),
    [
        (Image("image/svg+xml", b"<svg/>", 6), "svg is not drawn here"),
        (Image("image/png", b"no picture at all", 17), "broken"),
        (Image("image/png", b"", 90_000_000), "not kept"),
    ],
)
def test_what_cannot_be_drawn_says_so(image: Image, why: str) -> None:
    lines = cell_lines(Cell(1, "code", "x", 1, (Output("display", "", "", (image,)),)), look(80))
    assert texts(lines)[-1].startswith("[figure ") and why in texts(lines)[-1]


def test_a_broken_figure_says_so_once_it_was_tried() -> None:
    good = encoded(Pillow.effect_noise((80, 40), 50).convert("RGB"))
    broken = Image("image/png", good.data[:80], 80)
    assert not why_not_drawn(broken)
    cell = Cell(1, "code", "x", 1, (Output("display", "", "", (broken,)),))
    waiting = texts(cell_lines(cell, look(60)))
    assert waiting[2].startswith("[figure 80x40") and len(waiting) > 6, "room is kept while it is being drawn"
    tried = cell_lines(cell, look(60, picture=lambda image, columns, rows: draw(image, columns, rows, DARK)))
    assert "broken: it cannot be drawn" in texts(tried)[-1] and len(tried.lines) == 3


def test_a_drawn_figure_takes_the_room_that_was_kept_for_it() -> None:
    cell = Cell(1, "code", "x", 1, (Output("display", "", "", (encoded(Pillow.new("RGB", (640, 480))),)),))
    drawn = cell_lines(cell, look(60, picture=lambda image, columns, rows: draw(image, columns, rows, DARK)))
    assert len(drawn.lines) == len(cell_lines(cell, look(60)).lines)
    assert texts(drawn)[-1] == "(picture)"
