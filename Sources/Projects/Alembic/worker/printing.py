"""The SQL that `upgrade --sql` and `downgrade --sql` print, without a connection."""
import io
import os
import sys
import traceback

from . import failures
from .address import DIALECTS
from .revisions import StepFailed

# What Alembic says of its own operations that need a connection, whoever calls them: batch
# operations on SQLite above all, which older versions let fail by themselves.
_TOOL_REFUSES = "cannot proceed in --sql mode"
_BATCH = os.path.join("alembic", "operations", "batch.py")


class Printer(object):
    def __init__(self, environment):
        self.environment = environment

    def print(self, order):
        """Prints the revisions of the order as one command does.

        Where one of them cannot be printed, those after it are tried one by one, so that all of
        them are told.
        """
        revisions, is_up = order["revisions"], order["direction"] == "up"
        if self.environment.has_several_runs:
            # It prints into files of its own, in the project.
            return {
                "status": "none",
                "message": "env.py prints into a file for each of its databases"}
        try:
            printed, stopped, error = self._printed(revisions, is_up)
        except OtherDialect as other:
            return {"status": "none", "message": str(other)}
        finally:
            self.environment.release()
        if error is None:
            return {"status": "succeeded", "printed": printed}
        if stopped is None:
            return {"status": "failed", "failure": failures.raised(error)}
        refused = [_refused(stopped, error)]
        for revision in revisions[revisions.index(stopped) + 1:]:
            _, _, error = self._printed([revision], is_up)
            if error is not None:
                refused.append(_refused(revision, error))
        return {"status": "refused", "unprintable": refused}

    def _printed(self, revisions, is_up):
        """The text by revisions, and where it ended early: the revision, if it came to one, and the
        error."""
        environment = self.environment
        buffer = io.StringIO()
        said = _Said(buffer)
        state = {"now": None, "ran": False, "dialect": None}
        begins = []

        def work(heads, context):
            state["dialect"] = context.dialect.name
            if self._is_other(state["dialect"]):
                return
            for revision in revisions:
                state["now"] = revision
                # What comes before the first revision is told with it.
                begins.append(buffer.tell() if begins else 0)
                yield environment.revisions.step(revision, "up" if is_up else "down")
            state["now"] = None
            state["ran"] = True

        error = None
        try:
            with said:
                environment.print_env(work, buffer, self._start(revisions[0], is_up))
        except StepFailed as failed:
            error = StepRefused(failed.answer)
        except BaseException as raised:
            error = raised
        if self._is_other(state["dialect"]):
            raise OtherDialect("env.py prints SQL of %s" % state["dialect"])
        if error is None and not state["ran"]:
            error = RuntimeError("env.py ended without printing the migrations")
        text = buffer.getvalue()
        ends = begins[1:] + [len(text)]
        printed = [
            {"revision": revision, "sql": text[begin:end], "said": said.between(begin, end)}
            for revision, begin, end in zip(revisions, begins, ends)]
        return printed, state["now"], error

    def _is_other(self, dialect):
        """Whether what env.py prints is for another engine than the scratch database's: it takes a URL
        of its own where there is no connection."""
        return dialect is not None and (
            DIALECTS.get(dialect, dialect) != self.environment.gate.address.engine)

    def _start(self, revision, is_up):
        """What is applied before the revision is printed, as `--sql` takes it."""
        if not is_up:
            return self._reached(revision)
        script = self.environment.revisions.find(revision)
        parents = script._all_down_revisions if script is not None else ()
        return sorted(parents) or None

    def _reached(self, revision):
        """The heads while this revision, and none that needs it, is the last of its branch."""
        script = self.environment.revisions.find(revision)
        if script is None or script.is_head:
            return sorted(self.environment.script.get_heads())
        return [revision]


class _Said(object):
    """Stands in for `sys.stdout`: what the project writes there is part of what `--sql` prints."""

    def __init__(self, buffer):
        self._buffer = buffer
        self._real = None
        # Where each line begins in the text, the line, and who wrote it.
        self._lines = []

    def __enter__(self):
        self._real = sys.stdout
        sys.stdout = self
        return self

    def __exit__(self, *error):
        if sys.stdout is self:
            sys.stdout = self._real
        self._buffer = None

    def __getattr__(self, name):
        return getattr(self._real, name)

    def write(self, text):
        # A handler of a log may keep this longer than the project is asked to print.
        if self._buffer is not None and text:
            self._note(text)
            self._buffer.write(text)
        return self._real.write(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def _note(self, text):
        """`print` writes a line in several pieces."""
        begin = self._buffer.tell()
        last = self._lines[-1] if self._lines else None
        if last is not None and last["end"] == begin and not last["text"].endswith("\n"):
            last["text"] += text
            last["end"] += len(text)
            return
        frames = failures.frames_of_stack()
        self._lines.append({
            "begin": begin, "end": begin + len(text), "text": text,
            "frame": frames[-1] if frames else None})

    def between(self, begin, end):
        """What was written in this part of the text and is more than comments."""
        return [
            {"text": one["text"].strip(), "frame": one["frame"]} for one in self._lines
            if begin <= one["begin"] < end and not all(
                line.startswith("--") for line in one["text"].split("\n") if line.strip())]


class OtherDialect(Exception):
    """What env.py prints is not for the scratch database's engine."""


class StepRefused(Exception):
    def __init__(self, answer):
        failure = answer.get("failure", {})
        Exception.__init__(self, failure.get("message") or answer.get("message", ""))


def _refused(revision, error):
    return {"revision": revision, "isTools": _TOOL_REFUSES in str(error) or _is_of_batch(error),
            "failure": failures.raised(error)}


def _is_of_batch(error):
    """Whether Alembic's own batch operation failed, below which nothing of the project's ran."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and any(one.filename.endswith(_BATCH) for one in frames[-3:])
