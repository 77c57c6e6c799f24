"""The three themes: colours chosen so that every text is legible on every ground it can stand on.

A test computes the contrast of all of these pairs (WCAG 2: 4.5 to 1, in high contrast 7 to 1) and of highlighted code,
so a colour changed here is checked at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.theme import Theme


@dataclass(frozen=True, slots=True)
class _Colours:
    """What a theme is made of; all colours as `#rrggbb`."""

    background: str
    surface: str
    panel: str
    boost: str
    bar: str
    cursor: str
    text: str
    muted: str
    primary: str
    secondary: str
    accent: str
    warning: str
    error: str
    success: str
    error_ground: str
    rule: str
    thumb: str


_DARK = _Colours(
    background="#0f1318",
    surface="#141a21",
    panel="#1b222b",
    boost="#222b36",
    bar="#1d3347",
    cursor="#234768",
    text="#e6ebf0",
    muted="#a9b4c0",
    primary="#7fb8ee",
    secondary="#9fc3c9",
    accent="#8cc8ff",
    warning="#f0c674",
    error="#ffa198",
    success="#8fd694",
    error_ground="#4a1d22",
    rule="#4a90d0",
    thumb="#66798f",
)
_LIGHT = _Colours(
    background="#ffffff",
    surface="#fbfbf9",
    panel="#f1f1ed",
    boost="#e9ecef",
    bar="#dbe6f2",
    cursor="#cfe2f7",
    text="#14181d",
    muted="#474e57",
    primary="#0b4a85",
    secondary="#0f5257",
    accent="#0a4b8c",
    warning="#6b4300",
    error="#9b1220",
    success="#0d5520",
    error_ground="#fbe3e3",
    rule="#1f66ad",
    thumb="#74828f",
)
_CONTRAST = _Colours(
    background="#000000",
    surface="#000000",
    panel="#141414",
    boost="#242424",
    bar="#00264d",
    cursor="#003366",
    text="#ffffff",
    muted="#dcdcdc",
    primary="#9fd3ff",
    secondary="#b6f0f0",
    accent="#8fdcff",
    warning="#ffe066",
    error="#ffb3ab",
    success="#8cff9e",
    error_ground="#33070b",
    rule="#ffffff",
    thumb="#ffffff",
)


def _theme(name: str, c: _Colours, *, dark: bool) -> Theme:
    ground = {
        # What is drawn upon.
        "boost": c.boost,
        "primary-background": c.bar,
        "secondary-background": c.bar,
        "panel-lighten-1": c.boost,  # notices
        "error-muted": c.error_ground,
        "surface-active": c.boost,
        "block-cursor-background": c.cursor,
        "block-cursor-blurred-background": c.boost,
        "block-hover-background": c.boost,
        "input-selection-background": c.cursor,
        "input-cursor-background": c.text,
        "screen-selection-background": c.cursor,
        "link-background-hover": c.cursor,
        "footer-background": c.bar,
    }
    drawn = {
        # What is drawn.
        "text": c.text,
        "text-muted": c.muted,
        "text-disabled": c.muted,
        "text-primary": c.primary,
        "text-secondary": c.secondary,
        "text-accent": c.accent,
        "text-warning": c.warning,
        "text-error": c.error,
        "text-success": c.success,
        "foreground-muted": c.muted,
        "foreground-disabled": c.muted,
        "block-cursor-foreground": c.text,
        "block-cursor-blurred-foreground": c.text,
        "input-selection-foreground": c.text,
        "input-cursor-foreground": c.background,
        "screen-selection-foreground": c.text,
        "link-color": c.text,
        "link-color-hover": c.text,
        "footer-foreground": c.text,
        "footer-key-foreground": c.accent,
        "footer-description-foreground": c.text,
        "button-foreground": c.text,
        "button-color-foreground": c.background,
        **{f"markdown-h{level}-color": c.primary for level in range(1, 7)},
    }
    lines = {
        "border": c.rule,
        "border-blurred": c.thumb,
        "scrollbar": c.thumb,
        "scrollbar-hover": c.rule,
        "scrollbar-active": c.rule,
        "scrollbar-background": c.panel,
        "scrollbar-background-hover": c.panel,
        "scrollbar-background-active": c.panel,
        "scrollbar-corner-color": c.panel,
    }
    return Theme(
        name=name,
        primary=c.primary,
        secondary=c.secondary,
        accent=c.accent,
        warning=c.warning,
        error=c.error,
        success=c.success,
        foreground=c.text,
        background=c.background,
        surface=c.surface,
        panel=c.panel,
        dark=dark,
        variables={**ground, **drawn, **lines},
    )


THEMES: tuple[Theme, ...] = (
    _theme("nbalign-dark", _DARK, dark=True),
    _theme("nbalign-light", _LIGHT, dark=False),
    _theme("nbalign-contrast", _CONTRAST, dark=True),
)
"""Dark, light, high contrast."""

DEFAULT = THEMES[0].name


def next_theme(name: str) -> str:
    """The theme after this one, round the end; after one that is none of ours, the first."""
    names = [theme.name for theme in THEMES]
    return names[(names.index(name) + 1) % len(names)] if name in names else names[0]


def theme_setting(rater: str) -> str:
    """Name of the workspace's setting that keeps a rater's theme."""
    return f"tui.theme:{rater}"
