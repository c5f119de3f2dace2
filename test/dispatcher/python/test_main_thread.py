"""A callee runs on the main thread, one call at a time, whoever calls it; and in its own context."""

import os
import unittest

from support import Package, Worker

# What a Task makes when it is loaded, and what works on its own thread, or in one call at a time.
_BOUND = """
    import asyncio, contextvars, decimal, signal, sqlite3, threading, time
    db = sqlite3.connect(":memory:")
    db.execute("create table calls (n int)")
    local = threading.local()
    local.value = "of the load"
    running = 0

    async def nothing():
        return "ran"

    def handler(context, event):
        global running
        running += 1
        alone = running == 1
        before = signal.signal(signal.SIGUSR2, signal.SIG_IGN)
        signal.signal(signal.SIGUSR2, before)
        db.execute("insert into calls values (1)")
        time.sleep(0.01)
        count = db.execute("select count(*) from calls").fetchone()[0]
        running -= 1
        return {"main": threading.current_thread() is threading.main_thread(), "alone": alone, "n": count,
                "local": local.value, "run": asyncio.run(nothing())}
"""
_IMPORTS = """
    import asyncio, threading
    from concurrent.futures import ThreadPoolExecutor
    URL = "http://h:1/"
"""
_CALLERS = {
    "plain": """
    def handler(context, event, session):
        return (200, [session.post(URL + "bound", json={}).json() for _ in range(6)])
    """,
    "pool": """
    def handler(context, event, session):
        with ThreadPoolExecutor(3) as pool:
            return (200, list(pool.map(lambda n: session.post(URL + "bound", json={}).json(), range(6))))
    """,
    "submits": """
    def handler(context, event, session):
        pool = ThreadPoolExecutor(6)
        calls = [pool.submit(session.post, URL + "bound", json={}) for _ in range(5)]
        own = session.post(URL + "bound", json={}).json()
        return (200, [call.result().json() for call in calls] + [own])
    """,
    "joins": """
    def handler(context, event, session):
        found = []
        threads = [threading.Thread(target=lambda: found.append(session.post(URL + "bound", json={}).json()))
                   for _ in range(6)]
        for thread in threads: thread.start()
        for thread in threads: thread.join()
        return (200, found)
    """,
    "busy": """
    def handler(context, event, session):
        found = []
        def call():
            for _ in range(6): found.append(session.post(URL + "bound", json={}).json())
        thread = threading.Thread(target=call)
        thread.start()
        while thread.is_alive():
            pass
        return (200, found)
    """,
    "asynchronous": """
    async def handler(context, event, session):
        await asyncio.sleep(0)
        return (200, [session.post(URL + "bound", json={}).json() for _ in range(6)])
    """,
    "tothread": """
    async def handler(context, event, session):
        async def call():
            return (await asyncio.to_thread(session.post, URL + "bound", json={})).json()
        return (200, await asyncio.gather(*[call() for _ in range(6)]))
    """,
    "blocks": """
    async def handler(context, event, session):
        with ThreadPoolExecutor(3) as pool:
            return (200, list(pool.map(lambda n: session.post(URL + "bound", json={}).json(), range(6))))
    """,
    "through": """
    async def handler(context, event, session):
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda n: session.post(URL + n, json={}).json(), ["pool", "tothread"]))
        return (200, answers[0][:3] + answers[1][:3])
    """,
}


class MainThreadTest(unittest.TestCase):
    def start(self, tasks):
        package = Package(tasks)
        self.addCleanup(package.remove)
        worker = Worker(package, {"FUSIONIZER_URL": "http://h:1"})
        self.addCleanup(worker.close)
        return worker

    def test_callees_run_on_the_main_thread_one_at_a_time(self):
        worker = self.start({"bound": _BOUND, **{name: _IMPORTS + code for name, code in _CALLERS.items()}})
        total = 0
        for name in _CALLERS:
            with self.subTest(name):
                answer = worker.event(task=name)
                self.assertEqual(answer.status, 200, answer)
                found = answer.json()
                for one in found:
                    self.assertEqual(
                        {**one, "n": 0}, {"main": True, "alone": True, "n": 0, "local": "of the load", "run": "ran"}
                    )
                if name != "through":
                    counts = sorted(one["n"] for one in found)
                    self.assertEqual(counts, list(range(total + 1, total + 7)))
                total += 12 if name == "through" else 6

    def test_an_async_callee_has_its_own_loop_whoever_calls(self):
        callee = """
            import asyncio
            async def init_context(context):
                context.user_data.loop = asyncio.get_running_loop()
                context.user_data.lock = asyncio.Lock()
            async def handler(context, event):
                async with context.user_data.lock:
                    await asyncio.sleep(0.001)
                return {"same": asyncio.get_running_loop() is context.user_data.loop}
        """
        names = ("plain", "pool", "asynchronous", "tothread")
        tasks = {name: _IMPORTS + _CALLERS[name] for name in names}
        worker = self.start({"bound": callee, **tasks})
        for name in names:
            self.assertEqual(worker.event(task=name).json(), [{"same": True}] * 6, name)

    def test_context_variables_do_not_pass_between_tasks(self):
        # The Tasks share what a module of the standard library holds.
        variable = """
            import asyncio, contextvars, decimal, logging, threading
            var = logging.__dict__.setdefault("shared_by_tasks", contextvars.ContextVar("v", default="nothing"))
            URL = "http://h:1/"
"""
        says = """
            def handler(context, event, session):
                seen = [var.get(), decimal.getcontext().prec]
                var.set("of the callee")
                decimal.getcontext().prec = 9
                return (200, seen)
        """
        asks = """
                var.set("of the caller")
                decimal.getcontext().prec = 5
                answers = [session.post(URL + name, json={}).json()[0] for name in ("says", "asays")]
                return (200, answers + [var.get(), decimal.getcontext().prec])
        """
        worker = self.start(
            {
                "says": variable + says,
                "asays": variable + says.replace("def ", "async def "),
                "asks": variable + "            def handler(context, event, session):" + asks,
                "aasks": variable + "            async def handler(context, event, session):" + asks,
                "recursive": variable
                + """
            def handler(context, event, session):
                depth = event.body["depth"]
                seen = var.get()
                var.set(seen + str(depth))
                inner = session.post(URL + "between", json={"depth": depth - 1}).json() if depth else []
                return (200, [seen, *inner, var.get()])
        """,
                "between": variable
                + """
            def handler(context, event, session):
                return (200, session.post(URL + "recursive", json=event.body).json())
        """,
            }
        )
        for name in ("asks", "aasks"):
            answers = worker.event(task=name).json()
            # As when they are alone, a plain handler's variables stay, and those of a coroutine end with it.
            self.assertNotIn("of the caller", answers[:2])
            self.assertEqual(answers[2:], ["of the caller", 5])
        answer = worker.event("POST", "/", {"Content-Type": "application/json"}, b'{"depth": 2}', task="recursive")
        self.assertEqual([answer.json()[0], answer.json()[-1]], ["nothing", "nothing2"], answer)

    def test_the_callers_exception_is_not_in_the_callees_traceback(self):
        worker = self.start(
            {
                "caller": """
            def handler(context, event, session):
                try:
                    raise KeyError("of the caller")
                except KeyError:
                    return session.post("http://h:1/fails", json={}).text
            """,
                "fails": """
            def handler(context, event):
                try:
                    raise OSError("first")
                except OSError:
                    raise ValueError("second")
            """,
            }
        )
        text = worker.event(task="caller").text
        self.assertNotIn("of the caller", text)
        self.assertIn("OSError: first", text)
        self.assertIn("ValueError: second", text)

    def test_a_call_that_its_caller_has_not_waited_for_ends_before_the_worker_does(self):
        slow = (
            "import os, time\ndef handler(context, event):\n    time.sleep(0.3)\n    print('ended')\n    return 'x'\n"
        )
        plain = (
            _IMPORTS
            + """
    def handler(context, event, session):
        threading.Thread(target=session.post, args=(URL + "slow",), kwargs={"json": {}}).start()
        return "sent"
    """
        )
        asynchronous = (
            _IMPORTS
            + """
    async def handler(context, event, session):
        asyncio.create_task(asyncio.to_thread(session.post, URL + "slow", json={}))
        await asyncio.sleep(0.05)
        return "sent"
    """
        )
        for caller in (plain, asynchronous):
            for callee in (
                slow,
                "import asyncio\n" + slow.replace("def", "async def").replace("time.sleep", "await asyncio.sleep"),
            ):
                worker = self.start({"caller": caller, "slow": callee})
                self.assertEqual(worker.event(task="caller").text, "sent")
                self.assertEqual(worker.finish(), 0)
                self.assertEqual(worker.printed["stdout"], b"ended\n")

    def test_a_thread_of_an_earlier_event_waits_for_the_present_one(self):
        caller = (
            _IMPORTS
            + """
    go = threading.Event()
    answers = []
    def later(session):
        go.wait(10)
        answers.append(session.post(URL + "says", json={}).json())
    def handler(context, event, session):
        if event.path == "/start":
            context.user_data.thread = threading.Thread(target=later, args=(session,))
            context.user_data.thread.start()
            return "started"
        if event.path == "/go":
            go.set()
            return "gone"
        context.user_data.thread.join(10)
        return (200, answers)
    """
        )
        says = (
            "import threading\ndef handler(c, e): return (200, [threading.current_thread() is threading.main_thread()])"
        )
        worker = self.start({"caller": caller, "says": says})
        for path in ("/start", "/go"):
            worker.event(path=path, task="caller")
        # The last event waits for that thread: the call is taken while the worker is idle, or during this event.
        self.assertEqual(worker.event(path="/join", task="caller").json(), [[True]])

    def test_a_handler_that_forks_can_call_in_the_child(self):
        caller = (
            _IMPORTS
            + """
    import os
    def handler(context, event, session):
        read, write = os.pipe()
        def fork():
            child = os.fork()
            if child == 0:
                os.write(write, session.post(URL + "says", json={}).content)
                os._exit(0)
            os.waitpid(child, 0)
        thread = threading.Thread(target=fork)
        thread.start()
        thread.join()
        return (200, os.read(read, 100).decode())
    """
        )
        worker = self.start({"caller": caller, "says": "def handler(c, e): return 'said'"})
        self.assertEqual(worker.event(task="caller").text, "said")

    def test_all_tasks_termination_callbacks_run(self):
        task = """
            import os, utils
            def init_context(context):
                def end():
                    print("end of", utils.WHO, flush=True)
                    if utils.WHO == "b":
                        raise ValueError("of b")
                context.platform.set_termination_callback(end)
            def handler(context, event):
                return "x"
        """
        worker = self.start({name: {"main.py": task, "utils.py": "WHO = %r" % name} for name in "abc"})
        self.assertEqual(worker.event(task="a").text, "x")
        self.assertEqual(worker.finish(), 0)
        self.assertEqual(worker.printed["stdout"].decode(), "end of a%send of b%send of c%s" % ((os.linesep,) * 3))
        self.assertIn(b"ValueError: of b", worker.printed["stderr"])


if __name__ == "__main__":
    unittest.main()
