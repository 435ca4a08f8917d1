"""The models' tables made, of one metadata or of several that refer to one another."""


def together(connection, tables, metadata=()):
    """Makes tables as `create_all()` of each of their metadata does, and of these.

    The keys between two metadata are added at the end, so that their order does not matter.
    """
    several = list(metadata)
    for table in tables:
        if not any(table.metadata is one for one in several):
            several.append(table.metadata)
    keys = _keys_between(tables) if connection.dialect.name != "sqlite" else []
    for key in keys:
        key.table.constraints.discard(key)
        key.table.foreign_keys.difference_update(key.elements)
    try:
        for one in several:
            one.create_all(
                connection, tables=[table for table in tables if table.metadata is one])
    finally:
        for key in keys:
            key.table.constraints.add(key)
            key.table.foreign_keys.update(key.elements)
    for key in keys:
        _add(connection, key)


def one_by_one(connection, tables):
    """Makes each table by itself, those that others refer to first, and those that refer to one another
    together; gives those that cannot be made."""
    rest = list(tables)
    groups = [[table] for table in rest]
    while groups:
        made = [group for group in groups if _is_made(connection, group)]
        done = [table for group in made for table in group]
        rest = [table for table in rest if table not in done]
        # A cycle is only tried where nothing else can be made any more.
        groups = [[table] for table in rest] if made else (
            _cycles(rest) if groups and len(groups[0]) == 1 else [])
    return [{"schema": table.schema, "name": table.name} for table in rest]


def _is_made(connection, tables):
    savepoint = connection.begin_nested() if connection.dialect.name != "sqlite" else None
    try:
        together(connection, tables)
    except Exception:
        if savepoint is not None:
            savepoint.rollback()
        return False
    if savepoint is not None:
        savepoint.commit()
    return True


def _keys_between(tables):
    """The foreign keys of these tables that refer to one of another metadata, among them."""
    from sqlalchemy.schema import ForeignKeyConstraint
    return [
        key for table in tables for key in list(table.constraints)
        if isinstance(key, ForeignKeyConstraint) and any(
            other.metadata is not table.metadata and other in tables
            for other in _referred(key.elements))]


def _add(connection, key):
    from sqlalchemy.schema import AddConstraint
    # `AddConstraint` takes the constraint out of every later CREATE TABLE.
    rule = key._create_rule
    try:
        connection.execute(AddConstraint(key))
    finally:
        key._create_rule = rule


def _cycles(tables):
    """The groups of tables that refer to one another, directly or by others."""
    reached = {table: _reached(table, tables) for table in tables}
    groups = []
    for table in tables:
        group = [one for one in tables if one in reached[table] and table in reached[one]]
        if len(group) > 1 and group not in groups:
            groups.append(group)
    return groups


def _reached(table, tables):
    found = set()
    waiting = [table]
    while waiting:
        for other in _referred(waiting.pop().foreign_keys):
            if other in tables and other not in found:
                found.add(other)
                waiting.append(other)
    return found


def _referred(keys):
    """The tables that foreign keys refer to, as far as these are there."""
    found = []
    for key in keys:
        try:
            found.append(key.column.table)
        except Exception:
            continue
    return found
