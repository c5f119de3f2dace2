"""Answers, log records and failures as frames."""

from __future__ import annotations

import logging
from json import dumps
from typing import Any, Dict, Tuple

from fusionizer_dispatcher.encode import Answer
from fusionizer_dispatcher.fastjson import sdk_text
from fusionizer_dispatcher.load_error import LoadError
from fusionizer_dispatcher.logs import level_name

from .frames import Writer

_metas: Dict[Tuple[int, str], bytes] = {}
_METAS_LIMIT = 256


def respond(writer: Writer, answer: Answer) -> None:
    """Send an answer, or a 500 if there is not enough memory to write it."""
    try:
        meta, body = _written(answer)
    except MemoryError:
        meta, body = _written((500, "text/plain", None, "The handler's answer is too large for this worker's memory."))
    writer.respond(meta, body)


def _written(answer: Answer) -> Tuple[bytes, bytes]:
    """Metadata and body. The metadata of answers without headers is kept: there are few kinds."""
    status, content_type, headers, body = answer
    if headers:
        meta = dumps([status, content_type, headers]).encode()
    else:
        known = _metas.get((status, content_type))
        if known is None:
            known = dumps([status, content_type, {}]).encode()
            if len(_metas) < _METAS_LIMIT:
                _metas[status, content_type] = known
        meta = known
    return meta, body.encode() if isinstance(body, str) else body


class FrameHandler(logging.Handler):
    """Sends each log record as an `L` frame."""

    def __init__(self, writer: Writer):
        super().__init__()
        self._writer = writer

    def emit(self, record: logging.LogRecord) -> None:
        try:
            text = sdk_text(
                {
                    "level": level_name(record.levelno),
                    "message": record.getMessage(),
                    "with": getattr(record, "with", {}),
                    "time": record.created * 1000,
                    "task": getattr(record, "fusionizer_task", ""),
                    "trace": getattr(record, "fusionizer_trace", ""),
                }
            )
        except Exception:
            # A message that does not fit its arguments: logging's own way is to say so on stderr.
            self.handleError(record)
            return
        self._writer.send(b"L", text.encode())


def fail(writer: Writer, error: LoadError) -> None:
    """Send why the function cannot start."""
    report: Dict[str, Any] = {"message": str(error), "traceback": error.details, "task": error.task}
    if error.file is not None:
        report["file"] = error.file
    if error.line is not None:
        report["line"] = error.line
    writer.send(b"F", dumps({name: value for name, value in report.items() if value}).encode())
