"""What the scripts in this folder share: the sample projects, their variants, and a run of Stairway."""

import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROJECTS = ROOT / "fixtures/projects"
ENGINES = ("sqlite", "postgresql")
# The most seconds that a command may take, on a machine that does other things, too.
LIMIT = 900
RUNNING = set()
# Where a project's migrations lie, where that is not its own folder.
INNER = {"psmachine": "backend"}
# In a defect that is a branch: what its target gained after they had parted.
MEANWHILE = "@main"


@dataclasses.dataclass
class Verdict:
    """What one run of `stairway verify` said."""

    status: int
    seconds: float
    findings: list
    declared: list
    said: str
    # Whether something could not be judged.
    unjudged: bool = False

    def errors(self, revision=None):
        return [
            finding
            for finding in self.findings
            if finding["severity"] == "error" and revision in (None, finding.get("revision"))
        ]

    @property
    def judged(self):
        """Whether the run came to an end: verified (0) or with findings (1).

        A history whose graph is broken ends with 3 and says why in its findings.
        """
        return self.status in (0, 1) or (self.status == 3 and bool(self.findings))


def stop(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(3)


def stairway():
    """The binary: STAIRWAY where it is set, else the newer one of the release and the debug build."""
    if "STAIRWAY" in os.environ:
        return pathlib.Path(os.environ["STAIRWAY"]).resolve()
    built = [ROOT / f".build/{kind}/stairway" for kind in ("release", "debug")]
    built = [path for path in built if path.exists()]
    if not built:
        stop("There is no stairway yet: run ci/demo, or swift build.")
    return max(built, key=lambda path: path.stat().st_mtime)


def python():
    path = ROOT / ".python/bin/python"
    if not path.exists():
        stop("There is no Python environment yet: run ci/setup.")
    return path


def end_on_signals():
    """Makes SIGTERM unwind like Control-C, so that whatever was started is stopped on the way out."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def run(command, seconds=LIMIT, **options):
    """Runs a command that must end within `seconds`; both its outputs come as one text."""
    process = subprocess.Popen(
        [str(part) for part in command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        **options,
    )
    RUNNING.add(process)
    try:
        said = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        RUNNING.discard(process)
        stop(f"{' '.join(process.args)} did not end within {seconds} seconds.")
    finally:
        end(process)
    if process not in RUNNING:
        sys.exit(3)  # `each` ended it, and says why
    RUNNING.discard(process)
    return subprocess.CompletedProcess(process.args, process.returncode, said)


def end(process):
    """Ends a process that still runs; Stairway, which stops its own servers, is given time for that."""
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def each(function, items, lanes=2):
    """The function's answer for each item, in order and some at a time; one failure ends all."""
    end_on_signals()
    with concurrent.futures.ThreadPoolExecutor(lanes) as pool:
        try:
            yield from pool.map(function, items)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            while RUNNING:
                RUNNING.pop().terminate()
            raise


def verify(project, reports, engines=(), options=(), interpreter=None, environment=None):
    """Runs `stairway verify` and reads the findings back from its report."""
    reports = pathlib.Path(reports)
    command = [stairway(), "verify", project, "--python", interpreter or python()]
    command += ["--report-dir", reports, "--color", "never"]
    for engine in engines:
        command += ["--engine", engine]
    command += options
    # No bytecode beside the fixtures.
    surroundings = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **(environment or {})}
    begun = time.monotonic()
    done = run(command, env=surroundings)
    seconds = time.monotonic() - begun
    report = reports / "report.json"
    content = json.loads(report.read_text()) if report.exists() else {"findings": [], "declared": []}
    declared = [one["finding"] for one in content["declared"]]
    unjudged = content.get("summary", {}).get("unjudged", 0) > 0
    return Verdict(
        done.returncode, seconds, content["findings"], declared, done.stdout, unjudged
    )


def projects():
    return sorted(path.name for path in PROJECTS.iterdir() if path.is_dir())


def defects(project):
    folder = PROJECTS / project / "defects"
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


def expectation(project, defect):
    return json.loads((PROJECTS / project / "defects" / defect / "expect.json").read_text())


def place(project, root=PROJECTS):
    """The folder that `stairway verify` is pointed at."""
    return root / project / INNER.get(project, "")


def lay_out(project, defect, destination):
    """Copies a project into `destination`, lays a defect's files over it, and says where to verify.

    A defect that is a `branch` becomes one: `main` has the project as it is, and what lies in `@main` came
    there after the parting.
    """
    destination = pathlib.Path(destination)
    copy = destination / project
    unwanted = shutil.ignore_patterns("defects", "instance", "__pycache__", "*.db")
    shutil.copytree(PROJECTS / project, copy, ignore=unwanted)
    if defect is not None:
        files = PROJECTS / project / "defects" / defect
        branch = expectation(project, defect).get("branch")
        if branch is None:
            lay_over(files, copy)
        else:
            make_branch(branch, files, copy, destination)
    return place(project, destination)


def lay_over(files, copy):
    # With the time of now: git takes a file for the one that it knows where size and time are the same.
    shutil.copytree(
        files,
        copy,
        copy_function=shutil.copy,
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("expect.json", "__pycache__", MEANWHILE),
    )


def make_branch(branch, files, copy, repository):
    """Two branches: `main`, and the one that is checked out, with the defect's files."""

    def git(*words):
        command = ["git", "-c", "user.name=ci", "-c", "user.email=ci@example.org", *words]
        subprocess.run(command, cwd=repository, check=True, stdout=subprocess.DEVNULL)

    def commit(what):
        git("add", "--all")
        git("commit", "--quiet", "--allow-empty", "--message", what)

    git("init", "--quiet", "--initial-branch", "main")
    commit("The project as it is")
    git("branch", "change")
    if (files / MEANWHILE).exists():
        lay_over(files / MEANWHILE, copy)
        commit("What came to main meanwhile")
    git("checkout", "--quiet", "change")
    lay_over(files, copy)
    for path in branch.get("removes", []):
        (copy / path).unlink()
    commit("The change")


def printed(root, direction):
    """What Alembic prints of one direction; None where it fails."""
    plain = (root / "alembic.ini").exists()
    tool = ["alembic"] if plain else ["flask", "db"]
    target = {"upgrade": "heads", "downgrade": "heads:base"}[direction]
    done = subprocess.run(
        [python(), "-m", *tool, direction, target, "--sql"], cwd=root, text=True,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=LIMIT,
        env={**os.environ, "DATABASE_URL": "postgresql+psycopg2://nobody@/nowhere",
             "PYTHONDONTWRITEBYTECODE": "1"})
    return done.stdout if done.returncode == 0 else None


def options(project, defect):
    """What a workflow would add to `stairway verify` for a project or variant."""
    is_branch = defect is not None and "branch" in expectation(project, defect)
    return ["--since", "main"] if is_branch else []


def place_and_rule(finding):
    """Engine, revision and rule of a finding, or of one that is expected; empty where it has none."""
    return tuple(finding.get(key) or "" for key in ("engine", "revision", "rule"))


def told(finding):
    """A finding in a line."""
    parts = [finding.get("engine"), finding.get("revision"), finding["rule"]]
    return " ".join(part for part in parts if part) + ": " + finding["message"]


def peak(process):
    """The process's own peak of memory so far in MB, without its children's, which wait4 would include; None
    where it has ended."""
    try:
        status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
    except (OSError, TypeError):
        return None


def held(title, results):
    """Prints what was measured, (name, value, the most that it may be or None) each; whether all are held."""
    rows = [(title, "measured", "at most", "")]
    missed = [most is not None and value > most for _, value, most in results]
    for (name, value, most), is_missed in zip(results, missed):
        rows.append((name, f"{value:.2f}", most or "", "MISSED" if is_missed else ""))
    table(rows)
    return not any(missed)


def table(rows):
    """Prints rows of text in columns, the first row as their head."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(str(cell).ljust(width) for cell, width in zip(row, widths)).rstrip())
