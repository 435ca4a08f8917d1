"""Connections of Stairway's own, past the gate, and what closes a driver's."""
from . import drivers


def shut(connection):
    """Closes a driver's connection, also one of an event loop that has ended."""
    module = type(connection).__module__
    if hasattr(connection, "pgconn"):
        connection.pgconn.finish()
    elif module.startswith("asyncpg"):
        socket = getattr(connection._transport, "_sock", None)
        if socket is not None:
            socket.close()
    else:
        connection.close()


def administer(address, statements):
    """Runs statements on a connection of Stairway's own, each at once, past the gate."""
    rows = []
    if address.engine == "sqlite":
        import sqlite3 as module
        connection = drivers.originals.get("sqlite3", module.connect)(address.path)
        try:
            for statement in statements:
                rows = connection.execute(statement).fetchall()
            connection.commit()
        finally:
            connection.close()
        return [row[0] for row in rows]
    for name in ("psycopg2", "psycopg", "pg8000"):
        try:
            module = __import__(name)
        except ImportError:
            continue
        if name == "psycopg2":
            connection = drivers.originals[name](module.extensions.make_dsn(**address.libpq()))
        elif name == "psycopg":
            connection = drivers.originals[name](**address.libpq())
        else:
            return _through_pg8000(address, statements)
        return _through(connection, statements)
    return _through_asyncpg(address, statements)


def _through_pg8000(address, statements):
    from pg8000 import dbapi
    import pg8000.core as core
    kind = getattr(core, "CoreConnection", None) or core.Connection
    redirected, kind.__init__ = kind.__init__, drivers.originals["pg8000"]
    try:
        keywords = {key: value for key, value in address.pg8000().items() if value is not None}
        connection = dbapi.connect(**keywords)
    finally:
        kind.__init__ = redirected
    return _through(connection, statements)


def _through(connection, statements):
    try:
        connection.autocommit = True
        cursor = connection.cursor()
        rows = []
        for statement in statements:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
    return [row[0] for row in rows]


def _through_asyncpg(address, statements):
    """On a thread of its own, since the project's event loop may be running on this one."""
    import asyncio
    import threading
    import asyncpg as module
    answer = {}

    async def work():
        connect_utils = module.connect_utils
        redirected, connect_utils._connect = connect_utils._connect, drivers.originals["asyncpg"]
        try:
            connection = await module.connect(**address.asyncpg())
        finally:
            connect_utils._connect = redirected
        try:
            rows = []
            for statement in statements:
                rows = await connection.fetch(statement)
            answer["rows"] = [row[0] for row in rows]
        finally:
            await connection.close()

    def run():
        try:
            asyncio.run(work())
        except Exception as error:
            answer["error"] = error

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if "error" in answer:
        raise answer["error"]
    return answer["rows"]
