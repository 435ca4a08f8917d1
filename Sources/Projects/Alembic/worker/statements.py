"""What the statements of a revision's file are: its definitions, imports and values, and what they use."""
import ast

# What a revision is called and where it stands is told apart.
HEADER = ("revision", "down_revision", "depends_on", "branch_labels")
DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def running(body):
    """A module's statements but those that only type checkers read: `if TYPE_CHECKING:`."""
    for node in body:
        if isinstance(node, ast.If) and _is_type_checking(node.test):
            for inner in running(node.orelse):
                yield inner
        else:
            yield node


def _is_type_checking(test):
    name = test.id if isinstance(test, ast.Name) else getattr(test, "attr", None)
    return name == "TYPE_CHECKING"


def names_in(nodes):
    """What these use by its name. Annotations use nothing, but in a class, where they may declare."""
    found, waiting = set(), [(node, False) for node in nodes]
    while waiting:
        node, in_class = waiting.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns") and not in_class:
                continue
            children = value if isinstance(value, list) else [value]
            waiting += [
                (one, isinstance(node, ast.ClassDef)) for one in children
                if isinstance(one, ast.AST)]
    return found


def is_import(node):
    return isinstance(node, (ast.Import, ast.ImportFrom))


def is_header(node):
    return isinstance(node, (ast.Assign, ast.AnnAssign)) and all(
        name in HEADER for name in targets(node))


def targets(node):
    """The names that an assignment binds; None for what is none."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [
        name.id if isinstance(name, ast.Name) else None
        for one in targets for name in (one.elts if isinstance(one, ast.Tuple) else [one])]


def is_idle(node):
    """Whether a statement does nothing: `pass`, a docstring or another constant by itself, `__all__`."""
    if isinstance(node, ast.Assign) and targets(node) == ["__all__"]:
        return True
    return isinstance(node, ast.Pass) or (
        isinstance(node, ast.Expr) and _is_constant(node.value))


def _is_constant(node):
    """Whether it is a literal, an f-string without fields among them."""
    return isinstance(node, ast.Constant) or (
        isinstance(node, ast.JoinedStr) and all(isinstance(one, ast.Constant) for one in node.values))
