"""What the action says of projects: verdicts, annotations, passwords, fences, and its inputs."""

import functools
import json
import pathlib
import subprocess

import cluster
import composite
import fixtures
from workbench import GOOD, Runner, case, expect, must

# Revisions whose downgrade leaves something behind.
LEFT = ("Add a name", 'op.add_column("users", sa.Column("name", sa.String(20)))', "pass")
LEFT_FIRST = ("Create users", GOOD[1], "pass")
# Lines that the runner would carry out, were they not fenced; the last stands inside another line.
HOSTILE = [
    "::error title=forged::forged",
    "::add-mask::users",
    "::set-env name=PWNED::yes",
    "::stop-commands::forged",
    "  ::warning::forged",
    "a log line with ##[add-mask]users in it",
]


@case
def verified(runner):
    """A clean project: status 0, and every output says so."""
    runner.put_stairway()
    runner.project([GOOD])
    outcome = runner.use()
    expect(outcome, 0, "verified")
    must(outcome.outputs == {"result": "verified", "findings": "0", "report-dir": "reports",
                             "junit-path": "reports/junit.xml"}, f"outputs {outcome.outputs}")
    must(not outcome.annotations(), f"annotations {outcome.annotations()}")
    must("Mask the password" not in outcome.ran, "a mask without a database-url")


@case
def findings_below_the_root(runner):
    """A defective sample project in a folder: annotations name the file as the repository knows it."""
    runner.put_stairway()
    place = runner.sample("elara", "downgrade-forgotten")
    outcome = runner.use({"working-directory": str(place), "report-dir": "out", "fail-on": "error"})
    expect(outcome, 1, "findings")
    report = json.loads((runner.workspace / place / "out/report.json").read_text())
    must(outcome.outputs["findings"] == str(len(report["findings"])) != "0", str(outcome.outputs))
    must(outcome.outputs["junit-path"] == f"{place}/out/junit.xml", str(outcome.outputs))
    must(len(outcome.annotations()) == len(report["findings"]), str(outcome.annotations()))
    first = outcome.annotations("error")[0]
    must((runner.workspace / first.properties["file"]).is_file(), f"no file {first.properties}")
    must("downgrade-leaves-trace" in first.properties["title"], str(first.properties))


@case
def both_engines(runner):
    """PostgreSQL from the machine's own binaries: an enum that only PostgreSQL leaves behind."""
    runner.put_stairway()
    place = runner.sample("elara", "enum-left-behind")
    outcome = runner.use({"working-directory": str(place), "engines": "sqlite, postgresql"})
    expect(outcome, 1, "findings")
    titles = [one.properties["title"] for one in outcome.annotations("error")]
    must(titles and all("PostgreSQL" in title for title in titles), f"titles {titles}")


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
def summary(runner):
    """The page of the job is written where it is wanted, with annotations and without."""
    runner.put_stairway()
    runner.project([GOOD, LEFT])
    for annotations in ("true", "false"):
        for wanted in ("true", "false"):
            outcome = runner.use({"annotations": annotations, "summary": wanted})
            expect(outcome, 1, "findings")
            must(("downgrade-leaves-trace" in outcome.summary) == (wanted == "true"),
                 f"annotations: {annotations}, summary: {wanted}: {outcome.summary!r}")
            must(outcome.summary.count("downgrade-leaves-trace")
                 == (runner.workspace / "reports/summary.md").read_text().count("downgrade-leaves-trace")
                 or wanted == "false", "the page is not what summary.md says")


@case
def base_ref(runner):
    """Only what the branch adds is verified; a branch that adds nothing does not fail."""
    runner.put_stairway()
    project = runner.project([LEFT_FIRST])
    git = functools.partial(subprocess.run, check=True, capture_output=True, cwd=runner.workspace)
    git(["git", "init", "-q", "-b", "main"])
    git(["git", "config", "user.email", "nobody@example.org"])
    git(["git", "config", "user.name", "Nobody"])

    def commit():
        git(["git", "add", "-A"])
        git(["git", "commit", "-q", "-m", "one"])

    (project / ".gitignore").write_text("reports/\n__pycache__/\n*.db\n")
    commit()
    git(["git", "checkout", "-q", "-b", "branch"])
    (project / "README.md").write_text("more\n")
    commit()
    expect(runner.use(), 1, "findings")
    expect(runner.use({"base-ref": "main"}), 0, "nothing")
    runner.write_revision(project, 2, *LEFT)
    commit()
    outcome = runner.use({"base-ref": "main"})
    expect(outcome, 1, "findings")
    titles = [one.properties["title"] for one in outcome.annotations("error")]
    must(titles and all("r2" in title for title in titles), f"not r2 alone: {titles}")
    outcome = runner.use({"base-ref": "origin/elsewhere"})
    expect(outcome, 4, "usage")
    must("origin/elsewhere" in outcome.log, outcome.log)


@case
def nothing_to_verify(runner):
    """A history without revisions is no reason to fail a pull request."""
    runner.put_stairway()
    runner.project([])
    outcome = runner.use()
    expect(outcome, 0, "nothing")
    must(len(outcome.annotations("notice")) == 1, str(outcome.annotations()))


@case
def could_not_verify(runner):
    """No project: status 3, never to be confused with findings."""
    runner.put_stairway()
    outcome = runner.use({"working-directory": "elsewhere"})
    must(outcome.status in (3, 4) and outcome.outputs["result"] in ("unknown", "usage"),
         f"{outcome.status} {outcome.outputs}")
    runner.project([GOOD], "broken")
    (runner.workspace / "broken/migrations/env.py").write_text("raise Exception('no settings')\n")
    outcome = runner.use({"working-directory": "broken"})
    expect(outcome, 3, "unknown")
    must(outcome.annotations("error"), "no annotation says why")
    must(outcome.outputs["report-dir"] == "broken/reports", str(outcome.outputs))


@case
def wrong_inputs(runner):
    """A mistake in an input is said, with status 4."""
    runner.put_stairway()
    runner.project([GOOD])
    for inputs in ({"annotations": "yes"}, {"summary": "no"}, {"args": "--rows 'typical"},
                   {"args": "--output-format full"}, {"args": "--report-dir=/tmp"},
                   {"args": "--no-such-option"}, {"fail-on": "never"}, {"engines": "mysql"},
                   {"python": "no-such-python"}, {"fail-on": "--redact"}):
        outcome = runner.use(inputs)
        expect(outcome, 4, "usage")
        must(len(outcome.annotations("error")) == 1, f"{inputs}: {outcome.annotations()}")
    expect(runner.use({"args": "--help"}), 3, "unknown")


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
    must(runner.arguments[-6:] == ["--rows", "none", "--seed", "3", "-q", "a b"],
         str(runner.arguments))
    for name in ("version", "working-directory", "config", "python", "engines", "base-ref",
                 "report-dir", "fail-on", "annotations", "summary", "args"):
        runner.use({"working-directory": "a b", name: trap})
        must(not list(runner.folder.rglob("pwned")), f"{name} was run")
    outcome = runner.use({"working-directory": "a b", "report-dir": "x\nresult=verified"})
    must(outcome.outputs["report-dir"] == "a b/x\nresult=verified", str(outcome.outputs))


@case
def paths_begin_at_the_project(runner):
    """`config` and `python` are looked for below `working-directory`, or on the PATH."""
    runner.put_stairway()
    project = runner.project([GOOD], "service")
    (project / "ci.yml").write_text("engines: [sqlite]\nrows: none\n")
    (project / ".venv").symlink_to(fixtures.ROOT / ".python")
    outcome = runner.use({"working-directory": "service/", "config": "ci.yml", "engines": "",
                          "python": ".venv/bin/python"})
    expect(outcome, 0, "verified")
    must("--config=service/ci.yml" in runner.arguments, str(runner.arguments))
    runner.variables["PATH"] = f"{runner.programs}:{fixtures.ROOT}/.python/bin:/usr/bin:/bin"
    expect(runner.use({"working-directory": "service", "python": "python3"}), 0, "verified")


@case
def cancelled(runner):
    """A cancelled run ends with `interrupted`, its fence is opened again, and nothing stays behind."""
    runner.put_stairway()
    runner.project([GOOD, ("Wait", "time.sleep(300)", "pass")])
    outcome = runner.use(interrupt_when="SQLite: 2 revisions")
    expect(outcome, 2, "interrupted")
    left = [one for one in pathlib.Path("/proc").glob("[0-9]*") if works_in(one, runner.workspace)]
    must(not left, f"processes stay behind: {left}")


def works_in(process, folder):
    """Whether a process of /proc has its working folder there."""
    try:
        return (process / "cwd").readlink().is_relative_to(folder)
    except OSError:
        return False


@case
def older_report_is_not_read(runner):
    """A report of an earlier run is no verdict of one that could not begin."""
    runner.put_stairway()
    runner.project([GOOD])
    expect(runner.use(), 0, "verified")
    outcome = runner.use({"args": "--no-such-option"})
    expect(outcome, 4, "usage")
    must(not outcome.outputs["findings"] and not outcome.outputs["junit-path"], str(outcome.outputs))
