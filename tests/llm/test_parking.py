"""The folder of parked prefixes: bounded, checked, and never a reason for work to fail."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from nbalign.llm.parking import WORTH_PARKING, Parking

TOKENS = list(range(WORTH_PARKING))
BOUND = 1 << 20


def writer(data: bytes) -> Callable[[Path], bool]:
    return lambda path: bool(path.write_bytes(data)) or True


def park(parking: Parking, tokens: list[int], data: bytes = b"x" * 1000) -> bool:
    return parking.park(tokens, len(data), writer(data))


def prefix(n: int) -> list[int]:
    return [n, *TOKENS]


def test_what_was_parked_is_found_again(tmp_path: Path) -> None:
    parking = Parking(tmp_path / "new" / "kv", "model", BOUND)
    assert parking.find(TOKENS) is None
    assert park(parking, TOKENS, b"state")
    found = parking.find(TOKENS)
    assert found is not None
    assert found.read_bytes().startswith(b"state")
    assert Parking(tmp_path / "new" / "kv", "model", 0).find(TOKENS) == found
    assert [path.name for path in found.parent.iterdir()] == [found.name]


def test_other_tokens_and_another_identity_are_something_else(tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model\nbuild=1", BOUND)
    park(parking, TOKENS)
    assert parking.find(TOKENS[:-1]) is None
    assert parking.find([*TOKENS, 0]) is None
    assert Parking(tmp_path, "model\nbuild=2", BOUND).find(TOKENS) is None
    paths = {Parking(tmp_path, identity, BOUND).path(tokens) for identity in "ab" for tokens in ([1, 2], [12], [1, 3])}
    assert len(paths) == 6


@pytest.mark.parametrize("at", [0, 1, 500, 999, 1000, -1])
def test_a_changed_byte_is_noticed_and_the_file_dropped(at: int, tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model", BOUND)
    park(parking, TOKENS)
    path = parking.path(TOKENS)
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert parking.find(TOKENS) is None
    assert not path.exists()


@pytest.mark.parametrize("left", [0, 1, 15, 16, 17, 999, 1000, 1015])
def test_a_file_that_is_cut_short_is_noticed(left: int, tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model", BOUND)
    park(parking, TOKENS)
    path = parking.path(TOKENS)
    path.write_bytes(path.read_bytes()[:left])
    assert parking.find(TOKENS) is None
    assert park(parking, TOKENS)
    assert parking.find(TOKENS) == path


def test_the_bound_holds_and_the_longest_unused_goes_first(tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model", 3500)
    for n in range(3):
        assert park(parking, prefix(n))
        os.utime(parking.path(prefix(n)), (1000 + n, 1000 + n))
    assert parking.find(prefix(0)) is not None  # used now, so 1 is the longest unused
    assert park(parking, prefix(3))
    left = [n for n in range(4) if parking.path(prefix(n)).exists()]
    assert left == [0, 2, 3]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3500


def test_too_large_and_too_short_are_not_parked_and_nothing_is_deleted_for_them(tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model", 2000)
    assert park(parking, prefix(1))
    assert not park(parking, prefix(2), b"x" * 2001)
    assert not park(parking, TOKENS[:-1])
    assert not park(Parking(tmp_path, "model", 0), TOKENS)
    assert parking.find(prefix(1)) is not None
    assert len(list(tmp_path.iterdir())) == 1


def test_a_disk_that_is_nearly_full_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Usage:
        free = 4000

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage)
    parking = Parking(tmp_path, "model", BOUND)
    assert not park(parking, TOKENS)  # 1000 bytes are more than a fifth of what is free
    assert park(parking, TOKENS, b"x" * 700)


def full(path: Path) -> bool:
    path.write_bytes(b"the beginning")
    raise OSError(errno.ENOSPC, "No space left on device")


def refused(path: Path) -> bool:
    path.write_bytes(b"the beginning")
    return False


@pytest.mark.parametrize("write", [full, refused])
def test_a_write_that_fails_leaves_nothing_behind(write: Callable[[Path], bool], tmp_path: Path) -> None:
    parking = Parking(tmp_path, "model", BOUND)
    assert not parking.park(TOKENS, 100, write)
    assert list(tmp_path.iterdir()) == []
    assert park(parking, TOKENS)


def test_a_folder_that_cannot_be_made_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    parking = Parking(tmp_path / "file" / "kv", "model", BOUND)
    assert parking.find(TOKENS) is None
    assert not park(parking, TOKENS)


def test_a_folder_that_cannot_be_written_can_still_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parking = Parking(tmp_path, "model", BOUND)
    park(parking, TOKENS)

    def read_only(*_args: object, **_named: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr("os.utime", read_only)
    monkeypatch.setattr(Path, "unlink", read_only)
    monkeypatch.setattr(Path, "replace", read_only)
    assert parking.find(TOKENS) is not None
    assert not park(parking, prefix(1))


def test_partial_files_of_killed_runs_go_and_those_of_running_ones_stay(tmp_path: Path) -> None:
    stale, fresh = tmp_path / "a.1.partial", tmp_path / "b.2.partial"
    for path in (stale, fresh):
        path.write_bytes(b"x")
    hours_ago = time.time() - 7200
    os.utime(stale, (hours_ago, hours_ago))
    assert park(Parking(tmp_path, "model", BOUND), TOKENS)
    assert not stale.exists()
    assert fresh.exists()
