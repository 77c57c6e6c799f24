"""The words of a paragraph with their styles: emphasis, code, links written out, pictures as marks, formulas as is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markdown_it.token import Token
from rich.style import Style

from nbalign.tui.paint import Paint
from nbalign.tui.plain import one_line
from nbalign.tui.wrapping import Run

_ADDRESS = 120  # characters of an address that are written out
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_IMAGE = re.compile(r"<img\b", re.IGNORECASE)
_ADDED = {
    "em_open": Style(italic=True),
    "strong_open": Style(bold=True),
    "s_open": Style(strike=True),
    "link_open": Style(underline=True),
}


def inline_runs(children: Iterable[Token], style: Style, paint: Paint) -> list[Run]:
    """Text and styles of what stands in a paragraph, a heading or a table's cell."""
    runs: list[Run] = []
    styles = [style]
    links: list[tuple[str, int]] = []  # address of the link under way, and the run it begins with
    for token in children:
        kind = token.type
        if kind == "text":
            runs.append((token.content, styles[-1]))
        elif kind == "code_inline":
            runs.append((token.content, styles[-1] + paint.code))
        elif kind == "math_inline":
            runs.append((token.content, styles[-1] + paint.formula))
        elif kind == "softbreak":
            runs.append((" ", styles[-1]))
        elif kind == "hardbreak":
            runs.append(("\n", styles[-1]))
        elif kind == "image":
            runs.append((_image(token), paint.dim))
        elif kind == "html_inline":
            runs += _html(token.content, styles[-1], paint)
        elif kind in _ADDED:
            styles.append(styles[-1] + _ADDED[kind])
            if kind == "link_open":
                links.append((str(token.attrs.get("href", "")), len(runs)))
        elif kind.endswith("_close") and len(styles) > 1:
            styles.pop()
            if kind == "link_close" and links:
                runs += _address(*links.pop(), runs, paint)
    return runs


def _address(href: str, first: int, runs: list[Run], paint: Paint) -> list[Run]:
    said = "".join(text for text, _ in runs[first:])
    address = one_line(href, _ADDRESS)
    if not address or address.startswith("#") or said in (address, address.removeprefix("mailto:")):
        return []
    return [(f" ({address})", paint.dim)]


def _image(token: Token) -> str:
    said = one_line(token.content, _ADDRESS)
    source = str(token.attrs.get("src", ""))
    where = "" if source.startswith(("data:", "attachment:")) else one_line(source, _ADDRESS)
    return f"[image{': ' if said else ''}{said}{' ' if where else ''}{where}]"


def _html(tag: str, style: Style, paint: Paint) -> list[Run]:
    if _BREAK.match(tag):
        return [("\n", style)]
    return [("[image]", paint.dim)] if _IMAGE.match(tag) else []
