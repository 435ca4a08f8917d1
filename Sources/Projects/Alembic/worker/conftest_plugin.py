"""The plugin by which pytest is made to hand out one fixture of a project, and to run nothing else."""
import inspect
import os

import pytest

from .failures import relative

NAME = "alembic_config"


class Plugin(object):
    """Binds one item to each file at which the fixture may be seen, and runs these items alone."""

    def __init__(self, definers):
        self.definers = definers
        # All files that items are bound to, in the order of their trials.
        self.files = []
        self.bound = None
        self.trials = []
        # The file that could not be imported, and what it raised.
        self.failure = None
        self.setups = []
        self._items = []
        plugin = self

        def bind(path, parent):
            if os.path.realpath(str(path)) not in plugin.files:
                return None
            made = {"path": path} if hasattr(parent, "path") else {"fspath": path}
            binding = _Binding.from_parent(parent, **made)
            binding.plugin = plugin
            return binding

        # pytest asks by the names of the arguments, which were others before 7.
        if getattr(pytest, "version_tuple", (0,)) >= (7, 0):
            self.pytest_pycollect_makemodule = lambda module_path, parent: bind(module_path, parent)
        else:
            self.pytest_pycollect_makemodule = lambda path, parent: bind(path, parent)

    def run(self, arguments):
        """Runs pytest; gives its exit status."""
        self._watch_conftests()
        return int(pytest.main(arguments + self.definers, plugins=[self]))

    def add(self, item):
        self._items.append(item)

    def _watch_conftests(self):
        """Keeps what a conftest raised: pytest only prints it."""
        from _pytest import config
        kind = getattr(config, "ConftestImportFailure", None)
        if kind is None:
            return
        plugin, real = self, kind.__init__

        def noted(failure, path, *arguments, **keywords):
            for one in list(arguments) + list(keywords.values()):
                error = one[1] if isinstance(one, tuple) and len(one) > 1 else one
                if isinstance(error, BaseException):
                    plugin.failure = (str(path), error)
            real(failure, path, *arguments, **keywords)

        kind.__init__ = noted

    def pytest_configure(self, config):
        bound = _bound_file(config)
        if bound is not None:
            self.bound = os.path.realpath(bound)
            self.files.append(self.bound)
        self.files += [one for one in self.definers if one != self.bound]
        if not self.files:
            raise pytest.UsageError("there is no conftest.py that could define %s" % NAME)
        config.args = list(self.files)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self, session):
        """pytest-alembic's own tests are not asked for, and its collector does not know every
        pytest."""
        manager = session.config.pluginmanager
        if manager.get_plugin("pytest-alembic") is not None:
            manager.unregister(name="pytest-alembic")

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef):
        if fixturedef.argname == NAME:
            self.setups.append(fixturedef.func)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self):
        """Runs what was bound, whatever a selection has left of it."""
        for item in sorted(self._items, key=lambda one: self.files.index(one.file)):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            if self.trials and self.trials[-1].is_own and self.trials[-1].is_bound:
                break
        return True


class _Binding(pytest.Module):
    """Stands in for the tests of a file."""

    plugin = None

    def collect(self):
        # A conftest is loaded as a plugin; as modules several of them would have one name.
        if os.path.basename(str(self.fspath)) != "conftest.py":
            self._parse()
        item = _Probe.from_parent(self, name=NAME, callobj=_nothing)
        item.plugin = self.plugin
        self.plugin.add(item)
        return [item]

    def _parse(self):
        """Imports the module for the fixtures that it defines itself."""
        try:
            self.session._fixturemanager.parsefactories(self)
        except Exception as error:
            self.plugin.failure = (str(self.fspath), error.__cause__ or error)
            raise


class _Probe(pytest.Function):
    """Asks for the fixture and what it needs; fixtures for every test are not set up."""

    plugin = None

    @property
    def file(self):
        return os.path.realpath(str(self.fspath))

    def setup(self):
        pass

    def runtest(self):
        self.plugin.trials.append(Trial(self))


class Trial(object):
    """What asking for the fixture at one file came to."""

    def __init__(self, item):
        plugin = item.plugin
        self.is_bound = item.file == plugin.bound
        self.value = None
        self.error = None
        # Where the fixture is defined; the file itself where what it needs failed before.
        self.place = relative(item.file)
        self.is_own = False
        del plugin.setups[:]
        try:
            self.value = item._request.getfixturevalue(NAME)
        except BaseException as error:
            self.error = error
            self.is_own = True
        # The last to be set up is the one that was asked for; the others are what it overrides.
        for function in plugin.setups[-1:]:
            self.place = _place(function) or self.place
            self.is_own = not str(getattr(function, "__module__", "")).startswith("pytest_alembic")


def _nothing():
    pass


def _place(function):
    code = getattr(inspect.unwrap(function), "__code__", None)
    return None if code is None else "%s:%d" % (relative(code.co_filename), code.co_firstlineno)


def _bound_file(config):
    """The file to which pytest-alembic binds its own tests, where it is there."""
    named = getattr(config.option, "pytest_alembic_tests_path", None)
    if not named:
        try:
            named = config.getini("pytest_alembic_tests_path")
        except (KeyError, ValueError):
            named = None
    root = str(getattr(config, "rootpath", None) or config.rootdir)
    path = os.path.join(root, named or os.path.join("tests", "conftest.py"))
    return path if os.path.isfile(path) else None
