"""The tables. Text is UTF-8, times are UTC in ISO 8601, JSON columns hold what `json.dumps` writes."""

from __future__ import annotations

# An event that no undo takes back. An undo that was itself taken back (a redo) does not count.
_LIVE = """NOT EXISTS (
    SELECT 1 FROM label_events u WHERE u.undoes = {event}.id
    AND NOT EXISTS (SELECT 1 FROM label_events r WHERE r.undoes = u.id))"""

VERSION_1: tuple[str, ...] = (
    # Wide columns come last: SQLite walks through a row's long values to reach what stands behind them.
    """
    CREATE TABLE notebooks (
        sha256 TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        format TEXT NOT NULL,
        language TEXT NOT NULL,
        cells INTEGER NOT NULL CHECK (cells >= 0),
        imported_at TEXT NOT NULL,
        prompt_source TEXT NOT NULL,
        prompt TEXT NOT NULL,
        warnings TEXT NOT NULL,
        sidecar TEXT,
        raw BLOB NOT NULL
    )""",
    "CREATE INDEX notebooks_by_name ON notebooks (name)",
    """
    CREATE TABLE rubrics (
        sha256 TEXT PRIMARY KEY NOT NULL,
        id TEXT NOT NULL,
        version INTEGER NOT NULL CHECK (version > 0),
        title TEXT NOT NULL,
        text TEXT NOT NULL,
        added_at TEXT NOT NULL
    )""",
    "CREATE INDEX rubrics_by_id ON rubrics (id)",
    """
    CREATE TABLE label_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('set', 'clear', 'undo')),
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        rubric TEXT NOT NULL,
        rubric_sha256 TEXT NOT NULL REFERENCES rubrics (sha256),
        dimension TEXT NOT NULL,
        rater TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('rater', 'decision')),
        score INTEGER,
        justification TEXT NOT NULL DEFAULT '',
        cells TEXT NOT NULL DEFAULT '[]',
        undoes INTEGER REFERENCES label_events (id),
        source TEXT NOT NULL CHECK (source IN ('tui', 'cli', 'import', 'api')),
        CHECK ((action = 'set') = (score IS NOT NULL)),
        CHECK ((action = 'undo') = (undoes IS NOT NULL))
    )""",
    "CREATE INDEX label_events_by_key ON label_events (notebook, rubric, dimension, rater, role)",
    "CREATE INDEX label_events_by_rater ON label_events (rater)",
    "CREATE INDEX label_events_by_undoes ON label_events (undoes) WHERE undoes IS NOT NULL",
    f"""
    CREATE VIEW label_history AS
    SELECT e.*, {_LIVE.format(event="e")} AS live FROM label_events e""",
    f"""
    CREATE VIEW live_labels AS
    SELECT e.* FROM label_events e
    WHERE e.action = 'set' AND {_LIVE.format(event="e")}
    AND NOT EXISTS (
        SELECT 1 FROM label_events l
        WHERE l.notebook = e.notebook AND l.rubric = e.rubric AND l.dimension = e.dimension
        AND l.rater = e.rater AND l.role = e.role AND l.id > e.id AND l.action <> 'undo'
        AND {_LIVE.format(event="l")})""",
    # The keys and events of `live_labels`, written with every event: the view alone takes half a second to list the
    # labels of 100,000 events.
    """
    CREATE TABLE current_labels (
        rater TEXT NOT NULL,
        rubric TEXT NOT NULL,
        notebook TEXT NOT NULL,
        dimension TEXT NOT NULL,
        role TEXT NOT NULL,
        event INTEGER NOT NULL REFERENCES label_events (id),
        PRIMARY KEY (rater, rubric, notebook, dimension, role)
    ) WITHOUT ROWID""",
    "CREATE INDEX current_labels_by_notebook ON current_labels (notebook, rubric, dimension)",
    """
    CREATE TABLE flags (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        rater TEXT NOT NULL,
        flag TEXT NOT NULL CHECK (flag IN ('flagged', 'skipped')),
        is_on INTEGER NOT NULL CHECK (is_on IN (0, 1))
    )""",
    "CREATE INDEX flags_by_rater ON flags (rater, notebook, flag)",
    """
    CREATE VIEW current_flags AS
    SELECT f.notebook, f.rater, f.flag, f.at FROM flags f
    WHERE f.is_on = 1 AND NOT EXISTS (
        SELECT 1 FROM flags l
        WHERE l.rater = f.rater AND l.notebook = f.notebook AND l.flag = f.flag AND l.id > f.id)""",
    """
    CREATE TABLE drafts (
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        rubric TEXT NOT NULL,
        dimension TEXT NOT NULL,
        rater TEXT NOT NULL,
        text TEXT NOT NULL,
        cells TEXT NOT NULL DEFAULT '[]',
        at TEXT NOT NULL,
        PRIMARY KEY (notebook, rubric, dimension, rater)
    )""",
    """
    CREATE TABLE judgements (
        key TEXT PRIMARY KEY NOT NULL,
        judge TEXT NOT NULL,
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        rubric TEXT NOT NULL,
        rubric_sha256 TEXT NOT NULL REFERENCES rubrics (sha256),
        dimension TEXT NOT NULL,
        probabilities TEXT NOT NULL,
        expected REAL,
        score INTEGER NOT NULL,
        mass REAL NOT NULL,
        cut TEXT NOT NULL DEFAULT '[]',
        tokens INTEGER NOT NULL,
        prefix_tokens INTEGER NOT NULL,
        seconds REAL NOT NULL,
        made_by TEXT NOT NULL DEFAULT '{}',
        at TEXT NOT NULL
    )""",
    "CREATE INDEX judgements_by_notebook ON judgements (notebook, rubric, dimension)",
    "CREATE INDEX judgements_by_judge ON judgements (judge)",
    """
    CREATE TABLE rationales (
        judgement TEXT PRIMARY KEY NOT NULL REFERENCES judgements (key),
        text TEXT NOT NULL,
        at TEXT NOT NULL
    )""",
    "CREATE TABLE settings (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)",
)

# What alignment and its experiments keep. Answers, distillations, memories and experiments are found by what made them
# and never change; guidelines are events, like labels.
VERSION_2: tuple[str, ...] = (
    """
    CREATE TABLE probes (
        key TEXT PRIMARY KEY NOT NULL,
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        probabilities TEXT NOT NULL,
        mass REAL NOT NULL,
        tokens INTEGER NOT NULL,
        prefix_tokens INTEGER NOT NULL,
        seconds REAL NOT NULL,
        made_by TEXT NOT NULL DEFAULT '{}',
        at TEXT NOT NULL
    )""",
    "CREATE INDEX probes_by_notebook ON probes (notebook)",
    """
    CREATE TABLE distillations (
        key TEXT PRIMARY KEY NOT NULL,
        rubric TEXT NOT NULL,
        dimension TEXT NOT NULL,
        text TEXT NOT NULL,
        tokens INTEGER NOT NULL,
        generated INTEGER NOT NULL,
        seconds REAL NOT NULL,
        made_by TEXT NOT NULL DEFAULT '{}',
        at TEXT NOT NULL
    )""",
    """
    CREATE TABLE guideline_events (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        action TEXT NOT NULL CHECK (action IN ('propose', 'accept', 'edit', 'reject', 'pin', 'unpin', 'write')),
        guideline TEXT NOT NULL,
        rubric TEXT NOT NULL,
        dimension TEXT NOT NULL,
        text TEXT NOT NULL,
        sources TEXT NOT NULL DEFAULT '[]',
        who TEXT NOT NULL DEFAULT ''
    )""",
    "CREATE INDEX guideline_events_by_guideline ON guideline_events (guideline)",
    """
    CREATE TABLE memories (
        version TEXT PRIMARY KEY NOT NULL,
        rubric TEXT NOT NULL,
        rubric_sha256 TEXT NOT NULL,
        parent TEXT NOT NULL DEFAULT '',
        model TEXT NOT NULL DEFAULT '',
        at TEXT NOT NULL,
        content TEXT NOT NULL
    )""",
    """
    CREATE TABLE experiments (
        id TEXT PRIMARY KEY NOT NULL,
        rubric TEXT NOT NULL,
        at TEXT NOT NULL,
        options TEXT NOT NULL,
        result TEXT NOT NULL
    )""",
    """
    CREATE TABLE audit_picks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at TEXT NOT NULL,
        rubric TEXT NOT NULL,
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        judge TEXT NOT NULL,
        memory TEXT NOT NULL DEFAULT '',
        why TEXT NOT NULL CHECK (why IN ('random', 'uncertain', 'novel')),
        weight REAL NOT NULL DEFAULT 1
    )""",
    "CREATE INDEX audit_picks_by_rubric ON audit_picks (rubric, notebook)",
)

# How long raters worked on which notebook, and what notebooks are about: the stems of each as hashed counts, read once
# (derived data that may be deleted).
VERSION_3: tuple[str, ...] = (
    """
    CREATE TABLE activity (
        session TEXT NOT NULL,
        visit INTEGER NOT NULL,
        rater TEXT NOT NULL,
        rubric TEXT NOT NULL,
        notebook TEXT NOT NULL REFERENCES notebooks (sha256),
        began_at TEXT NOT NULL,
        until_at TEXT NOT NULL,
        seconds REAL NOT NULL CHECK (seconds >= 0),
        PRIMARY KEY (session, visit)
    ) WITHOUT ROWID""",
    "CREATE INDEX activity_by_rater ON activity (rater, rubric)",
    """
    CREATE TABLE bags (
        notebook TEXT PRIMARY KEY NOT NULL REFERENCES notebooks (sha256),
        made_by TEXT NOT NULL,
        places BLOB NOT NULL,
        counts BLOB NOT NULL
    ) WITHOUT ROWID""",
)

# Runs of an assistant's notebooks, and which variants were tried one after the other. A notebook that came by a run is
# set aside: it waits in no rater's queue unless somebody labels it or picks it for review.
VERSION_4: tuple[str, ...] = (
    """
    CREATE TABLE runs (
        name TEXT PRIMARY KEY NOT NULL,
        at TEXT NOT NULL,
        suite TEXT NOT NULL,
        content TEXT NOT NULL
    )""",
    """
    CREATE TABLE productions (
        run TEXT NOT NULL REFERENCES runs (name),
        case_id TEXT NOT NULL,
        repeat INTEGER NOT NULL CHECK (repeat > 0),
        notebook TEXT REFERENCES notebooks (sha256),
        problem TEXT NOT NULL DEFAULT '',
        evaluated INTEGER NOT NULL DEFAULT 0,
        generated INTEGER NOT NULL DEFAULT 0,
        seconds REAL NOT NULL DEFAULT 0,
        failed_cells INTEGER NOT NULL DEFAULT 0,
        notes TEXT NOT NULL DEFAULT '[]',
        at TEXT NOT NULL,
        PRIMARY KEY (run, case_id, repeat)
    )""",
    "CREATE INDEX productions_by_notebook ON productions (notebook)",
    """
    CREATE TABLE climbs (
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        run TEXT NOT NULL,
        changed TEXT NOT NULL,
        at TEXT NOT NULL,
        PRIMARY KEY (name, position)
    )""",
    "CREATE TABLE set_aside (notebook TEXT PRIMARY KEY NOT NULL, at TEXT NOT NULL) WITHOUT ROWID",
)
