"""What the tests share: function packages in temporary folders, and worker processes with real pipes."""

import json
import os
import queue
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import textwrap
import threading
import time

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
PYTHON = os.path.join(ROOT, "dispatcher", "python")
FIXTURES = os.path.join(ROOT, "test", "fixtures", "conformance")
CONTRACT = os.path.join(ROOT, "test", "contract")
WAIT_SECONDS = 15

# Moves three inherited descriptors to 3, 4 and 5, where the worker looks for them, and becomes the worker.
_LAUNCH = """
import fcntl, os, sys
own = [fcntl.fcntl(int(fd), fcntl.F_DUPFD, 20) for fd in sys.argv[1:4]]
for at, fd in enumerate(own):
    os.dup2(fd, 3 + at)
    os.close(fd)
os.closerange(6, 20)
os.execv(sys.executable, [sys.executable, "-u"] + sys.argv[4:])
"""


class Package:
    """A function package. `tasks` maps a Task's name to its files, or to one text for main.py."""

    def __init__(self, tasks, handlers=None, triggers=None):
        self.folder = os.path.realpath(tempfile.mkdtemp(prefix="fusionizer-test-"))
        entries = []
        for name, files in tasks.items():
            files = {"main.py": files} if isinstance(files, str) else files
            for path, text in files.items():
                full = os.path.join(self.folder, "tasks", name, path)
                os.makedirs(os.path.dirname(full), exist_ok=True)
                with open(full, "w", encoding="utf-8") as file:
                    file.write(textwrap.dedent(text))
            entries.append(
                {
                    "name": name,
                    "dir": "tasks/" + name,
                    "handler": (handlers or {}).get(name, "main:handler"),
                    "triggers": (triggers or {}).get(name, {}),
                }
            )
        manifest = {"version": 1, "runtime": "python", "group": list(tasks), "tasks": entries}
        with open(os.path.join(self.folder, "fusionizer.json"), "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        with open(os.path.join(self.folder, "fusionizer_entry.py"), "w", encoding="utf-8") as file:
            file.write("from fusionizer_dispatcher.entry import handler, init_context\n")

    def remove(self):
        shutil.rmtree(self.folder)


class Answer:
    """A response of the worker."""

    def __init__(self, status, content_type, headers, body, logs):
        self.status = status
        self.content_type = content_type
        self.headers = headers
        self.body = body
        self.logs = logs

    @property
    def text(self):
        return self.body.decode()

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return "<Answer %s %s %r>" % (self.status, self.content_type, self.body[:2000])


class Worker:
    """A running worker process."""

    def __init__(self, package, env=None, start=True):
        to_worker, from_worker, lifeline = os.pipe(), os.pipe(), os.pipe()
        theirs = (to_worker[0], from_worker[1], lifeline[0])
        self.input, self._output, self.lifeline = to_worker[1], from_worker[0], lifeline[1]
        environment = dict(os.environ, PYTHONDONTWRITEBYTECODE="1")
        for name in ("FUSIONIZER_URL", "FUSIONIZER_TOKEN"):
            environment.pop(name, None)
        environment.update(env or {})
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", _LAUNCH, *map(str, theirs), os.path.join(PYTHON, "worker.py"), package.folder],
            pass_fds=theirs,
            cwd=package.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        for fd in theirs:
            os.close(fd)
        self.folder = package.folder
        self.frames = queue.Queue()
        self.traces = []
        self.unfinished = False
        self.printed = {"stdout": b"", "stderr": b""}
        self._threads = [threading.Thread(target=self._read_frames)]
        self._threads += [threading.Thread(target=self._read_prints, args=(name,)) for name in self.printed]
        for thread in self._threads:
            thread.start()
        self.first = None
        if start:
            self.first = self.frame()
            assert self.first[0] == "S", self.first

    def _read_frames(self):
        with os.fdopen(self._output, "rb") as file:
            while True:
                head = file.read(4)
                if len(head) < 4:
                    break
                frame = file.read(struct.unpack(">I", head)[0])
                kind, payload = chr(frame[0]), frame[1:]
                if kind == "U":
                    self.unfinished = payload == b"1"
                elif kind == "T":
                    self.traces.extend(json.loads(payload))
                else:
                    self.frames.put((kind, payload))
        self.frames.put(("end", b""))

    def _read_prints(self, name):
        with getattr(self.process, name) as stream:
            while True:
                data = os.read(stream.fileno(), 65536)
                if not data:
                    return
                self.printed[name] += data

    def frame(self):
        return self.frames.get(timeout=WAIT_SECONDS)

    def send(
        self, method="GET", path="/", headers=None, body=b"", task=None, fields=None, trigger=None, pieces=None, **meta
    ):
        headers = dict(headers or {})
        if task is not None:
            headers["Task-Name"] = task
        event = {
            "id": "event-1",
            "method": method,
            "path": path,
            "fields": fields or {},
            "headers": headers,
            "content_type": headers.get("Content-Type", ""),
            "timestamp": int(time.time()),
            "trigger": trigger or {"kind": "http", "name": "default-http"},
            "worker_id": 0,
        }
        event.update(meta)
        text = json.dumps(event).encode()
        data = struct.pack(">IcI", len(text) + len(body) + 5, b"E", len(text)) + text + body
        for piece in pieces(data) if pieces else [data]:
            view = memoryview(piece)
            while view:
                view = view[os.write(self.input, view) :]

    def event(self, method="GET", path="/", headers=None, body=b"", **options):
        """Send an event, wait for its answer."""
        self.send(method, path, headers, body, **options)
        return self.answer()

    def answer(self):
        logs = []
        while True:
            kind, payload = self.frame()
            if kind == "L":
                logs.append(json.loads(payload))
                continue
            assert kind == "R", (kind, payload[:500], self.printed)
            size = struct.unpack(">I", payload[:4])[0]
            status, content_type, headers = json.loads(payload[4 : 4 + size])
            return Answer(status, content_type, headers, payload[4 + size :], logs)

    def wait_for(self, condition):
        """Wait until `condition()` holds; an error after WAIT_SECONDS."""
        end = time.monotonic() + WAIT_SECONDS
        while not condition():
            if time.monotonic() > end:
                raise AssertionError("it did not come to pass: %r" % (self.printed,))
            time.sleep(0.005)

    def finish(self):
        """Close the worker's input as the server does to end it; its exit status."""
        if self.input is not None:
            os.close(self.input)
            self.input = None
        return self._end()

    def _end(self):
        status = self.process.wait(WAIT_SECONDS)
        if self.lifeline is not None:
            os.close(self.lifeline)
            self.lifeline = None
        if self.input is not None:
            os.close(self.input)
            self.input = None
        for thread in self._threads:
            thread.join(WAIT_SECONDS)
        return status

    def close(self):
        """End the worker, however it is."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass  # It and its children have ended.
        self._end()
