"""What the project's models say of the schema, and their tables made in an empty one."""
import re

from . import failures, places
from .autogenerate import Comparison

_ASSIGNED = re.compile(r"^\s*target_metadata\s*(:[^=\n]+)?=(?!=)")
_PASSED = re.compile(r"\btarget_metadata\s*=(?!=)")
# Engines' titles, as sentences name them.
_TITLES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Models(object):
    def __init__(self, environment, recorder):
        self.environment = environment
        self.recorder = recorder

    def read(self):
        """Holds the models against the database as it is, as autogenerate does."""
        metadata = self.several()
        answer = {"metadata": self._place()}
        if not metadata:
            return dict(answer, status="none")
        state = {}

        def look(heads, context):
            if not state:
                state["seen"] = True
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
        lacking = self._lacking(tables, refused, known)
        return dict(
            answer, status="unsupported" if lacking else "succeeded", lacking=lacking,
            models=[known.of(table) for table in tables],
            creatable=_names(_creatable(tables, refused)), **state)

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
            for one in self.several():
                chosen = [table for table in one.sorted_tables
                          if (table.schema, table.name) in wanted]
                if order.get("oneByOne"):
                    refused.extend(_made_one_by_one(context.connection, one, chosen))
                else:
                    one.create_all(context.connection, tables=chosen)
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
        """What env.py hands over, as a list; without what is there twice."""
        metadata = self.environment.metadata
        if metadata is None:
            return []
        several = metadata if isinstance(metadata, (list, tuple)) else [metadata]
        found = []
        for one in several:
            if one is not None and not any(one is other for other in found):
                found.append(one)
        return found

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

    def _lacking(self, tables, refused, known):
        """The columns whose types this engine's dialect cannot write, each with its place."""
        dialect = self.environment.dialect
        compiler = getattr(dialect, "type_compiler_instance", None) or dialect.type_compiler
        found = []
        for table in tables:
            if (table.schema, table.name) in refused:
                continue
            for column in table.columns:
                try:
                    compiler.process(column.type, type_expression=column)
                except Exception as error:
                    if type(error).__name__ != "UnsupportedCompilationError":
                        continue
                    where = known.of(table)
                    line = next((one["line"] for one in where["columns"]
                                 if one["name"] == column.name), where.get("line"))
                    found.append({
                        "table": table.name, "schema": table.schema, "column": column.name,
                        "type": _type_name(column.type), "file": where.get("file"), "line": line,
                        "engine": _TITLES.get(dialect.name, dialect.name)})
        return found


def _made_one_by_one(connection, metadata, tables):
    """Makes each table by itself; gives those that cannot be made."""
    for table in tables:
        savepoint = connection.begin_nested() if connection.dialect.name != "sqlite" else None
        try:
            metadata.create_all(connection, tables=[table])
        except Exception:
            if savepoint is not None:
                savepoint.rollback()
            yield {"schema": table.schema, "name": table.name}
        else:
            if savepoint is not None:
                savepoint.commit()


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


def _type_name(kind):
    text = type(kind).__name__
    inner = getattr(kind, "impl", None)
    return "%s (%s)" % (text, type(inner).__name__) if inner is not None and not isinstance(
        inner, type) and type(inner).__name__ != text else text
