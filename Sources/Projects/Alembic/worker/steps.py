"""Takes steps: inside one running `env.py` where that fits, else with an `env.py` for each."""
from . import failures, gate, session
from .recorder import Watch
from .revisions import StepFailed


class Steps(object):
    """Orders that take revisions up or down.

    `receive` and `send` belong to the channel: while `env.py` is kept running, orders are answered
    from inside it.
    """

    def __init__(self, environment, recorder, channel):
        self.environment = environment
        self.recorder = recorder
        self.channel = channel
        # An order that arrived inside env.py and cannot be carried out there.
        self.pending = None
        self._order = None
        self._watch = None

    def step(self, order):
        """Answers the order, and all steps that follow it as long as they can stay in env.py."""
        if self.environment.reason is not None:
            self.channel.send(self._apart(order))
            return
        self._order = order
        self._watch = None
        self.recorder.begin()
        error = None
        try:
            self.environment.run_env(self._inside, separates=True)
        except BaseException as raised:
            error = raised
        if self._order is not None:
            unanswered, self._order = self._order, None
            self.environment.release()
            self.channel.send(self._verdict(unanswered, error, self._watch))
        self._renew_application()

    def _inside(self, heads, context):
        """The generator that keeps env.py running: yields a step, and waits for the next order."""
        settings = self.environment.settings
        settings.read(context.connection)
        while self._order is not None:
            order = self._order
            try:
                step = self.environment.revisions.step(order["revision"], order["direction"])
            except StepFailed as failed:
                self._answer(failed.answer)
            else:
                self._watch = Watch(step, self.recorder)
                session.begin(context)
                yield step
                # Here the step is done and committed.
                duration = self._watch.duration()
                self._watch = None
                session.count_writes(context)
                # What the next step needs is made ready while Stairway looks at the database.
                self._answer(self._succeeded(duration))
                if not self._is_new_session(context, settings):
                    return
                self.environment.revisions.load_again(order["revision"])
            following = self.channel.receive()
            if following["order"] != "step":
                self.pending = following
                return
            self.recorder.begin()
            self._order = following
            session.resume(context, settings)

    def _is_new_session(self, context, settings):
        """Ends the session and the application's context; where that fails, env.py ends instead."""
        try:
            session.renew(context, settings)
        except Exception:
            return False
        self._renew_application()
        return True

    def _renew_application(self):
        if self.environment.project.app is not None:
            self.environment.project.app.renew_context()

    def _answer(self, answer):
        self._order = None
        self.channel.send(answer)

    def _apart(self, order):
        """One step in an env.py of its own, with the project's own transaction."""
        environment = self.environment
        self.recorder.begin()
        state = {"watch": None, "done": 0, "duration": 0.0, "refused": None}

        def work(heads, context):
            if environment._calls > 1:
                is_up = order["direction"] == "up"
                if environment.revisions.is_applied(order["revision"], heads) == is_up:
                    return
            try:
                step = environment.revisions.step(order["revision"], order["direction"])
            except StepFailed as failed:
                state["refused"] = failed.answer
                return
            state["watch"] = Watch(step, self.recorder)
            yield step
            state["duration"] += state["watch"].duration()
            state["watch"] = None
            state["done"] += 1

        error = self._run_env(work)
        if state["refused"] is not None:
            return state["refused"]
        if error is None and state["done"] > 0 and state["watch"] is None:
            return self._succeeded(state["duration"])
        return self._verdict(order, error, state["watch"])

    def _run_env(self, work, **options):
        """Runs env.py by itself, leaves nothing of it open, and gives what it raised."""
        error = None
        try:
            self.environment.run_env(work, **options)
        except BaseException as raised:
            error = raised
        self.environment.release()
        self._renew_application()
        return error

    def run(self, order):
        """Takes revisions one after the other, as one command of the tool does."""
        if not order.get("measures"):
            return self._take_all(order)
        self.recorder.measure.begin()
        answer = self._take_all(order)
        answer["measured"] = self.recorder.measure.take()
        return answer

    def _take_all(self, order):
        environment = self.environment
        self.recorder.begin()
        environment.revisions.used.update(order["revisions"])
        is_up = order["direction"] == "up"
        state = {"watch": None, "now": None, "done": 0, "duration": 0.0, "refused": None}
        measure = self.recorder.measure

        def work(heads, context):
            again = environment._calls > 1
            for revision in order["revisions"]:
                if again and environment.revisions.is_applied(revision, heads) == is_up:
                    continue
                state["now"] = revision
                try:
                    step = environment.revisions.step(revision, order["direction"])
                except StepFailed as failed:
                    state["refused"] = failed.answer
                    return
                state["watch"] = Watch(step, self.recorder)
                self.recorder.revision = revision
                measure.begin_part(revision)
                yield step
                measure.end_part()
                state["duration"] += state["watch"].duration()
                state["watch"] = None
            state["now"] = None
            state["done"] += 1

        error = self._run_env(work)
        self.recorder.revision = None
        if state["refused"] is not None:
            answer = dict(state["refused"], statements=self.recorder.take())
        elif error is None and state["done"] > 0 and state["now"] is None:
            return self._succeeded(state["duration"])
        else:
            answer = self._verdict(order, error, state["watch"])
        answer["stoppedAt"] = state["now"] or order["revisions"][-1]
        answer["duration"] = answer.get("duration", 0.0) + state["duration"]
        return answer

    def touch(self):
        """Runs env.py without any step: what it makes by itself is there afterwards."""
        self.recorder.begin()
        error = self._run_env(lambda heads, context: (), dont_mutate=True)
        if error is not None:
            raise error
        return self._succeeded(0.0)

    def command(self, order):
        """What the tool's own command does: `upgrade` or `stamp`, to the heads or where it is told."""
        environment = self.environment
        self.recorder.begin()
        revisions = "_upgrade_revs" if order["order"] == "upgrade" else "_stamp_revs"
        state = {"watch": None, "duration": 0.0, "now": None, "done": []}
        halts = self.recorder.halts
        halts.begin(self.channel, order.get("halt"))

        def work(heads, context):
            halts.read()
            for step in getattr(environment.script, revisions)(order.get("target", "heads"), heads):
                environment.revisions.pass_over(step)
                state["watch"] = Watch(step, self.recorder)
                script = getattr(step, "revision", None)
                state["now"] = getattr(script, "revision", None)
                halts.begin_revision(state["now"])
                yield step
                state["duration"] += state["watch"].duration()
                state["watch"] = None
                if state["now"] is not None:
                    state["done"].append(state["now"])

        error = self._run_env(work)
        places = halts.end()
        if error is None and state["watch"] is None:
            answer = self._succeeded(state["duration"])
        else:
            answer = self._verdict(order, error, state["watch"])
        if "target" not in order:
            return answer
        if answer["status"] != "succeeded":
            answer["stoppedAt"] = state["now"]
        return dict(answer, completed=state["done"], places=places)

    def _succeeded(self, duration):
        return {
            "status": "succeeded", "duration": duration, "statements": self.recorder.take(),
            "expectedVersions": self.environment.expected_versions(),
            "flaw": self.recorder.flaws.gravest()}

    def _verdict(self, order, error, watch):
        """What came of a step that did not reach its end."""
        failed = list(self.recorder.failed)
        answer = {
            "status": "failed", "statements": self.recorder.take(),
            "duration": watch.duration() if watch is not None else 0.0}
        if watch is None and error is not None and self.environment._calls == 0:
            what = failures.explain(error, "environment-fails", "env.py").fields()
            what["message"] = "env.py could not be run again: %s" % what["message"]
            return dict(answer, status="unjudged", error=what)
        raised = error if error is not None or watch is None else watch.error
        refused = gate.refusal(raised)
        if refused is not None:
            what = failures.refused_connection(refused, raised).fields()
            return dict(answer, status="unjudged", error=what)
        answer["failure"] = self._unrecordable(error, watch) or _failure(error, watch, failed)
        self._propose_start(order, answer)
        return answer

    def _unrecordable(self, error, watch):
        """The failure of a step whose function returned but which Alembic could not enter in its
        version table; it says so by bare assertions."""
        has_returned = watch is not None and watch.error is None
        if not has_returned or not isinstance(error, (AssertionError, KeyError)):
            return None
        held = ", ".join(sorted(self.environment.heads_before)) or "nothing"
        return dict(
            failures.describe(error), kind="raised",
            message="Alembic cannot record the step: its version table holds %s (%s)" % (
                held, str(error) or type(error).__name__))

    def _propose_start(self, order, answer):
        """A first revision that misses a table belongs to a history that did not begin empty; one that
        finds what it makes in tables of the models, to one that began with earlier models."""
        failure = answer["failure"]
        revision = order.get("revision")
        if revision is None or order.get("direction") != "up":
            return
        script = self.environment.revisions.find(revision)
        if script is None or script.down_revision is not None:
            return
        message = failure["message"]
        if self.environment.version_table["name"] in message:
            return
        if _misses_table(failure):
            answer["note"] = (
                "the first revision %s needs a table that is not there (%s): if this history starts"
                " from create_all(), set `alembic: {start: create_all}` in stairway.yml, else name"
                " its starting point there: an SQL file or a command" % (revision, message))
        elif self.environment.starts_from_models and _finds_its_own(failure):
            answer["note"] = (
                "the first revision %s makes what today's models already have (%s), so create_all()"
                " is no starting point of this history: write the schema from before it into a file"
                " (`pg_dump --schema-only` or sqlite3's `.schema` of a database that is as old, or"
                " create_all() in a checkout that is), and name the file in stairway.yml:"
                " `alembic: {start: schema.sql}`" % (revision, message))


def _misses_table(failure):
    return (
        failure.get("sqlState") == "42P01" or "no such table" in failure["message"]
        or failure["type"].endswith("NoSuchTableError"))


def _finds_its_own(failure):
    """Whether something is there already: PostgreSQL's duplicate_column, _object, _schema, _table."""
    if failure.get("sqlState") in ("42701", "42710", "42P06", "42P07"):
        return True
    return "duplicate column name" in failure["message"] or "already exists" in failure["message"]


def _failure(error, watch, failed):
    raised = watch.error if watch is not None and watch.error is not None else None
    if error is None:
        # Nothing was raised out of env.py, yet the step did not reach its end.
        if raised is not None:
            return dict(failures.describe(raised), kind="swallowed")
        if failed:
            return dict(failed[0], kind="swallowed")
        return {
            "kind": "swallowed", "type": "", "frames": [],
            "message": "env.py ended before the step was done, without an error"}
    described = failures.describe(error)
    if described["sqlState"] == "25P02" and failed and failed[0]["sqlState"] != "25P02":
        # The transaction was broken by an earlier statement whose error nobody let through.
        return dict(failed[0], kind="swallowed")
    kind = "raised"
    if isinstance(error, NotImplementedError):
        kind = "not-implemented"
    elif isinstance(error, SystemExit):
        kind = "exited"
        described["message"] = "the migration ended the process (exit status %s)" % (error.code,)
    return dict(described, kind=kind)
