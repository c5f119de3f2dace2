"""A timeout ends the wait for a local callee as for a remote one, wherever it is called from. The callee goes on."""

import json
import os
import unittest

from support import Package, Worker

_SLOW = """
    import asyncio, os, time

    def ended(event):
        with open(event.body["file"], "w"):
            return {"ended": True}

    %s handler(context, event):
        %s(event.body["seconds"])
        return ended(event)
"""

_RUN = """
    import asyncio, os, time
    from concurrent.futures import ThreadPoolExecutor

    def outcome(call, read=lambda answer: answer.json()):
        began = time.monotonic()
        try:
            gave = read(call())
        except Exception as error:
            gave = [type(error).__name__, str(error)]
        return [gave, time.monotonic() - began]

    def ask(session, event, **options):
        body = {"seconds": event.body["seconds"], "file": event.body["file"]}
        return session.post(event.body["url"], json=body, timeout=event.body["timeout"])

    def plain(context, event, session):
        return {"o": outcome(lambda: ask(session, event))}

    def thread(context, event, session):
        with ThreadPoolExecutor() as pool:
            return {"o": pool.submit(outcome, lambda: ask(session, event)).result()}

    async def coroutine(context, event, session):
        return {"o": await asyncio.to_thread(outcome, lambda: ask(session, event))}

    async def blocks(context, event, session):
        return {"o": outcome(lambda: ask(session, event))}

    async def awaits(context, event, session):
        began = time.monotonic()
        try:
            body = {"seconds": event.body["seconds"], "file": event.body["file"]}
            gave = (await session.apost(event.body["url"], json=body, timeout=event.body["timeout"])).json()
        except Exception as error:
            gave = [type(error).__name__, str(error)]
        return {"o": [gave, time.monotonic() - began]}

    def platform(context, event, session):
        import nuclio_sdk
        called = nuclio_sdk.Event(body={"seconds": event.body["seconds"], "file": event.body["file"]})
        name = event.body["url"].rpartition("/")[2]
        call = lambda: context.platform.call_function(name, called, timeout=event.body["timeout"])
        return {"o": outcome(call, lambda answer: answer.body)}

    def real(context, event, session):
        session.max_redirects = 3  # Takes a real session.
        return {"o": outcome(lambda: ask(session, event))}

    handler = WAY
"""
WAYS = ("plain", "thread", "coroutine", "blocks", "awaits", "platform", "real")
CALLEES = {"slow": ("def", "time.sleep"), "aslow": ("async def", "await asyncio.sleep")}


class PatienceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        tasks = {way: _RUN.replace("WAY", way) for way in WAYS}
        tasks.update({name: _SLOW % parts for name, parts in CALLEES.items()})
        cls.package = Package(tasks)
        cls.worker = Worker(cls.package, {"FUSIONIZER_URL": "http://127.0.0.1:8123"})

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.package.remove()

    def outcome(self, way, callee, seconds, timeout):
        file = os.path.join(self.package.folder, "%s-%s-%s" % (way, callee, timeout))
        url = "http://127.0.0.1:8123/" + callee
        body = json.dumps({"url": url, "seconds": seconds, "timeout": timeout, "file": file}).encode()
        answer = self.worker.event("POST", "/", {"Content-Type": "application/json"}, body, task=way)
        self.assertEqual(answer.status, 200, answer.text)
        gave, took = answer.json()["o"]
        return gave, took, file

    def test_the_wait_ends_in_time_and_the_callee_goes_on(self):
        for way in WAYS:
            for callee in CALLEES:
                with self.subTest("%s calls %s" % (way, callee)):
                    gave, took, file = self.outcome(way, callee, 0.25, 0.05)
                    words = "HTTPConnectionPool(host='127.0.0.1', port=8123): Read timed out. (read timeout=0.05)"
                    self.assertEqual(gave, ["ReadTimeout", words])
                    # A plain callee of the main thread has that thread, so its caller waits for it.
                    if callee == "aslow" or way not in ("plain", "blocks", "platform", "real"):
                        self.assertLess(took, 0.2)
                    self.worker.wait_for(lambda file=file: os.path.exists(file))

    def test_who_is_in_time_is_heard(self):
        for way in WAYS:
            for callee in CALLEES:
                with self.subTest("%s calls %s" % (way, callee)):
                    self.assertEqual(self.outcome(way, callee, 0.01, 5)[0], {"ended": True})


if __name__ == "__main__":
    unittest.main()
