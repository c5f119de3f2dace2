"""The function's token, and what else is a caller's own, go to the server's address and nowhere else."""

import unittest

from support import Package, Worker

from server import Server

_RUN = """
    def handler(context, event, requests_session):
        scope = {"session": requests_session}
        exec(event.body.decode(), scope)
        return {"result": scope.get("result")}
"""


class TokensTest(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.evil = Server()
        self.addCleanup(self.evil.close)
        self.addCleanup(self.server.close)

    def run_code(self, code, **environment):
        package = Package({"run": _RUN})
        self.addCleanup(package.remove)
        worker = Worker(package, {"FUSIONIZER_URL": self.server.url, "FUSIONIZER_TOKEN": "secret-token", **environment})
        self.addCleanup(worker.close)
        code = "base, evil, port, evil_port = %r, %r, %d, %d\n%s" % (
            self.server.url,
            self.evil.url,
            self.server.port,
            self.evil.port,
            code,
        )
        answer = worker.event("POST", "/", {}, code.encode(), task="run")
        self.assertEqual(answer.status, 200, answer.text)
        return answer.json()["result"]

    def assert_nothing_leaked(self, requests, count):
        self.assertEqual(len(requests), count)
        for request in requests:
            text = repr(request)
            for secret in ("secret-token", "own-password", "own-header", "own-cookie", "seen=yes"):
                self.assertNotIn(secret, text)
            names = {name.lower() for name in request["headers"]}
            self.assertFalse(names & {"authorization", "cookie", "fusionizer-event", "fusionizer-caller"}, names)

    def test_other_hosts_and_ports_never_get_it(self):
        self.run_code(
            "session.get(evil + '/x'); session.post(evil + '/-/tasks/remote/invoke', json=1)\n"
            "session.get(evil + '/x', stream=True).content"
        )
        self.assert_nothing_leaked(self.evil.requests, 3)
        self.assertEqual(self.server.requests, [])

    def test_urls_that_look_like_the_servers_do_not_get_it(self):
        self.run_code(
            "for url in (f'http://127.0.0.1:{port}@127.0.0.1:{evil_port}/a',\n"
            "            f'http://127.0.0.1:{port}%2f@127.0.0.1:{evil_port}/a',\n"
            "            f'http://localhost:{evil_port}/{base}/a',\n"
            "            f'http://127.0.0.1:{evil_port}?@127.0.0.1:{port}/a',\n"
            "            f'http://127.0.0.1:{evil_port}/@127.0.0.1:{port}/a',\n"
            "            f'http://127.0.0.1:{evil_port}#@127.0.0.1:{port}/a'):\n"
            "    session.get(url)"
        )
        self.assertEqual(len(self.evil.requests), 6)
        for request in self.evil.requests:
            self.assertNotIn("secret-token", repr(request))
        self.assertEqual(self.server.requests, [])

    def test_another_name_of_this_machine_is_the_servers_address(self):
        self.run_code("session.get(f'http://localhost:{port}/remote/x'); session.get(f'http://[::1]:{port}/remote/x')")
        tokens = [request["headers"].get("Authorization") for request in self.server.requests]
        self.assertEqual(tokens, ["Bearer secret-token"] * 2)

    def test_redirects_within_the_server_do_not_carry_it(self):
        self.run_code("session.get(base + '/remote/redirect'); session.get(base + '/remote/redirect', stream=True)")
        tokens = [(request["path"], request["headers"].get("Authorization")) for request in self.server.requests]
        self.assertEqual(tokens, [("/remote/redirect", "Bearer secret-token"), ("/remote/target?x=1", None)] * 2)

    def test_redirects_to_another_host_or_port_carry_nothing_of_the_caller(self):
        for url in (self.evil.url, "http://localhost:%d" % self.evil.port):
            del self.evil.requests[:]
            self.server.redirect_away_to(url + "/x")
            self.run_code(
                "session.get(base + '/remote/cookie')\n"
                "session.cookies.set('own-cookie', 'c')\n"
                "session.auth = ('own-password', 'p')\n"
                "session.headers['Authorization'] = 'own-header'\n"
                "session.get(base + '/remote/away')\n"
                "session.post(base + '/remote/away', json=1, headers={'Authorization': 'own-header'})"
            )
            self.assert_nothing_leaked(self.evil.requests, 2)

    def test_redirects_from_another_host_to_the_server_do_not_carry_it(self):
        self.evil.redirect_away_to(self.server.url + "/-/tasks/remote/invoke/x")
        self.run_code("session.get(evil + '/away'); session.post(evil + '/away', data=b'x', stream=True)")
        self.assert_nothing_leaked(
            [
                {**r, "headers": {k: v for k, v in r["headers"].items() if not k.startswith("Fusionizer-")}}
                for r in self.server.requests
            ],
            2,
        )

    def test_what_an_answer_of_the_server_sets_as_a_cookie_is_for_its_host(self):
        self.run_code(
            "session.get(base + '/remote/cookie'); session.get(f'http://localhost:{evil_port}/x')\n"
            "session.get(base + '/remote/x'); session.get(base + '/remote/y', stream=True)"
        )
        self.assert_nothing_leaked(self.evil.requests, 1)
        self.assertEqual(
            [request["headers"].get("Cookie") for request in self.server.requests], [None, "seen=yes", "seen=yes"]
        )

    def test_no_proxy_gets_it(self):
        proxy = {"HTTP_PROXY": self.evil.url, "http_proxy": self.evil.url, "NO_PROXY": "", "no_proxy": ""}
        self.run_code("session.get(base + '/remote/a'); session.get(base + '/remote/b', stream=True).content", **proxy)
        self.assertEqual(self.evil.requests, [])
        self.assertEqual(
            [request["headers"].get("Authorization") for request in self.server.requests], ["Bearer secret-token"] * 2
        )


if __name__ == "__main__":
    unittest.main()
