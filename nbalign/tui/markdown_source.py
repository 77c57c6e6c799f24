"""Markdown as a parser understands it, with what notebooks hold beside it: formulas, HTML, and pictures."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

LIMIT = 12_000  # characters above which markdown is shown as it is written
_DEPTH = 24  # of blocks in blocks; what lies deeper the parser would leave out
_FORMULA = 2_000  # characters looked through for the end of a formula within a line of words
_FORMULA_LINES = 200  # the same for a formula with lines of its own
_ENVIRONMENT = "\\begin{"


def parsed(source: str) -> Sequence[Token] | None:
    """The tokens of a text; formulas are `math_inline` and `math_block`. None where a part would be left out."""
    tokens = _parser().parse(source)
    return None if any(token.level >= _DEPTH - 1 for token in tokens) else tokens


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _DEPTH}).enable(["strikethrough", "table"])
    # Before the rules that take backslashes, underscores and stars away, which mean something else in a formula.
    parser.inline.ruler.before("escape", "math_inline", _math_inline)
    may_end = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.before("fence", "math_block", _math_block, {"alt": may_end})
    return parser


def _math_inline(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source.startswith("$$", start):
        opener, closer = "$$", "$$"
    elif source.startswith("$", start):
        opener, closer = "$", "$"
        if source[start + 1 : start + 2].isspace():
            return False
    elif source.startswith("\\\\(", start):
        opener, closer = "\\\\(", "\\\\)"
    else:
        return False
    end = source.find(closer, start + len(opener), start + _FORMULA)
    if end <= start + len(opener):
        return False
    after = end + len(closer)
    # `from $5 to $10` is money: a formula ends behind no blank and before no digit.
    if opener == "$" and (source[end - 1].isspace() or source[after : after + 1].isdigit()):
        return False
    if not silent:
        state.push("math_inline", "", 0).content = source[start:after]
    state.pos = after
    return True


def _math_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    first = _line(state, start)
    if first.startswith("$$"):
        closer, found = "$$", first.rstrip().endswith("$$") and len(first.strip()) > 3
    elif first.startswith(_ENVIRONMENT):
        closer = first[: first.find("}") + 1].replace("\\begin", "\\end", 1)
        if not closer:
            return False
        found = closer in first
    else:
        return False
    if state.is_code_block(start):
        return False
    if first.startswith("$$") and not found and "$$" in first[2:]:
        return False  # a formula amid words
    line = start
    while not found:
        line += 1
        if line >= min(end, start + _FORMULA_LINES) or not (text := _line(state, line)).strip():
            return False
        found = closer in text
    if not silent:
        token = state.push("math_block", "", 0)
        token.content = "\n".join(_line(state, n) for n in range(start, line + 1))
        token.map = [start, line + 1]
        state.line = line + 1
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
