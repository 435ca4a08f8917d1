"""What a backend of PostgreSQL shows of itself: the locks that it holds, and what lies behind them.

Locks of a transaction are kept to its end (https://www.postgresql.org/docs/current/explicit-locking.html),
so that looking after each statement and before each commit misses none of them. A statement outside of
one is a transaction by itself: where PostgreSQL lets it, that one is begun and committed here, and looked
at in between. Of the others is told what they left, and their locks are watched from another connection.
"""
import json
import re

from . import measure_alone

# Relations from here on are not the system's own (FirstNormalObjectId in access/transam.h).
_QUERY = """
WITH held AS MATERIALIZED (
  SELECT l.relation::pg_catalog.int8 AS id, l.relation AS oid, l.mode
  FROM pg_catalog.pg_locks l
  WHERE l.pid = pg_catalog.pg_backend_pid() AND l.locktype = 'relation' AND l.granted
    AND l.relation::pg_catalog.int8 >= 16384)
SELECT pg_catalog.json_build_object(
  'wal', (pg_catalog.pg_current_wal_insert_lsn() - '0/0'::pg_catalog.pg_lsn)::pg_catalog.text,
  'locks', (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(h.id, h.mode)) FROM held h),
  'relations', (
    SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
      r.id, pg_catalog.pg_relation_filenode(r.oid)::pg_catalog.int8,
      pg_catalog.pg_stat_get_xact_numscans(r.oid),
      pg_catalog.pg_stat_get_xact_tuples_returned(r.oid),
      pg_catalog.pg_stat_get_xact_tuples_inserted(r.oid),
      pg_catalog.pg_stat_get_xact_tuples_updated(r.oid),
      pg_catalog.pg_stat_get_xact_tuples_deleted(r.oid), x.indrelid::pg_catalog.int8, c.relname))
    FROM (SELECT DISTINCT h.id, h.oid FROM held h) r
      LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = r.oid
      LEFT JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid))::pg_catalog.text{flush}
"""
_COUNTS = ("scans", "read", "inserted", "updated", "deleted")
# From PostgreSQL 15 on the server counts at once what the transaction did, when it ends.
_FLUSH = ", pg_catalog.pg_stat_force_next_flush()::pg_catalog.text"
# Nothing may be asked between these and what follows them, and they take no locks themselves.
_QUIET = re.compile(
    r"\s*(SET|RESET|SHOW|BEGIN|START|SAVEPOINT|RELEASE|COMMIT|END|ROLLBACK|ABORT|PREPARE|DISCARD)\b",
    re.IGNORECASE)
_ENDING = re.compile(
    r"\s*(?:COMMIT|END|ABORT|ROLLBACK(?!\s+(?:\w+\s+)?TO\b)|PREPARE\s+TRANSACTION)\b", re.IGNORECASE)


class Session(object):
    """One connection of the migration's."""

    def __init__(self, measure, raw, dialect):
        self.raw = raw
        self._measure = measure
        version = getattr(dialect, "server_version_info", None) or (0,)
        self._flushes = version >= (15,)
        self._query = _QUERY.replace("{flush}", _FLUSH if self._flushes else "")
        self._statement = ""
        # A transaction may be open, since this moment.
        self.is_open = False
        self.opened = None
        self._held = {}
        self._relations = {}
        self._wal = None
        self._last = None
        # The transaction that holds one statement was begun here.
        self._is_wrapped = False
        # What lay where before a statement that is watched from outside.
        self._before = None

    def begin(self, statement, is_streamed=False):
        self._statement = statement
        self._before = None
        if not self.is_open:
            self.is_open = True
            self.opened = self._measure.now()
        if self.is_autocommit and not _QUIET.match(statement):
            self._measure._ask(lambda: self._begin_alone(is_streamed))

    def _begin_alone(self, is_streamed):
        if measure_alone.in_transaction(self.raw):
            return
        if not is_streamed and measure_alone.may_be_wrapped(self._statement):
            measure_alone.run(self.raw, "BEGIN")
            self._is_wrapped = True
        else:
            self._before = measure_alone.image(self.raw, self._flushes)

    def finish(self):
        """Commits the transaction that was begun here, as the server would have done by itself."""
        if not self._is_wrapped:
            return
        self._is_wrapped = False
        began = self._measure.now()
        try:
            measure_alone.run(self.raw, "COMMIT")
        finally:
            # What is checked at the end only may refuse it.
            self.close(began, self._measure.now())

    def end(self, entry, has_failed):
        if self._is_wrapped:
            entry["isWrapped"] = True
        if self._is_wrapped and has_failed:
            self._is_wrapped = False
            self.close(entry["ended"], entry["ended"])
            measure_alone.run(self.raw, "ROLLBACK")
            return
        if self._before is not None:
            entry["isAlone"] = True
            self.is_open = False
            before, self._before = self._before, None
            after = measure_alone.image(self.raw, self._flushes)
            entry["wal"] = after.wal - before.wal
            entry["relations"] = measure_alone.changes(before, after, _COUNTS)
            self._wal = after.wal
            return
        if has_failed:
            # The server has let go of what the transaction held, or, within a savepoint, tells
            # after the next statement what it still holds.
            return
        if _QUIET.match(self._statement):
            if _ENDING.match(self._statement):
                self.close(entry["ended"], entry["ended"])
            return
        self._last = entry
        self._take(self._read(), entry)

    @property
    def is_autocommit(self):
        return bool(getattr(self.raw, "autocommit", False))

    def look(self):
        """Before a commit: what came to be held past SQLAlchemy."""
        self._take(self._read(), None)

    def close(self, began, ended):
        """The transaction has ended."""
        self.let_go(ended)
        self.is_open = False
        if self._flushes:
            self._relations = {}

    def let_go(self, moment):
        for lock in self._held.values():
            lock["released"] = moment
        self._held = {}

    def _read(self):
        return json.loads(measure_alone.run(self.raw, self._query))

    def _take(self, reading, entry):
        self._count(reading, entry)
        now = {(one[0], one[1]) for one in reading["locks"] or ()}
        moment = entry["began"] if entry is not None else self._measure.now()
        for key in [key for key in self._held if key not in now]:
            # Let go with a savepoint, or with a transaction that ended past SQLAlchemy.
            self._held.pop(key)["released"] = moment
        statement = entry["statement"] if entry is not None else None
        if entry is None and self._last is not None:
            moment = self._last["ended"]
        for key in sorted(now):
            if key not in self._held:
                self._held[key] = self._measure.lock(key[0], key[1], statement, moment)

    def _count(self, reading, entry):
        wal = int(reading["wal"])
        before, self._wal = self._wal, wal
        changes = []
        for identity, file, *counts, table, name in reading["relations"] or ():
            known = self._relations.get(identity)
            self._relations[identity] = (file, counts)
            if known is None:
                differences = counts
            else:
                differences = [now - then for now, then in zip(counts, known[1])]
                if min(differences) < 0:
                    differences = counts
            if any(differences) or known is None or known[0] != file:
                change = dict(zip(_COUNTS, differences), relation=identity, file=file)
                if known is None and table is not None:
                    change["table"], change["name"] = table, name
                changes.append(change)
        if entry is not None:
            entry["wal"] = wal - before if before is not None else None
            entry["relations"] = changes
