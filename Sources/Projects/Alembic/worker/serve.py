"""The worker's orders: what Stairway asks, and who carries it out."""
import faulthandler
import gc
import os
import signal
import sys

from . import channel as lines
from . import failures
from .failures import ProjectError, installing


def main(requests, answers):
    # Where a step hangs: asked before the process is ended for it.
    faulthandler.register(signal.SIGUSR2, file=2, all_threads=False)
    channel = lines.Channel(requests, answers)
    worker = Worker(channel)
    order = None
    while True:
        order = worker.pending() or channel.receive()
        worker.carry_out(order)


class Worker(object):
    """One project on one scratch database."""

    def __init__(self, channel):
        self.channel = channel
        self.project = None
        self.gate = None
        self.environment = None
        self.steps = None
        self.variables = None
        self.recorder = None
        self._decoy = None
        self._is_collecting = False

    def pending(self):
        if self.steps is None or self.steps.pending is None:
            return None
        order, self.steps.pending = self.steps.pending, None
        return order

    def carry_out(self, order):
        """Carries the order out and answers it; an order that cannot be is answered so."""
        name = order["order"]
        try:
            if name == "step":
                self.steps.step(order)
                return
            answer = getattr(self, "_" + name)(order)
        except ProjectError as error:
            answer = {"error": error.fields()}
        except BaseException as error:
            described = failures.describe(error)
            answer = {"error": {
                "code": "worker-failed", "message": "the order %s failed in the worker: %s: %s" % (
                    name, described["type"], described["message"]),
                "place": failures.place_of(error), "trace": _trace(error)}}
        if name != "history":
            self._collect()
        self.channel.send(answer)

    def _collect(self):
        """Starts the collector once everything is loaded: what is there by then stays, and need not be
        gone through again and again."""
        if not self._is_collecting:
            self._is_collecting = True
            gc.collect()
            gc.freeze()
            gc.enable()

    def _begin(self, order):
        """Reads the settings and Alembic, which every other order needs."""
        if self.project is not None:
            return
        try:
            import alembic
            import sqlalchemy  # noqa: F401
        except ImportError as error:
            missing = (error.name or "alembic").split(".")[0]
            raise ProjectError(
                "missing-package", "%s is not installed in %s" % (missing, sys.executable), None,
                installing(missing))
        if not hasattr(alembic, "__version__"):
            raise ProjectError(
                "missing-package", "alembic is not installed in %s" % sys.executable, None,
                installing("alembic"))
        from .project import Project
        self.project = Project(order["settings"])
        self.channel.know_passwords(self.project.passwords)

    def _history(self, order):
        self._begin(order)
        from . import history
        ran = self.project.runs_user_code
        if ran:
            self._seal()
        self.project.enter()
        if self.project.runs_user_code and self.project.function is None:
            self.project.load_application()
        script = self.project.make_script(self.project.make_config())
        try:
            revisions, imported = history.read(script)
        except ImportError as error:
            raise history.unreadable(None, error)
        return dict(
            history.folders(script), revisions=revisions, spent=ran or imported)

    def _folders(self, order):
        """Where the settings say that the revisions lie, with nothing of the project's run."""
        self._begin(order)
        from . import history
        self.project.enter()
        return history.folders(self.project.make_script(self.project.make_config()))

    def _sources(self, order):
        """Reads texts of revisions, of now and of commits; no code of theirs is run."""
        from . import sources
        return sources.read(order["files"])

    def _conftest(self, order):
        """What the project's conftest.py tells pytest-alembic."""
        self._begin(order)
        self._seal()
        # What a conftest does while it is imported and what its fixtures do is about one database.
        self.gate.uses_decoy = False
        self.project.enter()
        from . import conftest_data
        return {"conftest": conftest_data.read(self.project)}

    def _databases(self, order):
        """The project's own databases, of which none is opened."""
        self._begin(order)
        from . import children, own_databases
        self._seal(leads_variables=False)
        children.refuse()
        self.gate.uses_decoy = False
        return {"databases": own_databases.look(self)}

    def _seal(self, leads_variables=True):
        """Leads every connection to a throwaway file, where user code is run without a database."""
        import tempfile
        from .address import Address
        folder = tempfile.mkdtemp(prefix=".stairway-history-")
        self._decoy = folder
        self._lead(Address.file(os.path.join(folder, "history.db")), leads_variables)

    def _lead(self, address, leads_variables=True):
        """Leads connections there and, unless the project is to find its own database's name in the
        variables and settings, these too."""
        from . import drivers, engines, session
        from .gate import Gate
        from .recorder import Recorder
        from .variables import Variables
        self.gate = Gate(address)
        self.recorder = Recorder()
        self.channel.secrets = [address.password] if address.password else []
        self.variables = Variables([self.project.working_folder, self.project.folder])
        self.channel.know_passwords(self.project.passwords + self.variables.passwords)
        if leads_variables:
            self.variables.lead_to(address)
            self.project.url = self.gate.address_text
        self.engines = engines.install(self.gate)
        drivers.install(self.gate, {
            "sqlalchemy.ext.asyncio.engine": engines.patch_asyncio(self.engines)})
        self.recorder.install()
        session.watch_pools(self.gate, self.recorder)
        self.gate.named = self.project.named_engines | self.variables.named_engines

    def _open(self, order):
        self._begin(order)
        from .address import Address
        from .environment import Environment
        from .steps import Steps
        address = Address(order["address"])
        self._lead(address)
        self.project.enter()
        self.gate.uses_decoy = not order.get("keepsFactoryTables")
        self.gate.is_loading = True
        self.project.load_application()
        self.gate.is_loading = False
        self.environment = Environment(self.project, self.gate, self.recorder)
        self.recorder.is_beside = self._is_beside
        self.recorder.begin()
        self.environment.probe()
        own = [one for one in self.recorder.take() if one.get("sender")]
        self.environment.revisions.load()
        self._leave_decoy()
        self.gate.uses_decoy = False
        self.steps = Steps(self.environment, self.recorder, self.channel)
        return {
            "passwords": self.project.passwords + self.variables.passwords,
            "environment": self._versions(), "notes": self.environment.notes,
            "versionTable": self.environment.version_table,
            "migrated": self.environment.database, "statements": own}

    def _leave_decoy(self):
        """Lets the loaded application's connections go, and says what it did with them."""
        if not self.gate.decoy.is_used:
            return
        tables = self.gate.decoy.tables()
        self.environment.release()
        self.gate.decoy.drop()
        if tables:
            shown = ", ".join(tables[:8]) + (", …" if len(tables) > 8 else "")
            did = "migrates its database" if "alembic_version" in tables else (
                "makes %d table%s" % (len(tables), "" if len(tables) == 1 else "s"))
            self.environment.notes.append(
                "the application %s while it is loaded (%s); that was led to a database of its own,"
                " so that the history begins with an empty one" % (did, shown))

    def _versions(self):
        import alembic
        import sqlalchemy
        from . import flask_application
        versions = {
            "python": "%d.%d.%d" % sys.version_info[:3], "alembic": alembic.__version__,
            "sqlalchemy": sqlalchemy.__version__,
            "loaded": "once" if self.environment.reason is None
            else "for every step: %s" % self.environment.reason}
        flask_migrate = flask_application.version()
        if flask_migrate:
            versions["flask-migrate"] = flask_migrate
        dialect = self.environment.dialect
        module = getattr(dialect, "dbapi", None)
        name = getattr(dialect, "driver", "")
        version = getattr(module, "__version__", None) or getattr(
            sys.modules.get(name), "__version__", None)
        if name == "pysqlite":
            version = getattr(module, "sqlite_version", None)
        versions["driver"] = "%s %s" % (name, str(version).split()[0]) if version else name
        return versions

    def _run(self, order):
        answer = self.steps.run(order)
        return answer

    def _touch(self, order):
        return self.steps.touch()

    def _upgrade(self, order):
        return self.steps.command(order)

    def _stamp(self, order):
        return self.steps.command(order)

    def _print(self, order):
        from .printing import Printer
        return Printer(self.environment).print(order)

    def _models(self, order):
        from .models import Models
        return Models(self.environment, self.recorder).read()

    def _create_models(self, order):
        from .models import Models
        return Models(self.environment, self.recorder).create(order)

    def _unregistered(self, order):
        """Imports what defines models and nobody imports, in place of an `open`."""
        self._begin(order)
        from . import unregistered
        from .address import Address
        from .environment import Environment
        self._lead(Address(order["address"]))
        self.project.enter()
        self.gate.is_loading = True
        self.project.load_application()
        self.gate.is_loading = False
        self.environment = Environment(self.project, self.gate, self.recorder)
        try:
            self.environment.probe()
            self.gate.is_loading = True
            return unregistered.Search(self.environment).answer()
        finally:
            self.environment.release()
            self.gate.decoy.drop()

    def _start(self, order):
        """Starts the application on the database as it is, in place of an `open`."""
        self._begin(order)
        from . import application, children, flask_application
        from .address import Address
        self._lead(Address(order["address"]))
        self.gate.uses_decoy = False
        self.recorder.begin()
        self.project.enter()
        children.refuse()
        self._tell_databases_apart(order)
        failure = None
        try:
            name = application.start(
                self.project, self.project.environment_file(), order.get("application"))
        except ProjectError as error:
            failure = error
        found = self.gate.databases.found(flask_application.default_database(self.project.started))
        self.gate.databases.drop()
        if found is not None:
            return {"status": "other-database", "migrated": found}
        if failure is not None:
            raise failure
        if name is None:
            return {"status": "none"}
        return {"status": "succeeded", "application": name, "statements": self.recorder.take()}

    def _tell_databases_apart(self, order):
        """Lets only the application's migrated database be the scratch database."""
        from .databases import Databases, name_of_url
        known = {tuple(order["migrated"])} if order.get("migrated") else self.variables.names()
        if not order.get("migrated"):
            known.add(name_of_url(self.project.own_url() or ""))
        databases = Databases(self.gate, known - {None}, order.get("found"))
        self.variables.tell_apart(databases)
        self.variables.lead_to(self.gate.address)
        self.gate.databases = databases
        self.recorder.is_beside = self._is_beside

    def _is_beside(self, connection):
        try:
            key = connection.info.get("stairway")
        except Exception:
            return False
        decoy = self.gate.decoy
        return self.gate.leads_beside(key) or decoy.is_used and key == decoy.address().key

    def _release(self, order):
        left = self.environment.release()
        self.recorder.begin()
        return {"left": left}

    def _move(self, order):
        from .address import Address
        left = self.environment.release()
        address = Address(order["address"])
        self.gate.address = address
        self.environment.revisions.forget_loaded()
        self.channel.secrets = [address.password] if address.password else []
        self.variables.lead_to(address)
        return {"left": left}

    def _create_all(self, order):
        from . import origin
        return origin.create_all(self.environment, self.recorder)

    def _command(self, order):
        from . import origin
        return origin.run_command(self.project, order["command"])

    def _close(self, order):
        if self.environment is not None:
            self.environment.release()
        if self._decoy is not None:
            import shutil
            shutil.rmtree(self._decoy, ignore_errors=True)
        self.channel.send({})
        lines.leave(0)


def _trace(error):
    import traceback
    return "".join(traceback.format_exception(type(error), error, error.__traceback__))[-4000:]
