"""Models of the project that nobody imports, so that they are not in what env.py hands over.

The project's files are read, not run, to see which define models; only those that define some and
are not loaded are imported.
"""
import ast
import importlib
import os
import sys

from . import failures, places
from .models import Models

_SKIPPED_FOLDERS = frozenset((
    "node_modules", "site-packages", "dist-packages", "tests", "test", "testing", "docs", "doc",
    "examples", "example", "scripts", "benchmarks", "build", "dist", "__pycache__", "venv", "env",
    "fixtures", "stairway"))
_SKIPPED_FILES = ("test_", "conftest", "setup.py", "noxfile", "fabfile")
# What a module does at its top when it is there to be run, not to be imported.
_SCRIPT_CALLS = frozenset((
    "run", "main", "create_all", "drop_all", "exit", "parse_args", "input", "serve", "upgrade",
    "downgrade", "stamp", "commit"))


class Search(object):
    def __init__(self, environment):
        self.environment = environment
        self.project = environment.project
        self.handed_over = Models(environment, None).several()

    def answer(self):
        if not self.handed_over:
            return {"status": "none"}
        before = self._tables()
        known = {id(table) for table in before}
        loaded = _loaded_files()
        missing = [path for path in self._files() if path not in loaded and defines_models(path)]
        failed = []
        modules = {}
        for path in missing:
            name = _module_name(path)
            # An earlier one may have imported it.
            if name is None or path in _loaded_files():
                continue
            if _is_script(path):
                failed.append({
                    "module": name, "file": failures.relative(path), "line": 1,
                    "message": "%s is not imported: it does more than define models when it is"
                    " loaded" % name, "fix": None})
                continue
            try:
                importlib.import_module(name)
                modules[path] = name
            except BaseException as error:
                explained = failures.explain(
                    error, "environment-fails", "the module %s" % name)
                failed.append({
                    "module": name, "file": failures.relative(path), "line": _line_of(explained),
                    "message": str(explained), "fix": explained.fix})
        found = places.Places()
        unregistered = [
            self._entry(table, kind, found, True)
            for table, kind in self._tables().items() if id(table) not in known]
        foreign = [
            self._entry(table, kind, found, False) for table, kind in before.items()
            if not self._is_handed_over(table) and kind is not None]
        several = sorted(
            unregistered + foreign, key=lambda one: (one["file"] or "", one["line"] or 0, one["name"]))
        return {"status": "succeeded", "unregistered": several, "failed": failed,
                "searched": len(missing)}

    def _is_handed_over(self, table):
        return any(table.metadata is one for one in self.handed_over)

    def _tables(self):
        """The tables that the project's models stand for, with their classes; those of plain
        `Table(...)` with None."""
        found = {}
        for metadata in self.handed_over:
            for table in metadata.tables.values():
                found[table] = None
        for table, kind in places.mapped_tables().items():
            if table in found:
                found[table] = kind
            elif places.is_own_class(kind) and not self._is_of_another_database(table):
                if not self._is_of_history(kind):
                    found[table] = kind
        return found

    @staticmethod
    def _is_of_another_database(table):
        """Flask-SQLAlchemy's binds each have a metadata of their own."""
        return table.metadata.info.get("bind_key") is not None

    def _is_of_history(self, kind):
        """Whether the class is a migration's own."""
        path = os.path.realpath(getattr(sys.modules.get(kind.__module__), "__file__", "") or "")
        return not path or path.startswith(self._history_folders())

    def _history_folders(self):
        script = self.environment.script
        folders = [script.dir] + [str(one) for one in script._version_locations]
        return tuple(os.path.realpath(one) + os.sep for one in folders)

    def _entry(self, table, kind, found, was_imported):
        entry = found.of(table)
        file = entry.get("file")
        module = entry.get("module")
        if module is None and file is not None:
            module = _module_name(os.path.join(failures.project_folder(), file))
        entry.pop("columns", None)
        return dict(
            entry, file=file, module=module, line=entry.get("line"),
            isImported=not was_imported, isHandedOver=self._is_handed_over(table),
            importer=self._importer(module))

    def _importer(self, module):
        """The file in which an import line would do, and the line: the package's `__init__.py` where
        it is loaded and imports its other modules, else env.py."""
        if module is None:
            return None
        package, _, name = module.rpartition(".")
        path = getattr(sys.modules.get(package), "__file__", None) if package else None
        if path and os.path.basename(path) == "__init__.py" and _imports_its_own(path, package):
            return {"file": failures.relative(path), "code": "from . import %s  # noqa: F401" % name}
        return {"file": self.environment._environment_file(),
                "code": "import %s  # noqa: F401" % module}

    def _files(self):
        """The project's own Python files that may define models."""
        history = self._history_folders()
        top = os.path.realpath(self.project.folder)
        own = os.path.realpath(self.project.ini or self.project.toml or top)
        for base, folders, files in os.walk(top):
            folders[:] = sorted(
                one for one in folders
                if not one.startswith(".") and one.lower() not in _SKIPPED_FOLDERS
                and not _is_foreign(os.path.join(base, one), history, own))
            for name in sorted(files):
                path = os.path.join(base, name)
                if name.endswith(".py") and not name.startswith(_SKIPPED_FILES) and not (
                        name.endswith("_test.py") or path.startswith(history)):
                    yield path


def _is_foreign(folder, history, own):
    """A virtual environment, this history or another one, another project."""
    path = os.path.realpath(folder)
    if (path + os.sep).startswith(history) or os.path.islink(folder):
        return True
    if os.path.exists(os.path.join(path, "pyvenv.cfg")):
        return True
    if os.path.exists(os.path.join(path, "env.py")) and os.path.isdir(
            os.path.join(path, "versions")):
        return True
    ini = os.path.join(path, "alembic.ini")
    return os.path.exists(ini) and ini != own


def _loaded_files():
    return {os.path.realpath(path) for path in (
        getattr(module, "__file__", None) for module in list(sys.modules.values()))
        if isinstance(path, str)}


def defines_models(path):
    """Whether the file seems to define tables, by its text alone."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        return False
    if not any(word in text for word in (b"__tablename__", b"Table(", b"table=True", b"Model",
                                         b"Base", b"__table__")):
        return False
    tree = places.parsed(path)
    if tree is None:
        return False
    names = _imported(tree, _package(path))
    if any(isinstance(one, ast.ClassDef) and _is_model(one, names) for one in tree.body):
        return True
    return any(
        _is_metadata(call.args[1], names) for statement in tree.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr))
        for call in places.table_calls(statement))


def _is_model(node, names):
    assigned = {
        name.id: statement for statement in node.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for name in (getattr(statement, "targets", None) or [statement.target])
        if isinstance(name, ast.Name)}
    abstract = assigned.get("__abstract__")
    if abstract is not None and getattr(abstract.value, "value", False) is True:
        return False
    bases = [base for base in (_resolved(one, names) for one in node.bases) if base is not None]
    if any(_is_declarative(one) for one in bases):
        return True
    if any(key.arg == "table" and getattr(key.value, "value", None) is True
           for key in node.keywords):
        return True
    # A mixin may name its users' table too, by a function; a plain name is a table's.
    value = getattr(assigned.get("__tablename__"), "value", None)
    return bool(node.bases) and isinstance(value, ast.Constant) or "__table__" in assigned


def _package(path):
    """The package in which the file would be imported; empty where it is in none."""
    name = _module_name(path) or ""
    return name if os.path.basename(path) == "__init__.py" else name.rpartition(".")[0]


def _imported(tree, package):
    """What the file's imports stand for, as far as it is loaded: names to modules and their
    attributes."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.asname is None:
                    top = one.name.split(".")[0]
                    names[top] = sys.modules.get(top)
                else:
                    names[one.asname] = sys.modules.get(one.name)
        elif isinstance(node, ast.ImportFrom):
            source = _source(node, package)
            module = sys.modules.get(source)
            for one in node.names:
                names[one.asname or one.name] = getattr(module, one.name, None) or sys.modules.get(
                    "%s.%s" % (source, one.name))
    return names


def _source(node, package):
    """The module that `from … import` names, its dots resolved."""
    if node.level == 0:
        return node.module
    above = package.split(".")
    above = above[:len(above) - node.level + 1]
    return ".".join(above + ([node.module] if node.module else []))


def _resolved(node, names):
    """The object that a dotted name stands for; None where that is not known."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute):
        return getattr(_resolved(node.value, names), node.attr, None)
    return None


def _is_declarative(base):
    """Whether it is a class that models derive from, or one of them."""
    return isinstance(base, type) and hasattr(base, "metadata") and (
        hasattr(base, "registry") or hasattr(base, "_decl_class_registry")
        or hasattr(base, "query_class")) and base.__module__.split(".")[0] != "sqlmodel"


def _is_metadata(node, names):
    """Whether the second argument of `Table(...)` seems to be a metadata."""
    import sqlalchemy
    found = _resolved(node, names)
    if found is not None:
        return isinstance(found, sqlalchemy.MetaData)
    last = getattr(node, "id", None) or getattr(node, "attr", None) or ""
    return "metadata" in last.lower()


def _is_script(path):
    """Whether the module does something at its top that only a program does."""
    for statement in places.parsed(path).body:
        if not isinstance(statement, (ast.Expr, ast.Assign, ast.With)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if name in _SCRIPT_CALLS:
                    return True
    return False


def _module_name(path):
    """The name under which the file would be imported; None where it cannot be."""
    path = os.path.realpath(path)
    best = None
    for folder in sys.path:
        folder = os.path.realpath(folder or ".")
        if not path.startswith(folder + os.sep):
            continue
        parts = path[len(folder) + 1:-len(".py")].split(os.sep)
        if parts[-1] == "__init__":
            parts = parts[:-1]
        if not parts or not all(part.isidentifier() for part in parts):
            continue
        name = ".".join(parts)
        rank = (_is_package_of(path, parts), -len(parts))
        if best is None or rank > best[0]:
            best = (rank, name)
    return best[1] if best else None


def _is_package_of(path, parts):
    """2 where its package is loaded from this folder, 1 where every folder in between is a package."""
    if len(parts) == 1:
        return 0
    parent = sys.modules.get(".".join(parts[:-1]))
    folders = [os.path.realpath(one) for one in getattr(parent, "__path__", ())]
    if os.path.dirname(path) in folders:
        return 2
    folder = os.path.dirname(path)
    for _ in parts[:-1]:
        if not os.path.isfile(os.path.join(folder, "__init__.py")):
            return 0
        folder = os.path.dirname(folder)
    return 1


def _imports_its_own(path, package):
    """Whether a package's `__init__.py` imports other modules of the package."""
    tree = places.parsed(os.path.realpath(path))
    if tree is None:
        return False
    return any(
        isinstance(node, ast.ImportFrom)
        and (node.level == 1 or (node.module or "").startswith(package))
        or isinstance(node, ast.Import)
        and any(one.name.startswith(package + ".") for one in node.names)
        for node in tree.body)


def _line_of(error):
    place = error.place or ""
    number = place.rpartition(":")[2]
    return int(number) if number.isdigit() else 1
