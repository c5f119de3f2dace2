"""The body of an answer as requests gives it: unpacked, in pieces, in lines, as text and as JSON."""

from __future__ import annotations

import codecs
import functools
import importlib
import re
import zlib
from typing import Any, Callable, Dict, Iterator, List, Optional

from . import errors
from .raw import wire_response

# Each one multiplies the size of what a small answer can hold. urllib3's limit.
_MOST_ENCODINGS = 5
_PIECE = 10 * 1024
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NULLS: Dict[Any, str] = {
    (True, False, True, False): "utf-16-be",
    (False, True, False, True): "utf-16-le",
    (True, True, True, False): "utf-32-be",
    (False, True, True, True): "utf-32-le",
    (False, False, False, False): "utf-8",
}


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body without its content encodings, if all of them are known. Raises ContentDecodingError.

    As urllib3 does it: a body that ends too early gives what it has, and what follows a gzip member is left out.
    """
    kinds = [kind.strip() for kind in encoding.lower().split(",")]
    known = [kind for kind in kinds if kind in _UNPACK]
    if not body or kinds == [""]:
        return body
    if len(known) < len(kinds) or len(kinds) > _MOST_ENCODINGS:
        return _unpacked_by_urllib3(body, encoding)
    try:
        for kind in reversed(kinds):
            body = _UNPACK[kind](body)
    except zlib.error as error:
        message = "Received response with content-encoding: %s, but failed to decode it." % encoding.lower()
        raise errors.named("ContentDecodingError")(str((message, error))) from error
    return body


def _unpacked_by_urllib3(body: bytes, encoding: str) -> bytes:
    """It knows br and zstd where the packages for them are installed. Without it, what is unknown stays."""
    try:
        urllib3 = importlib.import_module("urllib3")
    except ImportError:
        return body
    raw = wire_response(200, "OK", [("Content-Encoding", encoding)], body, "GET", "/")
    try:
        # In pieces, as requests reads it: that forgives a body that ends too early.
        return b"".join(raw.stream(_PIECE, decode_content=True))
    except urllib3.exceptions.DecodeError as error:
        raise errors.named("ContentDecodingError")(error) from error


def _gunzip(body: bytes) -> bytes:
    pieces: List[bytes] = []
    while body:
        member = zlib.decompressobj(16 + zlib.MAX_WBITS)
        try:
            pieces.append(member.decompress(body) + member.flush())
        except zlib.error:
            if pieces:
                break
            raise
        body = member.unused_data
    return b"".join(pieces)


def _inflate(body: bytes) -> bytes:
    """Deflate with its zlib header, or without, as some servers send it."""
    try:
        unpacker = zlib.decompressobj()
        return unpacker.decompress(body) + unpacker.flush()
    except zlib.error:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        return unpacker.decompress(body) + unpacker.flush()


_UNPACK: Dict[str, Callable[[bytes], bytes]] = {"gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate}


@functools.lru_cache(256)
def encoding_of(content_type: Optional[str]) -> Optional[str]:
    """The encoding that requests takes for a content type."""
    if not content_type:
        return None
    kind, *parameters = content_type.split(";")
    found = None
    for parameter in parameters:
        name, equals, value = parameter.partition("=")
        if equals and name.strip("\"' \t").lower() == "charset":
            found = value.strip().strip("\"' ")
    if found is not None:
        return found
    if "text" in kind:
        return "ISO-8859-1"
    return "utf-8" if "application/json" in kind else None


def guessed_encoding(body: bytes) -> Optional[str]:
    """What chardet or charset_normalizer, of which requests needs one, takes the body for; UTF-8 without them."""
    for name in ("chardet", "charset_normalizer"):
        try:
            return importlib.import_module(name).detect(body)["encoding"]
        except ImportError:
            continue
    return "utf-8"


def json_encoding(body: bytes) -> Optional[str]:
    """UTF-8, UTF-16 or UTF-32, by a byte order mark or by the null bytes: JSON begins with two characters of ASCII.

    None where it is none of them. `body` has at least four bytes.
    """
    start = body[:4]
    if start in (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE):
        return "utf-32"
    for mark, name in _BYTE_ORDER_MARKS:
        if start.startswith(mark):
            return name
    return _NULLS.get(tuple(byte == 0 for byte in start))


def pieces(body: bytes, size: Any, encoding: Optional[str]) -> Iterator[Any]:
    """The body in pieces of `size` bytes, or in one; as str if there is an encoding."""
    step = size if size is not None and size > 0 else len(body)
    chunks = (body[at : at + step] for at in range(0, len(body), step or 1))
    if encoding is None:
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks:
        text = decoder.decode(chunk)
        if text:
            yield text
    text = decoder.decode(b"", final=True)
    if text:
        yield text


def lines(chunks: Iterator[Any], delimiter: Any) -> Iterator[Any]:
    """Lines out of pieces; a line break between two pieces ends two lines if it has two characters, as in requests."""
    pending: Any = None
    for chunk in chunks:
        if pending is not None:
            chunk = pending + chunk
        found = chunk.split(delimiter) if delimiter else chunk.splitlines()
        is_open = bool(found and found[-1] and chunk) and found[-1][-1] == chunk[-1]
        pending = found.pop() if is_open else None
        yield from found
    if pending is not None:
        yield pending


def links_of(header: Optional[str]) -> Dict[str, Dict[str, str]]:
    """The links of a `Link` header by their `rel`, else by their URL."""
    links: Dict[str, Dict[str, str]] = {}
    text = (header or "").strip(" '\"")
    for part in re.split(", *<", text) if text else ():
        url, _, parameters = part.partition(";")
        link = {"url": url.strip("<> '\"")}
        for parameter in parameters.split(";"):
            name, *values = parameter.split("=")
            if len(values) != 1:
                break
            link[name.strip(" '\"")] = values[0].strip(" '\"")
        links[link.get("rel") or link["url"]] = link
    return links
