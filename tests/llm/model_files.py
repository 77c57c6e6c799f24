"""Tiny models, data wheels and servers that the tests of the library pull from."""

from __future__ import annotations

import hashlib
import random
import re
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from nbalign.llm.manifest import ModelCard, PartsSource
from nbalign.offline import allow_network


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def string_pair(key: str, value: str) -> bytes:
    return text(key) + struct.pack("<I", 8) + text(value)


def uint_pair(key: str, value: int) -> bytes:
    return text(key) + struct.pack("<II", 4, value)


def strings_pair(key: str, values: list[str]) -> bytes:
    return text(key) + struct.pack("<IIQ", 9, 8, len(values)) + b"".join(map(text, values))


def tensor(name: str, dimensions: list[int], kind: int, offset: int) -> bytes:
    shape = b"".join(struct.pack("<Q", n) for n in dimensions)
    return text(name) + struct.pack("<I", len(dimensions)) + shape + struct.pack("<IQ", kind, offset)


PAIRS = [
    string_pair("general.architecture", "llama"),
    string_pair("general.name", "tiny"),
    uint_pair("llama.context_length", 2048),
    strings_pair("tokenizer.ggml.tokens", ["<s>", "a", "b"]),
]


def gguf(pairs: list[bytes] = PAIRS, floats: int = 1024, version: int = 3, seed: int = 1) -> bytes:
    """A GGUF file with one tensor of `floats` 32-bit numbers, which do not pack well."""
    head = b"GGUF" + struct.pack("<IQQ", version, 1, len(pairs)) + b"".join(pairs) + tensor("w", [floats], 0, 0)
    return head + b"\0" * (-len(head) % 32) + random.Random(seed).randbytes(floats * 4)


def card_of(data: bytes, count: int = 2, *, name: str = "tiny", url: str | None = None) -> ModelCard:
    part_bytes = -(-len(data) // count)
    source = PartsSource(
        f"{name}-model-part{{n}}", "1.0", f"{name}_model_part{{n}}/data/part{{n:02d}}.bin", count, part_bytes
    )
    sha256 = hashlib.sha256(data).hexdigest()
    return ModelCard(name, f"{name}-q4.gguf", len(data), sha256, "Apache-2.0", "for tests", source, url)


def write_wheels(folder: Path, card: ModelCard, data: bytes) -> list[Path]:
    """The parts of a model as wheels; `data` may differ from what the card says."""
    assert card.parts is not None
    folder.mkdir(exist_ok=True)
    size = card.parts.part_bytes
    return [
        write_wheel(folder, card, n, data[(n - 1) * size : n * size if n < card.parts.count else None])
        for n in range(1, card.parts.count + 1)
    ]


def write_wheel(folder: Path, card: ModelCard, n: int, part: bytes, member: str | None = None) -> Path:
    assert card.parts is not None
    package = card.parts.package.format(n=n).replace("-", "_")
    info = f"{package}-1.0.dist-info"
    path = folder / f"{package}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member or card.parts.member.format(n=n), part)
        archive.writestr(f"{package}/__init__.py", "raise SystemExit('imported')")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@dataclass
class Server:
    """A web server on this machine: files under `/file/`, wheels as a package index under `/simple/`.

    Attributes:
        folder: What it serves.
        ranges: Whether it knows Range.
        break_after: Bytes after which each of the first `breaks` answers with a file breaks off.
        breaks: How many answers break off.
        hold: Names of files whose answer waits until `release` is set.
        redirect: Where `/moved` leads.
        served: Bytes of file bodies sent, by file name.
        asked: Requests for files, in order: name and Range header.
    """

    folder: Path
    address: str = ""
    ranges: bool = True
    break_after: int = 0
    breaks: int = 0
    hold: set[str] = field(default_factory=set)
    redirect: str = ""
    served: dict[str, int] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def url(self, name: str) -> str:
        return f"{self.address}/file/{name}"


@contextmanager
def serving(folder: Path) -> Iterator[Server]:
    server = Server(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/simple/"):
                self.index(self.path.removeprefix("/simple/").strip("/").replace("-", "_"))
            elif self.path == "/moved":
                self.send_response(302)
                self.send_header("Location", server.redirect)
                self.end_headers()
            else:
                self.file(folder / Path(self.path.partition("?")[0]).name)

        def index(self, package: str) -> None:
            names = [path.name for path in sorted(folder.glob(f"{package}-*.whl"))]
            links = "".join(f'<a href="/file/{name}">{name}</a>' for name in names)
            page = f"<!DOCTYPE html><html><body>{links}</body></html>".encode()
            self.send_response(200 if names else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def file(self, path: Path) -> None:
            wanted = self.headers.get("Range", "")
            server.asked.append((path.name, wanted))
            if not path.is_file():
                self.send_error(404)
                return
            data = path.read_bytes()
            match = re.fullmatch(r"bytes=(\d+)-", wanted) if server.ranges else None
            start = int(match[1]) if match else 0
            self.send_response(206 if match else 200)
            if match:
                self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
            self.send_header("Content-Length", str(len(data) - start))
            self.end_headers()
            body = data[start:]
            if path.name in server.hold:
                server.held.set()
                server.release.wait(60)
            if server.breaks:
                server.breaks -= 1
                body = body[: server.break_after]
            server.served[path.name] = server.served.get(path.name, 0) + len(body)
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            pass  # a client that was killed went away: that is the test

    # An earlier test may have run the command line, which closes the network to this process.
    with allow_network(), Quiet(("127.0.0.1", 0), Handler) as http:
        server.address = f"http://127.0.0.1:{http.server_address[1]}"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.release.set()
            http.shutdown()
            thread.join()
