"""One line that stands for a figure, with its size read from the first bytes."""

from __future__ import annotations

from nbalign.notebooks.model import Image


def figure_mark(image: Image) -> str:
    """Such as `[figure 640x480 png 34 kB]`; without the measures where the bytes do not say them."""
    kind = image.mime.rpartition("/")[2].partition("+")[0].partition(";")[0][:12] or "image"
    measures = _measures(image.data)
    words = ["figure", *([f"{measures[0]}x{measures[1]}"] if measures else []), kind, _amount(image.size)]
    if not image.data:
        words.append("not kept")
    return f"[{' '.join(words)}]"


def _amount(size: int) -> str:
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1e6:.1f} MB"


def _measures(data: bytes) -> tuple[int, int] | None:
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if data[:2] == b"\xff\xd8":
        return _jpeg(data)
    return None


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
