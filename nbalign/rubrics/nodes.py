"""YAML to nodes that know their lines, with everything a rubric or a suite has no use for refused.

Nothing is constructed from the YAML: only nodes are made, so tags cannot run code. Anchors and aliases are refused
(a few lines of them can expand to gigabytes), and depth is checked on the stream of events before the composer, which
recurses, sees the text.
"""

from __future__ import annotations

from typing import Any

import yaml

from nbalign.rubrics.problems import FORBIDDEN, Problems

_DEEPEST = 6  # a rubric needs four: the whole, the list of dimensions, a dimension, its texts


def compose(
    text: str, problems: Problems, what: str = "rubric", *, loader: type[Any] = yaml.SafeLoader
) -> yaml.Node | None:
    """Turns YAML into nodes, or notes why not.

    Args:
        text: The YAML, newlines already normalised.
        problems: Where problems go, each with its line.
        what: What the file holds, for messages.
        loader: `yaml.CSafeLoader` reads long files ten times faster; the words of its errors differ.

    Returns:
        The root node, or None when the text is empty or any problem was noted here.
    """
    if _forbidden_in_text(text, problems):
        return None
    line = 1
    try:
        refused = False
        depth = documents = 0
        for event in yaml.parse(text, Loader=loader):
            line = event.start_mark.line + 1 if event.start_mark else line
            found = _refused(event)
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    found.append(f"a second YAML document starts here; a file holds one {what}")
            elif isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > _DEEPEST:
                found.append(f"nested more than {_DEEPEST} deep; a {what} needs far less")
            for each in found:
                problems.add(line, each)
            refused = refused or bool(found)
            if depth > _DEEPEST or documents > 1:
                break
        if refused:
            return None
        node: yaml.Node | None = yaml.compose(text, Loader=loader)
        return node
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = ", ".join(part for part in (error.context, error.problem) if part)
        problems.add(mark.line + 1 if mark else line, f"not valid YAML: {words}")
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML lets some errors of Python itself through, for instance for an escape beyond the last code point.
        problems.add(line, f"not valid YAML near here ({type(error).__name__})")
    return None


def _forbidden_in_text(text: str, problems: Problems) -> bool:
    found = False
    for number, line in enumerate(text.split("\n"), start=1):
        match = FORBIDDEN.search(line)
        if match:
            problems.add(number, f"the character U+{ord(match.group()):04X} is not allowed; remove it")
            found = True
    return found


def _refused(event: yaml.Event) -> list[str]:
    """What a rubric may not hold although it is YAML."""
    if isinstance(event, yaml.AliasEvent):
        return ["an alias (*name) is not allowed; write the text out"]
    found = []
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        found.append("an anchor (&name) is not allowed; write the text out")
    if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) and event.tag is not None:
        found.append("a tag (!name) is not allowed; write plain text")
    if isinstance(event, yaml.ScalarEvent):
        match = FORBIDDEN.search(event.value)  # a quoted "\x1b" is not a control character until it has been read
        if match:
            found.append(f"the character U+{ord(match.group()):04X} is not allowed; remove its escape")
    return found
