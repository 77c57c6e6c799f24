"""Messages between caller and worker: what is sent arrives as it was, and nonsense is no message."""

from __future__ import annotations

import io
import queue

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.llm import worker
from nbalign.llm.protocol import Message, receive, send

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
messages = st.dictionaries(st.text(), values, max_size=5)


@given(st.lists(messages, max_size=5))
def test_what_is_sent_arrives_in_order_as_it_was(sent: list[Message]) -> None:
    stream = io.BytesIO()
    for message in sent:
        send(stream, message)
    assert stream.getvalue().count(b"\n") == len(sent)  # a line each, whatever the texts hold
    stream.seek(0)
    assert [receive(stream) for _ in sent] == sent
    assert receive(stream) is None


def test_surrogates_of_a_broken_file_name_survive() -> None:
    stream = io.BytesIO()
    send(stream, {"path": "\udcff"})
    stream.seek(0)
    assert receive(stream) == {"path": "\udcff"}


@pytest.mark.parametrize(
    ("ops", "stopped"),
    [
        (["load", "cancel"], [True]),
        (["cancel", "load"], [False]),
        (["load", "cancel", "prefix"], [True, False]),
        (["load", "prefix", "cancel"], [True, True]),
        (["load", "cancel", "prefix", "answer", "cancel", "cancel", "count"], [True, True, True, False]),
    ],
)
def test_a_cancel_is_for_the_requests_before_it_even_if_they_have_not_begun(
    ops: list[str], stopped: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.BytesIO()
    for op in ops:
        send(stream, {"op": op})
    stream.seek(0)
    ended: list[int] = []
    monkeypatch.setattr("os._exit", ended.append)
    requests: queue.Queue[Message] = queue.Queue()
    stop = worker._Stop()
    worker._read_requests(stream, requests, stop)
    assert ended == [0]  # the parent is gone
    assert not stop()
    found = []
    while not requests.empty():
        requests.get()
        stop.take()
        found.append(stop())
    assert found == stopped


@given(messages, st.data())
def test_a_line_that_breaks_off_is_no_message(message: Message, data: st.DataObject) -> None:
    stream = io.BytesIO()
    send(stream, message)
    whole = stream.getvalue()
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert receive(io.BytesIO(whole[:cut])) is None


@pytest.mark.parametrize(
    "line",
    [b"\n", b"[1]\n", b"null\n", b'{"a"\n', b"\xff\xfe\n", b"llama_model_load: error\n", b"[" * 100_000 + b"\n"],
    ids=lambda line: repr(line[:9]),
)
def test_nonsense_is_no_message(line: bytes) -> None:
    assert receive(io.BytesIO(line)) is None


@given(st.binary())
def test_no_bytes_break_the_reader(data: bytes) -> None:
    received = receive(io.BytesIO(data + b"\n"))
    assert received is None or isinstance(received, dict)
