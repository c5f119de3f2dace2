"""Each Task's own logger: its own bound fields, and records that say which Task and which trace they belong to."""

from __future__ import annotations

import copy
import logging
import os
from json import dumps, loads
from typing import Any, Dict, List, Optional

from .fastjson import sdk_text

LEVELS = ("debug", "info", "warn", "error")
# Nuclio leaves the header out from this size on.
_LIMIT_BYTES = 4096


def level_name(number: int) -> str:
    """A logging level as Nuclio names it."""
    if number >= logging.ERROR:
        return "error"
    if number >= logging.WARNING:
        return "warn"
    return "info" if number >= logging.INFO else "debug"


def complain(text: str) -> None:
    """A line on the standard error, by its descriptor: a handler may have closed or replaced `sys.stderr`."""
    try:
        os.write(2, (text + "\n").encode(errors="replace"))
    except OSError:
        """The handler has closed the descriptor, too: there is nobody to tell."""


class CallLogs:
    """The log records of one local call whose caller asked for them with `X-Nuclio-Log-Level`."""

    def __init__(self, level: str, trigger_name: str):
        self._level = level
        self._trigger_name = trigger_name
        self._records: List[Dict[str, Any]] = []

    def add(self, record: logging.LogRecord) -> None:
        self._records.append(
            {
                "level": level_name(record.levelno),
                "time": record.created * 1000,
                "message": record.getMessage(),
                # As JSON now: the handler may change the fields later.
                "with": loads(sdk_text(getattr(record, "with", {})), parse_float=_number),
            }
        )

    def header(self) -> Optional[str]:
        """The value of `X-Nuclio-Logs`; None where Nuclio leaves the header out for its length."""
        return logs_header(self._records, self._level, self._trigger_name)


def logs_header(records: List[Dict[str, Any]], level: str, trigger_name: str) -> Optional[str]:
    """`X-Nuclio-Logs` of an answer: the records from `level` on, their fields flattened. An unknown level means debug.

    It is compact JSON, in ASCII. None if it is too long.
    """
    level = level.lower()
    least = LEVELS.index(level) if level in LEVELS else 0
    shown = []
    for record in records:
        if LEVELS.index(record["level"]) >= least:
            entry = {
                "level": record["level"],
                "time": record["time"],
                "name": trigger_name,
                "message": record["message"],
            }
            entry.update(record["with"])
            shown.append(entry)
    text = dumps(shown, separators=(",", ":")).replace("\x7f", "\\u007f")
    return text if len(text) < _LIMIT_BYTES else None


def _number(text: str) -> Any:
    """A number as the server writes it again: 1.0 is 1."""
    value = float(text)
    return int(value) if value.is_integer() and abs(value) < 1e21 else value


class _TaskFilter(logging.Filter):
    """Marks the records of a Task's logger, and hands them to the call that collects logs."""

    def __init__(self, task):
        super().__init__()
        self._task = task

    def filter(self, record: logging.LogRecord) -> bool:
        current = self._task.current
        record.fusionizer_task = self._task.name
        record.fusionizer_trace = current.trace if current is not None else ""
        if current is not None and current.logs is not None:
            current.logs.add(record)
        return True


def task_logger(base, task):
    """A view of the context's logger for one Task. What the Task binds stays with the Task."""
    view = copy.copy(base)
    view._bound_variables = dict(base._bound_variables)
    view._logger = base._logger.getChild(task.name)
    for old in list(view._logger.filters):
        view._logger.removeFilter(old)
    view._logger.addFilter(_TaskFilter(task))
    return view
