"""Pulls a model from a web address: over TLS, going on where a broken connection or a stopped pull left off.

This module is the one place in nbalign that opens a network connection itself.
"""

from __future__ import annotations

import http.client
import re
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from pathlib import Path
from threading import Event
from typing import IO, Any
from urllib.parse import urlsplit

from nbalign.errors import ModelError, UsageError
from nbalign.llm.hashes import hash_file, stop_if
from nbalign.llm.landing import SourceUnavailable, check_space, land, partial_of, sync_file
from nbalign.llm.manifest import ModelCard
from nbalign.llm.plain import one_line
from nbalign.offline import allow_network
from nbalign.progress import OnProgress, Progress

_TIMEOUT = 30.0  # seconds without a byte until a connection counts as broken
_PAUSE = 2.0  # seconds before trying again
_TRIES = 4  # connections in a row that bring nothing new
_BLOCK = 1 << 18  # bytes read at once; small enough that cancelling is quick on a slow line
_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")
_RANGE = re.compile(r"bytes (\d{1,18})-\d{1,18}/(\d{1,18}|\*)")
_HINT = "What came is kept: run the command again. Else use --source parts, --url, or nbalign models add FILE"


def pull_url(card: ModelCard, url: str, folder: Path, *, progress: OnProgress, cancel: Event | None) -> Path:
    """Downloads a model's file.

    Args:
        card: What the file must be.
        url: Its address: https, or http on this machine itself.
        folder: The library folder; its lock for this file is held by the caller.
        progress: Told the bytes done.
        cancel: Set it to stop; what came is kept.

    Returns:
        The model's path.

    Raises:
        SourceUnavailable: If the server cannot be reached, refuses or lacks the file.
        ModelError: If the file is not what the manifest says.
        UsageError: If the address is not one to download from.
        Cancelled: If `cancel` was set.
        OSError: If the folder cannot be written.
    """
    check_url(url)
    partial = partial_of(folder, card)
    kept = partial.stat().st_size if partial.exists() else 0
    if kept > card.bytes:
        partial.unlink()
        kept = 0
    check_space(folder, card.bytes - kept)
    step = Progress(f"pulling {card.name}", kept, card.bytes, "bytes", urlsplit(url).hostname or "", kept)
    failures = 0
    with allow_network():
        while (have := _size(partial)) < card.bytes:
            stop_if(cancel)
            try:
                _fetch(card, url, partial, step, progress, cancel)
                trouble = "the connection ended early"
            except (urllib.error.URLError, http.client.HTTPException, _Broken) as error:
                if isinstance(error, urllib.error.HTTPError) and error.code < 500 and error.code not in (408, 429):
                    error.close()
                    raise _refused(url, f"the server says {error.code} {one_line(str(error.reason))}") from error
                trouble = _reason(error)
                if isinstance(getattr(error, "reason", None), ssl.SSLCertVerificationError):
                    raise _refused(url, trouble) from error
            failures = 0 if _size(partial) > have else failures + 1
            if failures >= _TRIES:
                raise _refused(url, trouble)
            if failures:
                _pause(cancel)
    sync_file(partial)
    sha256 = hash_file(partial, stage=f"checking {card.name}", progress=progress, cancel=cancel)
    return land(partial, sha256, card, _shown(url))


def check_url(url: str) -> None:
    """Refuses addresses that cannot be downloaded from safely.

    Raises:
        UsageError: If it is neither https nor http on this machine.
    """
    try:
        parts = urlsplit(url)
        fine = bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
        )
        fine = fine and parts.username is None and parts.port != 0  # reading the port checks it
    except ValueError:
        fine = False
    if not fine or not url.isprintable() or " " in url:
        raise UsageError(f"{_shown(url)} is not an https:// address", "Give the full address of the .gguf file.")


class _Broken(Exception):
    """A connection that broke while bytes were coming."""


class _HttpsOnly(urllib.request.HTTPRedirectHandler):
    """Follows redirects to https only: no server may send us to a file, to plain http or into the local network."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str
    ) -> urllib.request.Request | None:
        if urlsplit(newurl).scheme != "https":
            raise _refused(req.full_url, f"it redirects to {_shown(newurl)}, which is not https")
        return super().redirect_request(req, fp, code, msg, headers, newurl)  # type: ignore[arg-type]


def _fetch(
    card: ModelCard, url: str, partial: Path, step: Progress, progress: OnProgress, cancel: Event | None
) -> None:
    """Appends to `partial` what one connection brings."""
    have = _size(partial)
    headers = {"User-Agent": "nbalign", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with _open(urllib.request.Request(url, headers=headers)) as response:
        start, total = _extent(response.status, response.headers, have)
        if total not in (None, card.bytes):
            raise ModelError(
                f"{_shown(url)} is not {card.name}: it has {total:,} bytes, expected {card.bytes:,}",
                "Check the address, or use --source parts.",
            )
        with partial.open("r+b" if partial.exists() else "wb") as file:
            file.truncate(start)
            file.seek(start)
            # A server that starts over sends bytes that were here already: they take time now, so none are skipped.
            skipped = min(step.skipped, start)
            while start < card.bytes:
                stop_if(cancel)
                block = _read(response, min(_BLOCK, card.bytes - start))
                if not block:
                    return
                file.write(block)
                start += len(block)
                progress(Progress(step.stage, start, step.total, step.unit, step.detail, skipped))


def _open(request: urllib.request.Request) -> Any:
    try:
        return urllib.request.build_opener(_HttpsOnly).open(request, timeout=_TIMEOUT)
    except urllib.error.URLError:
        raise
    except OSError as error:  # a connection that broke before the answer; not the disk, whose errors are OSErrors too
        raise _Broken(str(error) or type(error).__name__) from error


def _read(response: Any, most: int) -> bytes:
    try:
        data: bytes = response.read1(most)
    except OSError as error:  # told apart from the disk's errors, which are OSErrors too
        raise _Broken(str(error) or type(error).__name__) from error
    return data


def _extent(status: int, headers: Mapping[str, str] | Message, have: int) -> tuple[int, int | None]:
    """Where the coming bytes start and how long the whole file is, as the server says."""
    if status == 206:
        match = _RANGE.fullmatch(headers.get("Content-Range") or "")
        if match is None or int(match[1]) != have:
            raise _Broken("the server sent another part of the file than it was asked for")
        return have, None if match[2] == "*" else int(match[2])
    length = headers.get("Content-Length") or ""
    return 0, int(length) if re.fullmatch(r"\d{1,18}", length) else None


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _pause(cancel: Event | None) -> None:
    if cancel is None:
        time.sleep(_PAUSE)
    else:
        cancel.wait(_PAUSE)


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return f"the server says {error.code} {one_line(str(error.reason))}"
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return one_line(str(reason)) or type(reason).__name__


def _refused(url: str, why: str) -> SourceUnavailable:
    return SourceUnavailable(f"cannot download {_shown(url)}: {why}", _HINT)


def _shown(url: str) -> str:
    """An address for messages, without what follows `?`: signed addresses carry secrets there."""
    return one_line(re.sub(r"//[^/@]*@", "//", url.partition("?")[0]), 300)
