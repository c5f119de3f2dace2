"""Start, the loop over events, and the end of the worker."""

from __future__ import annotations

import importlib
import logging
import os
import signal
import sys
import traceback
from functools import partial
from typing import Any, Tuple

import nuclio_sdk
from fusionizer_dispatcher import entry, tracebacks
from fusionizer_dispatcher.load_error import LoadError
from fusionizer_dispatcher.traces import recorder

from . import lifeline
from .frames import Reader, Writer
from .incoming import read_event
from .outgoing import FrameHandler, fail, respond
from .tracing import TraceSender

_FROM_SERVER, _TO_SERVER, _LIFELINE = 3, 4, 5


def main(folder: str) -> None:
    """Serve the function package in `folder` until the server closes the pipe; never returns."""
    reader, writer = _open_pipes()
    signal.signal(signal.SIGINT, _ignore_interrupt)
    for stream in (sys.stdout, sys.stderr):
        # The server reads UTF-8, whatever the system's own encoding is.
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    tracebacks.own_folders.append(os.path.dirname(os.path.abspath(__file__)) + os.sep)
    logger = nuclio_sdk.Logger(logging.DEBUG, "nuclio")
    logger._logger.addHandler(FrameHandler(writer))
    traces = TraceSender(writer)
    recorder.record = traces.record
    platform = nuclio_sdk.Platform("local", os.environ.get("NUCLIO_NAMESPACE", "nuclio"))
    context = nuclio_sdk.Context(logger, platform, "0", nuclio_sdk.TriggerInfo("http", "default-http"))
    _start(folder, context, writer)
    writer.send(b"S")
    _serve(context, reader, writer)
    _end(platform, traces)


def _open_pipes() -> Tuple[Reader, Writer]:
    """Our pipes under descriptors that handlers do not know, and that no child of theirs inherits."""
    pipes = []
    for known in (_FROM_SERVER, _TO_SERVER, _LIFELINE):
        own = os.dup(known)
        os.set_inheritable(own, False)
        if os.name == "nt":
            importlib.import_module("msvcrt").setmode(own, os.O_BINARY)  # type: ignore[attr-defined]
        os.close(known)
        pipes.append(own)
    lifeline.watch(pipes[2])
    writer = Writer(pipes[1])
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=lambda: _leave_to_parent(pipes, writer))
    return Reader(pipes[0]), writer


def _leave_to_parent(pipes, writer: Writer) -> None:
    """In a child that a handler forked: nothing it does may reach the server."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for pipe in pipes:
        os.dup2(nowhere, pipe, inheritable=False)
    os.close(nowhere)
    writer.unlock()
    recorder.record = None


def _ignore_interrupt(_signal: int, _frame: Any) -> None:
    """Ctrl+C in the terminal is for the server. Unlike SIG_IGN, this is not passed on to child processes."""


def _start(folder: str, context, writer: Writer) -> None:
    """Import the entry module and run its init_context; a failure is reported, and ends the process."""
    sys.path.insert(0, os.path.abspath(folder))
    try:
        package = importlib.import_module("fusionizer_entry")
        # The Tasks' own folders take its place: `import tasks` must not find the group's.
        del sys.path[0]
        package.init_context(context)
    except LoadError as error:
        fail(writer, error)
    except BaseException as error:
        fail(writer, LoadError(tracebacks.headline_of(error), "", tracebacks.text_of(error)))
    else:
        return
    sys.stdout.flush()
    os._exit(1)


def _serve(context, reader: Reader, writer: Writer) -> None:
    """Answer events until the server closes the pipe."""
    process = os.getpid()
    answer = entry.loaded().answer
    send = partial(respond, writer)
    main_thread = entry.loaded().main
    main_thread.report = lambda outlive: writer.send(b"U", b"1" if outlive else b"0")
    while True:
        frame = reader.next()
        if frame is None:
            break
        if frame[:1] != b"E":
            continue
        event, context.worker_id = read_event(frame)
        result = answer(context, event, send)
        if os.getpid() != process:
            # A child that the handler forked came back from it: the answer is the parent's.
            os._exit(0)
        if result is not None:
            respond(writer, result)
        if main_thread.inside:
            main_thread.look()
    main_thread.finish()


def _end(platform, traces: TraceSender) -> None:
    """What Nuclio does on termination, then the exit. Threads and children of handlers do not hold it up."""
    try:
        platform._on_signal("termination")
    except Exception:
        traceback.print_exc()
    traces.flush()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None and not stream.closed:
            stream.flush()
    os._exit(0)
