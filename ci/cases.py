"""Cases that a script in this folder runs one by one: how they are listed, judged and told."""

import sys
import time

CASES = []


class Wrong(Exception):
    """A sentence that says what is not as it must be."""


def must(condition, sentence):
    if not condition:
        raise Wrong(sentence)


def case(function):
    """Lists a function; its docstring says what holds."""
    CASES.append(function)
    return function


def run(name, arguments, carry_out):
    """Carries out the cases that are named, or all; the exit status says whether each was as it must be."""
    names = {one.__name__ for one in CASES}
    unknown = set(arguments) - names
    if unknown:
        print(f"There is no case {', '.join(sorted(unknown))}: {', '.join(sorted(names))}", file=sys.stderr)
        return 3
    chosen = [one for one in CASES if not arguments or one.__name__ in arguments]
    failed = 0
    for one in chosen:
        begun = time.monotonic()
        try:
            carry_out(one)
            print(f"ok     {one.__name__} ({time.monotonic() - begun:.0f} s)", flush=True)
        except Wrong as wrong:
            failed += 1
            print(f"WRONG  {one.__name__}: {one.__doc__}\n{wrong}", flush=True)
    print(f"\n{name}: {len(chosen) - failed} of {len(chosen)} as expected")
    return 1 if failed else 0
