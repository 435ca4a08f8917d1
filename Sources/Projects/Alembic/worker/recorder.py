"""Every statement that reaches a driver through SQLAlchemy: text, duration, line, notices, error."""
import re
import sys
import time

from . import failures, flaws, halts, session
from .measure import Measure

LIMIT = 2000
_READING = re.compile(
    r"\s*(SELECT|WITH|PRAGMA|SHOW|SET|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|EXPLAIN)\b", re.I)
_TAKING = re.compile(r"\b(DELETE|DROP|REPLACE)\b", re.I)


class Recorder(object):
    def __init__(self):
        self.statements = []
        self.failed = []
        self._started = 0.0
        self._pending = []
        self.is_keeping_versions = False
        # Called with each statement as it is sent; for what env.py does to its session.
        self.listener = None
        # The revision's file as its code names it: statements carry the line of it that sent them.
        self.file = None
        # Which revision that is, while one order takes several.
        self.revision = None
        # What may keep a step from being recorded, in the order in which it was seen.
        self.flaws = flaws.Flaws(self)
        self.measure = Measure()
        self.halts = halts.Halts(self)
        # Whether a connection leads to another database than the migrated one; its statements are not
        # told.
        self.is_beside = lambda connection: False

    def install(self):
        from sqlalchemy import event
        from sqlalchemy.engine import Engine
        event.listen(Engine, "before_cursor_execute", self._before)
        event.listen(Engine, "after_cursor_execute", self._after)
        event.listen(Engine, "handle_error", self._error)
        event.listen(Engine, "rollback_savepoint", self._rolled_back)
        event.listen(Engine, "commit", self.flaws.committed)
        event.listen(Engine, "rollback", self.flaws.rolled_back)

    def begin(self):
        """Forgets what was recorded."""
        self.statements = []
        self.failed = []
        self.flaws.forget()

    def take(self):
        taken, self.statements = self.statements, []
        self.failed = []
        return taken

    def _before(self, connection, cursor, statement, parameters, context, executemany):
        if self.listener is not None:
            self.listener(connection, statement, parameters)
        self.flaws.see(statement)
        self.halts.before(connection, statement)
        self.measure.before(
            connection, statement, bool(getattr(context, "_is_server_side", False)))
        self._started = time.perf_counter()

    def _after(self, connection, cursor, statement, parameters, context, executemany):
        duration = time.perf_counter() - self._started
        notices = self._notices(connection)
        if self.is_beside(connection):
            return
        if self.is_keeping_versions and not notices:
            self.measure.after(connection, self._started, None)
        else:
            self._add(
                statement, duration, notices, None, count=_count(cursor, statement),
                follows=_follows_references(connection, statement))
            self.measure.after(connection, self._started, len(self.statements) - 1)
        self.halts.after(connection, statement)

    def _add(self, statement, duration, notices, error, count=None, follows=None):
        if len(self.statements) >= LIMIT:
            last = self.statements[-1]
            last["duration"] += duration
            last["notices"].extend(notices[:10])
            if error is None:
                return
        entry = {"sql": statement.strip(), "duration": duration, "notices": notices}
        if error is not None:
            entry["error"] = error
        if count is not None:
            entry["rowCount"] = count
        if follows is not None:
            entry["followsReferences"] = follows
        line = self.line()
        if line is not None:
            entry["line"] = line
            if self.revision is not None:
                entry["revision"] = self.revision
        elif not self.is_keeping_versions and not _READING.match(statement):
            # What env.py or the application does by itself.
            entry["sender"] = (failures.frames_of_stack() or [None])[-1]
        self.statements.append(entry)

    def line(self):
        """Where the innermost of the revision's own functions on the way here stands now."""
        if self.file is not None:
            for frame in failures.stack(sys._getframe(1)):
                if frame.f_code.co_filename == self.file:
                    return frame.f_lineno
        return None

    def _error(self, context):
        original = context.original_exception
        if context.statement is None or not isinstance(original, Exception):
            return
        if context.connection is not None and self.is_beside(context.connection):
            return
        duration = time.perf_counter() - self._started
        described = failures.describe(original)
        self._add(context.statement, duration, [], described["message"])
        if context.connection is not None:
            self.measure.after(
                context.connection, self._started, len(self.statements) - 1, has_failed=True)
        described["statement"] = context.statement.strip()
        described["frames"] = failures.frames_of_stack()
        self.failed.append(described)

    def _rolled_back(self, connection, name, context):
        """What failed inside a savepoint that is rolled back has not harmed the transaction."""
        self.failed = []

    def _notices(self, connection):
        notices, self._pending = self._pending, []
        try:
            raw = connection.connection
            raw = getattr(raw, "dbapi_connection", None) or getattr(raw, "connection", raw)
            held = getattr(raw, "notices", None)
        except Exception:
            held = None
        if held:
            for notice in held:
                notices.append(_text(notice))
            held.clear() if hasattr(held, "clear") else held.__delitem__(slice(None))
        return notices

    def listen_to(self, raw):
        """Asks a driver's connection for the notices, where it does not keep them itself."""
        driver = getattr(raw, "driver_connection", None) or getattr(raw, "_connection", None) or raw
        try:
            if hasattr(driver, "add_notice_handler"):
                driver.add_notice_handler(
                    lambda notice: self._pending.append(
                        "%s:  %s" % (notice.severity, notice.message_primary)))
            elif hasattr(driver, "add_log_listener"):
                driver.add_log_listener(self._asyncpg_notice)
        except Exception:
            pass

    def _asyncpg_notice(self, connection, message):
        self._pending.append("%s:  %s" % (
            getattr(message, "severity", "NOTICE"), getattr(message, "message", message)))


class Watch(object):
    """One step's own account: when it began, and what its function raised."""

    def __init__(self, step, recorder):
        self.error = None
        # A stamp has no revision of its own.
        script = getattr(step, "revision", None)
        recorder.file = getattr(getattr(script, "module", None), "__file__", None)
        self.began = time.perf_counter()
        function = step.migration_fn

        def watched(**keywords):
            self.began = time.perf_counter()
            try:
                return function(**keywords)
            except BaseException as error:
                self.error = error
                raise

        step.migration_fn = watched

    def duration(self):
        return time.perf_counter() - self.began


def _count(cursor, statement):
    """How many rows the driver says were written or deleted; None where that is not known, as of
    several statements that are sent as one."""
    if _READING.match(statement) or ";" in statement.rstrip().rstrip(";"):
        return None
    count = getattr(cursor, "rowcount", None)
    return count if isinstance(count, int) and count >= 0 else None


def _follows_references(connection, statement):
    """Of a statement that can take rows away on SQLite: whether foreign keys are followed on its
    connection. None for any other one."""
    if connection.dialect.name != "sqlite" or not _TAKING.search(statement):
        return None
    try:
        cursor = session.raw(connection).cursor()
        try:
            cursor.execute("PRAGMA foreign_keys")
            return bool(cursor.fetchone()[0])
        finally:
            cursor.close()
    except Exception:
        return None


def _text(notice):
    if isinstance(notice, dict):
        fields = {_plain(key): _plain(value) for key, value in notice.items()}
        return "%s:  %s" % (fields.get("S", "NOTICE"), fields.get("M", ""))
    return _plain(notice).strip()


def _plain(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
