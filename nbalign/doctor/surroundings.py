"""What surrounds nbalign: the terminal, the workspace and the network."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from nbalign import offline
from nbalign.doctor.check import Check
from nbalign.errors import StoreError
from nbalign.store.database import Store
from nbalign.store.migrations import MIGRATIONS, schema_version

DATABASE = "nbalign.db"
COLUMNS, LINES = 100, 30  # what the labelling terminal needs to show queue, notebook and scores side by side
_SIXEL_TERMS = ("foot", "mlterm", "contour", "yaft", "sixel")
_SIXEL_PROGRAMS = ("WezTerm", "iTerm.app", "mintty")


def terminal(env: Mapping[str, str], stdout: TextIO) -> tuple[Check, ...]:
    """What this terminal shows: size, colours, letters and pictures, as far as the environment tells.

    Args:
        env: The environment.
        stdout: Where output goes.
    """
    return (_size(env, stdout), _colours(env), _letters(stdout), _pictures(env))


def _size(env: Mapping[str, str], stdout: TextIO) -> Check:
    if not stdout.isatty():
        return Check("Terminal", "ok", "stdout is not a terminal; commands work, `nbalign tui` needs one")
    notes = [f"TERM={env.get('TERM') or 'not set'}"]
    notes += ["inside tmux"] if env.get("TMUX") else []
    notes += ["over ssh"] if env.get("SSH_CONNECTION") or env.get("SSH_TTY") else []
    try:
        width, height = os.get_terminal_size(stdout.fileno())
    except (OSError, ValueError):
        width = height = 0
    if 0 in (width, height):  # also what a serial line and some pseudo-terminals say
        return Check("Terminal", "warn", f"size unknown ({', '.join(notes)})", "Set COLUMNS and LINES.")
    words = f"{width} × {height} characters ({', '.join(notes)})"
    if env.get("TERM", "dumb") in ("dumb", ""):
        return Check("Terminal", "warn", words, "Set TERM to what your terminal is, such as xterm-256color.")
    if width < COLUMNS or height < LINES:
        return Check("Terminal", "warn", words, f"Labelling is best with at least {COLUMNS} × {LINES}: enlarge it.")
    return Check("Terminal", "ok", words)


def _colours(env: Mapping[str, str]) -> Check:
    if env.get("NO_COLOR"):
        return Check("Colours", "ok", "switched off by NO_COLOR; states are told by signs and words too")
    if env.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Check("Colours", "ok", "16 million")
    if "256color" in env.get("TERM", "") or "direct" in env.get("TERM", ""):
        return Check("Colours", "ok", "256; if your terminal has true colour, set COLORTERM=truecolor")
    return Check("Colours", "ok", "16 or fewer, as far as TERM tells; states are told by signs and words too")


def _letters(stdout: TextIO) -> Check:
    encoding = (stdout.encoding or "unknown").lower()
    if encoding.replace("-", "").replace("_", "") == "utf8":
        return Check("Letters", "ok", "UTF-8")
    return Check("Letters", "warn", encoding, "Use a UTF-8 locale, for example: export LC_ALL=C.UTF-8")


def _pictures(env: Mapping[str, str]) -> Check:
    if env.get("TMUX"):
        return Check("Pictures", "ok", "half-blocks: tmux does not pass pictures on unless told to")
    term, program = env.get("TERM", ""), env.get("TERM_PROGRAM", "")
    if env.get("KITTY_WINDOW_ID") or "kitty" in term or "ghostty" in term:
        return Check("Pictures", "ok", "kitty protocol, as TERM says")
    if any(name in term for name in _SIXEL_TERMS) or program in _SIXEL_PROGRAMS:
        return Check("Pictures", "ok", "sixel, guessed from TERM")
    return Check("Pictures", "ok", "half-blocks: no picture protocol known for this TERM")


def find_workspace(folder: Path | None) -> Path | None:
    """The workspace folder that commands would use, or None.

    Args:
        folder: The one named by the user; None looks in the current folder and above.
    """
    if folder is not None:
        return folder
    here = Path.cwd()
    return next((place for place in (here, *here.parents) if (place / DATABASE).is_file()), None)


def workspace(folder: Path | None) -> Check:
    """Whether the workspace can be opened and written, and whether its database is whole. Changes nothing.

    Args:
        folder: The workspace folder, or None where there is none.
    """
    if folder is None:
        return Check("Workspace", "warn", "none in this folder or above", "Make one: nbalign init FOLDER")
    path = folder / DATABASE
    try:
        with Store.open(path, read_only=True) as store:
            damage = [str(row[0]) for row in store.rows("PRAGMA quick_check(1)") if row[0] != "ok"]
            version = schema_version(store.db)
    except StoreError as error:
        return Check("Workspace", "missing", error.message, error.hint)
    if damage:
        advice = "Restore it from a backup, or try `sqlite3 FILE .recover`."
        return Check("Workspace", "missing", f"{path} is damaged: {damage[0]}", advice)
    words = f"{folder}: whole, schema {version} of {len(MIGRATIONS)}"
    closed = next((place for place in (folder, path) if not os.access(place, os.W_OK)), None)
    if closed is not None:
        advice = "Labels cannot be saved there: get the right to write, or copy the folder."
        return Check("Workspace", "warn", f"{words}, but you may not write {closed}", advice)
    return Check("Workspace", "ok", f"{words}, writable")


def network() -> Check:
    """Whether the guard is up, and whether this process could reach a network at all. Sends nothing."""
    try:
        names = [name for _, name in socket.if_nameindex()]
    except OSError:
        names = []
    interfaces = f"interfaces: {', '.join(names) or 'none'}"
    rule = "nbalign opens no connection except for `models pull`"
    try:
        socket.socket(socket.AF_INET, socket.SOCK_STREAM).close()
    except offline.NetworkRefused:
        return Check("Network", "ok", f"{rule}; a test socket was refused by the guard; {interfaces}")
    except OSError:
        return Check("Network", "ok", f"{rule}; the system itself opens no socket; {interfaces}")
    if offline.is_installed():
        return Check("Network", "warn", f"{rule}; the guard is open at the moment; {interfaces}")
    return Check(
        "Network", "warn", f"{rule}; no guard in this process; {interfaces}", "Call nbalign.offline.install()."
    )
