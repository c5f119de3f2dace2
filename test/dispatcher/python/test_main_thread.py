"""A callee runs on the main thread, one call at a time, whoever calls it."""

import unittest

from tasks_case import TasksCase

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


class MainThreadTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def test_callees_run_on_the_main_thread_one_at_a_time(self):
        worker = self.run_tasks({"bound": _BOUND, **{name: _IMPORTS + code for name, code in _CALLERS.items()}})
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
        worker = self.run_tasks({"bound": callee, **tasks})
        for name in names:
            self.assertEqual(worker.event(task=name).json(), [{"same": True}] * 6, name)

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
                worker = self.run_tasks({"caller": caller, "slow": callee})
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
        worker = self.run_tasks({"caller": caller, "says": says})
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
        worker = self.run_tasks({"caller": caller, "says": "def handler(c, e): return 'said'"})
        self.assertEqual(worker.event(task="caller").text, "said")


if __name__ == "__main__":
    unittest.main()
