"""The Dispatcher in a wrapper like Nuclio's own: an event loop on the main thread, no worker of ours."""

import json
import os
import shutil
import subprocess
import sys
import unittest

from support import PYTHON, Package

# What such a wrapper does with the entry module, for one event after the other.
_WRAPPER = """
import asyncio, json, logging, sys
sys.path[:0] = sys.argv[1:3]
import nuclio_sdk
import fusionizer_entry

logger = nuclio_sdk.Logger(logging.DEBUG, "nuclio")
logger.set_handler("default", sys.stderr, nuclio_sdk.logger.JSONFormatter())
logger.bind(worker_id="0")
context = nuclio_sdk.Context(logger, nuclio_sdk.Platform("local"), "0", nuclio_sdk.TriggerInfo("http", "http"))

async def serve():
    fusionizer_entry.init_context(context)
    for task, path in (("a", "/"), ("b", "/"), ("a", "/raise"), ("nobody", "/")):
        event = nuclio_sdk.Event(body=b"", trigger=nuclio_sdk.TriggerInfo("http", "http"), path=path, method="POST",
                                 headers={"Task-Name": task, "Fusionizer-Server-Address": "Server.Test"})
        try:
            output = fusionizer_entry.handler(context, event)
            if asyncio.iscoroutine(output):
                output = await output
        except Exception as error:
            output = "raised " + repr(error)
        print(json.dumps(output if isinstance(output, (str, dict)) else [output.status_code, output.body]))

asyncio.run(serve())
"""


class WrapperTest(unittest.TestCase):
    def test_the_entry_gives_what_the_handler_gives(self):
        package = Package(
            {
                "a": """
                    def init_context(context):
                        context.logger.bind(mine="a")
                    def handler(context, event, requests_session):
                        context.logger.info_with("hello", x=1)
                        if event.path == "/raise":
                            raise ValueError("as it is")
                        host = event.headers["Fusionizer-Server-Address"]
                        return {"b says": requests_session.post("http://%s:8000/b" % host, json={"n": 1}).json()}
                """,
                "b": """
                    async def handler(context, event):
                        context.logger.info("here")
                        return {"got": event.body if event.body else None}
                """,
            }
        )
        self.addCleanup(package.remove)
        shutil.copytree(
            os.path.join(PYTHON, "fusionizer_dispatcher"), os.path.join(package.folder, "fusionizer_dispatcher")
        )
        done = subprocess.run(
            [sys.executable, "-c", _WRAPPER, package.folder, os.path.join(PYTHON, "vendor")],
            env={name: value for name, value in os.environ.items() if not name.startswith("FUSIONIZER_")},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=15,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        outputs = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(
            outputs,
            [
                {"b says": {"got": {"n": 1}}},
                {"got": None},
                "raised ValueError('as it is')",
                [400, "There is no Task 'nobody' in this function. Set the header Task-Name to one of: a, b."],
            ],
        )
        logs = [json.loads(line) for line in done.stderr.splitlines() if line.startswith(b"{")]
        self.assertEqual(
            [(log["message"], log["with"]) for log in logs],
            [
                ("hello", {"x": 1, "mine": "a", "worker_id": "0"}),
                ("here", {"worker_id": "0"}),
                ("here", {"worker_id": "0"}),
                ("hello", {"x": 1, "mine": "a", "worker_id": "0"}),
            ],
        )


if __name__ == "__main__":
    unittest.main()
