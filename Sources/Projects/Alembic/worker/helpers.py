"""The definitions of a revision's file that its way up does not use, and that do nothing where they stand."""
import ast

from .statements import DEFINITIONS, HEADER, is_import, names_in, targets

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# What Alembic asks a module for.
_ENTRIES = HEADER + ("upgrade", "downgrade")
# What may reach a definition by a text.
_LOOKING_UP = frozenset((
    "globals", "vars", "locals", "eval", "exec", "__import__", "importlib", "inspect", "sys"))
# The packages and the language's own functions that make values and change nothing.
_PACKAGES = frozenset(("sqlalchemy", "datetime", "decimal", "textwrap", "uuid"))
_BUILT_IN = frozenset((
    "False", "None", "True", "bool", "bytes", "dict", "float", "frozenset", "int", "len", "list", "range", "set",
    "sorted", "str", "tuple"))


class Reach(object):
    """What the two ways through a module's statements use, without what only type checkers read."""

    def __init__(self, body):
        self._bound = {}
        for node in body:
            for name in _bound(node):
                self._bound.setdefault(name, []).append(node)
        # What only the way down uses, or nothing yet or any more, and does nothing where it stands.
        self.helpers = [
            one for one in body if isinstance(one, _FUNCTIONS) or _is_plain_assignment(one)
            if all(len(self._bound[name]) == 1 and name not in _ENTRIES for name in _bound(one))]
        # What the file's loading runs grows with what is no helper.
        while True:
            loaded = [part for one in body if one not in self.helpers for part in _loaded(one)]
            up = self._reached(set(_ENTRIES) - {"downgrade"}, loaded)
            remaining = [
                one for one in self.helpers if not up.intersection(_bound(one)) and self._is_calm(one)]
            if len(remaining) == len(self.helpers):
                break
            self.helpers = remaining
        # Whether the way up, or loading the file, runs the way down, or may.
        self.is_downgrade_used = "downgrade" in up or any(
            one.decorator_list for one in self._bound.get("downgrade", ()) if isinstance(one, _FUNCTIONS))
        if self.is_downgrade_used or not any(
                isinstance(one, _FUNCTIONS) for one in self._bound.get("downgrade", ())):
            self.helpers = []

    def _is_calm(self, node):
        """Whether a statement only defines a function, or makes a value out of nothing that can change."""
        if isinstance(node, _FUNCTIONS):
            return not node.decorator_list and all(map(self._is_value, _defaults(node)))
        return self._is_value(node.value)

    def _is_value(self, value):
        names = [one.id for one in ast.walk(value) if isinstance(one, ast.Name)]
        return all(self._is_steady(one) for one in names) and not any(
            isinstance(one, (ast.Lambda, ast.NamedExpr))
            or isinstance(one, ast.Call) and not self._is_maker(one.func) for one in ast.walk(value))

    def _is_steady(self, name):
        """Whether a value can be made with what has this name and change nothing: not with a MetaData that
        the way up has."""
        if name not in self._bound:
            return name in _BUILT_IN
        return self._is_of_package(name) or all(
            one in self.helpers or isinstance(getattr(one, "value", None), ast.Constant)
            for one in self._bound[name])

    def _is_maker(self, function):
        while isinstance(function, (ast.Attribute, ast.Call)):
            function = function.func if isinstance(function, ast.Call) else function.value
        if isinstance(function, ast.Name):
            return self._is_of_package(function.id) if function.id in self._bound else True
        return isinstance(function, (ast.Constant, ast.JoinedStr))

    def _is_of_package(self, name):
        """Whether it is imported from a package that only makes values, on every way."""
        return all(is_import(one) and _package(one, name) in _PACKAGES for one in self._bound[name])

    def _reached(self, names, nodes=()):
        """The names that these and these statements use, and those that what they name uses in turn."""
        found, waiting = set(), list(names)
        for node in nodes:
            waiting += self._used(node)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                for node in self._bound.get(name, ()):
                    waiting += self._used(node)
        return found

    def _used(self, node):
        """What a statement uses by its name, or may look up by a text."""
        used, nodes = names_in([node]), list(ast.walk(node))
        ways = [
            one for one in nodes if isinstance(one, ast.Name) and one.id in _LOOKING_UP
            and not (one.id in self._bound and self._is_of_package(one.id))]
        places = [place for place in map(_place_in_globals, nodes) if place is not None]
        # Where it is not told of each what is looked up, it may be anything.
        beginnings = [_beginning(one) for one in places] if len(places) == len(ways) else [""]
        return used.union(name for name in self._bound if name.startswith(tuple(beginnings)))


def _package(node, name):
    """The outermost package of what an import binds to the name; empty for one of the project's own."""
    if isinstance(node, ast.ImportFrom):
        return "" if node.level else (node.module or "").split(".")[0]
    return next((
        alias.name.split(".")[0] for alias in node.names
        if (alias.asname or alias.name.split(".")[0]) == name), "")


def _defaults(function):
    return [one for one in function.args.defaults + function.args.kw_defaults if one]


def _loaded(node):
    """What of a statement the file's loading runs, or may."""
    if not isinstance(node, _FUNCTIONS):
        return [node]
    if node.decorator_list and node.name != "downgrade":
        return [node]
    return node.decorator_list + _defaults(node)


def _bound(node):
    """The names that a statement of the module's binds, or may."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    if _is_plain_assignment(node):
        return targets(node)
    names = []
    for one in ast.walk(node):
        if isinstance(one, ast.alias):
            names.append(one.asname or one.name.split(".")[0])
        elif isinstance(one, ast.Name) and not isinstance(one.ctx, ast.Load):
            names.append(one.id)
        elif isinstance(one, DEFINITIONS + (ast.ExceptHandler,)) and one.name:
            names.append(one.name)
    return names


def _is_plain_assignment(node):
    """Whether a value is given to names, and to nothing else."""
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and (
        None not in targets(node))


def _place_in_globals(node):
    """What `globals()[…]` is asked for, as Alembic's template for several databases does; else None."""
    if not isinstance(node, ast.Subscript):
        return None
    owner, place = node.value, node.slice
    if type(place).__name__ == "Index":
        place = place.value
    is_globals = isinstance(owner, ast.Call) and getattr(owner.func, "id", None) == "globals"
    return place if is_globals else None


def _beginning(node):
    """How a text begins that is put together, e.g. `"downgrade_%s" % name`; empty where it is not told."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp):
        text = _beginning(node.left)
        return text.split("%")[0] if isinstance(node.op, ast.Mod) else text
    if isinstance(node, ast.JoinedStr) and node.values:
        return _beginning(node.values[0])
    if isinstance(node, ast.Call) and getattr(node.func, "attr", None) == "format":
        return _beginning(node.func.value).split("{")[0]
    return ""
