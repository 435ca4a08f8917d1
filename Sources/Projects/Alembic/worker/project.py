"""The project's Alembic `Config`, the folder its commands are run in, and its Flask application."""
import argparse
import configparser
import importlib
import importlib.util
import os
import re
import sys

from . import flask_application, ini
from .address import passwords, split_scheme
from .failures import ProjectError, explain, know_project, know_scripts, relative

_TEMPLATE = re.compile(r"%\((\w+)\)s")


class Project(object):
    """What an order's settings say, and what follows from the project's files."""

    def __init__(self, settings):
        self.folder = settings["folder"]
        self.ini = settings.get("ini")
        self.toml = settings.get("toml")
        self.section = settings.get("section") or "alembic"
        self.app_name = settings.get("app")
        self.function = settings.get("configure")
        self.x = settings.get("x") or []
        # Revisions whose steps are recorded and not run.
        self.skipped = frozenset(settings.get("skip") or [])
        self.url = None
        self.app = None
        # The application's own object, once it is started on a database.
        self.started = None
        self.supplied = {}
        self._script_location = None
        self._template = {}
        # Engine and driver of the ini's URL.
        self._ini_scheme = None
        # The engines that the ini names.
        self.named_engines = set()
        # The URLs that it names, and their passwords.
        self.urls = []
        self.passwords = []
        know_project(self.folder)
        if self.ini:
            self._read_ini()
        self.is_flask = bool(self.app_name) or (
            self.function is None and flask_application.wants_application(self.environment_file()))
        self.working_folder = self._working_folder()

    @property
    def runs_user_code(self):
        """Whether the history cannot be found without running code of the project."""
        return self.function is not None or (self.ini is None and self.toml is None)

    def _read_ini(self):
        parser = configparser.RawConfigParser(strict=False)
        try:
            with open(self.ini, encoding="utf-8") as file:
                parser.read_file(file)
        except configparser.Error as error:
            line, text = getattr(error, "lineno", None), getattr(error, "line", "")
            if getattr(error, "errors", None):
                line, text = error.errors[0]
            text = str(text).strip("'").replace("\\n", "").strip()[:100]
            raise ProjectError(
                "broken-configuration",
                "the ini file cannot be read: `%s` is neither a [section] nor an option of one" % text,
                "%s:%s" % (relative(self.ini), line or 1),
                "correct the line; `alembic history` reads the same file")
        except (OSError, UnicodeDecodeError) as error:
            raise ProjectError(
                "broken-configuration", "the ini file cannot be read: %s" % error,
                relative(self.ini))
        if not parser.has_section(self.section) and not self.toml:
            others = [one for one in parser.sections() if parser.has_option(one, "script_location")]
            raise ProjectError(
                "broken-configuration", "there is no section [%s]%s" % (
                    self.section, ", but " + ", ".join("[%s]" % one for one in others) if others else ""),
                "%s:1" % relative(self.ini),
                "name the section with `alembic: {section: %s}` in stairway.yml" % (others or ["…"])[0])
        options = dict(parser.items(self.section)) if parser.has_section(self.section) else {}
        self._script_location = options.get("script_location")
        beside = os.path.join(os.path.dirname(self.ini), "env.py")
        if not self._script_location and not self.toml and not os.path.isfile(beside):
            raise ProjectError(
                "broken-configuration",
                "[%s] has no script_location, and no env.py lies beside the file" % self.section,
                ini.place(self.ini, self.section),
                "name the folder that holds env.py there: `script_location = migrations`")
        self._ini_scheme = split_scheme(options.get("sqlalchemy.url", ""))
        if self._ini_scheme:
            self.named_engines.add(self._ini_scheme[0])
        self.urls = sorted({
            value.replace("%%", "%").replace("%(here)s", os.path.dirname(self.ini))
            for section in parser.sections() for _, value in parser.items(section)
            if split_scheme(value) is not None})
        self.passwords = sorted({
            password for section in parser.sections() for _, value in parser.items(section)
            for password in passwords(value)})
        # An ini that is itself a template: what nobody fills in comes from the environment. Where the
        # revisions are is read before any code of the project could fill it in.
        for option, value in options.items():
            for name in _TEMPLATE.findall(value or ""):
                if name == "here" or name.lower() in options:
                    continue
                if option not in ("script_location", "version_locations") or name in os.environ:
                    self._template[name] = ""

    def environment_file(self):
        """Where `env.py` is, as far as the files tell; None where only code can tell."""
        if not self.ini:
            return None
        here = os.path.dirname(self.ini)
        for folder in self._script_folders(here):
            path = os.path.join(folder, "env.py")
            if os.path.isfile(path):
                return path
        return None

    def _script_folders(self, here):
        location = self._script_location
        if not location:
            return [here]
        location = location.replace("%(here)s", here)
        if ":" in location and not os.path.isabs(location):
            location = location.replace(":", "/").replace(".", "/")
        return [os.path.join(base, location) for base in (here, self.folder, os.path.dirname(here))]

    def _working_folder(self):
        if self.toml and not self.ini:
            return os.path.dirname(self.toml)
        if not self.ini:
            return self.folder
        here = os.path.dirname(self.ini)
        if self.is_flask:
            start = os.path.dirname(here) if os.path.isfile(os.path.join(here, "env.py")) else here
            return flask_application.folder_above(start, self.folder, self.app_name)
        location = self._script_location
        if location and "%(here)s" not in location and not os.path.isabs(location):
            if ":" not in location:
                for base in (here, self.folder):
                    if os.path.isdir(os.path.join(base, location)):
                        return base
        if os.path.isfile(os.path.join(here, "env.py")):
            return os.path.dirname(here)
        return here

    def enter(self):
        """Goes where the project's commands are run from, and makes its modules importable."""
        os.chdir(self.working_folder)
        for folder in (self.working_folder, self.folder):
            if folder not in sys.path:
                sys.path.append(folder)
        if self.is_flask or self.function:
            sys.path.remove(self.working_folder)
            sys.path.insert(0, self.working_folder)
        sys.argv = ["flask", "db", "upgrade"] if self.is_flask else ["alembic", "upgrade", "heads"]

    def load_application(self):
        """Builds the Flask application and enters its context."""
        if self.is_flask:
            self.app = flask_application.Application(self.app_name)

    def make_config(self, adds_url=True):
        """A new `Config`, as one command of the tool makes it; with the scratch database's URL, or only
        where the project has one there itself."""
        try:
            config = self._config()
        except ProjectError:
            raise
        except Exception as error:
            raise explain(error, "broken-configuration", "the Alembic configuration")
        if config.cmd_opts is None:
            config.cmd_opts = argparse.Namespace()
        self._pretend_command(config.cmd_opts)
        config.attributes.update(self.supplied)
        if self.url is not None and self._takes_url(config, adds_url):
            config.set_main_option("sqlalchemy.url", self._scratch_url())
        return config

    @staticmethod
    def _takes_url(config, adds_url):
        """Whether the scratch database's URL is to stand in the configuration. One that the tool
        cannot read stays, so that it fails here as it does there."""
        try:
            return bool(config.get_main_option("sqlalchemy.url")) or adds_url
        except configparser.InterpolationError:
            return False

    def _scratch_url(self):
        return self.url(self._ini_scheme).replace("%", "%%")

    def _pretend_command(self, options):
        from alembic import command
        for name, value in (
            ("cmd", (command.upgrade, ["revision"], ["sql", "tag"])), ("x", list(self.x)),
            ("sql", False), ("tag", None), ("revision", "heads"), ("name", self.section),
            ("config", self.ini), ("raiseerr", False),
        ):
            if not getattr(options, name, None):
                setattr(options, name, value)

    def _config(self):
        from alembic.config import Config
        if self.function:
            return self._made_config(Config)
        if self.app is not None and self.app.has_migrate:
            directory = os.path.dirname(self.ini) if self.ini else None
            if directory and os.path.isfile(os.path.join(directory, "env.py")):
                directory = os.path.relpath(directory)
            else:
                directory = None
            return self.app.config(directory, list(self.x))
        keywords = {"ini_section": self.section}
        if self._template:
            fallback = self._scratch_url() if self.url else ""
            keywords["config_args"] = {
                name: os.environ.get(name, fallback if _names_url(name) else "").replace("%", "%%")
                for name in self._template}
        if self.toml:
            keywords["toml_file"] = self.toml
        try:
            config = Config(self.ini, **keywords)
        except TypeError:
            keywords.pop("toml_file", None)
            config = Config(self.ini, **keywords)
        if self.ini and not self._script_location and not self.toml:
            config.set_main_option("script_location", os.path.dirname(self.ini))
        return config

    def _made_config(self, kind):
        name, _, function = self.function.partition(":")
        try:
            made = importlib.import_module(name)
            for part in (function or "config").split("."):
                made = getattr(made, part)
            config = made() if callable(made) else made
        except Exception as error:
            missing = getattr(error, "name", None) if isinstance(error, ImportError) else None
            if missing and (name + ".").startswith(missing + ".") and _is_missing(missing):
                raise ProjectError(
                    "broken-configuration",
                    "`configure: %s`: there is no module %s" % (self.function, missing), None,
                    "write `configure: package.module:function`, of a function that gives an"
                    " alembic.config.Config")
            raise explain(error, "broken-configuration", "`configure: %s`" % self.function)
        if not isinstance(config, kind):
            raise ProjectError(
                "broken-configuration",
                "`configure: %s` has to give an alembic.config.Config; it gave %s"
                % (self.function, _with_article(type(config).__name__)))
        return config

    def own_url(self):
        """The database's URL in the project's settings; None where there is none, or code makes them."""
        if self.function:
            return None
        try:
            return self._config().get_main_option("sqlalchemy.url")
        except Exception:
            return None

    def make_script(self, config):
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError
        try:
            script = ScriptDirectory.from_config(config)
            know_scripts(script)
            return script
        except CommandError as error:
            place = relative(self.toml) if self.toml else None
            if self.ini:
                place = ini.place(self.ini, self.section, "script_location")
            raise ProjectError("broken-configuration", "Alembic says: %s" % error, place)
        except Exception as error:
            raise self.unreadable_option(error) or explain(
                error, "broken-configuration", "the Alembic configuration")

    def unreadable_option(self, error):
        """The ProjectError where the cause is an option of the ini that cannot be read, else None."""
        return ini.unreadable_option(error, self.ini, self.section) if self.ini else None


def _is_missing(module):
    try:
        return importlib.util.find_spec(module) is None
    except (ImportError, ValueError):
        return True


def _with_article(name):
    return "%s %s" % ("an" if name[:1].lower() in "aeiou" else "a", name)


def _names_url(name):
    return any(word in name.lower() for word in ("url", "uri", "dsn", "database"))
