"""Coroutines as handlers and init_context; calls from threads."""

import unittest

from support import Package, Worker

_URL = "http://h:1/"


class AsyncTest(unittest.TestCase):
    def start(self, tasks):
        package = Package(tasks)
        self.addCleanup(package.remove)
        worker = Worker(package, {"FUSIONIZER_URL": "http://h:1"})
        self.addCleanup(worker.close)
        return worker

    def test_async_handlers_keep_one_loop_and_its_background_tasks(self):
        worker = self.start(
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
        worker = self.start(
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
        worker = self.start(
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

    def test_threads_of_a_handler_that_call_at_the_same_time_are_answered_one_after_the_other(self):
        worker = self.start(
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
