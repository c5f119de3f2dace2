"""Coroutines as handlers and init_context; calls from threads."""

import unittest

from tasks_case import TasksCase

_URL = "http://h:1/"


class AsyncTest(TasksCase):
    env = {"FUSIONIZER_URL": "http://h:1"}

    def test_async_handlers_keep_one_loop_and_its_background_tasks(self):
        worker = self.run_tasks(
            {
                "a": """
                    import asyncio
                    async def init_context(context):
                        await asyncio.sleep(0)
                        context.user_data.loop = asyncio.get_running_loop()
                        context.user_data.ticks = asyncio.Queue()
                    async def tick(context):
                        while True:
                            await asyncio.sleep(0.001)
                            if context.user_data.ticks.qsize() < 3:
                                context.user_data.ticks.put_nowait(1)
                    async def handler(context, event):
                        await asyncio.sleep(0)
                        if event.path == "/start":
                            context.user_data.task = asyncio.create_task(tick(context))
                        if event.path == "/raise":
                            raise ValueError("async")
                        if event.path == "/exit":
                            raise SystemExit(2)
                        if event.path == "/count":
                            return {"ticks": context.user_data.ticks.qsize()}
                        return {"same": asyncio.get_running_loop() is context.user_data.loop}
                """
            }
        )
        self.assertEqual(worker.event(path="/start").json(), {"same": True})
        worker.wait_for(lambda: worker.event(path="/count").json()["ticks"] == 3)
        answer = worker.event(path="/raise")
        self.assertTrue(
            answer.text.startswith(
                'Exception caught in handler - "async": Traceback (most recent call last):\n  File "'
            ),
            answer.text,
        )
        self.assertNotIn("fusionizer", answer.text.replace("fusionizer-test", ""))
        self.assertEqual(worker.event(path="/exit").status, 500)
        self.assertEqual(worker.event(path="/x").json(), {"same": True})

    def test_sync_and_async_tasks_call_each_other_to_any_depth(self):
        sync = """
            import utils
            def handler(context, event, session):
                depth = event.body["depth"]
                inner = session.post("%sasync", json={"depth": depth - 1}).json() if depth else []
                return {"way": ["sync:" + utils.WHO] + (inner["way"] if depth else [])}
        """
        asynchronous = """
            import asyncio, utils
            async def handler(context, event, session):
                await asyncio.sleep(0)
                depth = event.body["depth"]
                inner = session.post("%ssync", json={"depth": depth - 1}).json() if depth else []
                await asyncio.sleep(0)
                import importlib
                return {"way": ["async:" + importlib.import_module("utils").WHO] + (inner["way"] if depth else [])}
        """
        worker = self.run_tasks(
            {
                "sync": {"main.py": sync % _URL, "utils.py": "WHO = 'sync'"},
                "async": {"main.py": asynchronous % _URL, "utils.py": "WHO = 'async'"},
            }
        )
        for task in ("sync", "async"):
            names = ["sync:sync", "async:async"] if task == "sync" else ["async:async", "sync:sync"]
            answer = worker.event("POST", headers={"Content-Type": "application/json"}, body=b'{"depth": 5}', task=task)
            self.assertEqual(answer.json(), {"way": names * 3})

    def test_an_async_handler_that_blocks_on_threads_which_call_an_async_task_ends(self):
        worker = self.run_tasks(
            {
                "a": """
                    from concurrent.futures import ThreadPoolExecutor
                    async def handler(context, event, session):
                        with ThreadPoolExecutor(3) as pool:
                            got = pool.map(lambda i: session.post("%sb", json=i).json()["got"], range(6))
                            return {"all": list(got)}
                """
                % _URL,
                "b": "async def handler(context, event): return {'got': event.body}",
            }
        )
        self.assertEqual(worker.event(task="a").json(), {"all": [0, 1, 2, 3, 4, 5]})

    def test_a_coroutine_awaits_its_calls_and_its_loop_goes_on(self):
        worker = self.run_tasks(
            {
                "a": """
                    import asyncio, threading
                    URL = "%s"
                    async def handler(context, event, session):
                        if event.path == "/methods":
                            calls = [getattr(session, "a" + method)(URL + "b/x") for method in
                                     ("get", "post", "put", "patch", "delete", "options", "head")]
                            calls.append(session.arequest("REPORT", URL + "c/x", json=1, params={"q": "1"}))
                            return [[(await call).headers["X-Method"] for call in calls]]
                        if event.path == "/together":
                            # Each callee waits for the other two, and for what this coroutine does meanwhile.
                            calls = [asyncio.ensure_future(session.apost(URL + "meet", json=i)) for i in range(3)]
                            await asyncio.sleep(0)
                            await session.apost(URL + "c/release", json=1)
                            return [[(await call).json()["got"] for call in calls]]
                        if event.path == "/depth":
                            depth = event.fields.get("depth", "0")
                            if depth == "0":
                                return {"depth": 0}
                            inner = await session.apost(URL + "a/depth?depth=%%d" %% (int(depth) - 1), json={})
                            return {"depth": 1 + inner.json()["depth"]}
                        try:
                            await session.apost("nowhere")
                        except ValueError as error:
                            return type(error).__name__
                """
                % _URL,
                "b": """
                    def handler(context, event):
                        return context.Response(headers={"X-Method": event.method})
                """,
                "c": """
                    import threading
                    async def handler(context, event):
                        threading.released = getattr(threading, "released", 0) + 1
                        return context.Response(headers={"X-Method": event.method}, body=event.fields.get("q", ""))
                """,
                "meet": """
                    import asyncio, threading
                    async def handler(context, event):
                        context.user_data.count = getattr(context.user_data, "count", 0) + 1
                        while not getattr(threading, "released", 0) or (
                            event.path == "/" and context.user_data.count < 3
                        ):
                            await asyncio.sleep(0.001)
                        return {"got": event.body}
                """,
            }
        )
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "REPORT"]
        self.assertEqual(worker.event(path="/methods", task="a").json(), methods)
        self.assertEqual(worker.event(path="/together", task="a").json(), [0, 1, 2])
        self.assertEqual(worker.event(path="/depth", fields={"depth": "30"}, task="a").json(), {"depth": 30})
        self.assertEqual(worker.event(path="/error", task="a").text, "MissingSchema")

    def test_a_call_that_is_cancelled_ends_for_its_caller_alone(self):
        worker = self.run_tasks(
            {
                "a": """
                    import asyncio
                    async def handler(context, event, session):
                        if event.path == "/ended":
                            return {"ended": context.user_data.ended}
                        context.user_data.ended = False
                        call = asyncio.ensure_future(session.apost("%sb", json=1))
                        await session.aget("%sb/started")
                        call.cancel()
                        try:
                            await call
                        except asyncio.CancelledError:
                            return {"ended": (await session.aget("%sb/release")).json()["ended"]}
                """
                % (_URL, _URL, _URL),
                "b": """
                    import asyncio
                    state = {}
                    def event_named(name):
                        return state.setdefault(name, asyncio.Event())
                    async def handler(context, event):
                        if event.path == "/started":
                            await event_named("started").wait()
                            return "started"
                        if event.path == "/release":
                            event_named("release").set()
                            await event_named("ended").wait()
                            return {"ended": True}
                        event_named("started").set()
                        await event_named("release").wait()
                        event_named("ended").set()
                        return "late"
                """,
            }
        )
        self.assertEqual(worker.event(task="a").json(), {"ended": True})

    def test_threads_of_a_handler_that_call_at_the_same_time_are_answered_one_after_the_other(self):
        worker = self.run_tasks(
            {
                "a": """
                    import threading
                    from concurrent.futures import ThreadPoolExecutor
                    def handler(context, event, session):
                        with ThreadPoolExecutor(4) as pool:
                            got = pool.map(lambda i: session.post("%sb", json=i).json()["got"], range(4))
                            return {"all": list(got)}
                """
                % _URL,
                "b": {
                    "main.py": """
                        import threading
                        together = threading.Lock()
                        def handler(context, event):
                            assert together.acquire(blocking=False)
                            import lazy
                            together.release()
                            return {"got": event.body * lazy.TEN}
                    """,
                    "lazy.py": "TEN = 10",
                },
            }
        )
        self.assertEqual(worker.event(task="a").json(), {"all": [0, 10, 20, 30]})


if __name__ == "__main__":
    unittest.main()
