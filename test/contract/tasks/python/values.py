"""Answers with, or raises, the value that its body names. No value may end the worker, whoever asks for it."""

import array
import asyncio
import collections
import datetime
import decimal
import fractions
import inspect
import io
import os
import pathlib
import types
import uuid

import hostile


def response(context, headers=None, body="x", content_type="text/plain", status_code=200):
    return context.Response(headers=headers, body=body, content_type=content_type, status_code=status_code)


def like_a_response():
    return types.SimpleNamespace(status_code=201, body="x", headers={}, content_type="text/x")


BAD_HEADERS = {
    1: "int", None: "none", b"bytes": "b", ("t",): "t", "ok": "fine", "X-Int": 1, "X-Bytes": b"b", "X-None": None,
    "X-List": ["a"], "X-Text": hostile.Text("t"), "X-Nul": "a\0b", "X-Break": "a\r\nInjected: 1", "Bad Name": "x", "": "empty",
    "X-Latin": "\u00fc", "X-Half": "\ud800", "Content-Length": "5", "Transfer-Encoding": "chunked",
    "X-Color": hostile.Color.RED,
}  # fmt: skip

VALUES = {
    "text of a class": lambda c: hostile.Text("text"),
    "status and text of a class": lambda c: (201, hostile.Text("text")),
    "number of a class": lambda c: hostile.Number(5),
    "status of a class": lambda c: (hostile.Number(201), "x"),
    "mapping of a class": lambda c: hostile.Mapping(a=1),
    "mapping that fails in a pair": lambda c: (200, hostile.Mapping(a=1)),
    "ordered mapping": lambda c: collections.OrderedDict(a=1),
    "default mapping": lambda c: collections.defaultdict(list, a=[1]),
    "counter": lambda c: collections.Counter("aab"),
    "read-only mapping": lambda c: types.MappingProxyType({"a": 1}),
    "list of a class": lambda c: hostile.Listing([1]),
    "tuple of a class": lambda c: hostile.Pair((200, "x")),
    "named tuple": lambda c: hostile.Point(201, "y"),
    "bytes": lambda c: b"\xff\x00",
    "bytearray": lambda c: bytearray(b"abc"),
    "memoryview": lambda c: memoryview(b"abc")[:0].tobytes(),
    "array": lambda c: array.array("i", [1, 2]),
    "status and bytes": lambda c: (200, b"abc"),
    "status and bytearray": lambda c: (200, bytearray(b"abc")),
    "member": lambda c: hostile.Color.RED,
    "flag": lambda c: hostile.Flag.A,
    "status as a member": lambda c: (hostile.Status.MADE, "x"),
    "record": lambda c: (200, [str(hostile.Record())]),
    "decimal": lambda c: decimal.Decimal("1.10"),
    "decimal in JSON": lambda c: {"d": decimal.Decimal("1.10"), "f": fractions.Fraction(1, 3)},
    "time in JSON": lambda c: {"t": datetime.datetime(2020, 1, 2), "d": datetime.date(2020, 1, 2)},
    "path and uuid": lambda c: {"p": pathlib.PurePosixPath("/a"), "u": uuid.UUID(int=1)},
    "set": lambda c: {1},
    "set in JSON": lambda c: {"s": {1}, "f": frozenset()},
    "fails": lambda c: hostile.Fails(),
    "fails in JSON": lambda c: {"f": hostile.Fails()},
    "fails as a status": lambda c: (hostile.Fails(), "x"),
    "fails as a body": lambda c: (200, hostile.Fails()),
    "class that fails": lambda c: hostile.Attributes(),
    "class that fails in JSON": lambda c: (200, [hostile.Attributes()]),
    "type": lambda c: int,
    "key that is no text": lambda c: {2: "a", None: "b", True: "c", 1.5: "d"},
    "key that cannot be": lambda c: {(1, 2): "a"},
    "generator": lambda c: hostile.generator(),
    "asynchronous generator": lambda c: inspect.isasyncgen(hostile.asynchronous_generator()),
    "iterator": lambda c: inspect.isgenerator(iter([1])),
    "coroutine": lambda c: hostile.coroutine(),
    "coroutine in a pair": lambda c: (200, inspect.iscoroutine(types.coroutine(hostile.generator)())),
    "file": lambda c: io.StringIO("x").getvalue(),
    "half a character": lambda c: "a\ud800b",
    "half a character in JSON": lambda c: {"\udfff": "\ud800"},
    "half a character as bytes": lambda c: "\udcff".encode("utf-8", "surrogateescape"),
    "not a number": lambda c: float("nan"),
    "not a number in JSON": lambda c: {"n": float("nan"), "i": float("-inf")},
    "huge number": lambda c: 10**5000,
    "huge number in JSON": lambda c: {"n": 10**5000},
    "large number in JSON": lambda c: {"n": 2**70, "z": -0.0},
    "circle": lambda c: hostile.circle(),
    "circle in a pair": lambda c: (200, hostile.circle()),
    "mapping in itself": lambda c: hostile.mapping_in_itself(),
    "nested": lambda c: (200, hostile.nested(100)),
    "nested too deep": lambda c: (200, hostile.nested(5_000)),
    "tuple of 0": lambda c: (),
    "tuple of 1": lambda c: (200,),
    "tuple of 3": lambda c: (200, "x", "y"),
    "tuple of 4": lambda c: (200, "x", {}, "y"),
    "list of lists": lambda c: [[1, [2]]],
    "list of a pair": lambda c: [(201, "x")],
    "list of responses": lambda c: [response(c, status_code=202)],
    "list of what fails": lambda c: [hostile.Fails()],
    "response": lambda c: response(c),
    "response with bad headers": lambda c: response(c, headers=BAD_HEADERS),
    "response with headers as a list": lambda c: response(c, headers=[("a", "b")]),
    "response with headers as text": lambda c: response(c, headers="a: b"),
    "response with headers of a class": lambda c: response(c, headers=hostile.Mapping(a="b")),
    "response of None": lambda c: response(c, body=None),
    "response of a list": lambda c: response(c, body=[1]),
    "response of a mapping of a class": lambda c: response(c, body=hostile.Mapping(a=1)),
    "response of a set in a mapping": lambda c: response(c, body={"s": {1}}),
    "response of not a number": lambda c: response(c, body={"n": float("nan")}),
    "response of bytes": lambda c: response(c, body=b"\xff"),
    "response of what fails": lambda c: response(c, body=hostile.Fails()),
    "response of a circle": lambda c: response(c, body=hostile.mapping_in_itself()),
    "response of a type that is none": lambda c: response(c, content_type=None),
    "response of a type that is a number": lambda c: response(c, content_type=5),
    "response of a type that is bytes": lambda c: response(c, content_type=b"text/x"),
    "response of a type with a break": lambda c: response(c, content_type="text/x\r\nA: 1"),
    "response in a pair": lambda c: (200, response(c).__class__.__name__),
    "like a response": lambda c: type(like_a_response()).__name__,
    **{
        "status %r" % (status,): lambda c, status=status: (status, "x")
        for status in ("200", b"200", True, False, 200.0, 200.5, float("nan"), None, -1, 0, 99, 100, 101, 199, 204, 304,
                       599, 999, 1000, 2**64, [200], {}, decimal.Decimal(200), 1j, "", " 201 ")
    },
    **{
        "response status %r" % (status,): lambda c, status=status: response(c, status_code=status)
        for status in ("200", True, 200.0, 200.5, None, -1, 0, 100, 1000, [200], {}, b"x")
    },
    **{
        "raise %s %d" % (kind.__name__, index): lambda c, kind=kind, given=given: hostile.fail(kind(*given))
        for index, (kind, *given) in enumerate([
            (ValueError, "bad"), (SystemExit, 3), (SystemExit, "text"), (KeyboardInterrupt,), (GeneratorExit,),
            (StopIteration, 1), (StopAsyncIteration,), (RecursionError, "x"), (MemoryError,), (hostile.Shown,), (hostile.NotText,),
            (hostile.Noted, "x"), (UnicodeDecodeError, "utf-8", b"\xff", 0, 1, "why"), (KeyError, hostile.Text("k")),
            (SyntaxError, "bad", ("file.py", 3, 4, "text\n")), (BaseException,), (OSError, 2, "No", "f\ud800"),
            (ValueError, "half \ud800"), (asyncio.CancelledError,), (hostile.Fails,),
        ])
    },
    "raise no exception": lambda c: hostile.fail("text"),
    "raise deep": lambda c: hostile.deep(300),
    "raise endless": lambda c: hostile.endless(),
    "raise in a circle": lambda c: hostile.chained_in_a_circle(),
    "raise chained": lambda c: hostile.chained(5),
    "raise in context": lambda c: hostile.in_context(),
    "raise noted": lambda c: hostile.noted(),
    "raise groups": lambda c: hostile.groups(),
}  # fmt: skip


def handler(context, event):
    if event.path == "/names":
        return 200, list(VALUES)
    if event.path == "/process":
        return str(os.getpid())
    return VALUES[event.body.decode()](context)
