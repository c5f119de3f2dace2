"""What the callee of test_likeness answers, by path: over HTTP by a server, within a function by a Task."""

import base64
import gzip
import json
import zlib

_NAME = '{"name": "José Martínez 田"}'
_LINES = b"one\r\ntwo\nthree\r\rfour\x0b\x85five\n"
_SPANISH = "El niño comió piñas en la montaña después de la canción. Mañana será otro día.".encode("latin-1")


def _raw_deflate(body):
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def _often(pack, body):
    for _ in range(7):
        body = pack(body)
    return body


def answers():
    """Path -> (status, headers, content type, body)."""
    made = {"/": (200, {}, "text/plain", b"x")}
    bodies = {
        "utf8": _NAME.encode(), "bom": _NAME.encode("utf-8-sig"), "latin1": _NAME[:-3].encode("latin-1") + b'"}',
        "utf16": _NAME.encode("utf-16"), "utf16le": _NAME.encode("utf-16-le"), "utf16be": _NAME.encode("utf-16-be"),
        "utf32": _NAME.encode("utf-32"), "utf32le": _NAME.encode("utf-32-le"), "short": b"[1]", "number": b"7",
        "empty": b"", "broken": b'{"a": ', "nan": b"[NaN, Infinity]", "spanish": _SPANISH, "lines": _LINES,
        "zeros": b"\0\0\0\0\1", "long": b"0123456789" * 300 + b"\xc3\xa9\n" * 30,
    }  # fmt: skip
    types = {
        "octets": "application/octet-stream", "json": "application/json", "text": "text/plain",
        "xml": "application/xml",
        "utf8": "text/html; charset=utf-8", "quoted": 'text/html; Charset = "UTF-16"', "none": "text/x; charset",
        "unknown": "text/x; charset=nonsense", "empty": "application/json; charset=",
        "json1": "application/json;charset=latin-1",
        "problem": "application/problem+json",
    }  # fmt: skip
    for body_name, body in bodies.items():
        for type_name, content_type in types.items():
            made["/%s/%s" % (body_name, type_name)] = (200, {}, content_type, body)
    plain = b"squeezed " * 50
    packed = {
        "gzip": ("gzip", gzip.compress(plain)), "upper": ("GZIP", gzip.compress(plain)),
        "x-gzip": ("x-gzip", gzip.compress(plain)),
        "members": ("gzip", gzip.compress(plain) + gzip.compress(b"more")),
        "trailing": ("gzip", gzip.compress(plain) + b"junk"),
        "cut": ("gzip", gzip.compress(plain)[:-12]), "zlib": ("deflate", zlib.compress(plain)),
        "raw": ("deflate", _raw_deflate(plain)),
        "twice": ("deflate, gzip", gzip.compress(zlib.compress(plain))), "lie": ("gzip", plain),
        "lie2": ("deflate", plain),
        "many": (", ".join(["gzip"] * 7), _often(gzip.compress, plain)),
        # Unpacked where the packages for it are installed.
        "br": ("br", base64.b64decode("CwKAcGxhaW4D")), "br-lie": ("br", plain), "br-twice": ("gzip, br", plain),
        "zstd": ("zstd", bytes.fromhex("28b52ffd2005290000") + b"plain"), "zstd-lie": ("zstd", plain),
        "zstd-cut": ("zstd", bytes.fromhex("28b52ffd2005290000") + b"pla"),
        "identity": ("identity", plain), "strange": ("strange", plain), "none": ("gzip", b""),
    }  # fmt: skip
    for name, (encoding, body) in packed.items():
        made["/packed/" + name] = (200, {"Content-Encoding": encoding}, "text/plain", body)
    for status in (200, 201, 204, 205, 304, 400, 404, 418, 499, 500, 599, 600, 650, 999):
        made["/status/%d" % status] = (status, {}, "text/plain", b"" if status in (204, 304) else b"body")
    links = '<https://x.test/2>; rel="next"; title="a; b", <last>; rel=last, <alone>'
    made["/links"] = (200, {"Link": links, "X-Custom": "1"}, "text/plain", b"x")
    made["/no-links"] = (200, {"Link": " "}, "text/plain", b"x")
    cookies = {
        "plain": "sid=1", "path": "sid=1; Path=/TASK/echo", "other-path": "sid=1; Path=/elsewhere",
        "root": "sid=1; Path=/",
        "domain": "sid=1; Domain=127.0.0.1; Path=/", "other-domain": "sid=1; Domain=example.test; Path=/",
        "age": "sid=1; Max-Age=60; Path=/",
        "expired": "sid=1; Max-Age=0; Path=/", "past": "sid=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/",
        "future": "sid=2; Expires=Fri, 01 Jan 2100 00:00:00 GMT; Path=/", "secure": "sid=1; Secure; Path=/",
        "http-only": "sid=1; HttpOnly; Path=/",
        "quoted": 'sid="a b"; Path=/', "empty": "sid=; Path=/", "strange": "=x; Path=/", "junk": ";;;",
        "same-site": "sid=1; SameSite=Lax; Path=/",
    }  # fmt: skip
    for name, cookie in cookies.items():
        made["/cookie/" + name] = (200, {"Set-Cookie": cookie}, "text/plain", b"x")
    for status in (301, 302, 303, 307, 308, 300, 304, 305):
        made["/go/%d" % status] = (status, {"Location": "/TASK/echo?from=%d" % status}, "text/plain", b"")
    goals = {
        "relative": "echo/x", "up": "../echo", "query": "?a=1", "fragment": "/TASK/echo#there", "empty": "",
        "absolute": "BASE/echo/y",
        "no-scheme": "//HOST/TASK/echo", "escapes": "/TASK/echo/a b/%41/%zz", "utf8": "/TASK/echo/grüße",
        "loop": "/TASK/redirect/loop",
        "two": "/TASK/go/302", "port8000": "http://127.0.0.1:8000/TASK/echo",
    }  # fmt: skip
    for name, goal in goals.items():
        made["/redirect/" + name] = (302, {"Location": goal}, "text/plain", b"moved")
    made["/late"] = (200, {}, "text/plain", b"late")
    made["/go/late"] = (302, {"Location": "/TASK/late"}, "text/plain", b"")
    made["/login"] = (302, {"Location": "/TASK/echo", "Set-Cookie": "sid=login; Path=/"}, "text/plain", b"")
    made["/logout"] = (302, {"Location": "/TASK/echo", "Set-Cookie": "sid=; Max-Age=0; Path=/"}, "text/plain", b"")
    made["/loginjson"] = (307, {"Location": "/TASK/echo", "Set-Cookie": "sid=login; Path=/"}, "text/plain", b"")
    return made


def as_json():
    """For the Task, which has the same table."""
    return json.dumps(
        {
            path: [status, headers, kind, base64.b64encode(body).decode()]
            for path, (status, headers, kind, body) in answers().items()
        }
    )


TASK = """
    import base64, json, os, re, time

    with open(os.path.join(os.path.dirname(__file__), "answers.json")) as file:
        ANSWERS = json.load(file)

    def handler(context, event):
        if "/echo" in event.path:
            body = event.body if isinstance(event.body, bytes) else json.dumps(event.body).encode()
            return {"method": event.method, "path": event.path, "fields": event.fields, "body": body.decode("latin-1"),
                    "headers": {name: value for name, value in sorted(event.headers.items()) if not OWN(name)}}
        if event.path == "/late":
            time.sleep(0.1)
        status, headers, kind, body = ANSWERS[event.path]
        base = "http://" + event.headers["Host"] + "/near"
        headers = {name: value.replace("BASE", base).replace("HOST", event.headers["Host"]).replace("TASK", "near")
                   for name, value in headers.items()}
        return context.Response(status_code=status, headers=headers, content_type=kind, body=base64.b64decode(body))

    OWN = re.compile(%r, re.I).match
"""
# Headers that the server and the Dispatcher set.
OWN = "(traceparent|task-name|fusionizer-)"
