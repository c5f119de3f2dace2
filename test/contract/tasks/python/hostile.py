"""Classes whose methods fail, and functions that raise, for values.py."""

import collections
import dataclasses
import enum
import os


class Text(str):
    """A text with methods of its own that fail."""

    __len__ = __iter__ = __eq__ = encode = isascii = None
    __hash__ = str.__hash__


class Number(int):
    __int__ = __index__ = __le__ = __ge__ = __lt__ = None


class Mapping(dict):
    def items(self):
        raise OSError("items")

    keys = values = __iter__ = __len__ = items


class Listing(list):
    def __getitem__(self, index):
        raise OSError("getitem")

    __iter__ = __len__ = __bool__ = __getitem__


class Pair(tuple):
    def __iter__(self):
        raise OSError("iter")

    __len__ = __getitem__ = __iter__


class Fails:
    """Every question that it is asked fails, as an array's that is half made."""

    def _fail(self, *_):
        raise OSError("no answer")

    __str__ = __repr__ = __len__ = __iter__ = __bool__ = __eq__ = __getattr__ = __hash__ = _fail


class Attributes(Fails):
    """Says that it is of every class."""

    __getattr__ = object.__getattribute__

    @property
    def __class__(self):
        raise OSError("class")


class Color(enum.Enum):
    RED = "red"


class Flag(enum.IntFlag):
    A = 1


class Status(enum.IntEnum):
    MADE = 201


@dataclasses.dataclass
class Record:
    value: int = 1


Point = collections.namedtuple("Point", "x y")


class Shown(Exception):
    def __str__(self):
        raise OSError("str")

    __repr__ = __str__


class NotText(Exception):
    def __str__(self):
        return 1


class Noted(Exception):
    __notes__ = Fails()


def circle():
    value = []
    value.append(value)
    return value


def mapping_in_itself():
    value = {}
    value["self"] = value
    return value


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def fail(error):
    raise error


def deep(n):
    if n == 0:
        raise ValueError("deep")
    deep(n - 1)


def endless(n=0):
    endless(n + 1)


def chained_in_a_circle():
    first, second = ValueError("first"), ValueError("second")
    first.__cause__, second.__cause__ = second, first
    raise first


def chained(n):
    try:
        if n:
            chained(n - 1)
        raise KeyError(n)
    except KeyError as error:
        raise ValueError(n) from error


def in_context():
    try:
        os.open("/nowhere", 0)
    except OSError:
        return {}["missing"]


def noted():
    error = ValueError("noted")
    error.__notes__ = ["a note", 5, Text("another")]
    raise error


def groups():
    kind = getattr(__builtins__, "ExceptionGroup", None) or (__builtins__["ExceptionGroup"])
    try:
        fail(KeyError("inner"))
    except KeyError as error:
        raise kind("group", [error, kind("nested", [ValueError(1), Shown()])]) from None


async def coroutine():
    return "of a coroutine"


def generator():
    yield 1


async def asynchronous_generator():
    yield 1
