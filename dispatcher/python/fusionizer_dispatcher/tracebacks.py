"""Tracebacks without the frames of the Dispatcher, the worker and the import system."""

from __future__ import annotations

import os
import re
import traceback
from typing import Iterable, List, Optional, Tuple

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_HEAD = "Traceback (most recent call last):\n"
#: And that of a group of exceptions.
_HEADS = ("Traceback", "  + Exception Group Traceback")

# Frames of these folders are not the user's.
own_folders: List[str] = [_HERE]
# The Tasks' folders, and those that they were deployed from.
sources: List[Tuple[str, str]] = []


def text_of(error: BaseException, root: Optional[str] = None) -> str:
    """The traceback as text, from the first frame below the folder `root` if that is given.

    An error of the call itself, such as a wrong number of parameters, has no frames but ours, so none is left of it.
    """
    report = traceback.TracebackException(type(error), error, error.__traceback__)
    for one in _all_of(report):
        frames = _users(one.stack)
        if root is not None and one is report:
            while frames and not os.path.abspath(frames[0].filename).startswith(root):
                del frames[0]
        one.stack = traceback.StackSummary.from_list(frames)
    text = _with_sources("".join(report.format()))
    return text if text.startswith(_HEADS) or _chained(report) else _HEAD + text


def headline_of(error: BaseException) -> str:
    """The first line of what is below the traceback, without notes and the members of a group: `ValueError: x`."""
    report = traceback.TracebackException(type(error), error, None)
    # The lines before it are the place of a SyntaxError.
    text = next(line for line in report.format_exception_only() if not line.startswith("  "))
    return text.partition("\n")[0]


def _with_sources(text: str) -> str:
    """Names the user's own files as places in code, as the server does in the answers and logs that it sees."""
    for folder, source in sources:
        if folder in text:
            place = re.escape(folder) + r'(?=[\\/][^"\n:]*(?:", line \d|:\d))'
            text = re.sub(place, source.replace("\\", "\\\\"), text)
    return text


def _users(frames: Iterable[traceback.FrameSummary]) -> List[traceback.FrameSummary]:
    """The frames that are not ours: an exception that is raised again, or comes out of the session, has ours within."""
    ours = ("<frozen importlib", *own_folders)
    return [frame for frame in frames if not frame.filename.startswith(ours)]


def _chained(report: traceback.TracebackException) -> Optional[traceback.TracebackException]:
    return report.__cause__ or (None if report.__suppress_context__ else report.__context__)


def _all_of(report: traceback.TracebackException) -> Iterable[traceback.TracebackException]:
    """A report, and those of its causes and of the members of groups."""
    reports = [report]
    while reports:
        one = reports.pop()
        yield one
        cause = _chained(one)
        reports.extend(getattr(one, "exceptions", None) or ())
        if cause is not None:
            reports.append(cause)
