"""Runs the project's `env.py`, once for all steps where it fits, and takes steps inside it.

Running `env.py` costs more than a migration. `MigrationContext.run_migrations` takes its steps from
a generator, so a generator that waits for the next order keeps one `env.py` running for all of
them. Each step is made as Alembic makes it, by `RevisionStep`, so that exactly the revision asked
for is run, across branches and merges.
"""
import os
import re

from . import databases, engines, failures, own_connections, session
from .failures import ProjectError
from .revisions import Revisions

_BY_HAND = re.compile(
    r"\b(create_function|create_collation|create_aggregate|enable_load_extension|load_extension|"
    r"driver_connection|dbapi_connection)\b|\.connection\.connection\b")


# What says nothing of the schema.
_PASSING = re.compile(
    r"\s*(?:SET|RESET|SHOW|DISCARD|BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|ANALYZE|VACUUM"
    r"|PRAGMA\s+(?:foreign_key|optimize)|SELECT\s+(?:pg_catalog\.)?(?:pg_advisory\w*|set_config)"
    r"|SELECT\s+1\b)", re.IGNORECASE)


class Environment(object):
    def __init__(self, project, gate, recorder):
        self.project = project
        self.gate = gate
        self.recorder = recorder
        self.script = None
        self.metadata = None
        # What env.py says of which objects are compared; None where it says nothing.
        self.include_object = None
        self.version_table = {"name": "alembic_version"}
        self.dialect = None
        # What env.py itself calls the database that it migrates first; None where it has the name from
        # the settings, or from a variable.
        self.database = None
        # Why env.py is run for every step; None where it is run once.
        self.reason = None
        self.notes = []
        self.heads = None
        self.heads_before = ()
        self._separates = False
        self.is_external = False
        # Whether env.py itself begins the transaction for the migrations, by the tool's means.
        self._begins = False
        self._calls = 0
        # env.py runs the migrations more than once with one version table: for several databases,
        # all of which lead to the scratch database. Only the first run of each is one.
        self._repeats = False
        # env.py runs the migrations more than once, whatever their version tables.
        self.has_several_runs = False
        # The tables of the project's models were made as the history's starting point.
        self.starts_from_models = False
        self.revisions = Revisions(project)
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
            self.script = self.revisions.script = self.project.make_script(config)
            self._expect_environment_file()
        self._separates = separates
        self._calls = 0
        self.settings = session.Settings()
        self.recorder.listener = self.settings.note

        def counted(heads, context):
            self.recorder.listener = None
            self._calls += 1
            self.recorder.flaws.know_version_table(
                context.opts.get("version_table") or "alembic_version")
            if self._runs_unbegun(context):
                self.recorder.flaws.add("no-transaction", failures.frames_of_stack())
            return work(heads, context)

        try:
            options.setdefault("destination_rev", "heads")
            with self._context(config, counted, options):
                self.script.run_env()
        finally:
            self.recorder.listener = None
            supplied.close()

    def _expect_environment_file(self):
        location = getattr(self.script, "env_py_location", None)
        if location and not os.path.isfile(location):
            raise ProjectError(
                "broken-configuration",
                "there is no %s, which runs the migrations" % failures.relative(location), None,
                "bring it back, or take the one that `alembic init` writes into a new folder")

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
            if self.is_external:
                self.recorder.flaws.add("outer-transaction", failures.frames_of_stack())
            self._watch_beginning(made)

        context.configure = configured
        if self._repeats:
            self._run_once(context)
        return context

    def _watch_beginning(self, context):
        """Notes whether env.py calls `begin_transaction()`, which Alembic itself does for each step."""
        real = context.begin_transaction
        self._begins = False

        def begin_transaction(_per_migration=False):
            self._begins = self._begins or not _per_migration
            return real(_per_migration)

        context.begin_transaction = begin_transaction

    def _runs_unbegun(self, context):
        """Whether nobody begins a transaction that is committed after the migrations."""
        return not (
            self._begins or self.is_external or context.as_sql
            or not context.impl.transactional_ddl or context._transaction_per_migration)

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
        later = []

        def look_on(connection, statement, parameters):
            # What env.py does after the migrations; where several runs follow, these.
            if self.version_table["name"] in "%s %s" % (statement, parameters):
                later.append("looks into the version table")
            elif not _PASSING.match(statement):
                later.append("works on the database")

        def look(heads, context):
            decoy = self.gate.decoy
            decoyed = decoy.is_used and session.key(context) == decoy.address().key
            seen.append({
                "external": self.is_external,
                "decoyed": decoyed, "table": context.opts.get("version_table", "alembic_version"),
                "schema": context.opts.get("version_table_schema"),
                # Where a version table without a schema is made: env.py may set the search_path.
                "current": session.current_schema(context.connection),
                "unbegun": self._runs_unbegun(context),
                "metadata": context.opts.get("target_metadata"), "dialect": context.dialect,
                "include": context.opts.get("include_object"),
                "database": self._own_name(context.connection),
                "is_sql": context.as_sql})
            self.version_table = _version_table(seen[-1])
            self.recorder.listener = look_on
            return ()

        try:
            self._first_run(look)
            if any(one["decoyed"] for one in seen):
                # env.py opens its connection while it imports a module: then that is no loading.
                self.gate.uses_decoy = False
                self.release()
                del seen[:], later[:]
                self._first_run(look)
        except BaseException as error:
            if not seen or seen[-1]["table"] not in str(error):
                raise self._explained(error)
            # It counts on the version table, which `upgrade` makes before anything else.
            self.release()
            del seen[:], later[:]
            try:
                self._first_run(look, dont_mutate=False)
            except BaseException as again:
                raise self._explained(again)
        if not seen:
            raise ProjectError(
                "environment-fails", "env.py ran to its end without running the migrations "
                "(context.run_migrations() was not called)", self._environment_file())
        first = seen[0]
        self.metadata = first["metadata"]
        self.include_object = first["include"]
        self.dialect = first["dialect"]
        self.database = first["database"]
        self.version_table = _version_table(first)
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
        elif first["unbegun"]:
            self.reason = "env.py begins no transaction for the migrations"
        elif later:
            self.reason = "env.py %s after the migrations" % min(later)
        elif _BY_HAND.search(self._environment_text()):
            self.reason = "env.py prepares its connection by hand"

    def ask_for_connection(self):
        """Runs env.py until it asks for the first step, and takes none."""
        self._first_run(lambda heads, context: ())

    def _own_name(self, connection):
        engine = getattr(connection, "engine", None)
        name = databases.made_by(engine) if engine is not None else None
        return None if name == databases.name_of(self.gate.address) else name

    def _first_run(self, look, dont_mutate=True):
        try:
            self.run_env(look, dont_mutate=dont_mutate)
        except BaseException as error:
            if isinstance(error, ProjectError) or not self._asks_for_connection():
                raise
            # env.py that only runs on a connection which its caller hands over.
            self.project.supplied["connection"] = None
            self.release()
            try:
                self.run_env(look, dont_mutate=dont_mutate)
            except BaseException:
                self.project.supplied.clear()
                raise error

    def _explained(self, error):
        return self.project.unreadable_option(error) or failures.explain(
            error, "environment-fails", "env.py")

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

    def release(self):
        """Closes every connection that is not in use; gives the number of those that are left."""
        engines.dispose()
        left = 0
        for connection in self.gate.open_connections():
            try:
                own_connections.shut(connection)
            except Exception:
                left += 1
        return left


def _version_table(run):
    current = run["current"] if run["current"] != "public" else None
    return {"name": run["table"], "schema": run["schema"] or current}


def _quieten():
    """Alembic's own account is not what the migration printed."""
    import logging
    for name in ("alembic.runtime.migration", "alembic.runtime.plugins"):
        logger = logging.getLogger(name)
        if not any(one is _is_warning for one in logger.filters):
            logger.addFilter(_is_warning)


def _is_warning(record):
    return record.levelno > 20
