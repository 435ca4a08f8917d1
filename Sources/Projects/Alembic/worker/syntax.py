"""What a revision's file does, as digests of its syntax tree: no formatting, no comments, no docstrings."""
import ast
import itertools

from .helpers import Reach
from .statements import DEFINITIONS, is_header, is_idle, is_import, names_in, running, targets
from .written import assignment_text, digest, node_text

# What is imported from these serves annotations alone.
TYPING = ("typing", "typing_extensions", "collections.abc", "__future__")


def read(tree, with_header=False):
    """The digest of the whole, that of all but the way down, and the parts as dictionaries."""
    functions, rest = {}, []
    body = list(running(tree.body))
    for node in body:
        if isinstance(node, DEFINITIONS):
            functions.setdefault(node.name, []).append(node)
        elif not is_idle(node):
            rest.append(node)
    imports = _imports(rest, names_in(body))
    others = _statements(rest, with_header)
    whole = [(name, digest([node_text(one) for one in nodes])) for name, nodes in functions.items()]
    if imports or others:
        whole.append(("", digest([imports, [text for _, text in others]])))
    reach = Reach(body)
    helpers = reach.helpers
    named = {name: nodes for name, nodes in functions.items() if nodes[0] not in helpers}
    # An import belongs to the functions that use it: one that a function begins to use is its own.
    own = {
        name: _imports(rest, names_in(nodes + (helpers if name == "downgrade" else [])), False)
        for name, nodes in named.items()}
    parts = [
        _downgrade(own[name], nodes, helpers, body) if helpers and name == "downgrade"
        else _part(name, [own[name], [node_text(one) for one in nodes]], nodes)
        for name, nodes in named.items()]
    if reach.is_downgrade_used:
        parts = _with_downgrade_upwards(parts)
    beside = [one for one in rest if one not in helpers and (with_header or not is_header(one))]
    others = _statements(beside, with_header)
    kept = _imports(rest, names_in(one for one in beside if not is_import(one)), False)
    left = [one for one in imports if one in kept or not any(one in used for used in own.values())]
    if left or others:
        nodes = [one for one, _ in others] or [
            one for one in rest if any(list(name) in left for name in _imported([one], None))]
        parts.append(_part("", [left, [text for _, text in others]], nodes))
    upward = [[one["name"], one["digest"]] for one in parts if one["name"] != "downgrade"]
    return digest(sorted(whole)), digest(sorted(upward)), parts


def _downgrade(imports, nodes, helpers, body):
    """The part of the way down with what only that uses; its lines are those that lie together."""
    written = sorted(digest(_statement(one, True)) for one in helpers)
    together = list(nodes)
    around = body.index(nodes[0]), body.index(nodes[-1])
    for neighbours in (body[:around[0]][::-1], body[around[1] + 1:]):
        together += itertools.takewhile(lambda one: one in helpers, neighbours)
    return _part("downgrade", [imports, [node_text(one) for one in nodes], written], together)


def _with_downgrade_upwards(parts):
    """The way down as a part of the way up, too, where that runs it: an edit of it is one of both."""
    found = {one["name"]: one for one in parts}
    downgrade = found.get("downgrade")
    if downgrade is None:
        return parts
    upgrade = found.get("upgrade", dict(downgrade, name="upgrade", digest=""))
    upgrade = dict(upgrade, digest=digest([upgrade["digest"], downgrade["digest"]]))
    return [one for one in parts if one["name"] != "upgrade"] + [upgrade]


def labels(tree, names):
    """The part that says the branch labels, by what they are; none where there are none."""
    said = [one for one in tree.body if is_header(one) and "branch_labels" in targets(one)]
    return [_part("branch_labels", sorted(names), said)] if names and said else []


def _part(name, written, nodes):
    first = min(
        [one.lineno for one in nodes]
        + [mark.lineno for one in nodes for mark in getattr(one, "decorator_list", ())])
    last = max(one.end_lineno for one in nodes)
    return {"name": name, "digest": digest(written), "firstLine": first, "lastLine": last}


def _imports(nodes, used, with_stars=True):
    """The module's imports, one by one and sorted: neither order nor repetition counts, nor those that
    nothing uses."""
    return [list(one) for one in sorted(set(_imported(nodes, used, with_stars)))]


def _imported(nodes, used, with_stars=True):
    """Each import as what it binds; all of them where `used` is None."""
    for node in nodes:
        if not is_import(node):
            continue
        module = getattr(node, "module", None) or ""
        for alias in node.names:
            bound = alias.asname or alias.name.split(".")[0]
            if module in TYPING or alias.name in TYPING:
                continue
            if used is None or bound in used or with_stars and alias.name == "*":
                level = str(getattr(node, "level", None) or 0)
                kind, name = type(node).__name__, alias.name
                if kind == "Import" and alias.asname and "." in name:
                    # `import a.b as c` binds what `from a import b as c` does.
                    kind = "ImportFrom"
                    module, name = name.rsplit(".", 1)
                other = alias.asname if alias.asname != name else ""
                yield kind, level, module, name, other or ""


def _statements(nodes, with_header):
    """The module's own statements, each with how it is written out; no imports."""
    written = [(one, _statement(one, with_header)) for one in nodes if not is_import(one)]
    return [(one, text) for one, text in written if text is not None]


def _statement(node, with_header):
    """A statement of the module's own; None for the header, unless that is to count."""
    if is_header(node) and not with_header:
        return None
    return assignment_text(node) if isinstance(node, ast.AnnAssign) else node_text(node)
