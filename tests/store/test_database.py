"""The store: transactions, threads, and what a user reads when SQLite refuses."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from nbalign.errors import StoreError, UsageError
from nbalign.store.database import Store
from nbalign.store.migrations import MIGRATIONS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.create(tmp_path / "nbalign.db") as made:
        yield made


def settings(store: Store) -> list[str]:
    return [row["name"] for row in store.rows("SELECT name FROM settings ORDER BY name")]


def put(store: Store, name: str) -> None:
    with store.write() as db:
        db.execute("INSERT INTO settings VALUES (?, '1')", (name,))


def test_writes_are_durable_and_foreign_keys_hold(store: Store) -> None:
    pragmas = {name: store.rows(f"PRAGMA {name}")[0][0] for name in ("journal_mode", "synchronous", "foreign_keys")}
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_what_is_written_is_there_after_reopening(store: Store) -> None:
    put(store, "kept")
    store.close()
    with Store.open(store.path) as again:
        assert settings(again) == ["kept"]
        assert not again.read_only


def test_a_failed_block_leaves_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as db:
        db.execute("INSERT INTO settings VALUES ('lost', '1')")
        raise RuntimeError
    assert settings(store) == []
    put(store, "after")
    assert settings(store) == ["after"]


def test_an_inner_block_joins_the_outer_one(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write():
        put(store, "inner")
        assert settings(store) == ["inner"]
        raise RuntimeError
    assert settings(store) == []


def test_an_inner_failure_that_is_caught_takes_only_its_own_part_back(store: Store) -> None:
    with store.write():
        put(store, "outer")
        with pytest.raises(RuntimeError), store.write() as db:
            db.execute("INSERT INTO settings VALUES ('inner', '1')")
            raise RuntimeError
    assert settings(store) == ["outer"]


def test_inserts_of_sqlite_utils_take_part_in_the_transaction(store: Store) -> None:
    with pytest.raises(RuntimeError), store.write() as db:
        db.table("settings").insert({"name": "lost", "value": "1"})
        raise RuntimeError
    assert settings(store) == []


def test_threads_share_a_store_and_lose_nothing(store: Store) -> None:
    def work(thread: int) -> None:
        for n in range(20):
            put(store, f"{thread}-{n:02}")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(settings(store)) == 80


def test_connections_of_ended_threads_are_closed(store: Store) -> None:
    for n in range(10):
        thread = threading.Thread(target=put, args=(store, str(n)))
        thread.start()
        thread.join()
    assert len(store._connections) <= 2


def test_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        settings(store)
    with pytest.raises(StoreError, match="closed"), store.write():
        pass


def test_creating_makes_the_folder_and_never_overwrites(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "nbalign.db"
    Store.create(path).close()
    with pytest.raises(StoreError, match="already"):
        Store.create(path)
    blocked = tmp_path / "file"
    blocked.write_text("x")
    with pytest.raises(StoreError, match="cannot make"):
        Store.create(blocked / "nbalign.db")


def test_an_odd_path_is_taken_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? ä&mode=ro" / "nbalign.db"
    Store.create(path).close()
    with Store.open(path) as store:
        put(store, "x")
    assert path.is_file()


@pytest.mark.parametrize(
    "content", [b"this is text, long enough to be read as a header. " * 50, b"SQLite format 3\0junk"]
)
def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nbalign.db"
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"not a SQLite database|damaged"):
        Store.open(path)
    assert path.read_bytes() == content


def test_a_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nbalign.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE bookmarks (url)")
    other.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(path)


def test_an_empty_file_left_by_a_crash_becomes_a_store(tmp_path: Path) -> None:
    path = tmp_path / "nbalign.db"
    path.touch()
    with Store.open(path) as store:
        put(store, "x")


def test_a_newer_schema_is_refused_and_left_alone(store: Store) -> None:
    with store.write() as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    store.close()
    with pytest.raises(StoreError, match="newer nbalign") as caught:
        Store.open(store.path)
    assert "Upgrade" in caught.value.hint


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.db", tmp_path):
        with pytest.raises(StoreError, match="no workspace database") as caught:
            Store.open(path)
        assert "nbalign init" in caught.value.hint
    assert not (tmp_path / "none.db").exists()


def test_nothing_is_written_to_a_file_that_was_taken_away(store: Store, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.db"
    store.path.rename(elsewhere)
    with pytest.raises(StoreError, match="deleted, moved or replaced"):
        put(store, "a")
    store.path.write_bytes(b"")
    with pytest.raises(StoreError, match="deleted, moved or replaced"):
        put(store, "b")
    store.path.unlink()
    elsewhere.rename(store.path)
    put(store, "c")
    assert settings(store) == ["c"]


def test_damage_in_the_middle_is_named(store: Store) -> None:
    with store.write() as db:
        for n in range(2000):
            db.execute("INSERT INTO settings VALUES (?, ?)", (f"{n:05}", "v" * 200))
    store.close()
    data = bytearray(store.path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40_000] = b"\xa5" * 40_000
    store.path.write_bytes(data)
    with Store.open(store.path) as damaged, pytest.raises(StoreError, match="damaged"):
        damaged.rows("SELECT * FROM settings")


def test_a_full_disk_writes_nothing_and_says_so(store: Store) -> None:
    put(store, "before")
    pages = store.rows("PRAGMA page_count")[0][0]
    store.db.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreError, match="disk is full"), store.write() as db:
        db.execute("INSERT INTO settings VALUES ('big', ?)", ("x" * 100_000,))
    store.db.execute("PRAGMA max_page_count = 100000")
    assert settings(store) == ["before"]
    put(store, "later")
    assert settings(store) == ["before", "later"]


def test_a_writer_that_waits_too_long_is_told_why(store: Store) -> None:
    put(store, "seen")
    with store.write(), Store.open(store.path, busy_seconds=0.01) as other:
        assert settings(other) == ["seen"]  # readers never wait
        with pytest.raises(StoreError, match="another process"), other.write():
            pass


def test_a_bug_in_sql_is_a_store_error_too(store: Store) -> None:
    with pytest.raises(StoreError, match="no such table"):
        store.rows("SELECT * FROM nowhere")
    with pytest.raises(StoreError, match="FOREIGN KEY"), store.write() as db:
        db.execute("INSERT INTO flags (at, notebook, rater, flag, is_on) VALUES ('', 'none', 'r', 'flagged', 1)")


@pytest.mark.parametrize("value", ["half a character: \ud800", 10**30])
def test_a_value_that_sqlite_cannot_hold_is_a_usage_error(store: Store, value: object) -> None:
    with pytest.raises(UsageError):
        store.rows("SELECT * FROM settings WHERE name = ?", (value,))
    with pytest.raises(UsageError), store.write() as db:
        db.execute("INSERT INTO settings VALUES ('x', ?)", (value,))
    assert settings(store) == []
