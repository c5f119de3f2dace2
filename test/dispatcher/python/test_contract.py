"""The Python Dispatcher against the contract: test/contract/*.json, which TypeScript and Node.js tests read, too."""

import base64
import json
import os
import sys
import unittest

from support import CONTRACT, PYTHON, Package, Worker

sys.path[:0] = [PYTHON, os.path.join(PYTHON, "vendor")]

from fusionizer_dispatcher.logs import logs_header  # noqa: E402
from fusionizer_dispatcher.nuclio_http import normalise_path, query_fields, received_headers  # noqa: E402
from fusionizer_dispatcher.request import prepare  # noqa: E402
from fusionizer_dispatcher.routes import Address, Routes  # noqa: E402
from fusionizer_dispatcher.status_texts import status_text  # noqa: E402
from fusionizer_dispatcher.structures import CaseInsensitiveDict  # noqa: E402
from fusionizer_dispatcher.trace_context import parse_traceparent  # noqa: E402
from fusionizer_dispatcher.urls import prepare_url  # noqa: E402
from fusionizer_dispatcher.wire import is_plain  # noqa: E402

TRACE = "0af7651916cd43dd8448eb211c80319c"
# What the client sends by itself, and what the server sets: compared only where a vector names it.
BY_CLIENT = ["Host", "User-Agent", "Accept", "Accept-Encoding", "Connection", "Content-Length", "Traceparent"]
BY_CLIENT += ["Task-Name", "Fusionizer-Server-Address"]
BY_SERVER = ["server", "date", "connection", "keep-alive", "content-type", "content-length", "fusionizer-trace-id"]


def vectors(kind):
    with open(os.path.join(CONTRACT, kind + ".json"), encoding="utf-8") as file:
        return json.load(file)


def task(name):
    with open(os.path.join(CONTRACT, "tasks", "python", name + ".py"), encoding="utf-8") as file:
        return file.read()


def without(given, names, expected):
    return {name: value for name, value in given.items() if name not in names or name in expected}


def each_case(kind):
    """A test of all cases of a kind, each in a subtest of its own."""

    def decorate(check):
        def test(self):
            file = vectors(kind)
            for case in file["cases"]:
                with self.subTest(case["name"]):
                    check(self, case, file)

        return test

    return decorate


class ContractTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.package = Package({"probe": task("probe"), "relay": task("relay")})
        environment = {"FUSIONIZER_URL": "http://127.0.0.1:8123", "FUSIONIZER_TOKEN": "secret-token"}
        cls.worker = Worker(cls.package, environment)

    @classmethod
    def tearDownClass(cls):
        cls.worker.close()
        cls.package.remove()

    def relay(self, **call):
        if "body" in call:
            call["body"] = base64.b64encode(call["body"]).decode()
        headers = {"Content-Type": "application/json", "Traceparent": "00-%s-b7ad6b7169203331-01" % TRACE}
        answer = self.worker.event("POST", "/", headers, json.dumps(call).encode(), task="relay")
        self.assertEqual(answer.status, 200, answer)
        got = answer.json()
        if "body" in got:
            got["body"] = base64.b64decode(got["body"])
        return got

    @each_case("routes")
    def test_routes(self, case, file):
        own = {name: name for name in file["own"]}
        routes = Routes(
            Address.parse(file["server"]), own, lambda name: name in file["elsewhere"], lambda _url, _target: None
        )
        method, url = case["given"]
        expected = dict(case["expect"])
        authorization = expected.pop("authorization", None)
        url = prepare_url(url, None)
        target = routes.find(url)
        if target is None:
            got = {"goes": "foreign"}
        elif not target.invokes(method):
            got = {"goes": "control"}
        else:
            goes = "remote" if target.task is None else "local"
            got = {"goes": goes, "task": target.name, "path": target.path, "fields": target.fields}
            sent = prepare(method, url, CaseInsensitiveDict(), None, None, None, None).headers
            self.assertEqual(sent.get("Authorization"), authorization)
        self.assertEqual(got, expected)

    @each_case("paths")
    def test_paths(self, case, _file):
        self.assertEqual(normalise_path(case["given"]), case["expect"])

    @each_case("queries")
    def test_queries(self, case, _file):
        self.assertEqual(query_fields(case["given"]), case["expect"])

    @each_case("request-headers")
    def test_request_headers(self, case, file):
        token = file["token"]
        own = without(case["expect"], ["Task-Name", "Fusionizer-Server-Address"], {})
        self.assertEqual(received_headers(case["given"], token), own)
        if any(name.lower() == "authorization" for name in case["given"]):
            return  # With a token, such a call goes over the server.
        got = json.loads(self.relay(method="GET", path="/probe/x", headers=case["given"])["body"])["headers"]
        self.assertEqual(without(got, BY_CLIENT, case["expect"]), case["expect"])

    @each_case("plain-requests")
    def test_plain_requests(self, case, _file):
        given = case["given"]
        plain = is_plain(given["method"], "/probe" + given.get("path", "/"), given["headers"], "127.0.0.1:8123", None)
        self.assertEqual(plain, case["plain"])

    @each_case("response-headers")
    def test_response_headers(self, case, _file):
        got = self.relay(method="POST", path="/probe/headers", body=json.dumps(case["given"]).encode())["headers"]
        expected = {name: value.replace("<trace>", TRACE) for name, value in case["expect"].items()}
        self.assertEqual(without(got, BY_SERVER, expected), expected)
        self.assertNotEqual(got["date"], "yesterday")

    @each_case("log-levels")
    def test_log_levels(self, case, file):
        given = case["given"]
        records = given.get("records", file["records"])
        if "long" in given:
            message = given.get("message", "") + "x" * given["long"]
            records = [{"level": "info", "time": 1, "message": message, "with": {}}]
        header = logs_header(records, given["level"], file["trigger"])
        if "header" in case:
            self.assertEqual(header, case["header"])
        elif "bytes" in case:
            self.assertEqual(len(header), case["bytes"])
        else:
            self.assertEqual([record["level"] for record in json.loads(header)], case["levels"])

    @each_case("trace-headers")
    def test_trace_headers(self, case, _file):
        self.assertEqual(parse_traceparent(case["given"]), tuple(case["expect"]) if case["expect"] else None)

    @each_case("call-function")
    def test_call_function(self, case, _file):
        answer = self.relay(event=case["given"])
        self.assertEqual(answer["status"], 200)
        got, expected = answer["json"], dict(case["expect"])
        headers = expected.pop("headers", None)
        if headers is not None:
            self.assertEqual(without(got["headers"], BY_CLIENT, headers), headers)
        if "body" in expected:
            body = expected.pop("body")
            if isinstance(body, str):
                self.assertEqual(base64.b64decode(got["bytes"]).decode(), body)
            else:
                self.assertEqual((got["bytes"], got["value"]), (None, body))
        self.assertEqual({name: got[name] for name in expected}, expected)

    @each_case("bodies")
    def test_bodies(self, case, _file):
        given = case["given"]
        body = given["bytes"].encode("latin-1") if "bytes" in given else given["body"].encode()
        headers = {"Content-Type": given["content_type"]} if "content_type" in given else {}
        local = json.loads(self.relay(method="POST", path="/probe", headers=headers, body=body)["body"])
        direct = self.worker.event("POST", "/", headers, body, task="probe").json()
        for got in (local, direct):
            self.assertEqual(got["content_type"], given.get("content_type", ""))
            if case["python"] == "bytes":
                self.assertEqual(base64.b64decode(got["bytes"]), body)
            else:
                self.assertEqual((got["bytes"], got["value"]), (None, case["python"]["value"]))

    @each_case("answers")
    def test_answers(self, case, _file):
        if "python" not in case:
            return
        expected, code = case["expect"], case["python"].encode()
        got = self.relay(method="POST", path="/probe/answer", body=code)
        direct = self.worker.event("POST", "/answer", {}, code, task="probe")
        self.assertEqual((got["status"], direct.status), (expected["status"], expected["status"]))
        if "content_type" in expected:
            self.assertEqual(got["headers"]["content-type"], expected["content_type"])
        for name, value in expected.get("headers", {}).items():
            self.assertEqual(got["headers"][name], value)
        if "body" in expected:
            self.assertEqual(got["body"].decode(), expected["body"])
        if "json" in expected:
            self.assertEqual(json.loads(got["body"]), expected["json"])

    @each_case("status-texts")
    def test_status_texts(self, case, _file):
        self.assertEqual(status_text(case["given"]), case["expect"])

    def test_a_reason_of_a_local_call(self):
        self.assertEqual(
            self.relay(method="POST", path="/probe/answer", body=b"(413, '')")["reason"], "Payload Too Large"
        )

    def test_every_file_of_vectors_is_read(self):
        files = {name[: -len(".json")] for name in os.listdir(CONTRACT) if name.endswith(".json")}
        tests = {name[len("test_") :].replace("_", "-") for name in dir(self) if name.startswith("test_")}
        self.assertEqual(files - tests, {"recorded"})
        with open(os.path.join(os.path.dirname(__file__), "test_conformance.py"), encoding="utf-8") as file:
            self.assertIn("recorded.json", file.read())


if __name__ == "__main__":
    unittest.main()
