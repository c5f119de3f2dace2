"""Makes the requests of schemathesis fit what exists on the server.

There are few valid names and ids, and some uploads are Tasks. Requests accept text and JSON in turn.
"""

import io
import itertools
import re
import zipfile
import zlib

import schemathesis
from hypothesis import strategies as st

NAMES = ["taska", "taskb", "taskc", "taskd", "none"]
# The other Tasks are never deleted, so that there is always something to read.
DELETED = ["taskc", "taskd", "none"]
IDS = ["%d0000000-0000-4000-8000-000000000000" % number for number in range(4)]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
VALID = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")
YAML = "apiVersion: nuclio.io/v1\nkind: NuclioFunction\nspec:\n  runtime: nodejs\n  handler: main:handler\n"


def task(code, yaml=YAML):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("function.yaml", yaml)
        archive.writestr("main.js", code)
    return data.getvalue()


GOOD = [task("exports.handler = (context) => context.callback('%d');\n" % number) for number in range(2)]
BAD = [
    task("exports.handler = ("),
    task("throw new Error('\\u0000')"),
    task("", "spec: ["),
    task("", "spec:\n  runtime: cobol\n"),
    task("exports.handler = 1", YAML.replace("main:handler", "../main:handler")),
    GOOD[0][:-10],
    GOOD[0][10:],
]

schemathesis.openapi.format("binary", st.one_of(st.sampled_from(GOOD), st.sampled_from(BAD), st.binary()))


ACCEPTED = itertools.cycle(["*/*", "application/json", "text/plain", "application/problem+json, text/html;q=0.5"])


def one_of(choices, text):
    return choices[zlib.crc32(text.encode()) % len(choices)]


@schemathesis.hook
def before_call(context, case, **kwargs):
    case.headers["Accept"] = next(ACCEPTED)
    operation = case.headers.get("Fusionizer-Operation")
    if operation is not None and UUID.fullmatch(str(operation)):
        case.headers["Fusionizer-Operation"] = one_of(IDS, operation)
    # A random number is hardly ever the setup's revision.
    if re.fullmatch('"[0-9]*[02468]"', str(case.headers.get("If-Match", ""))):
        case.headers["If-Match"] = "*"


@schemathesis.hook
def map_path_parameters(context, path_parameters):
    parameters = path_parameters or {}
    name, operation = parameters.get("task"), parameters.get("id")
    if isinstance(name, str) and VALID.fullmatch(name):
        parameters["task"] = one_of(DELETED if context.operation.method == "delete" else NAMES, name)
    if isinstance(operation, str) and UUID.fullmatch(operation):
        parameters["id"] = one_of(IDS, operation)
    return path_parameters


@schemathesis.hook
def map_body(context, body):
    """Replaces the names in a setup by known ones, in order of appearance. A name that is there twice stays so."""
    known = {}

    def rename(value):
        if isinstance(value, list):
            return [rename(item) for item in value]
        if isinstance(value, str) and VALID.fullmatch(value) and (value in known or len(known) < len(NAMES)):
            return known.setdefault(value, NAMES[len(known)] if len(known) < len(NAMES) else value)
        return value

    if isinstance(body, list):
        return rename(body)
    if isinstance(body, dict) and isinstance(body.get("entries"), dict):
        return {**body, "entries": {second: rename(setup) for second, setup in body["entries"].items()}}
    return body
