"""Where an upgrade halts until Stairway tells it to go on, or ends its process there, and what it has
sent to the database by then.
"""
import re

from . import channel as lines

# After these the database is as it was before them. A query of PostgreSQL's may call a function that
# writes, but for those that only look into the catalogs.
_READING = {
    "sqlite": re.compile(
        r"\s*(?:SELECT|EXPLAIN|SAVEPOINT|RELEASE|BEGIN|PRAGMA\b(?!.*=))", re.I | re.S),
    "postgresql": re.compile(
        r"\s*(?:SHOW|SET|SAVEPOINT|RELEASE|BEGIN)\b"
        r"|\s*SELECT\b(?!.*\b(?:nextval|setval)\b)(?=.*\bpg_catalog\.)", re.I | re.S),
}
LIMIT = 10000
LONGEST = 2000


class Halts(object):
    """One order's account of statements, numbered from the begin of the first revision on."""

    def __init__(self, recorder):
        self._recorder = recorder
        self._channel = None
        self._halt = None
        self._has_read = False
        self._revision = None
        self._number = 0
        self.places = []

    def begin(self, channel, halt):
        self.end()
        self._channel = channel
        self._halt = halt or {}

    def end(self):
        """Nothing halts any more; gives the places of all statements that were counted."""
        places, self.places = self.places, []
        self._halt = None
        self._has_read = False
        self._revision = None
        self._number = 0
        return places

    def read(self):
        """The tool knows which revisions are applied, and is about to run the first that is not."""
        if not self._has_read and self._halt is not None and self._halt.get("onceRead"):
            self._wait({})
        self._has_read = True

    def begin_revision(self, revision):
        self._revision = revision

    def before(self, connection, statement):
        if not self._counts(connection, statement):
            return
        if self._halt.get("before") == self._number + 1:
            self._wait(self._place(statement))

    def after(self, connection, statement):
        if not self._counts(connection, statement):
            return
        self._number += 1
        place = self._place(statement)
        if len(self.places) < LIMIT:
            self.places.append(place)
        if self._halt.get("after") == self._number:
            self._wait(place)

    def _counts(self, connection, statement):
        if self._halt is None or self._revision is None:
            return False
        reading = _READING.get(connection.dialect.name)
        return reading is None or not reading.match(statement)

    def _place(self, statement):
        place = {"revision": self._revision, "sql": statement.strip()[:LONGEST]}
        line = self._recorder.line()
        if line is not None and not self._recorder.is_keeping_versions:
            place["line"] = line
        return place

    def _wait(self, place):
        """Goes on where it is told to; whatever else it is told, nothing of the upgrade is run any more."""
        self._channel.send({"status": "halted", "halted": place})
        if self._channel.receive()["order"] != "proceed":
            lines.leave(0)
