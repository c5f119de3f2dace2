"""Why a Task cannot start, and where in its files."""

from __future__ import annotations

import os
from typing import List, Optional

from .tracebacks import headline_of, text_of


class LoadError(Exception):
    """A Task that cannot start. `file` is relative to the Task's folder, `details` the whole traceback.

    `keys` is the field of the Task's configuration that is at fault, where it is one.
    """

    def __init__(self, message: str, task: str, details: str, file: Optional[str] = None, line: Optional[int] = None):
        super().__init__(message)
        self.task = task
        self.details = details
        self.file = file
        self.line = line
        self.keys: List[str] = []


def handler_error(message: str, task: str) -> LoadError:
    """A Task whose `spec.handler` is at fault."""
    error = LoadError(message, task, message)
    error.keys = ["spec", "handler"]
    return error


def load_error(error: BaseException, task: str, folder: str) -> LoadError:
    """The error as a LoadError, with the innermost place in the Task's own files."""
    file, line = None, None
    root = folder + os.sep
    trace = error.__traceback__
    while trace is not None:
        path = os.path.abspath(trace.tb_frame.f_code.co_filename)
        if path.startswith(root):
            file, line = path[len(root) :], trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename:
        path = os.path.abspath(error.filename)
        if path.startswith(root):
            file, line = path[len(root) :], error.lineno
    text = text_of(error, root)
    # An ImportError names the whole path of the module, in the build.
    message = headline_of(error).replace(root, "")
    return LoadError(message, task, text, file.replace(os.sep, "/") if file else None, line)
