"""Hostile text becomes text that is safe on a terminal and shows a person what a terminal would have shown.

Two faces: `clean` for what a program printed (a later write covers an earlier one, escape sequences go as a whole) and
`clean_source` for what a person or a program wrote to be run (nothing may be hidden from the reader, so a carriage
return is a line break, as it is for Python, and only colour codes and the control characters themselves go).
"""

from __future__ import annotations

import re

# Control characters without effect on the text around them: they go first, so that none can split a sequence below.
# BEL, BS, LF, CR, CAN, SUB, ESC and the 8-bit introducers stay for the next steps.
_INERT = re.compile(
    "[\x00-\x06\x0b\x0c\x0e-\x17\x19\x1c-\x1f\x7f-\x8f\x91-\x97\x99\x9a"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff"
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
# The 8-bit forms of DCS, SOS, CSI, ST, OSC, PM and APC, and the 7-bit forms that mean the same.
_SEVEN_BIT = {0x90: "\x1bP", 0x98: "\x1bX", 0x9B: "\x1b[", 0x9C: "\x1b\\", 0x9D: "\x1b]", 0x9E: "\x1b^", 0x9F: "\x1b_"}
_EIGHT_BIT = re.compile("[\x90\x98\x9b-\x9f]")

# A payload never runs past the next ESC and every repeat is possessive: each character is looked at a bounded number
# of times, whatever the input.
_SEQUENCES = re.compile(
    r"\x1b(?:"
    r"\][^\x07\x1b\x18\x1a\n]*+(?:\x07|\x1b\\)"  # OSC, ended on its line
    r"|[PX^_][^\x1b\x18\x1a]*+\x1b\\"  # DCS, SOS, PM, APC with an end; sixel figures span lines
    r"|[\]PX^_][^\x07\x1b\x18\x1a\n]{0,4096}+"  # the same without an end: to the end of the line, or a bound
    r"|\[[0-?]*+[ -/]*+[@-~]?"  # CSI, also broken off
    r"|[ -/]*+[0-~]?"  # every other escape
    r")"
)
_COLOURS = re.compile(r"\x1b\[[0-9;:]{0,64}+m")


def clean(text: str) -> str:
    r"""Printed text as plain text: no control characters but `\n` and `\t`, no escape sequences, nothing invisible.

    Escape sequences (CSI, OSC, DCS, PM, APC, SOS, 7 and 8 bit) go as a whole; `\r\n` becomes `\n`; of a line written
    several times over with `\r` the last writing stays, so progress bars collapse; backspaces overstrike; bidi
    controls, zero-width and tag characters go (joiners stay: scripts and emoji need them); lone surrogates become
    U+FFFD. Linear time; `clean(clean(x)) == clean(x)`.
    """
    if not _UNSAFE.search(text):
        return text
    text = _SURROGATES.sub("\ufffd", _INERT.sub("", text))
    if _EIGHT_BIT.search(text):
        text = text.translate(_SEVEN_BIT)
    text = _SEQUENCES.sub("", text).replace("\r\n", "\n")
    if "\r" in text or "\b" in text:
        text = "\n".join(_last_writing(line) for line in text.split("\n"))
    return _CONTROLS.sub("", text)


def clean_source(text: str) -> str:
    r"""Source text as plain text, hiding nothing: `\r` is a line break, payloads of escape sequences stay readable.

    Python runs what stands before a lone carriage return and ignores escape sequences in comments and strings; a
    reader must therefore see it. Colour codes and the characters that `clean` removes go. Idempotent, linear time.
    """
    if not _UNSAFE.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _SURROGATES.sub("\ufffd", _INERT.sub("", text))
    return _CONTROLS.sub("", _COLOURS.sub("", text))


def clean_line(text: str, limit: int = 120) -> str:
    """One line for names and messages: clean, white space runs as one space, at most `limit` characters.

    Args:
        text: Anything.
        limit: Most characters, 1 or more; a longer text ends in `…`.
    """
    # Before cleaning, too: a name of megabytes costs nothing.
    line = " ".join(clean_source(text[: 16 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def _last_writing(line: str) -> str:
    """What a terminal shows of one line once all its carriage returns and backspaces have been carried out."""
    if "\r" not in line and "\b" not in line:
        return line
    line = line.rstrip("\r\b")  # the cursor moved, nothing was written over
    line = line[line.rfind("\r") + 1 :]
    first, *rest = line.split("\b")
    shown = list(first)
    column = len(shown)
    for piece in rest:
        column = max(0, column - 1)
        shown[column : column + len(piece)] = piece
        column += len(piece)
    return "".join(shown)
