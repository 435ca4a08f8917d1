"""Orders come in and answers go out as lines of JSON; what the project prints goes elsewhere.

Standard output and error are one file that Stairway opened and can still read when this process
has died; between two answers it is read and emptied here.
"""
import json
import os
import re
import sys

LONGEST_OUTPUT = 64 * 1024
# Members that are compared with others, or written down as the project has them; no password of a
# scratch server stands there, but a short one could be part of what does.
EXACT = frozenset((
    "status", "code", "kind", "versionTable", "expectedVersions", "stoppedAt", "revisions",
    "revision", "completed", "sqlState", "conftest", "sides", "folders", "passwords", "migrated",
    "databases"))
# Members that hold what others wrote, for a person to read.
TOLD = frozenset((
    "output", "message", "statement", "sql", "code", "trace", "notices", "error", "fix", "notes"))
_CREDENTIALS = re.compile(r"(?P<before>[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@/]+@", re.IGNORECASE)


class Channel(object):
    """The line to Stairway."""

    def __init__(self, requests, answers):
        self._requests = requests
        self._answers = answers
        self._process = os.getpid()
        # Passwords of the scratch server.
        self.secrets = []
        self._known = None

    def know_passwords(self, passwords):
        """Hides these, the project's own, wherever they stand by themselves in what is told."""
        words = sorted(passwords, key=len, reverse=True)
        self._known = re.compile(
            r"(?<![A-Za-z0-9_])(?:%s)(?![A-Za-z0-9_])" % "|".join(map(re.escape, words))
        ) if words else None

    def receive(self):
        """The next order; the process ends where there is none, since nobody waits for it."""
        line = self._requests.readline()
        if not line:
            leave(0)
        return json.loads(line.decode("utf-8"))

    def send(self, answer):
        """Sends an answer together with all that was printed since the one before.

        A process that a migration forked, and that came back here, answers nothing: it ends.
        """
        if os.getpid() != self._process:
            os._exit(0)
        answer.setdefault("output", taken_output())
        # Half of a surrogate pair, which Python's texts may hold, is no JSON for anybody else.
        text = json.dumps(self._scrubbed(answer), ensure_ascii=False)
        line = (text + "\n").encode("utf-8", "replace")
        while line:
            line = line[os.write(self._answers, line):]

    def _scrubbed(self, value, is_told=False):
        if isinstance(value, str):
            value = self.scrub(value)
            return self._known.sub("***", value) if is_told and self._known else value
        if isinstance(value, dict):
            # A frame's `code` is a line of the project's, an error's a name of Stairway's.
            exact = EXACT - {"code"} if "function" in value else EXACT
            # What was printed for a revision is run as it is.
            told = TOLD - {"sql"} if "revision" in value else TOLD
            return {
                key: one if key in exact else self._scrubbed(one, key in told)
                for key, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self._scrubbed(one, is_told) for one in value]
        return value

    def scrub(self, text):
        """The text without passwords: those in URLs, and those of the scratch server."""
        if "://" in text:
            text = _CREDENTIALS.sub(lambda found: found.group("before") + ":***@", text)
        for secret in self.secrets:
            if secret:
                text = text.replace(secret, "***")
        return text


def taken_output():
    """What was printed since the last call, on all ways that lead to descriptors 1 and 2."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
    try:
        size = os.fstat(1).st_size
        if size == 0:
            return ""
        start = max(0, size - LONGEST_OUTPUT)
        printed = os.pread(1, LONGEST_OUTPUT, start)
        os.ftruncate(1, 0)
    except OSError:
        return ""
    text = printed.decode("utf-8", "replace")
    return "(%d bytes before this)\n%s" % (start, text) if start else text


def leave(status):
    """Ends the process, without what the project registered for its end."""
    taken_output()
    os._exit(status)
