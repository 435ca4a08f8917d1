"""What a migration's own connection shows of its locks, files and counts, asked between statements.

What is asked here is no part of the migration: it is not recorded, and the times that are told are
those of a clock which stands still meanwhile.
"""
import time

from . import measure_postgresql, measure_sqlite, session


class Measure(object):
    """One order's account; nothing is asked outside of one."""

    def __init__(self):
        self.is_on = False
        self._dialects = set()
        self._reset()

    def _reset(self):
        # Seconds that were spent in here.
        self._away = 0.0
        self._sessions = {}
        self._parts = []
        self._statements = []
        self._locks = []
        self._transactions = []
        self._unread = 0
        self._began = 0.0

    def begin(self):
        self._reset()
        self.is_on = True
        self._began = self.now()

    def take(self):
        """The account, in seconds since the order began; `clock` is the machine's own at that moment."""
        ended = self.now()
        for one in self._sessions.values():
            one.let_go(ended)
        self.is_on = False
        for locks in (self._locks, self._transactions, self._parts, self._statements):
            for entry in locks:
                for key in ("taken", "released", "began", "ended", "committing"):
                    if entry.get(key) is not None:
                        entry[key] = max(0.0, entry[key] - self._began)
        account = {
            "clock": self._began, "duration": ended - self._began, "parts": self._parts,
            "statements": self._statements, "locks": self._locks,
            "transactions": self._transactions, "unread": self._unread}
        self._reset()
        return account

    def now(self):
        return time.perf_counter() - self._away

    def begin_part(self, revision):
        """The function of a revision is about to be called."""
        if self.is_on:
            self._parts.append({"revision": revision, "began": self.now(), "ended": None})

    def end_part(self):
        """The revision is recorded, and committed where each is."""
        if self.is_on and self._parts:
            self._parts[-1]["ended"] = self.now()

    def before(self, connection, statement, is_streamed=False):
        """A statement is about to be sent; where its rows are streamed, they are read after it."""
        if not self.is_on:
            return
        raw = session.raw(connection)
        self._watch(connection.dialect)
        one = self._sessions.get(id(raw))
        if one is None or one.raw is not raw:
            kind = {"postgresql": measure_postgresql.Session, "sqlite": measure_sqlite.Session}.get(
                connection.dialect.name)
            if kind is None:
                return
            one = self._sessions[id(raw)] = kind(self, raw, connection.dialect)
        one.begin(statement, is_streamed)

    def after(self, connection, started, index, has_failed=False):
        """The statement was run; `started` is when, on the machine's clock, and `index` is its place
        among those recorded, None where it is not among them."""
        if not self.is_on:
            return
        arrived = time.perf_counter()
        try:
            one = self._sessions.get(id(session.raw(connection)))
        except Exception:
            # The connection is lost.
            one = None
        if one is None:
            return
        entry = {
            "statement": index, "began": started - self._away, "ended": arrived - self._away,
            "clock": [started, arrived]}
        if index is not None:
            self._statements.append(entry)
        self._ask(lambda: one.end(entry, has_failed))
        one.finish()

    def lock(self, relation, mode, statement, taken):
        """Notes a lock, still held; gives its entry."""
        entry = {
            "relation": relation, "mode": mode, "statement": statement, "taken": taken,
            "released": None}
        self._locks.append(entry)
        return entry

    def _ask(self, question):
        """Asks the database something without counting the time; the answer may be that it cannot."""
        left = time.perf_counter()
        try:
            question()
        except Exception:
            self._unread += 1
        finally:
            self._away += time.perf_counter() - left

    def _watch(self, dialect):
        """Looks at the connections of this dialect before they end a transaction, and after."""
        if id(dialect) in self._dialects:
            return
        self._dialects.add(id(dialect))
        for name in ("do_commit", "do_rollback"):
            setattr(dialect, name, self._ending(getattr(dialect, name), name == "do_commit"))
        # Kept, so that no other one takes its number.
        self.__dict__.setdefault("_kept", []).append(dialect)

    def _ending(self, end, commits):
        def ending(connection):
            raw = (
                getattr(connection, "dbapi_connection", None)
                or getattr(connection, "connection", None) or connection)
            one = self._sessions.get(id(raw)) if self.is_on else None
            if one is None or not one.is_open:
                return end(connection)
            if commits:
                self._ask(one.look)
            began = self.now()
            try:
                return end(connection)
            finally:
                ended = self.now()
                if not one.is_autocommit:
                    self._transactions.append({
                        "began": one.opened, "committing": began, "ended": ended,
                        "isCommitted": commits})
                one.close(began, ended)
        return ending
