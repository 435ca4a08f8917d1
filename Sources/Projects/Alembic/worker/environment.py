"""Runs the project's `env.py`, once for all steps where it fits, and takes steps inside it.

Running `env.py` costs more than a migration. `MigrationContext.run_migrations` takes its steps from
a generator, so a generator that waits for the next order keeps one `env.py` running for all of
them. Each step is made as Alembic makes it, by `RevisionStep`, so that exactly the revision asked
for is run, across branches and merges.
"""
import re
import time

from . import drivers, engines, failures, history, session
from .failures import ProjectError

_BY_HAND = re.compile(
    r"\b(create_function|create_collation|create_aggregate|enable_load_extension|load_extension|"
    r"driver_connection|dbapi_connection)\b|\.connection\.connection\b")


class StepFailed(Exception):
    """What an order came to, where it did not succeed: the fields of the answer."""

    def __init__(self, answer):
        Exception.__init__(self)
        self.answer = answer


class Environment(object):
    def __init__(self, project, gate, recorder):
        self.project = project
        self.gate = gate
        self.recorder = recorder
        self.script = None
        self.metadata = None
        self.version_table = {"name": "alembic_version"}
        self.dialect = None
        # Why env.py is run for every step; None where it is run once.
        self.reason = None
        self.notes = []
        self.heads = None
        self.heads_before = ()
        self._separates = False
        self.is_external = False
        self._calls = 0
        # env.py runs the migrations more than once with one version table: for several databases,
        # all of which lead to the scratch database. Only the first run of each is one.
        self._repeats = False
        # env.py runs the migrations more than once, whatever their version tables.
        self.has_several_runs = False
        self._used = set()
        # What the files of revisions were compiled to, for the next time that they are executed.
        self._code = {}
        # The revision whose module was executed since its last step.
        self._loaded_again = None
        self._install()

    def _install(self):
        from alembic.runtime import migration
        owner = self
        real = migration.HeadMaintainer

        class Heads(real):
            """Tells what the version table should hold, by Alembic's own account."""

            def __init__(self, context, heads):
                real.__init__(self, context, heads)
                owner.heads = self.heads

            def update_to_step(self, step):
                owner.heads_before = tuple(self.heads)
                owner.recorder.is_keeping_versions = True
                try:
                    real.update_to_step(self, step)
                finally:
                    owner.recorder.is_keeping_versions = False

        migration.HeadMaintainer = Heads
        _quieten()

    def expected_versions(self):
        return sorted(self.heads) if self.heads is not None else None

    def run_env(self, work, separates=False, **options):
        """Runs env.py with this function as the maker of steps."""
        supplied = session.supplied_connection(self.project)
        config = self.project.make_config()
        if self.script is None:
            self.script = self.project.make_script(config)
        self._separates = separates
        self._calls = 0
        self.settings = session.Settings()
        self.recorder.listener = self.settings.note

        def counted(heads, context):
            self.recorder.listener = None
            self._calls += 1
            return work(heads, context)

        try:
            options.setdefault("destination_rev", "heads")
            with self._context(config, counted, options):
                self.script.run_env()
        finally:
            self.recorder.listener = None
            supplied.close()

    def print_env(self, work, buffer, start):
        """Runs env.py with this function as the maker of steps, which are written to the buffer.

        `start` is what counts as applied: revisions, or None.
        """
        # Without a connection the scratch database's URL has no place in the settings: a project that
        # names none cannot print.
        config = self.project.make_config(adds_url=False)
        config.output_buffer = buffer
        config.cmd_opts.sql = True
        self._separates = False
        self._calls = 0
        with self._context(config, work, {
                "destination_rev": "heads", "as_sql": True, "starting_rev": start}):
            self.script.run_env()

    def _context(self, config, work, options):
        """Alembic's context for one env.py; each step a transaction of its own where that is asked.

        The method is replaced on the object, since `alembic.context` speaks to no subclass.
        """
        from alembic.runtime.environment import EnvironmentContext
        options = dict({"as_sql": False, "starting_rev": None, "tag": None}, **options)
        context = EnvironmentContext(config, self.script, fn=work, **options)
        configure = context.configure

        def configured(*arguments, **keywords):
            if self._separates:
                keywords["transaction_per_migration"] = True
            configure(*arguments, **keywords)
            made = context.get_context()
            if options["as_sql"]:
                return
            external = getattr(made, "_in_external_transaction", None)
            self.is_external = (
                session.in_transaction(made.connection) if external is None else external)

        context.configure = configured
        if self._repeats:
            self._run_once(context)
        return context

    @staticmethod
    def _run_once(context):
        """Lets `run_migrations()` do nothing from the second time on with the same version table:
        the first run's transaction may still be open, and a second would wait for it."""
        real = context.run_migrations
        seen = set()

        def run_migrations(**keywords):
            options = context.get_context().opts
            table = (options.get("version_table"), options.get("version_table_schema"))
            if table in seen:
                return
            seen.add(table)
            real(**keywords)

        context.run_migrations = run_migrations

    def probe(self):
        """Runs env.py without any step, to see whether it works and how it runs the migrations.

        Raises ProjectError where it does not work.
        """
        seen = []

        def look(heads, context):
            decoy = self.gate.decoy
            decoyed = decoy.is_used and session.key(context) == decoy.address().key
            seen.append({
                "external": self.is_external,
                "decoyed": decoyed, "table": context.opts.get("version_table", "alembic_version"),
                "schema": context.opts.get("version_table_schema"),
                "metadata": context.opts.get("target_metadata"), "dialect": context.dialect,
                "is_sql": context.as_sql})
            return ()

        try:
            self._first_run(look)
            if any(one["decoyed"] for one in seen):
                # env.py opens its connection while it imports a module: then that is no loading.
                self.gate.uses_decoy = False
                self.release()
                del seen[:]
                self._first_run(look)
        except ProjectError:
            raise
        except BaseException as error:
            raise failures.explain(error, "environment-fails", "env.py")
        if not seen:
            raise ProjectError(
                "environment-fails", "env.py ran to its end without running the migrations "
                "(context.run_migrations() was not called)", self._environment_file())
        first = seen[0]
        self.metadata = first["metadata"]
        self.dialect = first["dialect"]
        self.version_table = {"name": first["table"], "schema": first["schema"]}
        if len(seen) > 1:
            self.has_several_runs = True
            self.reason = "env.py runs the migrations %d times" % len(seen)
            if len({(one["table"], one["schema"]) for one in seen}) < len(seen):
                self._repeats = True
                self.notes.append(
                    "env.py migrates %d databases; all of them lead to the one scratch database, "
                    "where only the first one's migrations are run" % len(seen))
        elif first["external"]:
            self.reason = "env.py opens the transaction around the migrations itself"
        elif _BY_HAND.search(self._environment_text()):
            self.reason = "env.py prepares its connection by hand"

    def _first_run(self, look):
        try:
            self.run_env(look, dont_mutate=True)
        except BaseException as error:
            if isinstance(error, ProjectError) or not self._asks_for_connection():
                raise
            # env.py that only runs on a connection which its caller hands over.
            self.project.supplied["connection"] = None
            self.release()
            try:
                self.run_env(look, dont_mutate=True)
            except BaseException:
                self.project.supplied.clear()
                raise error

    def _asks_for_connection(self):
        text = self._environment_text()
        return not self.project.supplied and "attributes" in text and "connection" in text

    def _environment_text(self):
        try:
            with open(self.script.env_py_location, encoding="utf-8", errors="replace") as file:
                return file.read()
        except (OSError, AttributeError):
            return ""

    def _environment_file(self):
        return failures.relative(self.script.env_py_location) if self.script else None

    def load_revisions(self):
        """Loads every revision's file, as Alembic does before its first step."""
        try:
            if not self.script.revision_map.heads:
                raise history.none_found(self.script)
        except ProjectError:
            raise
        except BaseException as error:
            if isinstance(error, KeyError):
                raise ProjectError(
                    "unreadable-revision", "a revision follows %s, which does not exist" % error)
            raise history.unreadable(None, error)

    def revision(self, revision):
        """Alembic's object for exactly this id; None where it knows none."""
        try:
            script = self.script.revision_map.get_revision(revision)
        except Exception:
            return None
        return script if script is not None and script.revision == revision else None

    def revision_step(self, revision, direction):
        """Alembic's step for exactly this revision.

        Its module is executed anew from the second use on: a step of a new process would not see
        what an earlier one left in the module's variables, e.g. tables in a `MetaData`.
        Raises StepFailed where the revision has no function for the direction.
        """
        from alembic.runtime.migration import RevisionStep
        script = self.revision(revision)
        if script is None:
            raise StepFailed({
                "status": "unjudged",
                "message": "Alembic does not know the revision %s" % revision})
        if revision in self.project.skipped:
            step = RevisionStep(self.script.revision_map, script, direction == "up")
            step.migration_fn = _nothing
            return step
        if revision in self._used and revision != self._loaded_again:
            script.module = self._executed_again(script.module)
        self._loaded_again = None
        self._used.add(revision)
        name = "upgrade" if direction == "up" else "downgrade"
        if not callable(getattr(script.module, name, None)):
            raise StepFailed({"status": "failed", "failure": {
                "kind": "no-such-direction", "type": "AttributeError",
                "message": "the revision has no function %s()" % name, "frames": [
                    {"file": failures.relative(script.path), "line": 1, "function": "<module>",
                     "code": ""}]}})
        return RevisionStep(self.script.revision_map, script, direction == "up")

    def load_again(self, revision):
        """Executes a revision's module for its next step; what that raises, the step will."""
        script = self.revision(revision)
        try:
            script.module = self._executed_again(script.module)
            self._loaded_again = revision
        except BaseException:
            pass

    def _executed_again(self, module):
        """A new module from the same file, which is compiled once."""
        import importlib.util
        spec = getattr(module, "__spec__", None)
        if spec is None or spec.loader is None:
            return module
        if spec.origin not in self._code:
            self._code[spec.origin] = spec.loader.get_code(spec.name)
        again = importlib.util.module_from_spec(spec)
        exec(self._code[spec.origin], again.__dict__)
        return again

    def forget_loaded(self):
        """The database is another one: a module that looked at it while it was loaded is stale."""
        self._loaded_again = None

    def is_applied(self, revision, heads):
        """Whether a revision is among those that these heads stand for."""
        if not heads:
            return False
        reached = self.script.revision_map.iterate_revisions(
            tuple(heads), "base", inclusive=True, assert_relative_length=False)
        return any(one.revision == revision for one in reached)

    def release(self):
        """Closes every connection that is not in use; gives the number of those that are left."""
        engines.dispose()
        left = 0
        for connection in self.gate.open_connections():
            try:
                drivers.shut(connection)
            except Exception:
                left += 1
        return left


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


def _nothing(**keywords):
    """The function of a revision that is recorded and not run."""


def _quieten():
    """Alembic's own account is not what the migration printed."""
    import logging
    for name in ("alembic.runtime.migration", "alembic.runtime.plugins"):
        logger = logging.getLogger(name)
        if not any(one is _is_warning for one in logger.filters):
            logger.addFilter(_is_warning)


def _is_warning(record):
    return record.levelno > 20
