"""What is known of a figure without decoding it: its kind, and its measures from the first bytes."""

from __future__ import annotations

from nbalign.notebooks.model import Image

PIXELS = 25_000_000
"""Most pixels of a figure that is drawn: a few kilobytes can claim to be a picture of gigabytes."""


def figure_mark(image: Image) -> str:
    """Such as `[figure 640x480 png 34 kB]`; without the measures where the bytes do not say them."""
    kind = kind_of(image)
    size = measures(image)
    words = ["figure", *([f"{size[0]}x{size[1]}"] if size else []), kind, _amount(image.size)]
    if not image.data:
        words.append("not kept")
    return f"[{' '.join(words)}]"


def kind_of(image: Image) -> str:
    """Such as `png`."""
    return image.mime.rpartition("/")[2].partition("+")[0].partition(";")[0][:12] or "image"


def why_not_drawn(image: Image) -> str:
    """Why a figure cannot be drawn, in a few words; empty when it can, as far as its first bytes tell."""
    if not image.data:
        return "too large to keep"
    if kind_of(image) == "svg":
        return "svg is not drawn here"
    size = measures(image)
    if size is None or not (size[0] and size[1]):
        return "broken"
    return "" if size[0] * size[1] <= PIXELS else "too many pixels"


def measures(image: Image) -> tuple[int, int] | None:
    """Width and height in pixels, as the first bytes have them."""
    data = image.data
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data[:2] == b"\xff\xd8":
        return _jpeg(data)
    return None


def fitted(size: tuple[int, int], columns: int, rows: int) -> tuple[int, int]:
    """Columns and rows of a picture that fits into so many, each row two pixels high; never larger than it is.

    Args:
        size: Width and height in pixels, 1 or more.
        columns: Most columns.
        rows: Most rows.
    """
    width, height = size
    scale = min(columns / width, 2 * rows / height, 1.0)
    return max(round(width * scale), 1), max(min(round(height * scale / 2), rows), 1)


def _amount(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


def _jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        # SOF0 to SOF15 hold the measures; C4, C8 and CC share the range but are tables.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2:
            return None
        at += 2 + length
    return None
