"""The outputs of a code cell: one readable text each, figures kept apart."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.notebooks.figures import FIGURES, Figures
from nbalign.notebooks.html_text import html_text
from nbalign.notebooks.limits import Bounded, Limits, cut_mark, without_middle
from nbalign.notebooks.model import Image, Output, OutputKind
from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.sanitise import clean, clean_line
from nbalign.notebooks.values import json_text, text_of

_KINDS: dict[object, OutputKind] = {
    "stream": "stream",
    "execute_result": "result",
    "display_data": "display",
    "update_display_data": "display",
    "error": "error",
}
_OLD_KINDS: dict[object, OutputKind] = {"pyout": "result", "pyerr": "error"}
# What IPython writes as the plain text of an object that has only a rich form.
_PLACEHOLDER = re.compile(r"<[\w.]+(?: object)?(?: at 0x[0-9a-fA-F]+)?>")
_MARKS = (
    ("application/vnd.jupyter.widget-view+json", "[widget]"),
    ("application/javascript", "[JavaScript]"),
    ("text/javascript", "[JavaScript]"),
    ("application/vnd.plotly.v1+json", "[Plotly chart]"),
)
_HTML_FACTOR = 4  # HTML is mostly tags: this many times the bound of the text is read
_HTML_TOTAL = 2  # HTML read of one notebook, as a multiple of the bound on all outputs


@dataclass(frozen=True, slots=True)
class Draft:
    """An output before the outputs of the whole notebook have been fitted into their common bound."""

    kind: OutputKind
    name: str
    kept: Bounded
    images: tuple[Image, ...] = ()

    def output(self, share: int | None) -> Output:
        """The finished output, with at most `share` characters when that is not None."""
        kept = self.kept if share is None else self.kept.within(share)
        return Output(self.kind, self.name, kept.text, self.images, kept.cut)


class OutputReader:
    """Reads outputs cell by cell and keeps account of what a notebook may hold in all.

    Args:
        limits: The bounds.
        repairs: Where damage and cuts are noted.
    """

    def __init__(self, limits: Limits, repairs: Repairs) -> None:
        self._limits = limits
        self._repairs = repairs
        self._figures = Figures(limits, repairs)
        self._html_left = _HTML_TOTAL * limits.outputs

    def read(self, raw: object, cell: int) -> list[Draft]:
        """The outputs of one cell, as its JSON has them; consecutive streams of one name become one.

        Args:
            raw: What stands under `outputs`; anything.
            cell: Number of the cell, for notes.
        """
        if not isinstance(raw, list):
            self._repairs.note("Outputs that are not a list were left out", cell)
            return []
        merged = self._merged(raw, cell)
        most = self._limits.outputs_per_cell
        if (over := len(merged) - most) <= 0:
            return [self._draft(output, cell) for output in merged]
        self._repairs.note(f"Outputs over {most:,} in one cell were left out", cell)
        first = [self._draft(output, cell) for output in merged[: most - most // 2]]
        last = [self._draft(output, cell) for output in merged[len(merged) - most // 2 :]]
        return [*first, Draft("display", "", Bounded(cut_mark(over, "outputs"))), *last]

    def _merged(self, raw: list[object], cell: int) -> list[Mapping[str, object]]:
        merged: list[Mapping[str, object]] = []
        pieces: list[str] = []  # texts of the stream under way, which is the last of `merged`
        for output in raw:
            if not isinstance(output, dict):
                self._repairs.note("Outputs that are not JSON objects were read as text", cell)
                output = {"output_type": "display_data", "data": {"text/plain": json_text(output)}}
            if output.get("output_type") != "stream":
                merged.append(output)
                pieces = []
                continue
            name, text = output.get("name", output.get("stream")), self._text(output.get("text"), cell)
            if pieces and merged[-1].get("name") == name:
                pieces.append(text)
            else:
                pieces = [text]
                merged.append({"output_type": "stream", "name": name, "text": pieces})
        return merged

    def _draft(self, output: Mapping[str, object], cell: int) -> Draft:
        kind = self._kind(output, cell)
        if kind == "stream":
            name = output.get("name")
            if name not in ("stdout", "stderr"):
                self._repairs.note("Streams that are neither stdout nor stderr were taken for stdout", cell)
                name = "stdout"
            return Draft("stream", str(name), self._bounded(self._text(output.get("text"), cell), cell))
        if kind == "error":
            return self._error(output, cell)
        data = output.get("data")
        if not isinstance(data, dict):
            self._repairs.note("Outputs without data by media type were read as text", cell)
            data = {"text/plain": data if data is not None else output.get("text")}
        image, damaged = self._figures.read(data, cell)
        kept = self._bundle(data, cell, has_image=image is not None)
        if damaged and not kept.head:
            kept = Bounded(damaged)
        return Draft(kind, "", kept, (image,) if image else ())

    def _kind(self, output: Mapping[str, object], cell: int) -> OutputKind:
        given = output.get("output_type")
        given = given if isinstance(given, str) else None
        if given in _KINDS:
            return _KINDS[given]
        if given in _OLD_KINDS:
            self._repairs.note("Outputs of the old format were read", cell)
            return _OLD_KINDS[given]
        self._repairs.note("Outputs of an unknown type were read by what they hold", cell)
        if "ename" in output or "traceback" in output:
            return "error"
        return "stream" if "text" in output and "data" not in output else "display"

    def _error(self, output: Mapping[str, object], cell: int) -> Draft:
        name = clean_line(self._text(output.get("ename", ""), cell)) or "Error"
        message = clean(without_middle(self._text(output.get("evalue", ""), cell), self._limits.output).text)
        last = f"{name}: {message}".rstrip().removesuffix(":")
        lines = output.get("traceback", [])
        texts = [self._text(line, cell) for line in lines] if isinstance(lines, list) else [self._text(lines, cell)]
        kept = self._bounded("\n".join(texts), cell)
        end = (kept.tail or kept.head).rstrip()
        if end.removesuffix(":").endswith(last):
            whole = Bounded(kept.head, end, kept.cut) if kept.tail else Bounded(end, "", kept.cut)
        elif kept.tail:
            whole = Bounded(kept.head, f"{end}\n{last}", kept.cut)
        else:
            whole = Bounded(f"{end}\n{last}" if end else last, "", kept.cut)
        return Draft("error", name, whole.within(self._limits.output))

    def _bundle(self, data: Mapping[str, object], cell: int, *, has_image: bool) -> Bounded:
        """The most readable of the forms in which a notebook keeps one result."""
        plain = self._bounded(self._text(data["text/plain"], cell), cell) if "text/plain" in data else Bounded("")
        empty = not plain.head.strip()
        if "text/html" in data and (empty or _PLACEHOLDER.fullmatch(plain.head.strip())):
            text = self._html(self._text(data["text/html"], cell), cell)
            if text.head.strip() or text.cut:
                return text
        if not empty:
            return plain
        for mime in ("text/markdown", "text/latex"):
            if mime in data:
                return self._bounded(self._text(data[mime], cell), cell)
        for mime, mark in _MARKS:
            if mime in data:
                return Bounded(mark)
        if "application/json" in data:
            value = data["application/json"]  # format 3 keeps its JSON as text
            return self._bounded(value if isinstance(value, str) else json_text(value), cell)
        if has_image:
            return Bounded("")
        if "text/html" in data and (html := self._text(data["text/html"], cell).strip()):
            return Bounded("[JavaScript]" if "<script" in html.lower() else "[HTML]")
        others = [mime for mime in data if mime not in ("text/plain", "text/html", *FIGURES)]
        return Bounded(f"[{clean_line(others[0], 60)}]") if others else plain

    def _html(self, html: str, cell: int) -> Bounded:
        most = min(_HTML_FACTOR * self._limits.output, self._html_left)
        self._html_left -= min(len(html), most)
        over = max(0, len(html) - most)
        if over:
            self._repairs.note("HTML outputs over their bound were cut", cell)
        kept = self._bounded(html_text(html[:most]), cell)
        return Bounded(kept.head, kept.tail, kept.cut + over)

    def _bounded(self, raw: str, cell: int) -> Bounded:
        limit = self._limits.output
        rough = without_middle(raw, limit)
        kept = Bounded(clean(rough.head), clean(rough.tail), rough.cut).within(limit)
        if kept.cut:
            self._repairs.note(f"Outputs over {limit:,} characters were cut", cell)
        return kept

    def _text(self, value: object, cell: int) -> str:
        text, as_asked = text_of(value)
        if not as_asked:
            self._repairs.note("Output text that is neither a string nor a list of strings was turned into text", cell)
        return text
