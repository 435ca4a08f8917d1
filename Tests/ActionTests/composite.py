"""Runs a composite action's steps as GitHub's runner does, from the action's own action.yml.

What it knows of the runner is read off its sources (github.com/actions/runner: ActionCommand.cs,
ActionCommandManager.cs, CompositeActionHandler.cs, ScriptHandler.cs). What it does not know, an
expression or a key of a step, it refuses instead of passing over.
"""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import threading

import yaml

COMMANDS = {"add-mask", "debug", "echo", "endgroup", "error", "group", "notice", "warning",
            "add-matcher", "remove-matcher", "set-env", "add-path", "set-output", "save-state"}
# The most seconds that a step may take, on a machine that does other things, too.
LIMIT = 300
KEYS = {"id", "name", "if", "shell", "run", "env"}


@dataclasses.dataclass
class Command:
    """One workflow command that the runner carried out."""

    name: str
    properties: dict
    data: str


@dataclasses.dataclass
class Outcome:
    """What a use of the action came to."""

    status: int = 0
    outputs: dict = dataclasses.field(default_factory=dict)
    commands: list = dataclasses.field(default_factory=list)
    # What stands in the log, secrets hidden, and all that the steps wrote.
    log: str = ""
    written: str = ""
    summary: str = ""
    # The steps that were not skipped.
    ran: list = dataclasses.field(default_factory=list)

    def annotations(self, kind=None):
        kinds = (kind,) if kind else ("error", "warning", "notice")
        return [one for one in self.commands if one.name in kinds]


class CommandReader:
    """The runner's reading of a line: which command it is, if any, fences taken into account."""

    def __init__(self):
        self.token = None

    def read(self, line):
        command = self.second_form(line) or self.first_form(line)
        if command is None:
            return None
        if self.token is not None:
            if command.name == self.token:
                self.token = None
            return None
        if command.name == "stop-commands":
            self.token = command.data.lower()
            return None
        return command

    def known(self, name):
        return name in COMMANDS | {"stop-commands"} or (self.token and name == self.token)

    def second_form(self, line):
        """`::name key=value,…::data`, where nothing but blanks stands before it."""
        found = re.match(r"\s*::(.*?)::(.*)", line, re.DOTALL)
        name, _, properties = found[1].partition(" ") if found else ("", "", "")
        if not self.known(name.lower()):
            return None
        pairs = [one.split("=", 1) for one in properties.strip().split(",") if "=" in one]
        read = {key: unescaped(value, {":": "%3A", ",": "%2C"}) for key, value in pairs}
        return Command(name.lower(), read, unescaped(found[2], {}))

    def first_form(self, line):
        """`##[name key=value;…]data`, anywhere in a line."""
        found = re.search(r"##\[(.*?)\](.*)", line, re.DOTALL)
        name = found[1].partition(" ")[0].lower() if found else ""
        return Command(name, {}, found[2]) if self.known(name) else None


def unescaped(text, more):
    for character, escape in {"\r": "%0D", "\n": "%0A", **more, "%": "%25"}.items():
        text = text.replace(escape, character)
    return text


class Action:
    """An action.yml, and a workspace to use it in."""

    def __init__(self, folder, workspace, temporary, environment):
        self.folder = pathlib.Path(folder)
        self.workspace = pathlib.Path(workspace)
        self.temporary = pathlib.Path(temporary)
        self.environment = environment
        self.text = yaml.safe_load((self.folder / "action.yml").read_text())
        if self.text["runs"]["using"] != "composite":
            sys.exit("action.yml is not a composite action")

    def use(self, inputs, repository="owner/stairway", interrupt_when=None, queued_behind=""):
        """Runs the steps in order. `interrupt_when`: the text in the log at which the run is cancelled;
        `queued_behind`: the commit at which a merge queue's group begins, where it is one."""
        unknown = set(inputs) - set(self.text["inputs"])
        if unknown:
            sys.exit(f"action.yml has no input {', '.join(sorted(unknown))}")
        context = {"github.action_repository": repository,
                   "github.event.merge_group.base_sha": queued_behind}
        defaults = {name: filled(one.get("default", ""), context)
                    for name, one in self.text["inputs"].items()}
        context |= {f"inputs.{name}": value for name, value in (defaults | inputs).items()}
        outcome, reader, added, paths = Outcome(), CommandReader(), {}, []
        for step in self.text["runs"]["steps"]:
            if set(step) - KEYS or step["shell"] != "bash":
                sys.exit(f"a key or shell of the step {step.get('name')} is not known here: {sorted(step)}")
            # Without another condition a step is skipped once one has failed.
            if outcome.status or not evaluated(step.get("if", "'true'"), context):
                continue
            outcome.ran.append(step["name"])
            own = {name: filled(value, context) for name, value in step.get("env", {}).items()}
            outcome.status = self.run(step, {**added, **own}, paths, outcome, reader, interrupt_when)
            files = self.read_files(outcome)
            added |= files["GITHUB_ENV"]
            paths[:0] = reversed(files["GITHUB_PATH"])
            for name, value in files["GITHUB_OUTPUT"].items():
                context[f"steps.{step.get('id')}.outputs.{name}"] = value
        if reader.token is not None:
            outcome.status, outcome.log = 1, outcome.log + "\nthe fence was never opened again"
        outcome.outputs = {
            name: filled(one["value"], context) for name, one in self.text["outputs"].items()
        }
        return outcome

    def run(self, step, environment, paths, outcome, reader, interrupt_when):
        script = self.temporary / "step.sh"
        script.write_text(step["run"])
        for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY"):
            (self.temporary / name).write_text("")
        surroundings = {
            **self.environment,
            "PATH": os.pathsep.join([*paths, self.environment["PATH"]]),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_ACTION_PATH": str(self.folder),
            "GITHUB_SERVER_URL": "https://github.com",
            "RUNNER_TEMP": str(self.temporary),
            **{f"GITHUB_{name}": str(self.temporary / name)
               for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")},
            **environment,
        }
        process = subprocess.Popen(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.workspace, env=surroundings, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            start_new_session=True,
        )
        # A step that hangs is ended, and fails by its status.
        limit = threading.Timer(LIMIT, lambda: os.killpg(process.pid, signal.SIGKILL))
        limit.start()
        for line in process.stdout:
            line = line.rstrip("\n")
            outcome.written += line + "\n"
            # A cancelled run: SIGINT to the process that the runner started, and to no other.
            if interrupt_when and interrupt_when in line:
                process.send_signal(signal.SIGINT)
            command = reader.read(line)
            if command:
                outcome.commands.append(command)
            if command is None or command.name != "add-mask":
                outcome.log += self.masked(line, outcome) + "\n"
        limit.cancel()
        return process.wait()

    @staticmethod
    def masked(line, outcome):
        for command in outcome.commands:
            if command.name == "add-mask" and command.data:
                line = line.replace(command.data, "***")
        return line

    def read_files(self, outcome):
        texts = {name: (self.temporary / name).read_text()
                 for name in ("OUTPUT", "ENV", "PATH", "STEP_SUMMARY")}
        outcome.summary += texts["STEP_SUMMARY"]
        return {
            "GITHUB_OUTPUT": pairs(texts["OUTPUT"]),
            "GITHUB_ENV": pairs(texts["ENV"]),
            "GITHUB_PATH": texts["PATH"].split("\n")[:-1],
        }


def pairs(text):
    """`name=value` lines and `name<<END … END` blocks of a GITHUB_OUTPUT or GITHUB_ENV file."""
    read, lines = {}, iter(text.split("\n")[:-1])
    for line in lines:
        name, mark, end = re.match(r"(.*?)(<<|=)(.*)", line).groups()
        if mark == "=":
            read[name] = end
        else:
            # A block that does not end is an error of the runner's, too.
            value = []
            while (one := next(lines)) != end:
                value.append(one)
            read[name] = "\n".join(value)
    return read


def filled(text, context):
    """A text with its `${{ … }}` replaced."""
    return re.sub(r"\$\{\{(.*?)\}\}", lambda found: evaluated(found[1], context), str(text))


def evaluated(expression, context):
    """The forms of expression that action.yml and the examples have: names, texts, `||`, `!=`, `format`
    of one text; others are refused."""
    expression = str(expression).strip()
    if " || " in expression:
        return next((one for part in expression.split(" || ") if (one := evaluated(part, context))), "")
    if " != " in expression:
        left, right = (evaluated(part, context) for part in expression.split(" != "))
        return "true" if left.lower() != right.lower() else ""
    if found := re.fullmatch(r"format\('([^']*)', (.*)\)", expression):
        return found[1].replace("{0}", evaluated(found[2], context))
    if re.fullmatch(r"'[^']*'", expression):
        return expression[1:-1]
    if expression in context:
        return context[expression]
    if re.fullmatch(r"steps\.[\w-]+\.outputs\.[\w-]+", expression):
        return ""
    sys.exit(f"ci/composite.py cannot evaluate the expression {expression!r}")


def temporary_folder():
    return tempfile.TemporaryDirectory(prefix="stairway-action-")
