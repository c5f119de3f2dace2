"""Tracebacks without the frames of the Dispatcher, the worker and the import system."""

from __future__ import annotations

import os
import re
import traceback
from typing import List, Optional, Tuple

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_IMPORTING = (_HERE + "imports.py", _HERE + "spaces.py", _HERE + "world.py", "<frozen importlib")
_HEAD = "Traceback (most recent call last):\n"

# Leading frames of these folders are not the user's.
own_folders: List[str] = [_HERE]
# The Tasks' folders, and those that they were deployed from.
sources: List[Tuple[str, str]] = []


def text_of(error: BaseException, root: Optional[str] = None) -> str:
    """The traceback as text, from the first frame below the folder `root`, else from the first that is not our own."""
    report = traceback.TracebackException(type(error), error, error.__traceback__)
    frames = list(report.stack)
    if root is not None:
        while frames and not os.path.abspath(frames[0].filename).startswith(root):
            del frames[0]
    else:
        own = tuple(own_folders)
        # An error of the call itself, such as a wrong number of parameters, has no other frames than ours.
        while len(frames) > 1 and frames[0].filename.startswith(own):
            del frames[0]
    _keep(report, frames)
    for chained in _chain(report):
        _keep(chained, list(chained.stack))
    text = _with_sources("".join(report.format()))
    return text if text.startswith("Traceback") or _chained(report) else _HEAD + text


def _with_sources(text: str) -> str:
    """Names the user's own files as places in code, as the server does in the answers and logs that it sees."""
    for folder, source in sources:
        if folder in text:
            place = re.escape(folder) + r'(?=[\\/][^"\n:]*(?:", line \d|:\d))'
            text = re.sub(place, source.replace("\\", "\\\\"), text)
    return text


def _keep(report: traceback.TracebackException, frames: List[traceback.FrameSummary]) -> None:
    report.stack = traceback.StackSummary.from_list([f for f in frames if not f.filename.startswith(_IMPORTING)])


def _chained(report: traceback.TracebackException) -> Optional[traceback.TracebackException]:
    return report.__cause__ or (None if report.__suppress_context__ else report.__context__)


def _chain(report: traceback.TracebackException):
    """The causes of an error, outwards in."""
    cause = _chained(report)
    while cause is not None:
        yield cause
        cause = _chained(cause)
