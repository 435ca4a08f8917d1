"""Revisions as texts of theirs tell them: of the work tree or of a commit; none of it is run."""
import ast
import base64
import os

from . import history, syntax
from .failures import ProjectError


def read(files):
    """What the files of one moment say and do; ids that are shortened are resolved among them."""
    found, unread, nameless = [], [], []
    for file in files:
        try:
            reading = _file(file)
        except Unread as error:
            unread.append({"file": file["file"], "reason": str(error)})
            nameless.extend(error.nameless)
            continue
        if reading is not None:
            found.append(reading)
    history.resolve([one["revision"] for one in found] + nameless)
    return {"readings": found, "unread": unread, "nameless": nameless}


class Unread(Exception):
    """Why a text cannot be read, as the end of a sentence."""

    # The revision as far as it is known without its id: under the name of its file.
    nameless = ()


def _file(file):
    """A reading; None for a file that defines no revision."""
    known, text = file.get("known"), file.get("bytes")
    if text is None:
        return {"revision": known, "parts": []}
    name = file["file"]
    try:
        tree = ast.parse(base64.b64decode(text), name)
        if known is None:
            known = _header(tree, name, file.get("assumed"))
        # What a computed header says is not known of a past moment: there, its code is compared.
        digest, upward, parts = syntax.read(tree, bool(known.get("isComputed")))
        parts += syntax.labels(tree, known["labels"])
    except SyntaxError as error:
        raise Unread("syntax error in line %s: %s" % (error.lineno or 1, error.msg))
    except RecursionError:
        raise Unread("its code is nested too deeply")
    except ValueError as error:
        raise Unread(str(error))
    except ProjectError:
        return None
    return {"revision": known, "digest": digest, "upwardDigest": upward, "parts": parts}


def _header(tree, name, assumed):
    """What the file says of itself, or is assumed to say where only running it would tell."""
    try:
        return dict(history.parsed(tree, name), file=name)
    except history.Computed as error:
        if assumed is None:
            unread = Unread("its variable `%s` is computed, and it is not run" % error)
            unread.nameless = _nameless(tree, name)
            raise unread
        return dict(assumed, file=name, isComputed=True)


def _nameless(tree, name):
    """The revision under its file's name; none where more than its id is computed."""
    stem = os.path.basename(name)[:-len(".py")]
    try:
        return [dict(history.parsed(tree, name, stem), file=name, isComputed=True)]
    except history.Computed:
        return []
