"""Every recorded answer of a real Nuclio, from an event and from a local call."""

import base64
import json
import os
import unittest
from urllib.parse import parse_qsl, unquote, urlsplit

from support import CONTRACT, FIXTURES, Package, Worker

_CALLER = """
    import base64

    def handler(context, event, session):
        wanted = event.body
        body = base64.b64decode(wanted["body_base64"]) if "body_base64" in wanted else None
        answer = session.request(
            wanted["method"],
            "http://server.test:8000/probe" + wanted["path"],
            headers=wanted["headers"],
            data=body,
        )
        return {
            "status": answer.status_code,
            "headers": {k.lower(): v for k, v in answer.headers.items()},
            "body": base64.b64encode(answer.content).decode(),
        }
"""


def _source(name):
    with open(os.path.join(FIXTURES, "python", name), encoding="utf-8") as file:
        return file.read()


class ConformanceTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with open(os.path.join(CONTRACT, "recorded.json"), encoding="utf-8") as file:
            cls.cases = json.load(file)["cases"]["python"]
        cls.package = Package({"probe": _source("main.py"), "caller": _CALLER})
        cls.worker = Worker(cls.package, {"GREETING": "hi", "FUSIONIZER_URL": "http://server.test:8123"})

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.package.remove()

    def test_events_are_answered_as_by_nuclio(self):
        for case in self.cases:
            if case["name"] == "health":
                continue  # The server answers it, no worker sees it.
            with self.subTest(case["name"]):
                request = case["request"]
                parts = urlsplit(request["path"])
                headers = {
                    "-".join(part.capitalize() for part in name.split("-")): value
                    for name, value in request["headers"].items()
                }
                answer = self.worker.event(
                    request["method"],
                    unquote(parts.path),
                    headers,
                    base64.b64decode(request.get("body_base64", "")),
                    fields=dict(parse_qsl(parts.query)),
                    task="probe",
                )
                body = b"" if request["method"] == "HEAD" else answer.body
                self.compare(case, answer.status, answer.content_type, answer.headers, body)
                if "logs" in case["response"]:
                    least = ["debug", "info", "warn", "error"]
                    least = least[least.index(request["headers"]["X-Nuclio-Log-Level"]) :]
                    got = [
                        {"level": log["level"], "message": log["message"], **log["with"]}
                        for log in answer.logs
                        if log["level"] in least
                    ]
                    self.assertEqual(got, case["response"]["logs"])

    def test_local_calls_are_answered_as_by_nuclio(self):
        for case in self.cases:
            with self.subTest(case["name"]):
                answer = self.worker.event(
                    "POST",
                    "/",
                    {"Content-Type": "application/json"},
                    json.dumps(case["request"]).encode(),
                    task="caller",
                )
                self.assertEqual(answer.status, 200, answer)
                got = answer.json()
                headers = got["headers"]
                self.compare(case, got["status"], headers.get("content-type"), headers, base64.b64decode(got["body"]))
                if "logs" in case["response"]:
                    logs = json.loads(headers["x-nuclio-logs"])
                    for log in logs:
                        self.assertIsInstance(log.pop("time"), float)
                        self.assertEqual(log.pop("name"), "default-http")
                    self.assertEqual(logs, case["response"]["logs"])
                else:
                    self.assertNotIn("x-nuclio-logs", headers)

    def compare(self, case, status, content_type, headers, body):
        expected = case["response"]
        self.assertEqual(status, expected["status"])
        if case["compare"] == "status":
            return
        self.assertEqual(content_type, expected["content_type"])
        for name, value in expected.get("headers", {}).items():
            self.assertEqual({k.lower(): v for k, v in headers.items()}.get(name), value)
        if "body_json" in expected:
            got, wanted = json.loads(body), dict(expected["body_json"])
            self.assertIn(got["body_type"], wanted.pop("body_type").split(" or "))
            self.assertEqual({name: got[name] for name in wanted}, wanted)
        elif "body_prefix" in expected:
            self.assertTrue(body.startswith(expected["body_prefix"].encode()), body)
        elif "body_base64" in expected:
            self.assertEqual(body, base64.b64decode(expected["body_base64"]))
        else:
            self.assertEqual(body.decode(), expected["body"])


if __name__ == "__main__":
    unittest.main()
