"""A workspace that cannot be written can still be looked at, and says why it cannot be written."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import StoreError
from nbalign.store.database import Store

# Reads, then writes, as a user whom file permissions bind: root drops its rights first, because it may write anywhere.
CHILD = """
import os, sys
from pathlib import Path
from nbalign.errors import StoreError
from nbalign.store.database import Store
if os.geteuid() == 0:
    os.seteuid(65534)
try:
    store = Store.open(Path(sys.argv[1]))
except StoreError as error:
    print("refused", "|", error)
    sys.exit()
print("reads", store.rows("SELECT count(*) FROM settings")[0][0])
try:
    with store.write() as db:
        db.execute("INSERT INTO settings VALUES ('new', '1')")
except StoreError as error:
    print("refused", "|", error.message, "|", error.hint)
else:
    print("written")
store.close()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Not below `tmp_path`, whose parents only their owner may enter."""
    made = Path(tempfile.mkdtemp(prefix="nbalign-read-only-"))
    made.chmod(0o755)
    with Store.create(made / "nbalign.db") as store, store.write() as db:
        db.execute("INSERT INTO settings VALUES ('old', '1')")
    yield made
    made.chmod(0o755)
    shutil.rmtree(made)


def child(path: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(path)], capture_output=True, text=True, cwd=Path(__file__).parents[2]
    )
    if done.returncode and "seteuid" in done.stderr:
        pytest.skip("this root may not drop its rights")
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_without_write_access_is_opened_for_reading(folder: Path) -> None:
    (folder / "nbalign.db").chmod(0o666)
    folder.chmod(0o555)
    out = child(folder / "nbalign.db")
    assert "reads 1" in out
    assert "read-only: you may not write the folder" in out
    assert "Copy the workspace" in out


def test_a_file_without_write_access_is_opened_for_reading(folder: Path) -> None:
    (folder / "nbalign.db").chmod(0o444)
    folder.chmod(0o777)
    out = child(folder / "nbalign.db")
    assert "reads 1" in out
    assert "read-only: you may not write" in out


def test_unmerged_changes_are_never_silently_left_out(folder: Path) -> None:
    path = folder / "nbalign.db"
    with Store.open(path) as store:
        with store.write() as db:
            db.execute("INSERT INTO settings VALUES ('in the log', '1')")
        main, log = path.read_bytes(), Path(f"{path}-wal").read_bytes()
    path.write_bytes(main)
    Path(f"{path}-wal").write_bytes(log)
    Path(f"{path}-shm").unlink(missing_ok=True)
    folder.chmod(0o555)
    out = child(path)
    assert "refused" in out
    assert "unsaved changes" in out
    assert "Copy the whole workspace folder" in out


def test_reading_alone_on_request(folder: Path) -> None:
    with Store.open(folder / "nbalign.db", read_only=True) as store:
        assert store.read_only
        assert store.rows("SELECT name FROM settings")[0]["name"] == "old"
        with pytest.raises(StoreError, match="opened for reading alone"), store.write():
            pass


def test_a_folder_in_the_place_of_the_log_is_a_clear_error(folder: Path) -> None:
    for name in ("-wal", "-shm"):
        Path(f"{folder / 'nbalign.db'}{name}").unlink(missing_ok=True)
    Path(f"{folder / 'nbalign.db'}-wal").mkdir()
    with pytest.raises(StoreError) as caught:
        Store.open(folder / "nbalign.db")
    assert caught.value.hint


def test_an_empty_file_that_cannot_be_set_up_says_so(folder: Path) -> None:
    path = folder / "empty.db"
    path.touch()
    with pytest.raises(StoreError, match="brought up to date"):
        Store.open(path, read_only=True)
