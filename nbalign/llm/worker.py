"""The engine's process: `python -m nbalign.llm.worker`. One model, one request at a time, until its input closes.

llama.cpp can abort, run out of memory or print to any file descriptor; here that ends or dirties a worker and never
the screen of a labelling session. Requests come on stdin, replies go to the original stdout; everything that anybody
prints goes to stderr, which the parent keeps as a log.
"""

from __future__ import annotations

import os
import queue
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from nbalign import offline
from nbalign.errors import ModelError
from nbalign.llm.model import EngineSettings, Sampling, Segment
from nbalign.llm.protocol import Message, receive, send


class _Stop:
    """Whether the request under way is to stop.

    A cancel is meant for all requests that came before it. It may be read before work on the latest of them has
    begun, so the reader counts what came, the server counts what it took up, and no cancel is lost in between.
    """

    def __init__(self) -> None:
        self._came = self._taken = self._cancelled = 0

    def __call__(self) -> bool:
        return 0 < self._taken <= self._cancelled

    def came(self) -> None:
        self._came += 1

    def cancel(self) -> None:
        self._cancelled = self._came

    def take(self) -> None:
        self._taken += 1


def _read_requests(stream: IO[bytes], requests: queue.Queue[Message], stop: _Stop) -> None:
    """Reads until the parent is gone, and then ends the process at once, even in the middle of an evaluation."""
    while (message := receive(stream)) is not None:
        if message.get("op") == "cancel":
            stop.cancel()
        else:
            stop.came()
            requests.put(message)
    os._exit(0)


def _segments(items: list[list[Any]]) -> list[Segment]:
    return [Segment(str(text), bool(trusted)) for text, trusted in items]


class _Server:
    def __init__(self, replies: IO[bytes], stop: _Stop) -> None:
        self._replies = replies
        self._stop = stop
        self._engine: Any = None

    def handle(self, request: Message) -> None:
        """Answers one request; whatever goes wrong becomes an error reply."""
        from nbalign.llm.binding import Aborted

        self._stop.take()
        try:
            self._reply(request, result=getattr(self, f"op_{request['op']}")(request))
        except Aborted:
            self._reply(request, error={"kind": "cancelled", "message": "stopped", "hint": ""})
        except ModelError as error:
            self._reply(request, error={"kind": "model", "message": error.message, "hint": error.hint})
        except Exception as error:  # the parent must hear of it; the traceback goes to the log
            import traceback

            traceback.print_exc()
            self._reply(request, error={"kind": "bug", "message": f"{type(error).__name__}: {error}", "hint": ""})

    def _reply(self, request: Message, **fields: Any) -> None:
        send(self._replies, {"id": request["id"], **fields})

    def _on_tokens(self, request: Message) -> Callable[[int, int], None]:
        return lambda done, total: send(self._replies, {"id": request["id"], "progress": [done, total]})

    def op_load(self, request: Message) -> Any:
        from nbalign.llm.engine import Engine

        self._engine = Engine(
            Path(request["path"]),
            request["sha256"],
            EngineSettings(**request["settings"]),
            self._stop,
            Path(request["park_folder"]),
            int(request["park_bound"]),
            vocabulary_only=bool(request["vocabulary_only"]),
        )
        return asdict(self._engine.info)

    def op_count(self, request: Message) -> Any:
        return self._engine.count(request["texts"])

    def op_tokenize(self, request: Message) -> Any:
        return self._engine.tokenize(request["texts"])

    def op_tokens(self, request: Message) -> Any:
        return len(self._engine.tokens(_segments(request["segments"]), first=bool(request["first"])))

    def op_prefix(self, request: Message) -> Any:
        return asdict(self._engine.read_prefix(_segments(request["segments"]), self._on_tokens(request)))

    def op_answer(self, request: Message) -> Any:
        return asdict(self._engine.answer(_segments(request["segments"]), request["lead"], request["answers"]))

    def op_answer_all(self, request: Message) -> Any:
        twigs = [_segments(items) for items in request["twigs"]]
        found, stem = self._engine.answer_all(_segments(request["stem"]), twigs, request["lead"], request["answers"])
        return {"answers": [asdict(one) for one in found], "stem": asdict(stem)}

    def op_write(self, request: Message) -> Any:
        suffixes = {name: _segments(items) for name, items in request["suffixes"].items()}
        texts, usage = self._engine.write(suffixes, request["most"], request["stops"], self._on_tokens(request))
        return {"texts": texts, "usage": asdict(usage)}

    def op_compose(self, request: Message) -> Any:
        how = Sampling(
            int(request["most"]), tuple(request["stops"]), float(request["temperature"]), int(request["seed"])
        )
        text, usage = self._engine.compose(
            _segments(request["stem"]),
            _segments(request["segments"]),
            how,
            lambda done, most, piece: send(self._replies, {"id": request["id"], "progress": [done, most, piece]}),
            anew=bool(request["anew"]),
        )
        return {"text": text, "usage": asdict(usage)}


def main() -> None:
    """Serves requests until stdin closes."""
    # The terminal sends ctrl-c to the whole group; the parent decides what it means and tells us.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    offline.install()
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints to stdout from now on, in Python or in C, lands in the log
    sys.stdout = sys.stderr
    requests: queue.Queue[Message] = queue.Queue()
    stop = _Stop()
    threading.Thread(target=_read_requests, args=(os.fdopen(os.dup(0), "rb"), requests, stop), daemon=True).start()
    server = _Server(replies, stop)
    while True:
        server.handle(requests.get())


if __name__ == "__main__":
    main()
