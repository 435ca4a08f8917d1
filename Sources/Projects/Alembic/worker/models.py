"""What the project's models say of the schema, and their tables made in an empty one."""
import re

from . import failures, making, places, session
from .autogenerate import Comparison

_ASSIGNED = re.compile(r"^\s*target_metadata\s*(:[^=\n]+)?=(?!=)")
_PASSED = re.compile(r"\btarget_metadata\s*=(?!=)")


class Models(object):
    def __init__(self, environment, recorder):
        self.environment = environment
        self.recorder = recorder

    def read(self):
        """Holds the models against the database as it is, as autogenerate does."""
        metadata = self.several()
        answer = {"metadata": self._place()}
        if not metadata:
            return dict(answer, status="none", message=self._mistaken())
        state = {}

        def look(heads, context):
            if not state:
                state["seen"] = True
                # Before the comparison, which may leave a transaction that takes no more questions.
                state["defaultSchema"] = session.current_schema(context.connection)
                state.update(Comparison(context, metadata).answer())
            return ()

        try:
            self.environment.run_env(look, dont_mutate=True)
        except BaseException as error:
            return dict(answer, status="failed", failure=failures.raised(error))
        finally:
            self.environment.release()
        state.pop("seen", None)
        known = places.Places()
        tables = _tables(metadata)
        refused = {(one.get("schema"), one["name"]) for one in state["leftOut"]
                   if one["type"] == "table"}
        return dict(
            answer, status="succeeded", models=[known.of(table) for table in tables],
            creatable=_names(_creatable(tables, refused)), serverFilled=_server_filled(tables),
            **state)

    def create(self, order):
        """Makes the tables of this order, as `create_all()` does: all at once or, where that raises,
        one by one, so that those that cannot be made are known."""
        wanted = {(one.get("schema"), one["name"]) for one in order["tables"]}
        self.recorder.begin()
        state = {"done": False}
        refused = []

        def create(heads, context):
            if state["done"]:
                return ()
            # `sorted_tables` raises where one of them refers to a table that is not there.
            chosen = [table for one in self.several() for table in one.tables.values()
                      if (table.schema, table.name) in wanted]
            if order.get("oneByOne"):
                refused.extend(making.one_by_one(context.connection, chosen))
            else:
                making.together(context.connection, chosen, self.several())
            if hasattr(context.connection, "commit") and not self.environment.is_external:
                context.connection.commit()
            state["done"] = True
            return ()

        try:
            self.environment.run_env(create, dont_mutate=True)
        except BaseException as error:
            return {"status": "failed", "statements": self.recorder.take(),
                    "failure": failures.raised(error)}
        finally:
            self.environment.release()
        return {"status": "succeeded", "statements": self.recorder.take(), "refused": refused}

    def several(self):
        """What env.py hands over, as a list; without what is there twice, and what is no metadata."""
        found = []
        for one in self._handed_over():
            if _is_metadata(one) and not any(one is other for other in found):
                found.append(one)
        return found

    def _handed_over(self):
        metadata = self.environment.metadata
        return metadata if isinstance(metadata, (list, tuple)) else [metadata]

    def _mistaken(self):
        """What env.py hands over in place of a metadata, and the mend; None where it is nothing."""
        one = next((one for one in self._handed_over() if one is not None), None)
        if one is None:
            return None
        is_class = isinstance(one, type)
        what = "the class %s" % one.__name__ if is_class else "a %s" % type(one).__name__
        if _is_metadata(getattr(one, "metadata", None)):
            name = one.__name__ if is_class else "…"
            return "hands over %s, which is no metadata; write `target_metadata = %s.metadata`" % (
                what, name)
        return ("hands over %s, which is no metadata; set target_metadata to that of the models, as"
                " `target_metadata = Base.metadata`" % what)

    def _place(self):
        """Where env.py says what its metadata is."""
        text = self.environment._environment_text()
        file = self.environment._environment_file()
        lines = text.splitlines()
        for pattern in (_ASSIGNED, _PASSED):
            for number, line in enumerate(lines, 1):
                if pattern.search(line) and not line.lstrip().startswith("#"):
                    return {"file": file, "line": number}
        return {"file": file, "line": 1} if file else None


def _server_filled(tables):
    """The columns of which models say that the server fills them, and not how (`FetchedValue`)."""
    from sqlalchemy.schema import FetchedValue
    return [
        {"type": "column", "name": column.name, "table": table.name, "schema": table.schema,
         "columns": []}
        for table in tables for column in table.columns if type(column.server_default) is FetchedValue]


def _is_metadata(one):
    return hasattr(one, "tables") and hasattr(one, "create_all")


def _tables(metadata):
    found = []
    for one in metadata:
        for table in one.tables.values():
            if table not in found:
                found.append(table)
    return sorted(found, key=lambda table: (table.schema or "", table.name))


def _creatable(tables, refused):
    """All but those that env.py leaves out, unless one that it does not refers to them."""
    by_name = {(table.schema, table.name): table for table in tables}
    wanted = {}
    waiting = [table for key, table in by_name.items() if key not in refused]
    while waiting:
        table = waiting.pop()
        key = (table.schema, table.name)
        if key in wanted:
            continue
        wanted[key] = table
        for foreign in table.foreign_keys:
            try:
                other = foreign.column.table
            except Exception:
                continue
            if (other.schema, other.name) in by_name:
                waiting.append(other)
    return list(wanted.values())


def _names(tables):
    return sorted(
        ({"schema": table.schema, "name": table.name} for table in tables),
        key=lambda one: (one["schema"] or "", one["name"]))
