"""What a connection to SQLite shows of itself: how long it keeps others from writing, and which
tables lie elsewhere than before.

There is one write lock for the whole file, taken by the first statement that writes and kept to the
end of the transaction (https://www.sqlite.org/lockingv3.html).
"""
import re

_READING = re.compile(
    r"\s*(?:--[^\n]*\n\s*)*(SELECT|PRAGMA|EXPLAIN|BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|ATTACH"
    r"|DETACH|ANALYZE\s+sqlite_schema)\b", re.IGNORECASE)
_MOVING = re.compile(r"\s*(CREATE|DROP|ALTER|VACUUM|REINDEX)\b", re.IGNORECASE)
# What ends a copy of a table, and what copies all of them. After others a page may be another one
# too: of a table made anew, and of one that auto_vacuum has put into a gap.
_REWRITING = re.compile(r"\s*(ALTER\b.*\bRENAME\b|VACUUM\b|REINDEX\b)", re.IGNORECASE | re.DOTALL)
_ROOTS = "SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0"


class Session(object):
    """One connection of the migration's."""

    def __init__(self, measure, raw, dialect):
        self.raw = raw
        self._measure = measure
        self._statement = ""
        self.is_open = False
        self.opened = None
        self._lock = None
        # Where each table and index was last, also those that are gone.
        self._roots = None

    def begin(self, statement, is_streamed=False):
        self._statement = statement
        if self._roots is None:
            self._measure._ask(lambda: self._read())
        if not self.is_open:
            self.is_open = True
            self.opened = self._measure.now()

    def end(self, entry, has_failed):
        is_writing = not _READING.match(self._statement) and not has_failed
        if is_writing and self._lock is None:
            self._lock = self._measure.lock(None, "Reserved", entry["statement"], entry["began"])
        if not self._in_transaction():
            self.let_go(entry["ended"])
            self.is_open = False
        if is_writing and _MOVING.match(self._statement):
            moved = self._read()
            if _REWRITING.match(self._statement):
                entry["roots"] = moved

    def finish(self):
        """Nothing was begun here."""

    @property
    def is_autocommit(self):
        return self._lock is None

    def look(self):
        """All is known that there is to know."""

    def close(self, began, ended):
        if self._lock is not None:
            # Readers of a database without a write-ahead log wait as long as the commit is written.
            committing = self._measure.lock(None, "FileExclusive", None, began)
            committing["released"] = ended
        self.let_go(ended)
        self.is_open = False

    def let_go(self, moment):
        if self._lock is not None:
            self._lock["released"] = moment
            self._lock = None

    def _in_transaction(self):
        driver = getattr(self.raw, "driver_connection", None) or self.raw
        return bool(getattr(driver, "in_transaction", False))

    def _read(self):
        """Where everything lies now; gives the names of what lies elsewhere than before."""
        cursor = self.raw.cursor()
        try:
            cursor.execute(_ROOTS)
            now = {row[0]: row[1] for row in cursor.fetchall()}
        finally:
            cursor.close()
        known = self._roots or {}
        moved = sorted(name for name, page in now.items() if known.get(name, page) != page)
        self._roots = dict(known, **now)
        return moved
