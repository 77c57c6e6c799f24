"""The guard, tested in processes of its own: an audit hook cannot be taken away again."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

PREPARE = """
import socket, sys
from nbalign import offline
from nbalign.errors import NbalignError

def refused(do):
    try:
        do()
    except offline.NetworkRefused as error:
        assert isinstance(error, NbalignError) and isinstance(error, PermissionError)
        return str(error)
    return ""
"""


def run(code: str) -> str:
    """Runs code in a fresh interpreter and returns what it printed."""
    source = PREPARE + textwrap.dedent(code)
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    "attempt",
    [
        "socket.socket(socket.AF_INET, socket.SOCK_STREAM)",
        "socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
        "socket.create_connection(('127.0.0.1', 9))",
        "socket.getaddrinfo('127.0.0.1', 80)",
        "socket.gethostbyname('localhost')",
        "socket.gethostbyaddr('127.0.0.1')",
        "socket.getnameinfo(('127.0.0.1', 80), 0)",
        "socket.create_server(('127.0.0.1', 0))",
        "urllib.request.urlopen('http://127.0.0.1:9/')",
        "http.client.HTTPConnection('127.0.0.1', 9).connect()",
        "webbrowser.GenericBrowser('true').open('http://127.0.0.1:9/')",
    ],
)
def test_network_use_is_refused(attempt: str) -> None:
    out = run(f"""
        import http.client, urllib.request, webbrowser
        offline.install()
        print(refused(lambda: {attempt}))
    """)
    assert "nothing leaves this machine" in out
    assert "models pull" in out


@pytest.mark.parametrize(
    "attempt",
    [
        "early.connect(('127.0.0.1', 9))",
        "early.connect_ex(('127.0.0.1', 9))",
        "early.bind(('127.0.0.1', 0))",
        "datagram.sendto(b'x', ('127.0.0.1', 9))",
        "datagram.sendmsg([b'x'], [], 0, ('127.0.0.1', 9))",
        "socket.socket(fileno=early.detach()).connect(('127.0.0.1', 9))",
    ],
)
def test_a_socket_made_before_the_guard_is_no_way_round_it(attempt: str) -> None:
    out = run(f"""
        early = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        datagram = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        offline.install()
        print(refused(lambda: {attempt}))
    """)
    assert "refused to" in out
    assert "127.0.0.1" in out


def test_without_the_guard_a_socket_opens() -> None:
    assert run("print(offline.is_installed(), refused(lambda: socket.socket(socket.AF_INET).close()))") == "False \n"


def test_unix_sockets_asyncio_and_processes_keep_working() -> None:
    out = run("""
        import asyncio, multiprocessing, subprocess, tempfile, threading
        offline.install()
        offline.install()
        left, right = socket.socketpair()
        left.sendall(b"x")
        assert right.recv(1) == b"x"
        left.close(); right.close()
        with tempfile.TemporaryDirectory() as folder:
            server = socket.socket(socket.AF_UNIX)
            server.bind(folder + "/s")
            server.listen()
            client = socket.socket(socket.AF_UNIX)
            client.connect(folder + "/s")
            client.close(); server.close()

        async def work():
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(None, lambda: None)
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", "pass")
            return await child.wait()

        assert asyncio.run(work()) == 0
        parent, child = multiprocessing.Pipe()
        parent.send(1)
        assert child.recv() == 1
        print(offline.is_installed())
    """)
    assert out == "True\n"


def test_allowed_inside_the_block_only_threads_and_nesting_included() -> None:
    out = run("""
        import threading
        offline.install()
        opened = []

        def use():
            opened.append(refused(lambda: socket.socket(socket.AF_INET).close()))

        with offline.allow_network():
            with offline.allow_network():
                pass
            thread = threading.Thread(target=use)
            thread.start()
            thread.join()
            use()
        assert opened == ["", ""], opened
        use()
        assert "refused" in opened[2]
        try:
            with offline.allow_network():
                raise ValueError
        except ValueError:
            pass
        use()
        assert "refused" in opened[3]
        print("as it should be")
    """)
    assert out == "as it should be\n"


def test_a_hostile_address_cannot_write_to_the_terminal() -> None:
    out = run(r"""
        import urllib.request
        offline.install()
        text = refused(lambda: urllib.request.urlopen("http://\x1b\x07" + "a" * 5000))
        print(len(text) < 400, all(c.isprintable() or c == "\n" for c in text))
    """)
    assert out == "True True\n"
