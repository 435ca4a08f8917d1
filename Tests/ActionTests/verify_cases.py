"""What the action says of projects: verdicts, annotations, outputs, and mistakes in its inputs."""

import functools
import json
import pathlib
import subprocess

import fixtures
from workbench import GOOD, case, expect, must

# Revisions whose downgrade leaves something behind.
LEFT = ("Add a name", 'op.add_column("users", sa.Column("name", sa.String(20)))', "pass")
LEFT_FIRST = ("Create users", GOOD[1], "pass")


@case
def verified(runner):
    """A clean project: status 0, and every output says so."""
    runner.put_stairway()
    runner.project([GOOD])
    outcome = runner.use()
    expect(outcome, 0, "verified")
    must(outcome.outputs == {"result": "verified", "findings": "0", "complete": "true",
                             "report-dir": "reports", "junit-path": "reports/junit.xml"}, f"outputs {outcome.outputs}")
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
    must(outcome.outputs["complete"] == "true", str(outcome.outputs))
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
    """Only what the branch adds is verified; a branch that adds no revision does not fail."""
    runner.put_stairway()
    project = runner.project([LEFT_FIRST])
    git = functools.partial(subprocess.run, check=True, capture_output=True, cwd=runner.workspace)
    git(["git", "init", "-q", "-b", "main"])
    git(["git", "config", "user.email", "nobody@example.org"])
    git(["git", "config", "user.name", "Nobody"])

    def commit():
        git(["git", "add", "-A"])
        git(["git", "commit", "-q", "-m", "one"])

    def commit_of(branch):
        return git(["git", "rev-parse", branch]).stdout.decode().strip()

    (project / ".gitignore").write_text("reports/\n__pycache__/\n*.db\n")
    commit()
    git(["git", "checkout", "-q", "-b", "branch"])
    (project / "README.md").write_text("more\n")
    commit()
    expect(runner.use(), 1, "findings")
    expect(runner.use({"base-ref": "main"}), 0, "verified")
    (project / "stairway.yml").write_text("parity: false\n")
    expect(runner.use({"base-ref": "main"}), 0, "nothing")
    runner.write_revision(project, 2, *LEFT)
    commit()
    outcome = runner.use({"base-ref": "main"})
    expect(outcome, 1, "findings")
    titles = [one.properties["title"] for one in outcome.annotations("error")]
    must(titles and all("r2" in title for title in titles), f"not r2 alone: {titles}")
    must("--since=main" in runner.arguments, str(runner.arguments))
    # In a merge queue it need not be named, and the whole history can be asked for.
    outcome = runner.use(queued_behind=commit_of("main"))
    expect(outcome, 1, "findings")
    must(f"--since={commit_of('main')}" in runner.arguments, str(runner.arguments))
    expect(runner.use({"base-ref": ""}, queued_behind=commit_of("main")), 1, "findings")
    must(not any(one.startswith("--since") for one in runner.arguments), str(runner.arguments))
    outcome = runner.use({"base-ref": "origin/"})
    expect(outcome, 4, "usage")
    (said,) = outcome.annotations("error")
    must("github.base_ref" in said.data and "merge_group" in said.data, said.data)
    outcome = runner.use({"base-ref": "origin/elsewhere"})
    expect(outcome, 4, "usage")
    must("origin/elsewhere" in outcome.log, outcome.log)
    must(not outcome.outputs["findings"], str(outcome.outputs))
    for file in (project / "migrations/versions").glob("*.py"):
        file.unlink()
    outcome = runner.use({"base-ref": "main"})
    expect(outcome, 1, "findings")
    titles = [one.properties["title"] for one in outcome.annotations("error")]
    must(any(title.startswith("deleted-revision") for title in titles), f"not told: {titles}")


@case
def nothing_to_verify(runner):
    """A history without revisions is no reason to fail a pull request."""
    runner.put_stairway()
    runner.project([])
    outcome = runner.use()
    expect(outcome, 0, "nothing")
    must(len(outcome.annotations("notice")) == 1, str(outcome.annotations()))
    must(outcome.outputs["complete"] == "false", str(outcome.outputs))


@case
def engine_that_nobody_looked_at(runner):
    """Findings on one engine do not make a run complete whose other one could not be judged."""
    runner.put_stairway()
    runner.project([GOOD, LEFT])
    outcome = runner.use({
        "engines": "sqlite,postgresql", "database-url": f"postgresql://scratch@/postgres?host={runner.folder}"})
    expect(outcome, 1, "findings")
    must(outcome.outputs["complete"] == "false", str(outcome.outputs))
    sarif = json.loads((runner.workspace / "reports/report.sarif").read_text())
    (invocation,) = sarif["runs"][0]["invocations"]
    must(not invocation["executionSuccessful"], str(invocation))


@case
def engine_that_is_left_out(runner):
    """A machine without PostgreSQL is no reason to close what was found on it."""
    runner.put("stairway", f"""
        {fixtures.stairway()} "$@" || exit $?
        sed --in-place 's/"leftOut":\\[\\]/"leftOut":[{{"engine":"postgresql","reason":"no server"}}]/' reports/report.json
    """)
    runner.project([GOOD])
    outcome = runner.use({"engines": ""})
    expect(outcome, 0, "verified")
    must(outcome.outputs["complete"] == "false", str(outcome.outputs))


@case
def revisions_that_were_not_reached(runner):
    """Behind an upgrade that fails nothing is looked at."""
    runner.put_stairway()
    runner.project([GOOD, ("Break", "raise Exception('no')", "pass"), LEFT])
    outcome = runner.use()
    expect(outcome, 1, "findings")
    must(outcome.outputs["complete"] == "false", str(outcome.outputs))


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
    must(not outcome.outputs["findings"] and outcome.outputs["complete"] == "false", str(outcome.outputs))
    must(outcome.outputs["report-dir"] == "broken/reports", str(outcome.outputs))


@case
def wrong_inputs(runner):
    """A mistake in an input is said, with status 4."""
    runner.put_stairway()
    runner.project([GOOD])
    for inputs in ({"annotations": "yes"}, {"summary": "no"}, {"args": "--rows 'typical"},
                   {"args": "'"}, {"args": "--rows none\n\""}, {"args": "--rows none\\"},
                   {"args": "--output-format full"}, {"args": "--report-dir=/tmp"}, {"args": "-q --watch"},
                   {"args": "--no-such-option"}, {"fail-on": "never"}, {"engines": "mysql"},
                   {"python": "no-such-python"}, {"python": "/nowhere/python"}, {"python": "./migrations"},
                   {"fail-on": "--redact"}):
        outcome = runner.use(inputs)
        expect(outcome, 4, "usage")
        (said,) = outcome.annotations("error")
        if "python" in inputs:
            must(said.data.startswith(f"python is '{inputs['python']}', "), said.data)
    expect(runner.use({"args": "--help"}), 3, "unknown")


@case
def wrong_settings(runner):
    """A mistake in the settings is an annotation at its line."""
    runner.put_stairway()
    project = runner.project([GOOD], "app")
    (project / "stairway.yml").write_text("rows: none\nengine: sqlite\n")
    outcome = runner.use({"working-directory": "app"})
    expect(outcome, 4, "usage")
    told = outcome.annotations("error")
    must([(one.properties["file"], one.properties["line"]) for one in told] == [("app/stairway.yml", "2")],
         str(told))
    must("unknown key 'engine'" in str(told[0]), str(told))
    (project / "stairway.yml").unlink()
    (runner.workspace / "taken").write_text("a file")
    outcome = runner.use({"working-directory": "app", "report-dir": "../taken/reports"})
    must(outcome.status in (3, 4), str(outcome.status))
    must("taken" in str(outcome.annotations("error")), outcome.log)


@case
def arguments_in_words(runner):
    """What `args` cannot hold is named: a second folder, quotes over several lines, `--`."""
    runner.put_stairway()
    runner.project([GOOD])
    outcome = runner.use({"args": "--rows none\nother/folder"})
    expect(outcome, 4, "usage")
    must("Unexpected argument 'other/folder'" in outcome.log, outcome.log)
    for args, words in (("--seed '1\n2'", "not closed on its line"), ("-- x", "working-directory")):
        outcome = runner.use({"args": args})
        expect(outcome, 4, "usage")
        must(any(words in str(one) for one in outcome.annotations("error")), outcome.log)


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
def paths_as_seen_from_the_workspace(runner):
    """However a folder is written, the outputs name it as a later step finds it."""
    runner.put_stairway()
    runner.project([GOOD], "app")
    absolute = f"{runner.workspace}/app"
    for project, reports, seen in (
        ("./app/", "out", "app/out"), ("app//", "out", "app/out"), (absolute, "out", "app/out"),
        (f"{absolute}/", "./out//", "app/out"), ("app", f"{runner.workspace}/out/", "out"),
        ("app", f"{runner.folder}/out/", f"{runner.folder}/out"),
    ):
        outcome = runner.use({"working-directory": project, "report-dir": reports})
        expect(outcome, 0, "verified")
        must(outcome.outputs["report-dir"] == seen, f"{project} and {reports}: {outcome.outputs}")
        must(outcome.outputs["junit-path"] == f"{seen}/junit.xml", str(outcome.outputs))
        must((runner.workspace / seen / "junit.xml").is_file(), f"no {seen}/junit.xml")


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
    left = [one.name for one in (runner.workspace / "reports").rglob("*") if one.is_file()]
    must(not left, f"what an earlier run wrote stays: {left}")


@case
def older_report_that_stays(runner):
    """Where the folder cannot be written, an earlier run's report is left and is no verdict of this one."""
    runner.put_stairway()
    runner.project([GOOD])
    expect(runner.use(), 0, "verified")
    runner.put("rm", 'echo "rm: cannot remove: Read-only file system" >&2\nexit 1\n')
    outcome = runner.use({"args": "--no-such-option"})
    expect(outcome, 4, "usage")
    must((runner.workspace / "reports/report.json").is_file(), "the test takes it away")
    must(not outcome.outputs["findings"] and not outcome.outputs["junit-path"], str(outcome.outputs))
    must(not outcome.summary and "cannot remove" not in outcome.log, outcome.summary + outcome.log)
    expect(runner.use({"args": "--help"}), 3, "unknown")
    # What takes its place is this run's.
    outcome = runner.use()
    expect(outcome, 0, "verified")
    must(outcome.outputs["findings"] == "0" and outcome.outputs["junit-path"], str(outcome.outputs))


@case
def empty_list_of_another_tool(runner):
    """Stairway ends its own with a line end."""
    runner.put_stairway()
    runner.project([GOOD])
    report = runner.workspace / "reports/gl-code-quality-report.json"
    report.parent.mkdir()
    for text, stays in (("[]", True), ("[]\n", False), ("[]\n\n", True)):
        report.write_text(text)
        expect(runner.use({"args": "--no-such-option"}), 4, "usage")
        must(report.exists() == stays, f"{text!r}: {report.exists()}")


@case
def other_reports_stay(runner):
    """What another tool keeps under a report's name is neither taken away nor taken for Stairway's."""
    runner.put_stairway()
    runner.project([GOOD])
    reports = runner.workspace / "reports"
    reports.mkdir()
    others = {"junit.xml": "<testsuites name='pytest'/>", "report.json": "{}", "summary.md": "# Theirs"}
    for name, text in others.items():
        (reports / name).write_text(text)
    outcome = runner.use()
    expect(outcome, 4, "usage")
    must("is another tool's" in outcome.log, outcome.log)
    must(not outcome.outputs["findings"] and not outcome.outputs["junit-path"], str(outcome.outputs))
    for name, text in others.items():
        must((reports / name).read_text() == text, f"{name} is not what it was")
