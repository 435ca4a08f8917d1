"""Reads the reports of a run back, each as its readers do, and holds them against each other.

What a person reads of a sample project and its variants, the annotations and the page of the job, stands
word for word in fixtures/reports/; `ci/projects --expect` writes it anew.
"""

import html
import json
import re
import subprocess

import fixtures

EXPECTED = fixtures.ROOT / "fixtures/reports"
# What is another one on another machine.
VERSIONS = re.compile(r"\b(SQLite|PostgreSQL) \d+(?:\.\d+)+")
DURATION = re.compile(r" · (?:\d+ min )?\d+(?:\.\d)? s(?= ·|$)", re.MULTILINE)
# What is another one in the next run: the clock's time, what a migration draws at random, and the commits
# of a repository that is made for the run.
VOLATILE = re.compile(r"(?<=git checkout )[0-9a-f]+|\b20(?:2[5-9]|[3-9]\d)-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?|\b[0-9a-f]{32}\b")
LEVELS = {"error": "error", "warning": "warning", "notice": "note"}
# Run by the Python of .python, which has the readers: the SARIF log and its schema, the JUnit XML.
READER = """
import json, sys, jsonschema, junitparser
sarif, schema, junit = sys.argv[1:]
log = json.load(open(sarif))
schema = json.load(open(schema))
kind = jsonschema.validators.validator_for(schema)
wrong = [e.json_path + ": " + e.message for e in kind(schema).iter_errors(log)]
cases = [
    [case.classname, case.name, [[type(r).__name__, r.type, r.message, r.text] for r in case.result],
     case.system_out or ""]
    for suite in junitparser.JUnitXml.fromfile(junit) for case in suite
]
print(json.dumps([wrong, cases]))
"""


def words(said, folder):
    """What a person reads of a run, without versions, durations and what differs from run to run: by the
    names of the files."""
    annotations = "".join(line + "\n" for line in said.splitlines() if line.startswith("::"))
    pages = {"annotations.txt": annotations, "summary.md": (folder / "summary.md").read_text()}
    return {
        name: VOLATILE.sub("…", DURATION.sub("", VERSIONS.sub(r"\1 X", text)))
        for name, text in pages.items()
    }


def expected(project, defect):
    """What stands in fixtures/reports, by the names of the files; empty where nobody wrote it yet."""
    folder = EXPECTED / project / (defect or "as-it-is")
    names = ("annotations.txt", "summary.md")
    return {name: (folder / name).read_text() for name in names if (folder / name).exists()}


def write(project, defect, found):
    folder = EXPECTED / project / (defect or "as-it-is")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in found.items():
        (folder / name).write_text(text)


def wrong(project, defect, verdict, folder):
    """What of a run's reports is not as it should be, a sentence each."""
    found = words(verdict.said, folder)
    page = (folder / "summary.md").read_text()
    if page != (folder.parent / "step-summary.md").read_text():
        yield "the summary of the job is not summary.md"
    for name, text in found.items():
        wanted = expected(project, defect).get(name)
        if wanted is None:
            yield f"fixtures/reports lacks {name}: `ci/projects --expect` writes it"
        elif wanted != text:
            yield f"{name} has other words than fixtures/reports: {first_difference(wanted, text)}"
    log, cases, mistakes = read(folder)
    yield from (f"report.sarif: {mistake}" for mistake in mistakes)
    yield from wrong_annotations(found["annotations.txt"], verdict)
    yield from wrong_results(log, verdict)
    yield from wrong_issues(json.loads((folder / "gl-code-quality-report.json").read_text()), verdict)
    yield from wrong_cases(cases, verdict)
    for finding in verdict.findings:
        if one_line(finding["message"])[:400] not in html.unescape(page):
            yield f"summary.md lacks {fixtures.told(finding)}"


def read(folder):
    """The SARIF log, the test cases, and what the schema's validator has against the log."""
    schema = fixtures.ROOT / "fixtures/schemas/sarif-2.1.0.json"
    arguments = [folder / "report.sarif", schema, folder / "junit.xml"]
    done = subprocess.run(
        [fixtures.python(), "-c", READER, *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        fixtures.stop(done.stderr)
    mistakes, cases = json.loads(done.stdout)
    return json.loads((folder / "report.sarif").read_text()), cases, mistakes


def wrong_annotations(text, verdict):
    """One for each finding as long as GitHub shows it, with its place and sentence."""
    told = [annotation(line) for line in text.splitlines()]
    for level in ("error", "warning", "note"):
        findings = [finding for finding in verdict.findings if finding["severity"] == level]
        ours = [one for one in told if LEVELS[one[0]] == level]
        if len(ours) != min(len(findings), 10):
            yield f"{len(ours)} annotations for {len(findings)} findings ({level})"
        for finding, (_, properties, message) in zip(findings[:9], ours):
            if not message.startswith(unversioned(finding["message"])):
                yield f"the annotation of {fixtures.told(finding)} says: {message[:80]}"
            if finding["file"] and not properties.get("file", "").endswith(finding["file"]):
                yield f"the annotation of {fixtures.told(finding)} stands at {properties}"
            if finding["line"] and properties.get("line") != str(finding["line"]):
                yield f"the annotation of {fixtures.told(finding)} stands at {properties}"


def annotation(line):
    """Kind, properties and message of a workflow command, as the runner takes it apart."""
    head, message = line[2:].split("::", 1)
    kind, _, rest = head.partition(" ")
    properties = dict(part.split("=", 1) for part in rest.split(",")) if rest else {}
    return kind, {key: unescaped(text) for key, text in properties.items()}, unescaped(message)


def unescaped(text):
    for code, character in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, character)
    return text


def wrong_results(log, verdict):
    run = log["runs"][0]
    results = run["results"]
    told = sorted(
        (finding["rule"], finding["severity"], finding["engine"] or "", finding["revision"] or "")
        for finding in verdict.findings + verdict.declared
    )
    found = sorted(
        (one["ruleId"], one["level"], one["properties"].get("engine", ""), one["properties"].get("revision", ""))
        for one in results
    )
    if told != found:
        yield f"report.sarif has other results than report.json: {found}"
    prints = {one["partialFingerprints"]["stairwayFinding/v1"] for one in results}
    if len(prints) != len(results):
        yield "report.sarif has a fingerprint twice"
    if sum("suppressions" in one for one in results) != len(verdict.declared):
        yield "report.sarif suppresses other results than those that are declared"
    if run["invocations"][0]["exitCode"] != verdict.status:
        yield "report.sarif has another exit status"
    messages = [one["message"]["text"] for one in results]
    for finding in verdict.findings:
        if not any(message.startswith(finding["message"]) for message in messages):
            yield f"report.sarif lacks {fixtures.told(finding)}"
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    if any(rules[one["ruleIndex"]] != one["ruleId"] for one in results):
        yield "report.sarif points at another rule"


def wrong_issues(issues, verdict):
    if len(issues) != len(verdict.findings):
        yield f"the code quality report has {len(issues)} issues for {len(verdict.findings)} findings"
    if len({issue["fingerprint"] for issue in issues}) != len(issues):
        yield "the code quality report has a fingerprint twice"
    for finding, issue in zip(verdict.findings, issues):
        if not issue["description"].startswith(one_line(finding["message"])[:400]):
            yield f"the code quality report says of {fixtures.told(finding)}: {issue['description']}"
        if finding["file"] and not issue["location"]["path"].endswith(finding["file"]):
            yield f"the code quality report places {fixtures.told(finding)} at {issue['location']}"


def wrong_cases(cases, verdict):
    """Errors fail a case, warnings stand in what a case printed, and what is declared is skipped."""
    failures = "\n".join(text for _, _, told, _ in cases for kind, _, _, text in told if kind == "Failure")
    printed = "\n".join(output for _, _, _, output in cases)
    for finding in verdict.findings:
        if one_line(finding["message"]) not in one_line(
            failures if finding["severity"] == "error" else printed
        ):
            yield f"junit.xml lacks {fixtures.told(finding)}"
    skipped = " ".join(
        message or "" for _, _, told, _ in cases for kind, _, message, _ in told if kind == "Skipped"
    )
    for finding in verdict.declared:
        if f"{finding['rule']} is declared" not in skipped and not failures:
            yield f"junit.xml does not say that {finding['rule']} is declared"
    if any(kind == "Error" for _, _, told, _ in cases for kind, _, _, _ in told) != verdict.unjudged:
        yield "junit.xml has errors where report.json has none, or the other way round"


def one_line(text):
    return " ".join(text.split())


def unversioned(text):
    return VOLATILE.sub("…", VERSIONS.sub(r"\1 X", text))


def first_difference(wanted, found):
    for number, (one, other) in enumerate(zip(wanted.splitlines(), found.splitlines()), 1):
        if one != other:
            return f"line {number}: {other!r} for {one!r}"
    return "one of the two is longer"
