"""Measures a local call in Python. Prints medians over repeated runs in microseconds, as one line of JSON.

    python3 bench/local_call.py [--requests-path FOLDER] [--rounds N] [--calls N]

floor_us: `json.loads(json.dumps(request))` and a direct call of the handler.
local_us: `requests_session.post(url, json=request).json()` to a Task of the same function, with its trace record.
documented_us: the call as the original's documentation writes it: with headers, to port 8000 of a server that has
another one, its text read, of a Task that answers with a Response.
documented_floor_us: as floor_us, with that Task's handler.
event_us: the worker's Python time for one event with small JSON, from frame to frame, without the pipes.
requests_adapter_us: the same call through a `requests.Session` with an in-process adapter. As in the original
Fusionizer, each invocation makes a session of its own. null if requests cannot be imported.
"""

import argparse
import json
import logging
import os
import shutil
import statistics
import struct
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
PYTHON = os.path.join(ROOT, "dispatcher", "python")
HOST = "127.0.0.1"
SERVER = "http://127.0.0.1:8123"
URL = SERVER + "/callee"
REQUEST = {"name": "sensor-7", "value": 21.5, "ok": True}

CALLEE = """
def handler(context, event):
    body = event.body
    return {"name": body["name"], "double": body["value"] * 2}
"""

ADD = """
import json

def handler(context, event):
    total = {"name": event.body["name"], "double": event.body["value"] * 2}
    return context.Response(body=json.dumps(total), headers={}, content_type="application/json", status_code=200)
"""

CALLER = """
def handler(context, event, requests_session):
    return event.body(requests_session)
"""


def package(folder):
    """Write a function package of three Tasks."""
    tasks = []
    for name, source in (("caller", CALLER), ("callee", CALLEE), ("add", ADD)):
        os.makedirs(os.path.join(folder, "tasks", name))
        with open(os.path.join(folder, "tasks", name, "main.py"), "w", encoding="utf-8") as file:
            file.write(source)
        tasks.append({"name": name, "dir": "tasks/" + name, "handler": "main:handler", "triggers": {}})
    with open(os.path.join(folder, "fusionizer.json"), "w", encoding="utf-8") as file:
        json.dump({"version": 1, "runtime": "python", "group": ["caller", "callee", "add"], "tasks": tasks}, file)


def per_call(work, calls):
    """The mean duration of `work()` in microseconds, over `calls` calls."""
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls * 1e6


def frame(task, body):
    """An event frame as the server sends it, without its length."""
    meta = {
        "id": "0b50e3c2-7b1b-4bd8-9f53-4a0d3b3b0f55",
        "method": "POST",
        "path": "/",
        "fields": {},
        "headers": {
            "Host": "127.0.0.1:8000",
            "Accept": "*/*",
            "User-Agent": "bench",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Task-Name": task,
            "Fusionizer-Server-Address": "127.0.0.1",
            "Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        },
        "content_type": "application/json",
        "timestamp": 1732170000,
        "trigger": {"kind": "http", "name": "default-http"},
        "worker_id": 0,
    }
    text = json.dumps(meta).encode()
    return b"E" + struct.pack(">I", len(text)) + text + body


def requests_adapter(handler, event_class):
    """A call through requests with an in-process adapter; None if requests cannot be imported."""
    try:
        import requests
    except ImportError:
        return None

    class Adapter(requests.adapters.BaseAdapter):
        def send(self, request, **_):
            event = event_class(body=json.loads(request.body), headers=dict(request.headers), method=request.method)
            response = requests.Response()
            response.status_code = 200
            response.headers["Content-Type"] = "application/json"
            response._content = json.dumps(handler(None, event)).encode()
            response.request = request
            response.url = request.url
            return response

        def close(self):
            pass

    def call():
        session = requests.Session()
        session.mount(SERVER, Adapter())
        return session.post(URL, json=REQUEST).json()

    return call


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--requests-path")
    arguments.add_argument("--rounds", type=int, default=15)
    arguments.add_argument("--calls", type=int, default=4000)
    options = arguments.parse_args()
    sys.path[:0] = [PYTHON, os.path.join(PYTHON, "vendor")]
    if options.requests_path:
        sys.path.append(options.requests_path)
    import nuclio_sdk
    from fusionizer_dispatcher.dispatcher import Dispatcher
    from fusionizer_dispatcher.manifest import read
    from fusionizer_dispatcher.traces import recorder
    from fusionizer_worker.frames import Writer
    from fusionizer_worker.incoming import read_event
    from fusionizer_worker.outgoing import respond
    from fusionizer_worker.tracing import TraceSender

    folder = os.path.realpath(tempfile.mkdtemp(prefix="fusionizer-bench-"))
    try:
        package(folder)
        nowhere = Writer(os.open(os.devnull, os.O_WRONLY))
        recorder.record = TraceSender(nowhere).record
        context = nuclio_sdk.Context(
            nuclio_sdk.Logger(logging.INFO), nuclio_sdk.Platform("local"), "0", nuclio_sdk.TriggerInfo()
        )
        dispatcher = Dispatcher(read(folder), {"FUSIONIZER_URL": SERVER})
        dispatcher.start(context)
        handler = dispatcher.tasks["callee"].handler
        adapter = requests_adapter(handler, nuclio_sdk.Event)
        event_frame = frame("callee", json.dumps(REQUEST).encode())
        plain_event = nuclio_sdk.Event()

        add = dispatcher.tasks["add"].handler

        def floor():
            plain_event.body = json.loads(json.dumps(REQUEST))
            return handler(context, plain_event)

        def documented_floor():
            plain_event.body = json.loads(json.dumps(REQUEST))
            return add(context, plain_event).body

        def event():
            made, context.worker_id = read_event(event_frame)
            respond(nowhere, dispatcher.answer(context, made))

        names = ("floor", "local", "documented_floor", "documented", "event", "requests_adapter")
        figures = {name + "_us": [] for name in names}

        def measure(session):
            def local():
                return session.post(URL, json=REQUEST).json()

            def documented():
                answer = session.post(
                    f"http://{HOST}:8000/add", headers={"Content-Type": "application/json"}, json=REQUEST
                )
                return answer.text

            assert local() == json.loads(documented()) == {"name": "sensor-7", "double": 43.0}
            per_call(local, options.calls)
            for _ in range(options.rounds):
                figures["floor_us"].append(per_call(floor, options.calls))
                figures["local_us"].append(per_call(local, options.calls))
                figures["documented_floor_us"].append(per_call(documented_floor, options.calls))
                figures["documented_us"].append(per_call(documented, options.calls))
                if adapter is not None:
                    figures["requests_adapter_us"].append(per_call(adapter, max(options.calls // 40, 1)))
            return "measured"

        outer, _ = read_event(frame("caller", b"null"))
        outer.body = measure
        answer = dispatcher.answer(context, outer)
        if answer[3] != "measured":
            raise SystemExit(answer[3])
        for _ in range(options.rounds):
            figures["event_us"].append(per_call(event, options.calls))
        print(json.dumps({name: round(statistics.median(runs), 2) if runs else None for name, runs in figures.items()}))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
