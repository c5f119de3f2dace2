"""The Dispatcher: the Tasks of the group, and which of them gets an event."""

from __future__ import annotations

import traceback
import uuid
from types import CoroutineType
from typing import Any, Callable, Dict, Optional, Tuple

import nuclio_sdk

from . import encode, netrc_file, tracebacks
from .clients import Clients
from .connections import Pool
from .imports import Imports
from .late_answer import LateAnswer
from .main_thread import MainThread
from .request import DEFAULT_HEADERS
from .routes import ORIGINAL_PORT, Address, Routes, Target
from .session import Session
from .task import Task
from .trace_context import new_trace, next_span, parse_traceparent, span_text
from .wire import is_plain
from .world import World


class Dispatcher:
    """Made once per process, by `entry.init_context`."""

    session = Session

    def __init__(self, manifest, environment):
        specs = manifest.tasks
        self.cors: bool = manifest.cors
        self.most_body: int = manifest.most_body
        tracebacks.sources.extend((spec.folder, spec.source) for spec in specs if spec.source)
        url = environment.get("FUSIONIZER_URL")
        self.token = environment.get("FUSIONIZER_TOKEN") or ""
        # The Task of the event and so many local calls below it are the longest chain; the server refuses the next one.
        self.most_local = int(environment.get("FUSIONIZER_MAX_DEPTH") or 32) - 1
        self.world: Optional[World] = World() if len(specs) > 1 else None
        self.main = MainThread(self)
        self.tasks: Dict[str, Task] = {}
        for spec in specs:
            space = self.world.add(spec.name, spec.folder) if self.world is not None else None
            self.tasks[spec.name] = Task(spec, self, space)
        self.posts: Dict[str, Target] = {}
        self._by_trigger = {key: task for task in self.tasks.values() for key in task.spec.triggers}
        self._only = next(iter(self.tasks.values())) if len(self.tasks) == 1 else None
        self._http = ("http", "default-http")
        self._worker_id: Any = None
        self.address: Optional[Address] = None
        self.pool: Optional[Pool] = None
        self._set_address(Address.parse(url) if url else None)
        self.task: Optional[Task] = None
        # The span of the last event from outside.
        self.root: Optional[str] = None

    def _set_address(self, address: Optional[Address]) -> None:
        self.address = address
        self.pool = Pool(address) if address is not None else None
        self.posts.clear()
        self.routes = Routes(address, self.tasks, self._ask_server, self._fast_post)

    def start(self, context) -> None:
        """Load the Tasks, then run each init_context, in group order with the Task active. Raises LoadError."""
        if self.world is not None:
            Imports(self.world).install()
        self.main.install()
        Clients(self).install()
        netrc_file.place()
        self._worker_id = context.worker_id
        for task in self.tasks.values():
            self._activate(task)
            task.load()
        for task in self.tasks.values():
            task.make_context(context)
        for task in self.tasks.values():
            self._activate(task)
            task.init()

    def _activate(self, task: Task) -> None:
        if self.world is not None:
            self.world.activate(task.space)
        else:
            task.show_folder()

    def handle(self, context, event) -> Any:
        """Give an event from outside to its Task. Returns or raises what the handler does, without awaiting it."""
        headers = event.headers
        task = self.tasks.get(headers.get("Task-Name")) or self._task_by_trigger(event)
        self.task = task
        if task is None:
            return self._no_task(headers.get("Task-Name"))
        if context.worker_id != self._worker_id:
            self._new_worker_id(context.worker_id)
        if self.address is None and "Fusionizer-Server-Address" in headers:
            self._set_address(Address(headers["Fusionizer-Server-Address"].lower(), ORIGINAL_PORT))
        trace, span = parse_traceparent(headers.get("Traceparent")) or new_trace()
        self.root = span
        task.current = session = Session(task, trace, span, span, None)
        self.main.top = session
        world = self.world
        if world is not None and world.active is not task.space:
            world.activate(task.space)
        if event.trigger.kind == "http":
            self._http = ("http", event.trigger.name)
        if task.spec.triggers:
            event.trigger.name = task.spec.triggers.get(event.trigger.name, event.trigger.name)
        handler, enter = task.handler, task.run
        task.run = None
        try:
            return (
                enter(handler, task.context, event, session)
                if task.wants_session
                else enter(handler, task.context, event)
            )
        finally:
            task.run = enter

    def answer(
        self, context, event, send: Callable[[encode.Answer], None] = lambda answer: None
    ) -> Optional[encode.Answer]:
        """As `handle`, to the end: coroutines run, the output is encoded, exceptions are answers.

        None: the answer is sent already, by `send` in another thread, because a call that a coroutine has not waited
        for runs on the main thread.
        """
        late: Optional[LateAnswer] = None
        try:
            output = self.handle(context, event)
            task = self.task
            if task is not None and type(output) is CoroutineType:
                late = LateAnswer(self.main, self._own_context(context), send)
                output = task.loops.run(output, task.variables.copy(), late.begun)
                if not late.claim.acquire(blocking=False):
                    return None
            return encode.encode(output, self._own_context(context))
        except BaseException as error:
            if late is not None and late.is_of(error):
                return None
            return encode.failure(error, self._own_context(context))
        finally:
            self.main.top = None

    def on_signal(self, kind: str) -> None:
        """Run the callbacks that the Tasks have set, in group order; `kind` is "termination" or "drain".

        An exception of one does not keep the others from theirs; then the first one is raised.
        """
        failures = []
        for task in self.tasks.values():
            self._activate(task)
            try:
                task.variables.copy().run(task.context.platform._on_signal, kind)
            except Exception as error:
                failures.append(error)
        for failure in failures[1:]:
            traceback.print_exception(type(failure), failure, failure.__traceback__)
        if failures:
            raise failures[0]

    def _own_context(self, context):
        """The context of the Task that the last event was for."""
        return context if self.task is None else self.task.context

    def _task_by_trigger(self, event) -> Optional[Task]:
        if "Task-Name" in event.headers:
            return None
        return self._by_trigger.get(event.trigger.name) or self._only

    def _no_task(self, name: Optional[str]) -> nuclio_sdk.Response:
        known = ", ".join(self.tasks)
        problem = "There is no Task '%s' in this function" % name if name else "The event names no Task"
        return nuclio_sdk.Response(
            body="%s. Set the header Task-Name to one of: %s." % (problem, known), status_code=400
        )

    def _new_worker_id(self, worker_id: Any) -> None:
        self._worker_id = worker_id
        for task in self.tasks.values():
            task.context.worker_id = worker_id

    def fresh_session(self, task: Task) -> Session:
        """A session for calls that no event caused, such as those of init_context: the root of a new trace."""
        span = span_text(next_span())
        return Session(task, uuid.uuid4().hex, span, span, None)

    def http_trigger(self, task: Task) -> Tuple[str, str]:
        """Kind and name of the trigger of a local call: the function's HTTP trigger, by the Task's name for it."""
        kind, name = self._http
        return (kind, task.spec.triggers.get(name, name)) if task.spec.triggers else self._http

    def task_headers(self, target: Target) -> Dict[str, str]:
        """What the server adds to a request for a Task."""
        assert self.address is not None
        return {"Task-Name": target.name or "", "Fusionizer-Server-Address": self.address.host}

    def _fast_post(self, url: str, target: Target) -> None:
        """Remember a URL whose POSTs with JSON need no further look."""
        template = {"Host": target.host, **DEFAULT_HEADERS, "Content-Type": "application/json"}
        if target.healthy or netrc_file.place() is not None or not self.stays(target, "POST", template, None):
            return
        template.update(self.task_headers(target))
        target.json_template = template, {**DEFAULT_HEADERS, "Content-Type": "application/json"}
        if len(self.posts) >= 1024:
            self.posts.clear()
        self.posts[url] = target

    def stays(self, target: Target, method: str, headers, length: Optional[int], redirected: bool = False) -> bool:
        """Whether a request is a local call: to a Task of this function, and the way over the server changes nothing.

        `length` of its body in bytes. A server that wants tokens judges those of the caller's own, and gets ours with
        no request that is `redirected`.
        """
        return (
            target.task is not None
            and target.invokes(method)
            and not self.cors
            and (length or 0) <= self.most_body
            and not (self.token and (redirected or any(name.lower() == "authorization" for name in headers)))
            and is_plain(method, target.wire, headers, target.host, length)
        )

    def _ask_server(self, name: str) -> bool:
        """Whether the server has a Task of this name. Raises the errors of connections.Pool.send."""
        assert self.address is not None and self.pool is not None
        headers = {"Host": self.address.text(), "Accept": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        return self.pool.send("GET", "/-/tasks/" + name, headers, None, 10).status == 200
