"""What comes out of a sandbox is believed in nothing: not that it ends, not that it is JSON, not what it means."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.execute import kernel as kernel_module
from nbalign.execute.channel import Channel, Nonsense
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Isolation
from nbalign.execute.outputs import bounded, total


class Pipes:
    """A channel, and the other end of it."""

    def __init__(self, longest: int = 1000) -> None:
        ends = [os.pipe() for _ in range(3)]
        self.files: list[IO[bytes]] = [os.fdopen(end, mode) for pair in ends for end, mode in zip(pair, ("rb", "wb"))]  # noqa: B905
        self.stdin, ours_in, ours_out, self.stdout, ours_err, self.stderr = self.files
        self.channel = Channel(ours_in, ours_out, ours_err, longest)

    def says(self, text: bytes) -> None:
        self.stdout.write(text)
        self.stdout.flush()


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    made = Pipes()
    yield made
    for file in made.files:
        file.close()


class Late(Exception):
    pass


def patience(seconds: float = 0.3) -> Any:
    end = time.monotonic() + seconds

    def tick() -> None:
        if time.monotonic() > end:
            raise Late

    return tick


def test_messages_come_one_a_line(pipes: Pipes) -> None:
    pipes.says(b'{"a": 1}\n{"b": "\xc3\xa9"}\n{"c"')
    assert pipes.channel.receive(patience()) == {"a": 1}
    assert pipes.channel.receive(patience()) == {"b": "é"}
    with pytest.raises(Late):
        pipes.channel.receive(patience())
    pipes.says(b": [NaN]}\n")
    assert pipes.channel.receive(patience()) == {"c": ["NaN"]}
    pipes.stdout.close()
    pipes.stderr.write(b"first\nlast words\n")
    pipes.stderr.close()
    assert pipes.channel.receive(patience()) is None
    pipes.channel.drain()
    assert pipes.channel.last_words == "last words"


@pytest.mark.parametrize(
    "line",
    [b"", b"garbage", b"[1]", b'"text"', b"{", b'{"a": 1', b"\xff\xfe", b"[" * 900, b'{"a": 1}{"b": 2}', b"9" * 900],
)
def test_a_line_that_is_no_json_object_is_nonsense(pipes: Pipes, line: bytes) -> None:
    pipes.says(line + b"\n")
    with pytest.raises(Nonsense):
        pipes.channel.receive(patience())


def test_a_line_without_end_is_nonsense_as_soon_as_it_is_too_long(pipes: Pipes) -> None:
    pipes.says(b"x" * 5000)
    with pytest.raises(Nonsense, match="more than 1,000 bytes"):
        pipes.channel.receive(patience(20))


def test_who_does_not_read_makes_nobody_wait_for_ever(pipes: Pipes) -> None:
    with pytest.raises(Late):
        pipes.channel.send({"source": "x" * 1_000_000}, patience())
    pipes.channel.send_now({"interrupt": True})


def test_who_is_gone_cannot_be_told(pipes: Pipes) -> None:
    pipes.stdin.close()
    assert not pipes.channel.send({"id": 1}, patience())


@pytest.mark.parametrize(
    ("forged", "words"),
    [
        ("b'no JSON at all'", "no JSON"),
        ("b'[1, 2]'", "no JSON object"),
        ("b'x' * (64 << 20)", "more than"),
        ("b'[' * 100000", "no JSON"),
        ("b'{\"id\": 7}\\n' * 999 + b'{}'", "the kernel ended"),
    ],
)
def test_a_forged_message_ends_the_notebook_and_not_nbalign(
    best: Isolation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, forged: str, words: str
) -> None:
    runner = tmp_path / "runner.py"
    ready = "import sys\nprint('{\"ready\": true}', flush=True)\nsys.stdin.readline()\n"
    runner.write_text(f"{ready}sys.stdout.buffer.write({forged} + b'\\n')\nsys.stdout.flush()\n")
    monkeypatch.setattr(kernel_module, "_RUNNER", runner)
    with open_kernel([], isolation=best) as kernel:
        run = kernel.run("1")
        assert run.state == "died"
        assert words in run.error
        assert kernel.run("1").state == "died"


@pytest.mark.parametrize(
    "reply",
    ['{"id": 1}', '{"id": 1, "state": 5, "outputs": {"a": 1}, "error": ["x"]}', '{"id": 1, "state": "\\u001b[2J"}'],
)
def test_a_reply_of_wrong_types_is_an_error_of_the_cell(
    best: Isolation, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, reply: str
) -> None:
    runner = tmp_path / "runner.py"
    runner.write_text(f"import sys\nprint('{{}}', flush=True)\nsys.stdin.readline()\nprint({reply!r}, flush=True)\n")
    monkeypatch.setattr(kernel_module, "_RUNNER", runner)
    with open_kernel([], isolation=best) as kernel:
        run = kernel.run("1")
        assert (run.state, run.outputs, run.error) == ("error", (), "an error without a name")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KINDS = st.sampled_from(["stream", "error", "display_data", "execute_result", "other", 1])
OUTPUTS = st.lists(
    st.fixed_dictionaries(
        {"output_type": KINDS},
        optional={
            "name": JSON,
            "text": st.text(max_size=300) | JSON,
            "data": st.dictionaries(st.sampled_from(["text/plain", "application/json", "x"]), JSON) | JSON,
            "metadata": JSON,
            "traceback": st.lists(st.text()) | JSON,
            "ename": JSON,
            "evalue": JSON,
            "execution_count": JSON,
        },
    )
    | JSON,
    max_size=8,
)


@given(OUTPUTS | JSON, st.integers(0, 2000))
def test_whatever_outputs_are_they_become_valid_and_bounded(raw: Any, limit: int) -> None:
    kept = bounded(raw, limit)
    assert total([output for output in kept if output["output_type"] != "error"]) <= limit + 100
    cell: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "source": "",
        "execution_count": None,
        "outputs": list(kept),
    }
    document = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": [cell]}
    nbformat.validate(nbformat.from_dict(json.loads(json.dumps(document))))


def test_good_outputs_stay_as_they_are() -> None:
    good = [
        {"output_type": "stream", "name": "stdout", "text": "a\n"},
        {"output_type": "display_data", "data": {"image/png": "aGk=", "text/plain": "x"}, "metadata": {"a": 1}},
        {"output_type": "execute_result", "data": {"text/plain": "x"}, "metadata": {}, "execution_count": 3},
        {"output_type": "error", "ename": "E", "evalue": "v", "traceback": ["t"]},
    ]
    assert list(bounded(good, 1000)) == good


def test_printed_text_over_the_bound_keeps_its_beginning_and_an_error_its_place() -> None:
    kept = bounded(
        [
            {"output_type": "stream", "name": "stdout", "text": "é" * 1000},
            {"output_type": "error", "ename": "E", "evalue": "v" * 500, "traceback": []},
        ],
        101,
    )
    assert kept[0]["text"] == "é" * 50
    assert kept[1]["output_type"] == "error"
    assert "1,900 bytes" in kept[2]["text"]


def test_nesting_that_would_break_a_writer_is_dropped() -> None:
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    made = bounded(
        [{"output_type": "display_data", "data": {"application/json": deep}, "metadata": {"a": deep}}], 10**6
    )
    assert made == ({"output_type": "display_data", "data": {}, "metadata": {}},)
