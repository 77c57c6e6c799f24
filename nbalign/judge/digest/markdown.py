"""Markdown and raw cells, reduced: headings and first sentences stay longest, markup goes, and no words are clipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nbalign.judge.digest import words
from nbalign.judge.digest.model import Level, Line, Reduced, Removed
from nbalign.judge.digest.prose import parts

_MOST = 1_000  # of one cell: about what a budget of 2,000 tokens has room for
_MOST_ROWS = 2_000
_SENTENCE_CHARS = 400  # a longer sentence is kept or left out in parts
_PART_CHARS = 300
_LINE_CHARS = 4_000  # bounds the patterns below on hostile lines

_UNSEEN = (("<!--", "-->"), ("<style", "</style>"), ("<script", "</script>"))
_IMAGE = re.compile(r"!\[[^\]]{0,300}\](?:\([^)]{0,500}\)|\[[^\]]{0,100}\])|<img\b[^>]{0,500}>", re.IGNORECASE)
_DATA = re.compile(r"data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]*")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{200,}={0,2}")
_LINK = re.compile(r"\[([^\]\[]{1,300})\](?:\([^)]{0,500}\)|\[[^\]]{0,100}\])")
_REFERENCE = re.compile(r"^\s*\[[^\]]{1,100}\]:\s*\S+.*$")
_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,500})?/?>")
_URL = re.compile(r"<?(https?://[\w.:-]{1,100})/[^\s)>]*>?")
_EMPHASIS = re.compile(r"\*\*|(?<!\w)__(?=\S)|(?<=\S)__(?!\w)|(?<![\w*])\*(?=[^\s*])|(?<=[^\s*])\*(?![\w*])|`+")
_RULE = re.compile(r"^\s*(?:[-*_=]\s*){3,}$")
_TABLE_RULE = re.compile(r"^[\s|:+-]*-[\s|:+-]*$")
_HEADING = re.compile(r"^\s{0,3}(#{1,6})\s+(.*?)\s*#*$")
_ITEM = re.compile(r"^(\s*)(?:[-*+•]|(\d{1,3}[.)]))\s+(.*)$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'(])")
_OPENING_CHARS = 25  # a sentence this short, such as `Findings.`, only announces the next
_OPENING_BLOCKS = 8
_SENTENCES = "sentences"


def reduce_markdown(source: str, most: int = _MOST) -> Reduced:
    """Reduces a markdown or raw cell to headings, sentences, items and rows.

    Args:
        source: The source; any text.
        most: Sentences, headings, items and rows that are looked at, 1 or more; those after them are removed.

    Returns:
        Its lines; images are a mark, links their text, tags and emphasis are gone.
    """
    text = _DATA.sub("base64", _without_unseen(source))
    blocks: list[Line] = []
    paragraph: list[str] = []
    fenced = False
    rows = text.splitlines()
    for row, goes_on in _bounded([*rows[:_MOST_ROWS], ""]):
        if not goes_on and _FENCE.match(row):
            fenced = not fenced
            _flush(paragraph, blocks)
            continue
        if fenced:
            _add_row(row.rstrip(), Level.PROSE, blocks)
            continue
        row = _inline(row)
        if goes_on:
            paragraph += [row.strip()] if row.strip() else []
        elif not row.strip() or _RULE.match(row) or _TABLE_RULE.match(row):
            _flush(paragraph, blocks)
        elif heading := _HEADING.match(row):
            _flush(paragraph, blocks)
            blocks.append(Line(f"{heading.group(1)} {heading.group(2)}", Level.FIRM, "headings"))
        elif item := _ITEM.match(row):
            _flush(paragraph, blocks)
            mark = item.group(2) or "-"
            paragraph.append(f"{'  ' if item.group(1) else ''}{mark} {item.group(3).strip()}")
        elif row.lstrip().startswith("|"):
            _flush(paragraph, blocks)
            cells = " | ".join(cell.strip() for cell in row.strip().strip("|").split("|"))
            _add_row(cells, Level.TELLING, blocks)
        else:
            paragraph.append(row.strip())
    _flush(paragraph, blocks)
    if not blocks:
        return Reduced((Line("(empty)", Level.LOW, "empty cells"),))
    if len(blocks) <= most and len(rows) <= _MOST_ROWS:
        return Reduced(tuple(blocks))
    gone = "\n".join([*(line.text for line in blocks[most:]), *rows[_MOST_ROWS:]])
    return Reduced((*blocks[:most], Line("…", Level.PROSE, _SENTENCES, mark=True)), (Removed(_SENTENCES, gone),))


def _bounded(rows: list[str]) -> Iterator[tuple[str, bool]]:
    """Rows short enough for the patterns, each with whether it goes on from the one before."""
    for row in rows:
        if len(row) <= _LINE_CHARS:
            yield row, False
            continue
        for at, (_, part) in enumerate(parts(_BASE64.sub("base64", row), _LINE_CHARS)):
            yield part, at > 0


def _without_unseen(text: str) -> str:
    """Takes out comments, style sheets and scripts, which no reader sees; one that never ends is left."""
    for opening, closing in _UNSEEN:
        at = text.lower().find(opening) if "<" in text else -1
        while at >= 0 and (end := text.lower().find(closing, at)) >= 0:
            text = text[:at] + text[end + len(closing) :]
            at = text.lower().find(opening, at)
    return text


def _inline(row: str) -> str:
    if _REFERENCE.match(row):
        return ""
    if "![" in row or "<" in row:
        row = _TAG.sub("", _IMAGE.sub("(image)", row))
    if "](" in row or "][" in row:
        row = _LINK.sub(r"\1", row)
    if "://" in row:
        row = _URL.sub(r"\1/…", row)
    row = re.sub(r"^\s*(?:>\s?)+", "", row)
    if len(row) > 200:
        row = _BASE64.sub("base64", row)
    return row if _RULE.match(row) or (_ITEM.match(row) is None and "|" in row[:3]) else _strip_emphasis(row)


def _strip_emphasis(row: str) -> str:
    item = _ITEM.match(row)
    if item:
        return row[: item.start(3)] + _EMPHASIS.sub("", item.group(3))
    return _EMPHASIS.sub("", row)


def _flush(paragraph: list[str], blocks: list[Line]) -> None:
    """Turns the lines of a paragraph into sentences and forgets them."""
    if not paragraph:
        return
    opening = len(blocks) < _OPENING_BLOCKS and all(
        line.what == "headings" or len(line.text) < _OPENING_CHARS for line in blocks
    )
    for at, (glue, sentence) in enumerate(_sentences(" ".join(paragraph))):
        if opening or words.VERDICT.search(sentence):
            level = Level.FIRM
        elif at == 0 or words.TELLING.search(sentence):
            level = Level.TELLING
        else:
            level = Level.PROSE
        opening = opening and len(sentence) < _OPENING_CHARS
        blocks.append(Line(sentence, level, _SENTENCES, len(blocks), glue=glue if at else "\n"))
    paragraph.clear()


def _sentences(text: str) -> Iterator[tuple[str, str]]:
    """The sentences of a paragraph, long ones in parts, each with what stands before it."""
    for sentence in _SENTENCE_END.split(text):
        for at, (glue, part) in enumerate(_in_parts(sentence)):
            yield glue if at else " ", part


def _in_parts(text: str) -> list[tuple[str, str]]:
    return parts(text, _PART_CHARS) if len(text) > _SENTENCE_CHARS else [("", text)]


def _add_row(row: str, level: Level, blocks: list[Line]) -> None:
    """Adds a row of a table or of code, if it has anything; a long one in parts, of which the first tells most."""
    if not row.strip():
        return
    for at, (glue, part) in enumerate(_in_parts(row)):
        blocks.append(Line(part, Level.PROSE if at else level, _SENTENCES, len(blocks), glue=glue if at else "\n"))
