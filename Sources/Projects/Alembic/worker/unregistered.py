"""Models of the project that nobody imports, so that they are not in what env.py hands over.

The project's files are read, not run, to see which define models; only those that define some and
are not loaded are imported.
"""
import ast
import importlib
import os
import sys

from . import apart, definitions, failures, files, places
from .models import Models


class Search(object):
    def __init__(self, environment):
        self.environment = environment
        self.project = environment.project
        self.handed_over = Models(environment, None).several()

    def answer(self):
        if not self.handed_over:
            return {"status": "none"}
        paths = list(self._files())
        loaded = files.loaded()
        missing = [path for path in paths
                   if path not in loaded and definitions.defines_models(path)]
        # Modules that end the process which imports them: the others are imported without.
        ending = []
        while True:
            found, path = apart.carry_out(
                lambda say: self._found(paths, missing, ending, say))
            if found is not None:
                return found
            if path is None or path in ending:
                raise RuntimeError("the process that imports models has ended")
            ending.append(path)

    def _found(self, paths, missing, ending, say):
        """Imports what is missing, and gives what comes of it; says of each before it is imported."""
        before = self._tables()
        known = {table: {one.name for one in table.columns} for table in before}
        failed = []
        modules = {}
        # Nobody else imports them: what Python keeps of them is not the project's.
        sys.dont_write_bytecode = True
        for path in missing:
            name = files.module_name(path)
            # An earlier one may have imported it.
            if name is None or path in files.loaded():
                continue
            if definitions.is_script(path):
                failed.append({
                    "module": name, "file": failures.relative(path), "line": 1,
                    "message": "%s is not imported: it does more than define models when it is"
                    " loaded" % name, "fix": None})
                continue
            if path in ending:
                failed.append({
                    "module": name, "file": failures.relative(path), "line": _ending_line(path),
                    "message": "%s is not imported: it ends the process that imports it" % name,
                    "fix": None})
                continue
            say(path)
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
        others = self._metadata_of_other_environments(paths)
        unregistered = [
            self._entry(table, kind, found, True)
            for table, kind in self._tables().items()
            if table not in known and self._is_compared(table, others)]
        added = list(self._added_columns(known, found))
        foreign = [
            self._entry(table, kind, found, False) for table, kind in before.items()
            if not self._is_handed_over(table) and kind is not None
            and self._is_compared(table, others)]
        several = sorted(
            unregistered + added + foreign, key=lambda one: (one["file"] or "", one["line"] or 0, one["name"]))
        return {"status": "succeeded", "unregistered": several, "failed": failed,
                "searched": len(missing)}

    def _added_columns(self, known, found):
        """The classes that have put columns into tables which were there before."""
        for kind, table, columns in places.subclasses_in_one_table():
            new = [column for column in columns if column not in known.get(table, columns)]
            if new:
                file, line = places.class_place(kind)
                yield dict(
                    self._entry(table, kind, found, True), model=kind.__name__, file=file, line=line,
                    module=kind.__module__, importer=self._importer(kind.__module__), columns=new)

    def _is_handed_over(self, table):
        return any(table.metadata is one for one in self.handed_over)

    def _is_compared(self, table, others):
        """Whether autogenerate would look at a table if it were handed over."""
        if any(table.metadata is one for one in others):
            return False
        include = self.environment.include_object
        try:
            return include is None or bool(include(table, table.name, "table", False, None))
        except Exception:
            return True

    def _metadata_of_other_environments(self, paths):
        """What the project's other env.py files hand over: that of the models which they import."""
        modules = set()
        for path in paths:
            folder, name = os.path.split(path)
            if name == "env.py" and os.path.exists(os.path.join(folder, "script.py.mako")):
                modules.update(_imports(path))
        return [
            table.metadata for table, kind in places.mapped_tables().items()
            if kind.__module__ in modules and not self._is_handed_over(table)]

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
            module = files.module_name(os.path.join(failures.project_folder(), file))
        # Those that it adds to a table which is there without it.
        entry["columns"] = []
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
        """The project's own files that may define models."""
        project = self.project
        return files.walk(project.folder, project.ini or project.toml, self._history_folders())


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


def _imports(path):
    """The modules that a file imports, or imports something from."""
    tree = places.parsed(path)
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Import):
            for one in node.names:
                yield one.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            for one in node.names:
                yield "%s.%s" % (node.module, one.name)


def _ending_line(path):
    """Where a file ends the process by itself."""
    tree = places.parsed(path)
    for node in ast.walk(tree) if tree is not None else ():
        function = node.func if isinstance(node, ast.Call) else None
        if getattr(function, "attr", getattr(function, "id", None)) in ("_exit", "abort"):
            return node.lineno
    return 1


def _line_of(error):
    place = error.place or ""
    number = place.rpartition(":")[2]
    return int(number) if number.isdigit() else 1
