"""What may keep a step from being recorded in Alembic's version table, and where it stands."""
import re
import sys

from . import failures

_ENDING = re.compile(r"\s*(COMMIT|END|ROLLBACK|ABORT)\b(?!\s+(WORK\s+|TRANSACTION\s+)?TO\b)", re.I)
_WRITING = r"\s*(INSERT|UPDATE|DELETE|TRUNCATE|MERGE|WITH|DROP|ALTER)\b.*\b%s\b"
# The nearer ones first: what wrote to the version table outweighs how transactions are kept.
_ORDER = ("written", "outer-transaction", "no-transaction", "committed", "rolled-back")


class Flaws(object):
    """What was seen since the last step began; told only of steps that were not recorded."""

    def __init__(self, recorder):
        self._recorder = recorder
        self._seen = []
        self._table = None
        self._is_written = None

    def know_version_table(self, name):
        if name != self._table:
            self._table = name
            self._is_written = re.compile(_WRITING % re.escape(name), re.I | re.S)

    def forget(self):
        self._seen = []

    def see(self, statement):
        """Takes in a statement before it is sent."""
        if self._recorder.is_keeping_versions:
            return
        if self._table is not None and self._table in statement and (
                self._is_written.match(statement)):
            self.add("written", failures.frames_of_stack(), statement.strip())
        elif _ENDING.match(statement):
            self._ended(
                "committed" if statement.strip()[:1] in "CcEe" else "rolled-back",
                statement.strip())

    def committed(self, connection):
        self._ended("committed")

    def rolled_back(self, connection):
        self._ended("rolled-back")

    def _ended(self, kind, statement=None):
        """A transaction was ended; that is a flaw where the revision does it."""
        if self._recorder.line() is not None and not _is_in_autocommit_block():
            self.add(kind, failures.frames_of_stack(), statement)

    def add(self, kind, frames, statement=None):
        """`frames` lead to the line of the project's that does it."""
        if len(self._seen) < 20:
            self._seen.append({"kind": kind, "frames": frames[-1:], "statement": statement})

    def gravest(self):
        """The one that most likely is to blame; None where nothing was seen."""
        ordered = sorted(self._seen, key=lambda one: _ORDER.index(one["kind"]))
        return ordered[0] if ordered else None


def _is_in_autocommit_block():
    """Whether Alembic itself ends the transaction, as the revision asked it to."""
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_name == "autocommit_block":
            return True
        frame = frame.f_back
    return False
