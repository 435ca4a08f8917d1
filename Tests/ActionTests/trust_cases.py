"""What the action keeps apart: migrations' output from commands, secrets from logs, inputs from code."""

import cluster
import composite
from workbench import GOOD, Runner, case, expect, must

# Lines that the runner would carry out, were they not fenced; the last stands inside another line.
HOSTILE = [
    "::error title=forged::forged",
    "::add-mask::users",
    "::set-env name=PWNED::yes",
    "::stop-commands::forged",
    "  ::warning::forged",
    "a log line with ##[add-mask]users in it",
]


def hostile_project(runner):
    said = "\n".join(HOSTILE)
    runner.project([
        ("Create users ##[add-mask]users", GOOD[1], GOOD[2]),
        ("Break", f"print({said!r}); print({said!r}, file=sys.stderr); raise Exception({said!r})",
         "pass"),
    ])


@case
def migration_prints_commands(runner):
    """What a migration prints, raises or is called never becomes a command; annotations still do."""
    for annotations in ("true", "false"):
        (runner.folder / annotations).mkdir()
        inner = Runner(runner.folder / annotations)
        inner.put_stairway()
        hostile_project(inner)
        outcome = inner.use({"annotations": annotations})
        expect(outcome, 1, "findings")
        foreign = [one for one in outcome.commands
                   if one.name not in ("error", "warning", "notice")
                   or one.properties.get("title") == "forged" or one.data == "forged"]
        must(not foreign, f"annotations: {annotations}: carried out {foreign}")
        titles = [one.properties.get("title", "") for one in outcome.annotations("error")]
        if annotations == "true":
            must(any("upgrade-fails" in title for title in titles), f"annotations {titles}")
            message = next(one.data for one in outcome.annotations("error")
                           if "upgrade-fails" in one.properties["title"])
            must("forged" in message, f"what was raised is not told: {message}")
        else:
            must(not titles, f"annotations {titles}")
            must("upgrade-fails" in outcome.log, "the text is not in the log")
            # It was tried: without the fence there would be commands in what was written.
            bare = [composite.CommandReader().read(line) for line in outcome.written.split("\n")]
            must(any(one and one.name == "add-mask" for one in bare), outcome.written)


@case
def password(runner):
    """The URL reaches Stairway, its password is masked in each form, and stands nowhere."""
    runner.put_stairway()
    project = runner.project([GOOD])
    (project / "stairway.yml").write_text("rows: none\n")
    with cluster.Cluster(runner.folder / "cluster") as server:
        raw, plain = "p%40s%25s%5Cw", "p@s%s\\w"
        url = f"postgresql://scratch:{raw}@/postgres?host={server.folder}"
        outcome = runner.use({"engines": "postgresql", "database-url": url})
    expect(outcome, 0, "verified")
    masks = [one.data for one in outcome.commands if one.name == "add-mask"]
    must(masks == [url, raw, plain], f"masks {masks}")
    first = outcome.written.split("\n")[:3]
    must(all(line.startswith("::add-mask::") for line in first), f"before the masks: {first}")
    must(not any(raw in one or plain in one for one in runner.arguments), str(runner.arguments))
    must(outcome.ran[0] == "Mask the password", str(outcome.ran))
    kept = [path for path in (runner.workspace / "reports").rglob("*")
            if path.is_file() and (raw in (text := path.read_text()) or plain in text)]
    must(not kept, f"the password stands in {kept}")
    must(raw not in outcome.log and plain not in outcome.log, outcome.log)


@case
def password_without_escapes(runner):
    """Who forgot to escape an @ or a slash is told how, and no part of the password is shown."""
    runner.put_stairway()
    runner.project([GOOD])
    for secret, parts in (("hus@hhh", ("hus@hhh", "hhh@")), ("hus/hhh", ("hus/hhh", "'hus'"))):
        url = f"postgresql://scratch:{secret}@127.0.0.1:1/db"
        outcome = runner.use({"engines": "postgresql", "database-url": url})
        must(outcome.status in (3, 4), f"{outcome.status} {outcome.outputs}")
        masks = [one.data for one in outcome.commands if one.name == "add-mask"]
        must(masks[0] == url and secret in masks, f"masks {masks}")
        shown = outcome.log + "".join(
            path.read_text() for path in (runner.workspace / "reports").rglob("*")
            if path.is_file())
        must(not any(part in shown for part in parts), shown)
        must("%40" in shown, f"it is not said what to write: {shown}")


@case
def password_as_parameter(runner):
    """A password in the URL's query; the server is not there, and what is said of it names none."""
    runner.put_stairway()
    runner.project([GOOD])
    url = f"postgresql://scratch@/postgres?host={runner.folder}&password=hush%21&user=scratch"
    outcome = runner.use({"engines": "postgresql", "database-url": url})
    expect(outcome, 3, "unknown")
    masks = [one.data for one in outcome.commands if one.name == "add-mask"]
    must(masks == [url, "hush%21", "hush!"], f"masks {masks}")
    must("hush" not in outcome.log, outcome.log)


@case
def password_among_keywords(runner):
    """A server given by libpq's keywords and values; nobody is there, and what is said names no password."""
    runner.put_stairway()
    runner.project([GOOD])
    for written, masked in (
        ("hush%21", ["hush%21"]), ("hu\\'sh", ["hu\\'sh", "hu'sh"]),
        ("'hu sh\\\\'", ["hu sh\\\\", "hu sh\\"]),
    ):
        server = f"host={runner.folder} password = {written} user=scratch dbname=postgres"
        outcome = runner.use({"engines": "postgresql", "database-url": server})
        expect(outcome, 3, "unknown")
        masks = [one.data for one in outcome.commands if one.name == "add-mask"]
        must(masks == [server, *masked], f"masks {masks}")
        must(not any(one in outcome.log for one in masked), outcome.log)


@case
def other_passwords(runner):
    """A key's password beside the user's, in both forms."""
    runner.put_stairway()
    runner.project([GOOD])
    for server, masked in (
        (f"postgresql://scratch@/postgres?host={runner.folder}&sslpassword=Key%21pass&password=Passw0rd",
         ["Key%21pass", "Key!pass", "Passw0rd"]),
        (f"host={runner.folder} sslpassword=Keypass user=scratch password=Passw0rd", ["Keypass", "Passw0rd"]),
        (f"host={runner.folder} passfile={runner.folder}/none user=scratch", []),
    ):
        outcome = runner.use({"engines": "postgresql", "database-url": server})
        must(outcome.status in (3, 4), f"{outcome.status} {outcome.outputs}")
        masks = [one.data for one in outcome.commands if one.name == "add-mask"]
        must(masks == [server, *masked], f"masks {masks}")
        must(not any(one in outcome.log for one in masked), outcome.log)


@case
def password_in_a_mistake(runner):
    """However an address is mistyped, no part of the password that could be told is in the log."""
    runner.put_stairway()
    runner.project([GOOD])
    for server, parts in (
        ("admin:Sup3rs3cr@localhost/postgres", ["Sup3rs3cr"]),
        ("postgresql//admin:Sup3rs3cr@localhost/db", ["Sup3rs3cr"]),
        ("postgresql:/admin:Sup3rs3cr@localhost/db", ["Sup3rs3cr"]),
        ("postgresql://admin:Sup3r/s3cr%zz@localhost/db", ["Sup3r", "s3cr"]),
        ("postgresql://admin@localhost:1/db?password=Pa&ssw0rd", ["ssw0rd"]),
        ("host=localhost port=1 user=admin password=Sup3r s3cr", ["Sup3r", "s3cr"]),
        ("host=localhost password=P'assw0rd port=1", ["assw0rd"]),
        ("host=localhost password='Sup3r s3cr port=1", ["Sup3r", "s3cr"]),
        ("host=localhost pasword=Passw0rd port=1", ["Passw0rd"]),
        ("postgresql://admin@localhost:1/db?pasword=Passw0rd", ["Passw0rd"]),
    ):
        outcome = runner.use({"engines": "postgresql", "database-url": server})
        must(outcome.status in (3, 4), f"{server}: {outcome.status} {outcome.outputs}")
        must(not any(one in outcome.log for one in parts), f"{server}: {outcome.log}")


@case
def short_passwords(runner):
    """A mask of two letters would hide half of the log: then the address alone is hidden."""
    runner.project([GOOD])
    runner.put("stairway", "echo stairway 0.1.0\n")
    for server in ("postgresql://u:ab@localhost/db", "host=localhost password=ab",
                   "postgresql://localhost/db?user=u&password="):
        outcome = runner.use({"database-url": server})
        masks = [one.data for one in outcome.commands if one.name == "add-mask"]
        must(masks == [server], f"masks {masks}")


@case
def inputs_are_texts(runner):
    """No input is run, expanded or taken for another option; `args` keeps quoted blanks together."""
    runner.put_stairway()
    trap = "$(touch pwned) `touch pwned` ; touch pwned #"
    runner.project([GOOD], "a b")
    outcome = runner.use({"working-directory": "a b", "report-dir": "$(touch pwned)",
                          "args": "--rows 'none'\n--seed  3 -q"})
    expect(outcome, 0, "verified")
    must(outcome.outputs["report-dir"] == "a b/$(touch pwned)", str(outcome.outputs))
    must(runner.arguments[-6:] == ["a b", "--rows", "none", "--seed", "3", "-q"],
         str(runner.arguments))
    for name in ("version", "working-directory", "config", "python", "engines", "base-ref",
                 "report-dir", "fail-on", "annotations", "summary", "args"):
        runner.use({"working-directory": "a b", name: trap})
        must(not list(runner.folder.rglob("pwned")), f"{name} was run")
    outcome = runner.use({"working-directory": "a b", "report-dir": "x\nresult=verified"})
    must(outcome.outputs["report-dir"] == "a b/x\nresult=verified", str(outcome.outputs))
