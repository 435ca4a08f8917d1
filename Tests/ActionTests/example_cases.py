"""The examples of docs/ci and the pre-commit hook: their own lines, carried out as they stand."""

import hashlib
import re
import shlex
import sqlite3
import subprocess
import tarfile

import composite
import fixtures
import yaml
from workbench import GOOD, case, expect, must

EXAMPLES = fixtures.ROOT / "docs/ci"
# A revision whose downgrade leaves something behind.
LEFT = ("Add a name", 'op.add_column("users", sa.Column("name", sa.String(20)))', "pass")
LEFT_FIRST = ("Create users", GOOD[1], "pass")
# What a manifest's hook may have (https://pre-commit.com/#creating-new-hooks), and of which kind.
HOOK = {"id": str, "name": str, "description": str, "entry": str, "language": str, "files": str,
        "pass_filenames": bool, "require_serial": bool, "stages": list,
        "minimum_pre_commit_version": str}


def workflow(name):
    """A GitHub example's `on` and its only job; YAML takes `on` for true."""
    text = yaml.safe_load((EXAMPLES / name).read_text())
    (job,) = text["jobs"].values()
    return text[True], job


def environment(runner, **more):
    return {
        "PATH": f"{runner.programs}:/usr/local/bin:/usr/bin:/bin", "HOME": str(runner.folder),
        "VIRTUAL_ENV": str(fixtures.ROOT / ".python"), "PYTHONDONTWRITEBYTECODE": "1",
        "GIT_CONFIG_NOSYSTEM": "1", "STAIRWAY_ENGINES": "sqlite", **more,
    }


def git(folder, *words):
    who = ["-c", "user.name=Nobody", "-c", "user.email=nobody@example.org"]
    done = subprocess.run(["git", *who, *words], cwd=folder, capture_output=True, text=True)
    must(not done.returncode, f"git {words}: {done.stderr}")


def branched(runner, own):
    """A project whose main has the first revision, and a branch of it with its own; `origin` is itself."""
    project = runner.project([GOOD])
    (project / ".gitignore").write_text("reports/\n__pycache__/\n*.db\n")
    (project / "requirements.txt").write_text("alembic\n")
    git(project, "init", "-q", "-b", "main")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "base")
    git(project, "remote", "add", "origin", str(project / ".git"))
    git(project, "fetch", "-q", "origin")
    git(project, "checkout", "-q", "-b", "feature")
    if own:
        runner.write_revision(project, 2, *own)
    (project / "README.md").write_text("more\n")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "feature")
    return project


def head(runner, branch):
    return subprocess.check_output(
        ["git", "rev-parse", branch], cwd=runner.workspace, text=True).strip()


def run(runner, lines, variables):
    """Lines as one script of a step or job; what they installed is in the runner's own programs."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", "\n".join(lines)],
        cwd=runner.workspace, env=variables, capture_output=True, text=True, timeout=composite.LIMIT)


@case
def pull_request_example(runner):
    """The gate's example begins for every pull request and merge queue; its steps judge what is added."""
    began, job = workflow("github-pull-request.yml")
    must(began == {"pull_request": None, "merge_group": None}, f"it begins on {began}")
    runner.put_stairway()
    runner.put("pip", f"printf '%s\\n' \"$@\" >{runner.folder}/installed")
    branched(runner, LEFT)
    for step in job["steps"]:
        if "run" in step:
            done = run(runner, [step["run"]], environment(runner))
            must(not done.returncode, f"{step['run']}: {done.stderr}")
        if step.get("uses", "").startswith("OWNER/stairway@"):
            # In a merge queue GitHub gives no `base_ref`, else no `base_sha`.
            for branch, commit in (("", head(runner, "main")), ("main", "")):
                context = {"github.base_ref": branch, "github.event.merge_group.base_sha": commit}
                given = {name: composite.filled(one, context) for name, one in step["with"].items()}
                outcome = runner.use(given)
                expect(outcome, 1, "findings")
                since = commit or f"origin/{branch}"
                must(f"--since={since}" in runner.arguments, str(runner.arguments))
    must((runner.folder / "installed").read_text() == "install\n-r\nrequirements.txt\n", "not installed")
    kept = filled(kept_by(job, "upload-artifact")["path"], outcome)
    must((runner.workspace / kept / "report.html").is_file(), f"{kept} has no report")


@case
def other_github_examples(runner):
    """Each example gives the action inputs that it has, and the rehearsal's own line rehearses."""
    known = yaml.safe_load((fixtures.ROOT / "action.yml").read_text())["inputs"]
    for path in sorted(EXAMPLES.glob("github-*.yml")):
        _, job = workflow(path.name)
        uses = [one for one in job["steps"] if one.get("uses", "").startswith("OWNER/stairway@")]
        must(len(uses) == 1 and set(uses[0].get("with", {})) <= set(known), f"{path.name}: {uses}")
    _, job = workflow("github-rehearsal.yml")
    step = next(one for one in job["steps"] if one.get("name") == "Rehearse")
    runner.put_stairway()
    project = runner.project([GOOD, LEFT])
    production = runner.folder / "production.db"
    with sqlite3.connect(production) as copy:
        copy.executescript("CREATE TABLE users (id INTEGER NOT NULL PRIMARY KEY); INSERT INTO users VALUES (1);"
                           "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);"
                           "INSERT INTO alembic_version VALUES ('r1');")
    done = run(runner, [step["run"]], environment(
        runner, SOURCE=str(production), TO="head", PGPASSWORD=""))
    must(done.returncode == 1, f"{done.returncode}: {done.stdout}{done.stderr}")
    must("::error" in done.stdout and "r2" in done.stdout, done.stdout)
    kept = filled(kept_by(job, "upload-artifact")["path"], runner.use())
    must((project / kept / "junit.xml").is_file(), f"{kept} has no report")


@case
def uploads_of_a_nested_project(runner):
    """What the examples keep and upload is found where the action says that it lies."""
    runner.put_stairway()
    runner.project([LEFT_FIRST], "services/users")
    outcome = runner.use({"working-directory": "services/users", "report-dir": "out"})
    expect(outcome, 1, "findings")
    for name, action, key, file in (
        ("pull-request", "upload-artifact", "path", "out/report.html"),
        ("nightly", "upload-artifact", "path", "out/report.html"),
        ("code-scanning", "upload-sarif", "sarif_file", "out/report.sarif"),
    ):
        _, job = workflow(f"github-{name}.yml")
        (used,) = [one for one in job["steps"] if one.get("uses", "").startswith("OWNER/stairway@")]
        must(used["id"] == "stairway", f"{name}: {used}")
        kept = runner.workspace / filled(kept_by(job, action)[key], outcome)
        must(runner.workspace / "services/users" / file in (kept, kept / "report.html"), f"{name}: {kept}")
        must(kept.exists(), f"{name}: there is no {kept}")
    _, job = workflow("github-code-scanning.yml")
    (upload,) = [one for one in job["steps"] if "upload-sarif" in one.get("uses", "")]
    must("steps.stairway.outputs.complete == 'true'" in upload["if"], upload["if"])


def kept_by(job, action):
    """What a job's step of that action is given."""
    return next(one["with"] for one in job["steps"] if action in one.get("uses", ""))


def filled(text, outcome):
    """A text of the example with what the action's step has put out."""
    return composite.filled(
        text, {f"steps.stairway.outputs.{name}": value for name, value in outcome.outputs.items()})


@case
def gitlab_example(runner):
    """GitLab's job: its lines fetch the release and the target branch, from a fork too, and verify."""
    job = yaml.safe_load((EXAMPLES / "gitlab-ci.yml").read_text())["migrations"]
    must(job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}], str(job["rules"]))
    release = runner.folder / "release"
    release.mkdir()
    archive = release / "stairway-linux-x86_64.tar.gz"
    with tarfile.open(archive, "w:gz") as packed:
        packed.add(fixtures.stairway(), "stairway")
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    (release / f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n")
    runner.put("pip", "exit 0")
    project = branched(runner, LEFT)
    # The project that the branch is to be merged into: its main has gone on, the fork's has not.
    target = runner.folder / "target"
    git(runner.folder, "clone", "-q", "--branch", "main", str(project), str(target))
    runner.write_revision(target, 9, *LEFT)
    text = (target / "migrations/versions/r9.py").read_text()
    (target / "migrations/versions/r9.py").write_text(text.replace("'r8'", "'r1'"))
    git(target, "add", "-A")
    git(target, "commit", "-q", "-m", "meanwhile")
    variables = {name: str(one) for name, one in job["variables"].items()} | {
        "STAIRWAY_DOWNLOAD_URL": f"file://{release}", "STAIRWAY_POSTGRES_URL": "",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_MERGE_REQUEST_PROJECT_ID": "1",
        "CI_MERGE_REQUEST_PROJECT_URL": f"file://{target}"}
    lines = [one.replace("/usr/local/bin", str(runner.programs)).replace("=https", "=file")
             for one in job["before_script"] + job["script"]]
    for source, heads in (("1", False), ("2", True)):
        done = run(runner, lines, environment(
            runner, **variables, CI_MERGE_REQUEST_SOURCE_PROJECT_ID=source))
        must(done.returncode == 1, f"{done.returncode}: {done.stdout}{done.stderr}")
        must("downgrade-leaves-trace" in done.stdout, done.stdout)
        must(("multiple-heads" in done.stdout) == heads, f"source {source}: {done.stdout}")
    for kept in job["artifacts"]["reports"].values():
        must((project / kept).is_file(), f"there is no {kept}")
    (project / "migrations/versions/r2.py").unlink()
    (project / "stairway.yml").write_text("parity: false\n")
    done = run(runner, lines, environment(
        runner, **variables, CI_MERGE_REQUEST_SOURCE_PROJECT_ID="1"))
    must(done.returncode in job["allow_failure"]["exit_codes"], f"{done.returncode}: {done.stdout}{done.stderr}")


@case
def pre_commit_hook(runner):
    """The hook as pre-commit runs it: stopped by findings, and not where there is nothing to verify."""
    (hook,) = yaml.safe_load((fixtures.ROOT / ".pre-commit-hooks.yaml").read_text())
    for key, value in hook.items():
        must(isinstance(value, HOOK.get(key, type(None))), f"{key}: {value!r} is none of a hook's")
    must({"id", "name", "entry", "language"} <= set(hook), str(sorted(hook)))
    runner.put_stairway()
    project = branched(runner, LEFT)

    def carried_out(*args):
        # shlex, without a shell: https://github.com/pre-commit/pre-commit/blob/main/pre_commit/lang_base.py
        return subprocess.run([*shlex.split(hook["entry"]), *args], cwd=project, capture_output=True,
                              text=True, env=environment(runner), timeout=composite.LIMIT)

    done = carried_out("--since", "main")
    must(done.returncode == 1 and "downgrade-leaves-trace" in done.stdout, f"{done}")
    must(runner.arguments == ["verify", "--output-format", "concise", "--since", "main"],
         str(runner.arguments))
    must(carried_out("--since", "nowhere").returncode == 4, "a wrong ref is no mistake")
    (project / "migrations/versions/r2.py").unlink()
    (project / "stairway.yml").write_text("parity: false\n")
    done = carried_out("--since", "main")
    must(not done.returncode and "nothing to verify" in done.stderr, f"{done}")
    for name in revision_files():
        must(re.search(hook["files"], name), f"the hook does not run for {name}")


def revision_files():
    """What the sample projects keep revisions in, and what runs these, with layouts of other guides."""
    found = ["alembic/versions/x.py", "alembic/env.py", "backend/migrations/versions/2025/x.py",
             "src/app/db/alembic.ini", "app/models/user.py", "models.py"]
    for path in fixtures.PROJECTS.glob("*/**/*"):
        name = path.relative_to(fixtures.PROJECTS)
        if "defects" not in name.parts and (
                path.parent.name == "versions" and path.suffix == ".py"
                or path.name in ("env.py", "alembic.ini")):
            found.append(str(name))
    return found


@case
def paths_of_the_guide(runner):
    """The `paths:` of docs/ci.md begin the workflow for each sample project's revisions and settings."""
    guide = (fixtures.ROOT / "docs/ci.md").read_text()
    blocks = [yaml.safe_load(one) for one in re.findall(r"```yaml\n(on:\n.*?)```", guide, re.DOTALL)]
    (began,) = [one[True] for one in blocks]
    patterns = [re.compile(matcher(one)) for one in began["pull_request"]["paths"]]
    more = ["uv.lock", "backend/poetry.lock", "setup.cfg", "requirements/base.txt", "requirements.txt",
            "stairway.yml", "stairway/fixtures/r1.yml", "stairway-baseline.json", "pyproject.toml",
            ".github/workflows/migrations.yml", "app/models/user.py", "app/db_models.py"]
    for name in revision_files() + more:
        must(any(one.fullmatch(name) for one in patterns), f"nothing begins for {name}")
    for name in ("README.md", "app/static/site.css", "package.json"):
        must(not any(one.fullmatch(name) for one in patterns), f"{name} begins it")


def matcher(pattern):
    """GitHub's pattern as a regular expression: `**/` may stand for no folder at all
    (https://docs.github.com/actions/reference/workflow-syntax-for-github-actions#filter-pattern-cheat-sheet)."""
    parts = re.split(r"(\*\*/|\*\*|\*)", pattern)
    meant = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*"}
    return "".join(meant.get(one, re.escape(one)) for one in parts)
