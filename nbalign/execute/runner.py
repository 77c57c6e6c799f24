"""What runs inside the sandbox: a kernel, and a loop that takes cells from stdin and tells their outputs on stdout.

A JSON line goes in for each cell, `{"id": 1, "source": "…"}`, or `{"interrupt": true}` while one runs; a line comes out
for each, `{"id": 1, "state": "ok", "outputs": […], "error": "", "count": 1}`. The first line out is
`{"ready": true}`.

This file is copied into the sandbox and run by the Python that notebooks run with. It needs `nbclient` and `ipykernel`
and nothing of nbalign. Whoever reads what it says trusts none of it: the notebook's code can change this process.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import threading
from typing import Any, BinaryIO

_RESERVE = 65_536  # characters of an error that are kept beside everything else: it is what people look for
_MOST_OUTPUTS = 1_000
_SECONDS_TO_START = 120


def main() -> None:
    """Reads its settings, a JSON object, from the first argument, and runs cells until stdin ends."""
    settings = json.loads(sys.argv[1])
    _become(settings["user"])
    os.chdir(settings["folder"])
    for name, value in settings["limits"].items():
        _limit(getattr(resource, name), int(value))
    # The two pipes get other numbers, and what the kernel and its children print below Python goes to stderr.
    commands = os.fdopen(_moved(0, os.open(os.devnull, os.O_RDONLY)), "rb")
    replies = os.fdopen(_moved(1, 2), "wb")
    asyncio.run(_serve(settings, commands, replies))


def _become(user: int | None) -> None:
    """Stops being root for good, where a sandbox was made by root and runs as it until here."""
    if user is not None and os.getuid() == 0:
        os.setgroups([])
        os.setresgid(user, user, user)
        os.setresuid(user, user, user)


def _limit(kind: int, value: int) -> None:
    hard = resource.getrlimit(kind)[1]
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def _moved(number: int, instead: int) -> int:
    kept = os.dup(number)
    os.dup2(instead, number)
    return kept


async def _serve(settings: dict[str, Any], commands: BinaryIO, replies: BinaryIO) -> None:
    client = _client(int(settings["output_bytes"]))
    await client.async_start_new_kernel(cwd=settings["folder"])
    client.startup_timeout = _SECONDS_TO_START
    await client.async_start_new_kernel_client()
    _say(replies, {"ready": True})
    loop = asyncio.get_running_loop()
    cells: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()

    def read() -> None:
        for line in commands:
            message = json.loads(line)
            if message.get("interrupt"):
                asyncio.run_coroutine_threadsafe(client.km.interrupt_kernel(), loop)
            else:
                loop.call_soon_threadsafe(cells.put_nowait, message)
        loop.call_soon_threadsafe(cells.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    while (message := await cells.get()) is not None:
        _say(replies, {"id": message["id"], **await client.run(message["source"])})
    os._exit(0)  # the end of this process ends everything that it started


def _say(replies: BinaryIO, message: dict[str, Any]) -> None:
    line = json.dumps(message, ensure_ascii=False, default=str)
    replies.write(line.encode("utf-8", "replace") + b"\n")
    replies.flush()


def _cut(text: str, room: int) -> tuple[str, int, int]:
    """The beginning of a text that fits, its size in bytes, and how many bytes are left out."""
    whole = text.encode("utf-8", "replace")
    if len(whole) <= room:
        return text, len(whole), 0
    taken = whole[: max(0, room)].decode("utf-8", "ignore")
    size = len(taken.encode("utf-8"))
    return taken, size, len(whole) - size


def _shorten(error: dict[str, Any]) -> None:
    """Keeps the last frames of an error, and the beginning of its message."""
    error["evalue"] = str(error.get("evalue", ""))[: _RESERVE // 4]
    room, kept = _RESERVE // 2, []
    for line in reversed(list(error.get("traceback", ()))):
        kept.append(str(line)[:room])
        room -= len(kept[-1])
        if room <= 0:
            break
    error["traceback"] = kept[::-1]


def _client(most: int) -> Any:
    """A client of a kernel of this very Python, over UNIX sockets."""
    from jupyter_client import AsyncKernelManager
    from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
    from nbclient import NotebookClient
    from nbclient.exceptions import DeadKernelError
    from nbformat import NotebookNode
    from nbformat.v4 import new_code_cell, new_notebook

    class OneSpec(KernelSpecManager):  # type: ignore[misc]
        """Knows one kernel, whatever else is installed."""

        def get_kernel_spec(self, kernel_name: str) -> Any:
            # No history: it is a database on disk that nobody reads again.
            argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
            argv.append("--HistoryManager.enabled=False")
            return KernelSpec(argv=argv, display_name="Python 3", language="python")

    class Client(NotebookClient):  # type: ignore[misc]
        """Keeps no more of a cell's outputs than `most` bytes, however much a cell prints."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.clear_before_next_output = False
            self.kept = self.left_out = 0
            self.reply: dict[str, Any] = {}

        async def run(self, source: str) -> dict[str, Any]:
            cell = new_code_cell(source)
            self.nb.cells = [cell]
            self._display_id_map: dict[str, Any] = {}
            self.kept = self.left_out = 0
            self.reply = {}
            state = "ok"
            try:
                await self.async_execute_cell(cell, 0)
            except DeadKernelError:
                state = "died"
            except Exception as problem:  # of the client: messages of a kernel that is not itself any more
                self.reply = {"status": "error", "ename": type(problem).__name__, "evalue": str(problem)}
            if self.reply.get("status") == "error":
                state = "error"
            if self.left_out:
                words = "\n… [cut: {:,} bytes of output left out]\n".format(self.left_out)  # noqa: UP032
                cell.outputs.append(NotebookNode(output_type="stream", name="stderr", text=words))
            error = "{}: {}".format(self.reply.get("ename", ""), self.reply.get("evalue", ""))
            return {
                "state": state,
                "outputs": cell.outputs,
                "error": error[:1000] if state == "error" else "",
                "count": cell.execution_count,
            }

        def clear_output(self, outs: Any, msg: Any, cell_index: int) -> None:
            super().clear_output(outs, msg, cell_index)
            if not outs:
                self.kept = self.left_out = 0

        def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
            kind, content = msg["msg_type"], msg["content"]
            if self.clear_before_next_output:
                outs[:] = []
                self.clear_display_id_mapping(cell_index)
                self.clear_before_next_output = False
                self.kept = self.left_out = 0
            last = outs[-1] if outs else {}
            room = most - self.kept
            if kind == "stream":
                taken, size, over = _cut(content["text"], room)
                self.kept += size
                self.left_out += over
                if not taken:
                    return None
                if last.get("output_type") == "stream" and last.get("name") == content["name"]:
                    last["text"] += taken
                    return last
                content["text"] = taken
            elif kind == "error":
                _shorten(content)
            else:
                size = len(json.dumps(content, ensure_ascii=False, default=str).encode("utf-8", "replace"))
                if size > room or len(outs) >= _MOST_OUTPUTS:
                    self.left_out += size
                    return None
                self.kept += size
            return super().output(outs, msg, display_id, cell_index)

    async def remember(cell: Any, cell_index: int, execute_reply: Any) -> None:
        client.reply = execute_reply["content"]

    spool = os.environ.get("TMPDIR", "/tmp") + "/kernel"
    manager = AsyncKernelManager(
        connection_file=spool + ".json", transport="ipc", ip=spool, kernel_spec_manager=OneSpec()
    )
    client = Client(new_notebook(), km=manager, allow_errors=True, on_cell_executed=remember, coalesce_streams=False)
    return client


if __name__ == "__main__":
    main()
