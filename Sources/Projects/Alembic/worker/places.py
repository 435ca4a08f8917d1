"""Where the project's models stand: the class or `Table(...)` of each table, and its columns' lines."""
import ast
import importlib
import os
import sys

from . import failures

_parsed = {}


class Places(object):
    """Looks tables up in what is loaded by now."""

    def __init__(self):
        self._mappers = _mappers_by_table()
        self._tables = None

    def of(self, table):
        """The fields of Stairway's `ModelTable`."""
        found = {"schema": table.schema, "name": table.name, "columns": []}
        mapper = self._mappers.get(table)
        if mapper is not None:
            found.update(self._of_class(mapper, table))
        else:
            found.update(self._of_call(table))
        return found

    def _of_class(self, mapper, table):
        kind = mapper.class_
        path, line = class_place(kind)
        columns = []
        for column in table.columns:
            try:
                key = mapper.get_property_by_column(column).key
            except Exception:
                continue
            where = _attribute_place(kind, key)
            if where is not None:
                columns.append({"name": column.name, "file": where[0], "line": where[1]})
        return {"model": kind.__name__, "module": kind.__module__, "file": path, "line": line,
                "columns": columns}

    def _of_call(self, table):
        if self._tables is None:
            self._tables = _calls_in_loaded_modules()
        for name in (table.name, None):
            for path, call in self._tables.get(name, ()):
                if name is None and not _builds(call, table):
                    continue
                file = failures.relative(path)
                return {
                    "file": file, "line": call.lineno, "columns": [
                        {"name": column, "file": file, "line": line}
                        for column, line in _columns_of_call(call)]}
        return {}


def class_place(kind):
    """File and line of a class; (None, None) where it is not the project's own."""
    path = _file_of_module(kind.__module__)
    node = _class_node(path, kind.__qualname__)
    return (failures.relative(path), node.lineno) if node is not None else (None, None)


def is_own_class(kind):
    path = _file_of_module(kind.__module__)
    return path is not None and failures.is_own(path)


def mapped_tables():
    """Every mapped table that there is, with its class."""
    return {table: mapper.class_ for table, mapper in _mappers_by_table().items()}


def subclasses_in_one_table():
    """Every mapped class whose table is that of the class from which it inherits, with the table and
    the columns that it adds to it."""
    for mapper in _mappers():
        parent = mapper.inherits
        if parent is None or parent.local_table is not mapper.local_table:
            continue
        inherited = {column.name for column in parent.columns if hasattr(column, "name")}
        own = [column.name for column in mapper.columns
               if getattr(column, "table", None) is mapper.local_table
               and column.name not in inherited]
        if own:
            yield mapper.class_, mapper.local_table, own


def _mappers_by_table():
    """The mapper of each table: of those that share one, the one that the others inherit from."""
    found = {}
    for mapper in _mappers():
        table = mapper.local_table
        parent = mapper.inherits
        if parent is not None and parent.local_table is table:
            continue
        if hasattr(table, "metadata") and hasattr(table, "columns"):
            found.setdefault(table, mapper)
    return found


def _mappers():
    module = importlib.import_module("sqlalchemy.orm.mapper")
    if not hasattr(module, "_all_registries"):
        return list(getattr(module, "_mapper_registry", ()))
    managers = [one for registry in list(module._all_registries()) for one in registry._managers]
    return [one for one in map(_mapper_of, managers) if one is not None]


def _mapper_of(manager):
    """None for a class whose mapping is not made yet, or failed: `registry.mappers` raises there."""
    try:
        return manager.mapper
    except Exception:
        return None


def _file_of_module(name):
    path = getattr(sys.modules.get(name), "__file__", None)
    if not path or not path.endswith(".py"):
        return None
    path = os.path.realpath(path)
    return path if os.path.isfile(path) else None


def parsed(path):
    """The file's syntax tree; None where it has none."""
    if path not in _parsed:
        try:
            with open(path, "rb") as file:
                _parsed[path] = ast.parse(file.read(), path)
        except (OSError, SyntaxError, ValueError, RecursionError):
            _parsed[path] = None
    return _parsed[path]


def _class_node(path, qualified):
    tree = parsed(path) if path else None
    if tree is None:
        return None
    node, found = tree, None
    for part in qualified.split("."):
        if part == "<locals>":
            continue
        found = next(
            (one for one in ast.walk(node) if one is not node
             and isinstance(one, (ast.ClassDef, ast.FunctionDef)) and one.name == part), None)
        if found is None:
            return None
        node = found
    return found


def _attribute_place(kind, key):
    """Where a mapped attribute is assigned: in the class itself or in one that it derives from."""
    for one in kind.__mro__:
        path = _file_of_module(one.__module__)
        if path is None or not failures.is_own(path):
            continue
        node = _class_node(path, one.__qualname__)
        for statement in getattr(node, "body", ()):
            targets = getattr(statement, "targets", None) or [getattr(statement, "target", None)]
            if any(isinstance(name, ast.Name) and name.id == key for name in targets):
                return failures.relative(path), statement.lineno
            if isinstance(statement, ast.FunctionDef) and statement.name == key:
                return failures.relative(path), statement.lineno
    return None


def _calls_in_loaded_modules():
    """The calls of `Table(...)` in the project's loaded files, by the table's name; under None those
    that take the name from elsewhere."""
    found = {}
    for module in list(sys.modules.values()):
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith(".py") or not failures.is_own(path):
            continue
        path = os.path.realpath(path)
        for call in table_calls(parsed(path)):
            first = call.args[0] if call.args else None
            name = first.value if isinstance(first, ast.Constant) else None
            found.setdefault(name, []).append((path, call))
    return found


def table_calls(tree):
    """Every call of something named `Table` in the tree."""
    if tree is None:
        return []
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.Call) and len(node.args) > 1
        and _last_name(node.func) == "Table"]


def _last_name(node):
    return getattr(node, "id", None) or getattr(node, "attr", None)


def _columns_of_call(call):
    """Names and lines of the columns that are written in the call itself."""
    for one in call.args[2:]:
        if isinstance(one, ast.Call) and _last_name(one.func) == "Column" and one.args:
            first = one.args[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, one.lineno


def _builds(call, table):
    """Whether a call without a plain name seems to be the table's: it has just its columns."""
    names = [name for name, _ in _columns_of_call(call)]
    return bool(names) and names == [column.name for column in table.columns]
