"""The report in a real browser, with the network cut: it shows its numbers and asks nobody for anything."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nbalign.evaluate.report.page import html
from nbalign.evaluate.report.words import number, span
from tests.evaluate.results_made import hostile, made

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium, chromium-browser or google-chrome is installed")
# Switched off as far as it can be, the browser still asks its makers for the time and for updates of itself.
OWN = (".google.com", ".googleapis.com", ".gvt1.com")


@dataclass
class Seen:
    """What the browser made of a page: its DOM, the share of its picture that is drawn on, the hosts it asked for."""

    dom: str
    drawn: float
    hosts: set[str]


def browse(folder: Path, text: str) -> Seen:
    assert BROWSER is not None
    (folder / "page.html").write_text(text, encoding="utf-8")
    picture, log = folder / "page.png", folder / "net.json"
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--disable-component-update",
            "--disable-sync", "--no-first-run", f"--user-data-dir={folder / 'profile'}", "--window-size=1280,900",
            f"--log-net-log={log}", "--dump-dom", f"--screenshot={picture}", (folder / "page.html").as_uri(),
        ],
        capture_output=True,
        timeout=240,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    urls = re.findall(r'"url":"([^"]*)"', log.read_text(encoding="utf-8", errors="replace"))
    hosts = {host for url in urls if (host := urlsplit(url).hostname) and not host.endswith(OWN)}
    return Seen(done.stdout.decode(), drawn(picture), hosts)


def drawn(picture: Path) -> float:
    """Share of bytes of a PNG's filtered lines that are not 0: next to none where the picture has one colour."""
    data, at, packed = picture.read_bytes(), 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        packed += data[at + 8 : at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    lines = zlib.decompress(packed)
    return 1 - lines.count(0) / len(lines)


def test_the_browser_shows_the_report_and_asks_nobody_for_anything(tmp_path: Path) -> None:
    result = made()
    seen = browse(tmp_path, html(result))
    for row in result.rows:
        assert row.mae is not None
        assert f"{number(row.mae.value)} ({span(row.mae)})" in seen.dom or row.arm == "constant"
    assert "The arm full is nearest to the raters" in seen.dom
    assert seen.hosts == set()
    assert seen.drawn > 0.02


def test_hostile_text_runs_nothing_and_loads_nothing(tmp_path: Path) -> None:
    attack = (
        "\"'></title></style></svg></bdi><script>document.body.innerHTML='owned'</script>"
        "<img src=http://probe.invalid/x><link rel=stylesheet href=http://probe.invalid/y>"
    )
    seen = browse(tmp_path, html(hostile(attack)))
    assert not re.search(r"<(script|img|link)\b", seen.dom)
    assert "Errors by dimension" in seen.dom
    assert seen.hosts == set()


def test_a_page_that_loads_something_would_be_found_out(tmp_path: Path) -> None:
    seen = browse(tmp_path, "<!DOCTYPE html><body><img src='http://probe.invalid/x.png' hidden></body>")
    assert seen.hosts == {"probe.invalid"}
    assert seen.drawn < 0.01
    # The page's own policy would have stopped it.
    policy = re.search(r"<meta http-equiv=\"Content-Security-Policy\".*?>", html(made(4)))
    assert policy is not None
    (tmp_path / "again").mkdir()
    again = browse(tmp_path / "again", f"<!DOCTYPE html>{policy.group()}<img src='http://probe.invalid/x.png' hidden>")
    assert again.hosts == set()
