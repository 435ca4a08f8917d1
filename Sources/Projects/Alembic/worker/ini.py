"""The ini file's options as they are written: where they stand, and why one cannot be read."""
import configparser
import re

from .failures import ProjectError, relative

_OPTION = re.compile(r"^([^\s#;=:\[][^=:]*?)\s*[=:]")
_SECTION = re.compile(r"^\[([^\]]+)\]")


def place(path, section, option=None):
    """`path:line` of an option, or of its section; the file alone where it has none of them."""
    current = None
    with open(path, encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            header = _SECTION.match(line)
            if header:
                current = header.group(1)
                if option is None and current == section:
                    return "%s:%d" % (relative(path), number)
            elif option is not None and current in (section, "DEFAULT"):
                found = _OPTION.match(line)
                if found and found.group(1).lower() == option.lower():
                    return "%s:%d" % (relative(path), number)
    return relative(path)


def unreadable_option(error, path, section):
    """The ProjectError for what configparser says of an option of this file; None where the error is
    not about one.

    The value, which may hold a password, is not repeated.
    """
    causes = []
    while error is not None and error not in causes:
        causes.append(error)
        error = error.__cause__ or error.__context__
    for one in causes:
        if not isinstance(one, configparser.InterpolationError) or one.section != section:
            continue
        where = place(path, section, one.option)
        if where == relative(path):
            continue
        if isinstance(one, configparser.InterpolationMissingOptionError):
            return ProjectError(
                "broken-configuration",
                "the value of `%s` names `%%(%s)s`, which is no option of [%s]"
                % (one.option, one.reference, section), where,
                "write the value there, or add the option `%s`" % one.reference)
        if isinstance(one, configparser.InterpolationSyntaxError):
            return ProjectError(
                "broken-configuration",
                "the value of `%s` holds a single `%%`, which an ini file takes for the beginning"
                " of `%%(name)s`" % one.option, where,
                "write `%%` for each `%` of the value, as in `p%%40ss` for `p%40ss`")
        return ProjectError(
            "broken-configuration",
            "the value of `%s` refers to itself, or to options nested too deeply" % one.option,
            where, "write the value there")
    return None
