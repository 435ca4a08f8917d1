"""Which files define models, as their text tells: they are read and not run."""
import ast
import os
import sys

from . import files, places

# What a module does at its top when it is there to be run, not to be imported.
_SCRIPT_CALLS = frozenset((
    "run", "main", "create_all", "drop_all", "exit", "parse_args", "input", "serve", "upgrade",
    "downgrade", "stamp", "commit"))


def defines_models(path):
    """Whether the file seems to define tables, by its text alone."""
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        return False
    if not any(word in text for word in (b"__tablename__", b"Table(", b"table=True", b"Model",
                                         b"Base", b"__table__", b"Column(",
                                         b"mapped_column(", b"Mapped[")):
        return False
    tree = places.parsed(path)
    if tree is None:
        # It cannot be read, nor imported: whoever tries is told why.
        return any(word in text for word in (b"__tablename__", b"mapped_column(", b"Mapped["))
    source = _Source(path, tree)
    if any(isinstance(one, ast.ClassDef) and _is_model(one, source) for one in tree.body):
        return True
    return any(
        _is_metadata(call.args[1], source.names) for statement in tree.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.Expr))
        for call in places.table_calls(statement))


class _Source(object):
    """A module's text: its classes, and what its imports stand for."""

    def __init__(self, path, tree):
        self.package = _package(path)
        self.names = _imported(tree, self.package)
        self.classes = {one.name: one for one in tree.body if isinstance(one, ast.ClassDef)}
        imported = [
            (name, _source(one, self.package))
            for one in ast.walk(tree) if isinstance(one, ast.ImportFrom) for name in one.names]
        self._imports = {
            name.asname or name.name: (source, name.name) for name, source in imported}
        self._imported_whole = [source for name, source in imported if source and name.name == "*"]

    def derives_from_declarative(self, node, depth=0):
        """Whether a class does, also by classes of modules that are not loaded."""
        return any(self._is_declarative(base, depth) for base in node.bases)

    def _is_declarative(self, base, depth):
        found = _resolved(base, self.names)
        if found is not None:
            return _is_declarative(found)
        # Nobody derives a model by more classes; two modules may refer to one another.
        if depth > 8:
            return False
        if isinstance(base, ast.Name) and base.id in self.classes:
            return self.derives_from_declarative(self.classes[base.id], depth + 1)
        module, name = self._origin(base)
        # What one of `import *` brings may come from a module that brings it in turn.
        others = [module] if module else self._imported_whole if name else []
        return any(_defines_base(other, name, depth + 1) for other in others)

    def _origin(self, base):
        """The module that a base comes from, and its name there; None for what is not known."""
        if isinstance(base, ast.Name):
            return self._imports.get(base.id, (None, base.id))
        owner = _dotted(getattr(base, "value", None))
        if owner is None:
            return None, None
        package, module = self._imports.get(owner, (None, None))
        return ("%s.%s" % (package, module) if package else owner), base.attr


def _defines_base(module, name, depth):
    """Whether a module that is not loaded has such a class, of its own or by an import."""
    path = files.path_of_module(module)
    tree = places.parsed(path) if path else None
    if tree is None:
        return False
    return _Source(path, tree)._is_declarative(ast.Name(name, ast.Load()), depth)


def _dotted(node):
    if isinstance(node, ast.Attribute):
        owner = _dotted(node.value)
        return None if owner is None else "%s.%s" % (owner, node.attr)
    return getattr(node, "id", None)


def _is_model(node, source):
    assigned = {
        name.id: statement for statement in node.body
        if isinstance(statement, (ast.Assign, ast.AnnAssign))
        for name in (getattr(statement, "targets", None) or [statement.target])
        if isinstance(name, ast.Name)}
    abstract = assigned.get("__abstract__")
    if abstract is not None and getattr(abstract.value, "value", False) is True:
        return False
    if source.derives_from_declarative(node):
        return True
    if any(key.arg == "table" and getattr(key.value, "value", None) is True
           for key in node.keywords):
        return True
    # A mixin may name its users' table too, by a function; a plain name is a table's.
    value = getattr(assigned.get("__tablename__"), "value", None)
    is_mapped = bool(node.bases) or any(_is_mapping(one) for one in node.decorator_list)
    return is_mapped and isinstance(value, ast.Constant) or "__table__" in assigned


def _is_mapping(decorator):
    """Whether it is `registry.mapped`, or its like for dataclasses, whatever the registry's name."""
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return getattr(called, "attr", None) in ("mapped", "mapped_as_dataclass") or (
        getattr(called, "id", None) == "mapped_as_dataclass")


def _package(path):
    """The package in which the file would be imported; empty where it is in none."""
    name = files.module_name(path) or ""
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
            if any(one.name == "*" for one in node.names):
                names.update(_public(module))
            for one in node.names:
                names[one.asname or one.name] = getattr(module, one.name, None) or sys.modules.get(
                    "%s.%s" % (source, one.name))
    return names


def _public(module):
    """What `import *` brings of a module that is loaded."""
    brought = vars(module) if module is not None else {}
    listed = brought.get("__all__")
    return {
        name: thing for name, thing in brought.items()
        if (name in listed if listed is not None else not name.startswith("_"))}


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


def is_script(path):
    """Whether the module does something at its top that only a program does."""
    tree = places.parsed(path)
    for statement in tree.body if tree is not None else ():
        if not isinstance(statement, (ast.Expr, ast.Assign, ast.With)):
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "attr", None) or getattr(node.func, "id", None)
                if name in _SCRIPT_CALLS:
                    return True
    return False
