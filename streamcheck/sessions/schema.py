"""The tables of the session store, as steps: a store of any age is brought to today's shape when it is opened.

Times are seconds from the start of the source, save `started`, `ended` and `made`, which are Unix seconds; `words` and
`because` are JSON. `PRAGMA user_version` holds the number of steps that a file has taken: a step is never changed,
the next is added behind it.

| table | a row is |
|---|---|
| session | a broadcast; `ended` is null while it runs, and for ever where its process was killed; of a reviewed file |
|         | `recording` is the path, and `content` tells the same file again |
| utterance | an utterance that will not change, empty ones too: a number that is missing was never checked |
| finding | the last state of a finding |
| decision | what a person decided; `fingerprint`, `rule` and `start` find the breach again after a re-run |
| gap | a span without sound, or that is not in the recording |
| status | a change of state or of trouble |
"""

STEPS = (
    """
    CREATE TABLE session (
        id TEXT PRIMARY KEY,
        started REAL NOT NULL,
        ended REAL,
        source TEXT NOT NULL,
        platform TEXT NOT NULL,
        model TEXT NOT NULL,
        language TEXT NOT NULL,
        presenter TEXT NOT NULL,
        version TEXT NOT NULL,
        seconds REAL NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX session_started ON session (started);
    CREATE TABLE utterance (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        start REAL,
        end REAL,
        heard_to REAL NOT NULL,
        words TEXT NOT NULL,
        PRIMARY KEY (session, number)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE finding (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        state TEXT NOT NULL,
        category TEXT NOT NULL,
        rule TEXT NOT NULL,
        severity TEXT NOT NULL,
        start REAL,
        end REAL,
        quote TEXT NOT NULL,
        context TEXT NOT NULL,
        message TEXT NOT NULL,
        suggestion TEXT NOT NULL,
        source TEXT NOT NULL,
        confidence REAL NOT NULL,
        because TEXT NOT NULL,
        file TEXT,
        line INTEGER,
        emitted REAL,
        fingerprint TEXT NOT NULL,
        ignored TEXT,
        PRIMARY KEY (session, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX finding_state ON finding (session, state);
    CREATE TABLE decision (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        finding TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        start REAL,
        verdict TEXT NOT NULL CHECK (verdict IN ('breach', 'false-alarm', 'unsure')),
        remark TEXT NOT NULL,
        assignee TEXT NOT NULL,
        made REAL NOT NULL,
        PRIMARY KEY (session, finding)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE gap (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        start REAL NOT NULL,
        end REAL NOT NULL,
        reason TEXT NOT NULL CHECK (reason IN ('source', 'recorder')),
        PRIMARY KEY (session, start)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE status (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        at REAL NOT NULL,
        state TEXT NOT NULL,
        detail TEXT NOT NULL
    ) STRICT;
    CREATE INDEX status_session ON status (session, at);
    """,
    """
    ALTER TABLE session ADD COLUMN recording TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN content TEXT NOT NULL DEFAULT '';
    CREATE TABLE decided (
        session TEXT NOT NULL REFERENCES session (id) ON DELETE CASCADE,
        finding TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        rule TEXT NOT NULL,
        start REAL,
        verdict TEXT NOT NULL CHECK (verdict IN ('breach', 'false-alarm', 'unsure', 'open')),
        remark TEXT NOT NULL,
        assignee TEXT NOT NULL,
        made REAL NOT NULL,
        PRIMARY KEY (session, finding)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO decided
        SELECT decision.session, decision.finding, decision.fingerprint, coalesce(finding.rule, ''), decision.start,
            verdict, remark, assignee, made
        FROM decision
            LEFT JOIN finding ON finding.session = decision.session AND finding.id = decision.finding;
    DROP TABLE decision;
    ALTER TABLE decided RENAME TO decision;
    """,
)
