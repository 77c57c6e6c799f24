"""The right side: dimensions and scores, the question in focus, its evidence, the rater's words, the judge."""

from __future__ import annotations

from collections.abc import Callable

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import Reactive
from textual.style import Style

from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Scale
from nbalign.tui.fact_list import FactList, FactsShown
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room
from nbalign.tui.sheet import Sheet
from nbalign.tui.still import Still
from nbalign.tui.why_area import WhyArea

_BAR = 16  # cells of a full bar in the judge's distribution
_BRIEF_BELOW = 30  # rows below which the words take no more lines than they need

Key = Callable[[str], str]  # id of an action -> its key as people read it


class FactsTitle(Still):
    """The line above the evidence; a click on it walks on, or shows what is hidden."""

    def on_mount(self) -> None:
        """Keeps the line looking like a heading, though it can be clicked."""
        self.auto_links = False

    def show(self, shown: FactsShown | None) -> None:
        """Says how things stand."""
        self.display = shown is not None
        if shown is not None:
            words, style = _rule(one_line(shown.title))
            line = content((words.rstrip(), style))
            self.say(line.stylize(Style.from_meta({"@click": f"screen.{shown.action}"})) if shown.action else line)


class RubricScroll(VerticalScroll, can_focus=False):
    """Scrolls the question in focus."""

    # A text of another length calls for no second layout after the one that measured it; a scrollbar that comes or goes
    # calls for one by itself.
    virtual_size = Reactive(Size(0, 0), layout=False)


class RubricText(Still):
    """The question in focus with its levels; a click on a level scores it."""

    def on_mount(self) -> None:
        """Keeps the levels looking like text, though they can be clicked."""
        self.auto_links = False


class RubricPanel(Vertical):
    """Draws a sheet; it holds no state of its own but the text field."""

    DEFAULT_CSS = """
    RubricPanel { background: $panel; padding: 0 1; }
    RubricPanel #scores { height: auto; max-height: 45%; }
    RubricPanel #rubric { height: 1fr; min-height: 3; scrollbar-size-vertical: 1; }
    RubricPanel #facts-title { height: auto; max-height: 1; }
    RubricPanel #facts { max-height: 28%; }
    RubricPanel #why-text { height: auto; max-height: 8; }
    RubricPanel.writing #why-text { max-height: 3; }
    """

    class DimensionChosen(Message):
        """A dimension was clicked.

        Attributes:
            index: Its place in the rubric, from 0.
        """

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sheet: Sheet | None = None
        self._shown: tuple[str, str, bool] | None = None

    def compose(self) -> ComposeResult:
        """The list, the rubric's text, the words and the field to write them in."""
        yield LineList(self._row, id="scores")
        with RubricScroll(id="rubric"):
            yield RubricText(id="rubric-text")
        yield FactsTitle(id="facts-title")
        yield FactList(id="facts")
        yield Still(id="why-text")
        yield WhyArea(id="why")

    def show(self, sheet: Sheet | None) -> None:
        """Draws the sheet; None empties the panel."""
        self._sheet = sheet
        scores = self.query_one("#scores", LineList)
        count = len(sheet.rubric.dimensions) if sheet else 0
        scores.styles.height = max(count, 1)
        scores.fill(count, sheet.focus if sheet else 0)
        self.query_one(RubricText).say(_rubric_text(sheet, self._key) if sheet else Content())
        self._show_words()
        now = (sheet.notebook.sha256, sheet.dimension.id, sheet.shows_judge(sheet.dimension.id)) if sheet else None
        if now != self._shown:  # another question starts at its top; a new score must not scroll the text away
            self.query_one(RubricScroll).scroll_home(animate=False)
            self._shown = now

    def _key(self, action: str) -> str:
        assert isinstance(self.screen, Room)
        return self.screen.key(action)

    def _show_words(self) -> None:
        brief = self.app.size.height < _BRIEF_BELOW
        text = _why_text(self._sheet, self._key, brief=brief) if self._sheet else Content()
        self.query_one("#why-text", Still).say(text)

    def on_resize(self, event: events.Resize) -> None:
        """Gives the words as many lines as there are to give."""
        self._show_words()

    def show_facts(self, shown: FactsShown | None) -> None:
        """Draws the evidence; None while no notebook is in view."""
        self.query_one(FactsTitle).show(shown)
        self.query_one(FactList).show(shown or FactsShown())
        self.set_class(shown is not None and shown.at >= 0, "walking")

    def scroll_rubric(self, lines: int) -> None:
        """Scrolls the text of the rubric."""
        self.query_one(RubricScroll).scroll_relative(y=lines, animate=False)

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        event.stop()
        self.post_message(self.DimensionChosen(event.index))

    def _row(self, index: int) -> Content:
        sheet = self._sheet
        assert sheet is not None
        dimension = sheet.rubric.dimensions[index]
        width = max(self.query_one("#scores", LineList).scrollable_content_region.width, 10)
        state, style = _state(sheet, dimension.id)
        mark = "▶" if index == sheet.focus else " "
        title = one_line(dimension.title)
        room = width - len(state) - 1
        name = f"{mark}{index + 1:>2} {title}"
        name = name if len(name) <= room else name[: room - 1] + "…"
        return content(name.ljust(room + 1), (state, style))


def _state(sheet: Sheet, dimension: str) -> tuple[str, str]:
    words = " ✎" if sheet.words_of(dimension) else "  "
    if dimension in sheet.pending:
        return f"{words} {sheet.pending[dimension][0]} …", "$text-warning"
    if dimension in sheet.failed:
        return f"{words} {sheet.failed[dimension]} ✗ NOT saved", "bold $text-error"
    label = sheet.labels.get(dimension)
    if label is None:
        return f"{words} _  ", ""
    was = f"was {sheet.was[dimension]} → " if dimension in sheet.was else ""
    return f"{words} {was}{label.score} ✔", "bold $text-success"


def _rule(words: str) -> tuple[str, str]:
    return f"── {words} ──\n", "$text-muted"


def _clickable(words: str, style: str) -> Content:
    return content((words, style)).stylize(Style.from_meta({"@click": "screen.reveal"}))


def _rubric_text(sheet: Sheet, key: Key) -> Content:
    dimension, scale = sheet.dimension, sheet.rubric.scale
    score = sheet.score_of(dimension.id)
    parts: list[str | tuple[str, str] | Content] = []
    if sheet.shows_judge(dimension.id):  # above the rubric: what was just asked for must not lie below the edge
        parts += [_clickable(*_rule(f"judge ({key('judge.reveal')} hides)"))]
        parts.append(_judge_text(sheet.judgements.get(dimension.id), scale, score, key))
    parts += [_rule("rubric"), (f"{dimension.question}\n", "bold")]
    ordinal = sorted(scale.levels, reverse=True)
    rest = [v for v in scale.values if v not in scale.levels]
    for value in [*ordinal, *rest]:
        meaning = dimension.levels.get(value, scale.meanings[value])
        head = f"{'●' if value == score else ' '}{value} {scale.name(value)}"
        level = content((f"{head}  ", "bold $text-accent"), f"{meaning.strip()}\n")
        parts.append(level.stylize(Style.from_meta({"@click": f"screen.score({value})"})))
    if dimension.id in sheet.labels and not sheet.shows_judge(dimension.id):
        parts.append(_clickable(f"{key('judge.reveal')} shows the judge\n", "$text-muted"))
    return content(*parts)


def _judge_text(judgement: Judgement | None, scale: Scale, score: int | None, key: Key) -> Content:
    if judgement is None:
        return content("no judge has scored this yet: nbalign judge\n")
    parts: list[str | tuple[str, str] | Content] = [f"{one_line(judgement.judge, 60)}\n"]
    for value in scale.values:
        share = min(max(judgement.probabilities.get(value, 0.0), 0.0), 1.0)
        bar = "█" * round(share * _BAR)
        parts.append((f"{value} {bar:<{_BAR}} {share:4.0%}{'  ◀ judge' if value == judgement.score else ''}\n", ""))
    parts.append(f"expected {judgement.expected:.2f}\n")
    if score is not None and score != judgement.score:
        why = f"a line of why ({key('label.justify')}) helps"
        parts.append((f"≠ you say {score}, the judge {judgement.score}: {why}\n", "bold $text-warning"))
    parts.append(f"{judgement.rationale.strip() or 'no rationale was asked for'}\n")
    return content(*parts)


def _why_text(sheet: Sheet, key: Key, *, brief: bool) -> Content:
    dimension = sheet.dimension.id
    words = sheet.words_of(dimension)
    cells = " ".join(f"[{n}]" for n in words.cells)
    draft = sheet.is_draft(dimension) and dimension not in sheet.pending
    note = (" · draft" if dimension not in sheet.labels else " · NOT saved") if draft else ""
    why, cite = key("label.justify"), key("label.cite")
    if brief:
        # Nothing stands after its words: in a narrow column it would be on a line of its own.
        rule, style = _rule(f"why? ({why}){note} · cited ({cite}) {cells or 'none'}")
        return content((rule.rstrip("─ \n") + "\n" * bool(words.text), style), words.text)
    cited = cells or f"none ({cite} cites the current cell)"
    return content(_rule("cited cells"), f"{cited}\n", _rule(f"why? ({why}){note}"), words.text or "—")
