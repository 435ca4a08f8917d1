"""SQLite's connections: each leads to the scratch database and opens no other file, and tells
whether it is still as it was when a step began.

A new connection parses the whole schema, which on hundreds of tables takes longer than a migration;
one on which nothing was done that outlives a transaction is as good as a new one.
"""
import os
import re

_READING = (
    r"\s*PRAGMA\s+(?:\"?\w+\"?\.)?(?:(?:table|index|function|module|pragma|collation|database)"
    r"_x?(?:info|list)|foreign_key_(?:list|check)|integrity_check|quick_check|user_version"
    r"|schema_version|foreign_keys\s*$)\b")
_LASTING = re.compile(
    r"^(?!" + _READING + r").*?\b(?:PRAGMA|ATTACH|DETACH|TEMP|TEMPORARY)\b",
    re.IGNORECASE | re.DOTALL)
# What keeps the file locked, or part of it in another file, as long as the connection is open.
_HOLDING = re.compile(r"\b(?:locking_mode|journal_mode)\b", re.IGNORECASE)
# What a connection is given from Python.
_METHODS = (
    "create_function", "create_collation", "create_aggregate", "create_window_function",
    "set_progress_handler", "set_trace_callback", "enable_load_extension", "load_extension",
    "deserialize", "setlimit", "setconfig", "backup")
_ATTRIBUTES = ("isolation_level", "row_factory", "text_factory", "autocommit")


# SQLITE_ATTACH, which `VACUUM INTO` asks for too (https://www.sqlite.org/c3ref/c_alter_table.html),
# and SQLITE_OK and SQLITE_DENY.
_ATTACH, _OK, _DENY = 24, 0, 1


class Session(object):
    def __init__(self, gate):
        self._gate = gate
        self._is_changed = True
        self._is_holding = False
        self._attributes = None
        # The project's own authorizer.
        self.authorizer = None

    def authorize(self, action, first, *rest):
        """Whether SQLite may do this; it asks while it prepares a statement, whoever sent it."""
        if action == _ATTACH and not is_in_memory(first):
            self._gate.deny(first)
            return _DENY
        return _OK if self.authorizer is None else self.authorizer(action, first, *rest)

    def see(self, statement):
        """Takes in a statement as SQLite runs it, those of triggers too."""
        if _LASTING.match(statement):
            self._is_changed = True
            if _HOLDING.search(statement):
                self._is_holding = True

    def touch(self):
        self._is_changed = True

    def begin(self, connection):
        """A step begins on the connection as it is now."""
        self._is_changed = False
        self._attributes = _attributes(connection)

    def is_as_new(self, connection):
        return not (
            self._is_changed or self._is_holding or connection.in_transaction
            or self._attributes != _attributes(connection))


def _attributes(connection):
    return [getattr(connection, name, None) for name in _ATTRIBUTES]


def is_in_memory(name):
    """Whether SQLite keeps a database of this name to itself, or, where it has none, in a file that
    it removes."""
    return name is not None and (
        name in ("", ":memory:") or name.startswith("file::memory:")
        or (name.startswith("file:") and "mode=memory" in name))


def watched(kind, gate):
    """The class of connections that lead to the scratch database and keep an account of their
    session."""
    def __init__(self, database, *arguments, **keywords):
        is_file = not is_in_memory(os.fsdecode(database))
        if is_file:
            database = gate.open("sqlite", "sqlite3.connect()", database).path
            arguments = arguments[:6]
            keywords.pop("uri", None)
        kind.__init__(self, database, *arguments, **keywords)
        # An object of its own: a cycle would keep the connection open longer than its user wants.
        self.stairway_session = Session(gate)
        kind.set_authorizer(self, self.stairway_session.authorize)
        kind.set_trace_callback(self, self.stairway_session.see)
        if is_file:
            gate.opened(self)

    def set_authorizer(self, authorizer_callback):
        self.stairway_session.authorizer = authorizer_callback
        self.stairway_session.touch()

    members = {
        "__init__": __init__, "__module__": kind.__module__, "set_authorizer": set_authorizer}
    for name in _METHODS:
        if hasattr(kind, name):
            members[name] = _touching(getattr(kind, name))
    return type("Connection", (kind,), members)


def _touching(method):
    def touching(self, *arguments, **keywords):
        self.stairway_session.touch()
        return method(self, *arguments, **keywords)
    return touching


def of(connection):
    """The account of a driver's connection; None where there is none."""
    return getattr(connection, "stairway_session", None)
