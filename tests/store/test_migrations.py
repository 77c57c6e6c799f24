"""Upgrades: one transaction a step, a copy kept first, safe against a second process."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
import sqlite_utils

from nbalign.errors import StoreError
from nbalign.store.database import Store
from nbalign.store.migrations import MIGRATIONS, Migration, check_owner, migrate, schema_version


def add_mood(db: sqlite_utils.Database) -> None:
    db.conn.execute("ALTER TABLE settings ADD COLUMN mood TEXT")


def fail_half_way(db: sqlite_utils.Database) -> None:
    db.conn.execute("CREATE TABLE half (x)")
    raise sqlite3.OperationalError("the lights went out")


def database(path: Path) -> sqlite_utils.Database:
    return sqlite_utils.Database(sqlite3.connect(path, isolation_level=None))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    made = tmp_path / "nbalign.db"
    with Store.create(made) as store, store.write() as db:
        db.execute("INSERT INTO settings VALUES ('kept', '1')")
    return made


def test_a_new_file_is_at_the_latest_version_without_a_copy(path: Path) -> None:
    assert schema_version(database(path)) == len(MIGRATIONS)
    assert [p.name for p in path.parent.iterdir() if "before" in p.name] == []


def test_an_upgrade_keeps_the_data_and_a_copy_of_the_old_file(path: Path) -> None:
    steps: tuple[Migration, ...] = (*MIGRATIONS, add_mood)
    db = database(path)
    migrate(db, path, steps)
    assert db.conn.execute("SELECT * FROM settings").fetchall() == [("kept", "1", None)]
    assert schema_version(db) == len(steps)
    copy = database(path.with_name(f"nbalign.db.before-v{len(steps)}"))
    assert copy.conn.execute("SELECT * FROM settings").fetchall() == [("kept", "1")]
    assert schema_version(copy) == len(MIGRATIONS)
    migrate(db, path, steps)  # nothing is left to do


def test_a_step_that_fails_changes_nothing(path: Path) -> None:
    db = database(path)
    with pytest.raises(sqlite3.OperationalError):
        migrate(db, path, (*MIGRATIONS, fail_half_way))
    assert schema_version(db) == len(MIGRATIONS)
    assert db.conn.execute("SELECT count(*) FROM sqlite_master WHERE name = 'half'").fetchone() == (0,)
    migrate(db, path, (*MIGRATIONS, add_mood))


def test_without_room_for_the_copy_nothing_is_upgraded(path: Path) -> None:
    steps: tuple[Migration, ...] = (*MIGRATIONS, add_mood)
    db = database(path)
    # A folder stands where the draft of the copy would go: as root, permissions would not stop it.
    path.with_name(f"nbalign.db.before-v{len(steps)}.{os.getpid()}.tmp").mkdir()
    with pytest.raises(StoreError, match="cannot keep a copy"):
        migrate(db, path, steps)
    assert schema_version(db) == len(MIGRATIONS)


def test_a_second_process_that_upgrades_at_the_same_time_does_not_repeat_a_step(path: Path) -> None:
    steps: tuple[Migration, ...] = (*MIGRATIONS, add_mood)
    first, second = database(path), database(path)

    def overtaken(db: sqlite_utils.Database) -> None:
        raise AssertionError("the step was done already")

    migrate(first, path, steps)
    migrate(second, path, (*MIGRATIONS, overtaken))
    assert schema_version(second) == len(steps)


def test_the_owner_check_knows_its_own(path: Path) -> None:
    db = database(path)
    assert check_owner(db, path) == len(MIGRATIONS)
    with pytest.raises(StoreError, match="newer"):
        check_owner(db, path, ())


def test_a_workspace_from_before_time_was_recorded_is_upgraded_with_its_labels(tmp_path: Path) -> None:
    old = tmp_path / "nbalign.db"
    db = database(old)
    migrate(db, old, MIGRATIONS[:2])
    db.conn.execute("INSERT INTO settings VALUES ('kept', '1')")
    db.conn.close()
    with Store.open(old) as store:
        assert store.rows("SELECT value FROM settings")[0]["value"] == "1"
        assert store.rows("SELECT * FROM activity") == []
        assert store.rows("SELECT * FROM bags") == []
        assert store.rows("SELECT * FROM runs") == []
    assert schema_version(database(tmp_path / f"nbalign.db.before-v{len(MIGRATIONS)}")) == 2
