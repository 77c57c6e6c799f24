from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color
from textual.highlight import HighlightTheme
from textual.pilot import Pilot
from textual.theme import Theme

from nbalign.tui.app import LabelApp
from nbalign.tui.themes import DEFAULT, THEMES, next_theme, theme_setting
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, failure, markdown, notebook_file, sample, stdout
from tests.tui.driving import opened, press, rest, screen_text, sit_down

TEXTS = (
    *("foreground", "text", "text-muted", "text-disabled", "text-primary", "text-secondary", "text-accent"),
    *("text-warning", "text-error", "text-success", "foreground-muted", "markdown-h1-color", "link-color"),
)
GROUNDS = (
    *("background", "surface", "panel", "boost", "primary-background", "panel-lighten-1", "surface-active"),
    *("block-cursor-background", "block-cursor-blurred-background", "block-hover-background"),
    *("input-selection-background", "screen-selection-background", "link-background-hover"),
)
themes = pytest.mark.parametrize("theme", THEMES, ids=[theme.name for theme in THEMES])


def least(theme: Theme) -> float:
    return 7.0 if theme.name == "nbalign-contrast" else 4.5


def luminance(colour: Color) -> float:
    def part(value: int) -> float:
        share = value / 255
        return share / 12.92 if share <= 0.03928 else ((share + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.r) + 0.7152 * part(colour.g) + 0.0722 * part(colour.b)


def contrast(first: Color, second: Color) -> float:
    """The contrast ratio of WCAG 2."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_is_computed_as_it_is_defined() -> None:
    assert contrast(Color.parse("#000000"), Color.parse("#ffffff")) == pytest.approx(21)
    assert contrast(Color.parse("#777777"), Color.parse("#ffffff")) == pytest.approx(4.48, abs=0.01)


def variables(theme: Theme) -> dict[str, Color]:
    every = {**theme.to_color_system().generate(), **theme.variables}
    return {name: Color.parse(every[name]) for name in {*TEXTS, *GROUNDS, "error-muted"}}


@themes
@pytest.mark.parametrize("grey", [False, True], ids=["colour", "NO_COLOR"])
def test_every_text_is_legible_on_every_ground(theme: Theme, grey: bool) -> None:
    colours = variables(theme)
    for text in TEXTS:
        for ground in GROUNDS:
            drawn, under = colours[text], colours[ground]
            assert under.a == 1 and drawn.a == 1
            if grey:
                drawn, under = drawn.monochrome, under.monochrome
            assert contrast(drawn, under) >= least(theme), f"{text} on {ground}"


@themes
def test_highlighted_code_is_legible(theme: Theme) -> None:
    colours = variables(theme)
    for token, style in HighlightTheme.STYLES.items():
        under = colours["error-muted"] if "on $error-muted" in style else colours["surface"]
        words = style.partition(" on ")[0].split()
        named = next((word[1:] for word in words if word.startswith("$")), "")
        if named:
            share = next((int(word[:-1]) / 100 for word in words if word.endswith("%")), 1.0)
            drawn = under.blend(colours[named], share)
            assert contrast(drawn, under) >= least(theme), f"{token}: {style}"


@themes
def test_the_focus_and_the_scrollbar_can_be_told_from_their_ground(theme: Theme) -> None:
    ground = Color.parse(theme.panel or "")
    for line in ("border", "scrollbar"):
        assert contrast(Color.parse(theme.variables[line]), ground) >= 3


def faint(pilot: Pilot[None], least: float) -> list[str]:
    """Words on the screen whose contrast is too low, as they leave for the terminal."""
    app = pilot.app
    found = []
    for strip in app.screen._compositor.render_strips():
        for line_filter in app.get_line_filters():
            strip = strip.apply_filter(line_filter, Color(0, 0, 0))
        for segment in strip:
            style = segment.style
            if style is None or not any(character.isalnum() for character in segment.text):
                continue
            assert style.color is not None and style.bgcolor is not None, segment.text
            drawn, under = Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            if contrast(drawn, under) < least:
                found.append(f"{segment.text!r}: {drawn.hex} on {under.hex}")
    return found


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    cells = [
        markdown(
            "# Title\n\n## Part\n\n> quoted\n\n- *one* **two** `code` [link](https://x.y)\n\n```python\nx = 1\n```\n"
        ),
        markdown("| a | b |\n|---|---|\n| 1 | 2 |\n"),
        code(
            "@d\ndef f(x: int = 3) -> str:\n    '''doc'''\n    return not None  # why\nimport os", stdout("out\n" * 30)
        ),
        code("boom(", failure("NameError", "name", "NameError: name")),
    ]
    return build(notebook_file(tmp_path / "all.ipynb", cells))


@themes
async def test_what_is_really_drawn_is_legible(workspace: Workspace, theme: Theme) -> None:
    async with opened(workspace, size=(150, 70)) as pilot:
        pilot.app.theme = theme.name
        await press(pilot, "3", "2", "f", "c")
        assert faint(pilot, least(theme)) == []
        await press(pilot, "e", *"why")
        assert faint(pilot, least(theme)) == []


async def test_a_rater_keeps_a_theme_another_one_has_their_own(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        assert pilot.app.theme == DEFAULT
        await press(pilot, "T")
        assert pilot.app.theme == "nbalign-light"
    async with opened(workspace) as pilot:
        assert pilot.app.theme == "nbalign-light"
        await press(pilot, "W")
        await sit_down(pilot, "bob")
        assert "rater: bob" in screen_text(pilot)
        assert pilot.app.theme == DEFAULT
        await press(pilot, "T", "T")
        assert workspace.setting(theme_setting("bob")) == "nbalign-contrast"
        assert workspace.setting(theme_setting("ann")) == "nbalign-light"


@pytest.mark.parametrize("kept", ["no-such-theme", 3, ["x"]])
async def test_a_setting_that_is_no_theme_is_passed_over(build: Builder, kept: object) -> None:
    workspace = build(sample("affairs-024"))
    workspace.set_setting(theme_setting("ann"), kept)
    async with opened(workspace) as pilot:
        assert pilot.app.theme == DEFAULT


async def test_with_no_color_there_is_no_hue(build: Builder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = LabelApp(build(sample("affairs-024")), "ann")
    async with app.run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await press(pilot, "3")
        for strip in app.screen._compositor.render_strips():
            for line_filter in app.get_line_filters():
                strip = strip.apply_filter(line_filter, Color(0, 0, 0))
            for segment in strip:
                for colour in (segment.style.color, segment.style.bgcolor) if segment.style else ():
                    if colour is not None:
                        red, green, blue = Color.from_rich_color(colour).rgb
                        assert red == green == blue, segment.text
        assert "3 ✔" in screen_text(pilot), "a mark says what a colour would say"


def test_the_themes_follow_each_other() -> None:
    names = [theme.name for theme in THEMES]
    assert [next_theme(name) for name in names] == [*names[1:], names[0]]
    assert next_theme("nord") == names[0]
