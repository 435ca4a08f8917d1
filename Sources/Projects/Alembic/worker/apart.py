"""Work in a process of its own, which may end without an answer."""
import json
import os
import sys


def carry_out(work):
    """What the function returns in a fork of this process, and what it said last where the process ended
    before it was done.

    `work` is called with a function that says something at once. Raises RuntimeError where it raised.
    """
    reading, writing = os.pipe()
    _flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as lines:
        text = lines.read()
    os.waitpid(child, 0)
    said = [json.loads(line) for line in text.split("\n")[:-1]]
    last = said[-1] if said else None
    if not isinstance(last, dict):
        return None, last
    if "raised" in last:
        raise RuntimeError(last["raised"])
    return last["answer"], None


def _work(work, writing):
    """Runs it and ends the process."""
    status = 1
    try:
        def say(one):
            with os.fdopen(os.dup(writing), "w", encoding="utf-8") as lines:
                lines.write(json.dumps(one) + "\n")

        try:
            say({"answer": work(say)})
        except BaseException as error:
            say({"raised": "%s: %s" % (type(error).__name__, error)})
        status = 0
    finally:
        _flush()
        os._exit(status)


def _flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
