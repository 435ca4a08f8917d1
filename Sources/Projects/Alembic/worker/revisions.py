"""The revisions' modules, as Alembic loads them, and its steps for them."""
import contextlib
import importlib.machinery

from . import failures, history
from .failures import ProjectError


class StepFailed(Exception):
    """What an order came to, where it did not succeed: the fields of the answer."""

    def __init__(self, answer):
        Exception.__init__(self)
        self.answer = answer


class Revisions(object):
    """What Alembic knows of the history on one database."""

    def __init__(self, project):
        self._project = project
        # Alembic's `ScriptDirectory`, once env.py was run for the first time.
        self.script = None
        self.used = set()
        # What the files of revisions were compiled to, for the next time that they are executed.
        self._code = {}
        # The revision whose module was executed since its last step.
        self._loaded_again = None

    def load(self):
        """Loads every revision's file, as Alembic does before its first step."""
        try:
            with self._keeping_code():
                heads = self.script.revision_map.heads
            if not heads:
                raise history.none_found(self.script)
        except ProjectError:
            raise
        except BaseException as error:
            if isinstance(error, KeyError):
                raise ProjectError(
                    "unreadable-revision", "a revision follows %s, which does not exist" % error)
            raise history.unreadable(None, error)

    @contextlib.contextmanager
    def _keeping_code(self):
        """Keeps what Python's own loader compiles meanwhile."""
        loaders = importlib.machinery.SourceFileLoader

        def source_to_code(loader, data, path, **keywords):
            code = super(loaders, loader).source_to_code(data, path, **keywords)
            self._code[path] = code
            return code

        loaders.source_to_code = source_to_code
        try:
            yield
        finally:
            del loaders.source_to_code

    def find(self, revision):
        """Alembic's object for exactly this id; None where it knows none."""
        try:
            script = self.script.revision_map.get_revision(revision)
        except Exception:
            return None
        return script if script is not None and script.revision == revision else None

    def step(self, revision, direction):
        """Alembic's step for exactly this revision.

        Its module is executed anew from the second use on: a step of a new process would not see
        what an earlier one left in the module's variables, e.g. tables in a `MetaData`.
        Raises StepFailed where the revision has no function for the direction.
        """
        from alembic.runtime.migration import RevisionStep
        script = self.find(revision)
        if script is None:
            raise StepFailed({
                "status": "unjudged",
                "message": "Alembic does not know the revision %s" % revision})
        if revision in self._project.skipped:
            step = RevisionStep(self.script.revision_map, script, direction == "up")
            step.migration_fn = _nothing
            return step
        if revision in self.used and revision != self._loaded_again:
            script.module = self._executed_again(script.module)
        self._loaded_again = None
        self.used.add(revision)
        name = "upgrade" if direction == "up" else "downgrade"
        if not callable(getattr(script.module, name, None)):
            raise StepFailed({"status": "failed", "failure": {
                "kind": "no-such-direction", "type": "AttributeError",
                "message": "the revision has no function %s()" % name, "frames": [
                    {"file": failures.relative(script.path), "line": 1, "function": "<module>",
                     "code": ""}]}})
        return RevisionStep(self.script.revision_map, script, direction == "up")

    def pass_over(self, step):
        """Lets a step of Alembic's own making do nothing but be recorded, where the settings say so."""
        if getattr(getattr(step, "revision", None), "revision", None) in self._project.skipped:
            step.migration_fn = _nothing

    def load_again(self, revision):
        """Executes a revision's module for its next step; what that raises, the step will."""
        script = self.find(revision)
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
        try:
            exec(self._code[spec.origin], again.__dict__)
        except Exception as error:
            # It adds tables to a MetaData of the application's, which stays loaded: once is enough.
            if "already defined for this MetaData" in str(error):
                return module
            raise
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


def _nothing(**keywords):
    """The function of a revision that is recorded and not run."""
