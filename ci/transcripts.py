"""Pages of Markdown that show what is typed and what comes of it: their blocks, read and written."""

import dataclasses
import re

import reports

# Which sample project, or which variant of it (`elara/enum-left-behind`), a page is about.
PROJECT = re.compile(r"^<!-- ci/docs: ([\w/-]+) -->$", re.MULTILINE)
# The page's commands are those of a script, which has typed them itself.
WRITTEN = re.compile(r"^<!-- ci/docs: written by ci/[\w-]+ -->$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)(?: file=(\S+))?$")
HUNK = re.compile(r"@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@")
# On a line of its own it stands for any number of lines, which the page leaves out.
LEFT_OUT = "…"
# Differ from run to run, or from machine to machine: a page has what its last writing saw.
COMMIT = re.compile(r"\b[0-9a-f]{7,40}\b(?=\] )|(?<=index )[0-9a-f]{7,}\.\.[0-9a-f]{7,}")
CLOCK = re.compile(r"\b\d+(?:\.\d+)? (?:s|ms)\b")
# What a run ends with, up to an empty line: how long it took decides where a terminal breaks it.
SUMMARY = re.compile(r"^\d[\d,]* revisions? on .+(?:\n.+)*", re.MULTILINE)


@dataclasses.dataclass
class Command:
    """What is typed, as a shell takes it and as the page has it, and what the page shows of what comes."""

    text: str
    typed: list
    output: list


@dataclasses.dataclass
class Block:
    language: str
    # The file that the block is the content of; None where it is no file's.
    file: str
    # The page's line of the fence, from one.
    line: int
    lines: list

    def commands(self):
        """`$ ` begins one, `> ` goes on with it."""
        found = []
        goes_on = False
        for line in self.lines:
            if line.startswith("$ "):
                found.append(Command(line[2:], [line], []))
                goes_on = True
            elif goes_on and line.startswith("> "):
                found[-1].text += "\n" + line[2:]
                found[-1].typed.append(line)
            else:
                goes_on = False
                if found:
                    found[-1].output.append(line)
        return found


def project(text):
    named = PROJECT.search(text)
    return named and named[1]


def is_to_be_typed(text):
    """Whether the page has commands, and no script that has typed them to write it."""
    return not WRITTEN.search(text) and any(line.startswith("$ ") for block in fenced(text) for line in block.lines)


def blocks(text):
    """Those that do something: commands, files and changes of files, in their order."""
    return (one for one in fenced(text) if one.language in ("console", "diff") or one.file)


def misplaced(text):
    """A sentence for each command that stands where nothing runs it."""
    for block in fenced(text):
        if block.language != "console" and any(line.startswith("$ ") for line in block.lines):
            yield f"line {block.line}: commands stand in a block that is not ```console"
        if block.language == "console" and not "".join(block.lines[:1]).startswith("$ "):
            yield f"line {block.line}: a ```console block begins with a command"
        if block.language == "diff":
            yield from miscounted(block)


def miscounted(block):
    """A sentence for each hunk whose first line counts other lines than it has, which git does not apply."""
    found = ((number, HUNK.match(line)) for number, line in enumerate(block.lines))
    hunks = [(number, told) for number, told in found if told]
    for (number, told), end in zip(hunks, [*(number for number, _ in hunks[1:]), len(block.lines)]):
        signs = [line[:1] for line in block.lines[number + 1 : end]]
        counts = [sum(sign in (" ", one) for sign in signs) for one in "-+"]
        if [int(count or 1) for count in told.groups()] != counts:
            yield f"line {block.line + 1 + number}: the hunk has {counts[0]} lines before and {counts[1]} after"


def fenced(text):
    open_block = None
    for number, line in enumerate(text.split("\n"), 1):
        if open_block is None:
            fence = FENCE.match(line)
            if fence:
                open_block = Block(fence[1], fence[2], number, [])
        elif line == "```":
            yield open_block
            open_block = None
        else:
            open_block.lines.append(line)


def replaced(text, changed, found):
    """The page with the lines that were found in place of those of each block."""
    lines = text.split("\n")
    for block, now in reversed(list(zip(changed, found))):
        if block.lines != now:
            lines[block.line : block.line + len(block.lines)] = now
    return "\n".join(lines)


def agree(page, run):
    """Whether a run has what the page shows, as far as the page shows it."""
    return matches(steady(page), steady(run))


def steady(lines):
    """Lines without versions, durations, dates and commits, and without the breaks that these move."""
    text = reports.VERSIONS.sub(r"\1 X", "\n".join(lines))
    text = COMMIT.sub("…commit…", reports.VOLATILE.sub("…time…", CLOCK.sub("…s", text)))
    return SUMMARY.sub(lambda summary: " ".join(summary[0].split()), text).split("\n")


def matches(page, run):
    """Whether they are equal, where LEFT_OUT stands for any lines."""
    if LEFT_OUT not in page:
        return page == run
    cut = page.index(LEFT_OUT)
    head, tail = page[:cut], page[cut + 1 :]
    if run[:cut] != head:
        return False
    return any(matches(tail, run[start:]) for start in range(cut, len(run) + 1))
