"""The uses of a session that test_likeness compares: code with `s`, a session, and `base`, the callee's URL."""

from likeness_answers import answers

_READINGS = [
    "r.text", "r.json()", "r.content", "r.encoding", "r.apparent_encoding", "list(r.iter_content(3))[:40]",
    "list(r.iter_content(None))",
    "list(r.iter_content(1000, decode_unicode=True))", "list(r.iter_lines())",
    "list(r.iter_lines(4, decode_unicode=True))",
    "list(r.iter_lines(delimiter=b'o'))", "list(r)[:3]", "r.raw.read()", "r.raw.closed",
]  # fmt: skip
_PARTS = [
    "r.status_code", "r.ok", "bool(r)", "r.reason", "r.url", "r.history", "r.links", "r.next", "r.is_redirect",
    "r.is_permanent_redirect",
    "repr(r)", "r.headers.get('content-type')", "r.raise_for_status()", "r.elapsed.total_seconds() > 0",
    "r.request.method", "r.request.url",
    "r.request.path_url", "r.request.body", "r.request.headers.get('accept')", "repr(r.request)",
    "r.request.copy().url", "r.cookies.get_dict()",
    "r.raw.status", "r.raw.reason", "r.raw.version",
    "r.raw.headers['X-Custom'] if 'x-custom' in r.raw.headers else None",
    "r.close()", "r.__enter__() is r", "isinstance(r, requests.Response)", "isinstance(s, requests.Session)",
    "isinstance(r.request, requests.PreparedRequest)", "isinstance(r.cookies, requests.cookies.RequestsCookieJar)",
    "r.iter_content('1')", "r.iter_content(0) and list(r.iter_content(0))", "r.connection is not None and 1 or 1",
    "r.nothing",
]  # fmt: skip
_SETTINGS = [
    ("encoding", "'latin-1'", "r.text"), ("reason", "'mine'", "r.reason"), ("headers", "{'a': '1'}", "r.headers['a']"),
    ("url", "'mine'", "r.url"), ("history", "[1]", "r.history"), ("status_code", "500", "r.ok"), ("mark", "1",
    "r.mark"),
    ("encoding", "'utf-8'", "r.json()"), ("encoding", "None", "r.text"), ("cookies", "None", "r.cookies"), ("elapsed",
    "1", "r.elapsed"),
]  # fmt: skip
_PICKLED = [
    "text",
    "status_code",
    "headers['content-type']",
    "url",
    "reason",
    "ok",
    "request.method",
    "cookies.get_dict()",
    "raw",
]
_TIMEOUTS = [
    "0", "-1", "'x'", "'1'", "(1, 2, 3)", "(1,)", "(0, 1)", "(1, 0)", "(None, None)", "(5, None)", "True", "[1, 2]",
    "None", "5", "2.5",
    "{}", "object", "requests.adapters.TimeoutSauce(connect=3, read=4)", "float('inf') and 9", "b'1'", "()",
]  # fmt: skip
_URLS = [
    "base + '/echo/100%'", "base + '/echo/%zz'", "base + '/echo/a%20b%zz'", "base + '/echo/%4'",
    "base + '/echo/%2541'", "base + '/echo?a=%'",
    "base + '/echo?a=100%&b=%41'", "base + '/echo#part'", "base + '/echo?x=1#a b'", "base + '/echo/ä ö?ü=ß'",
    "base + '/echo/a/../b/./c'",
    "base + '/echo/..%2f'", "base + '/echo/[x]?[y]={z}|^`'", "base + '/echo?a=b c+d'", "base + '/echo?'",
    "base + '/echo#'", "base + '/echo?a=1?b=2'",
    "'  ' + base + '/echo'", "base + '/echo/\\t\\n'", "(base + '/echo').encode()",
    "base.replace('http', 'HTTP') + '/echo'", "base + '/echo/%e4%F6'",
    "base + '/echo;p=1/x;y'", "base + '/echo//x'", "base + '/echo/~x/%7Ey'", "'/echo'", "'localhost/echo'", "''",
    "'http://'", "'http:///x'",
    "'http://*.test/'", "'http://.test/'", "'http://[::1/'", "'http://a:99999/'", "'http://a:b/'", "'mailto:a@b'",
    "None", "7", "base + '/echo?a=\\'\"<>'",
]  # fmt: skip
_PARAMS = [
    "{}", "{'a': 1}", "{'a': [1, 2]}", "{'a': None}", "{'a': ''}", "'a=1&b'", "b'a=1'", "[('a', 1), ('a', 2)]",
    "{'a b': 'ä&='}", "'a=%'", "{'a': '%'}",
    "{'a': True}", "{'a': b'x'}", "{'a': (1, None)}", "(('x', 'y'),)", "'?'",
]  # fmt: skip
_BODIES = [
    "json={'a': 1}", "json=[]", "json={}", "json=None", "json=False", "json='ä'", "json=float('nan')",
    "json=object()", "data='text ä'", "data=b'raw'",
    "data={'a': 1}", "data={'a': [1, 2], 'b': None}", "data=[('a', 1), ('a', 2)]", "data=''", "data={}",
    "data='', json=2", "data={'a': 1}, json=2",
    "data='{}', headers={'Content-Type': 'application/json'}", "data=__import__('io').BytesIO(b'file')",
    "data=bytearray(b'array')",
    "files={'f': 'x'} and None",
]  # fmt: skip
_HEADERS = [
    "{'X-A': '1'}", "{'X-A': None}", "{'Accept': None}", "{'accept': 'x'}", "{'X-A': b'1'}", "{b'X-A': '1'}",
    "{'X-A': 1}", "{'X-A': ' 1'}",
    "{'X-A': '1\\r\\nB: 2'}", "{'': '1'}", "{'X-A:': '1'}", "{'X-A': ''}", "[('X-A', '1')]", "{'Cookie': 'mine=1'}",
    "{'Authorization': 'x'}", "{'Content-Type': 'a/b'}",
]  # fmt: skip
_COOKIE_SCENES = [
    "s.get(base + '/login').text", "s.post(base + '/login', json={'a': 1}).text",
    "s.post(base + '/loginjson', json={'a': 1}).text",
    "s.get(base + '/login', allow_redirects=False).cookies.get_dict()",
    "(s.get(base + '/login'), s.cookies.get_dict())[1]",
    "[s.get(base + '/login').text, s.get(base + '/logout').text, s.get(base + '/echo').text, s.cookies.get_dict()]",
    "[c.domain for r in [s.get(base + '/login')] for c in s.cookies]",
    "[(c.path, c.secure, c.expires) for r in [s.get(base + '/login')] for c in s.cookies]",
    "s.get(base + '/echo', cookies={'a': '1', 'b': '2'}).text",
    "(s.get(base + '/echo', cookies={'a': '1'}), s.cookies.get_dict())[1]",
    "(s.cookies.set('k', 'v'), s.get(base + '/echo').text)[1]",
    "(s.cookies.update({'k': 'v'}), s.get(base + '/echo').text)[1]",
    "(s.cookies.set('k', 'v', path='/elsewhere'), s.get(base + '/echo').text)[1]",
    "(s.cookies.set('k', 'v', domain='x.test'), s.get(base + '/echo').text)[1]",
    "(s.cookies.set('k', None), s.cookies.get('k'))[1]", "s.cookies['nothing']", "'x' in s.cookies", "len(s.cookies)",
    "s.cookies.set('k', 'v', strange=1)",
    "(s.cookies.set('k', '1', domain='a.test'), s.cookies.set('k', '2', domain='b.test'), s.cookies['k'])[2]",
    "(s.cookies.set('k', '1', domain='a.test'), s.cookies.set('k', '2', domain='b.test'), "
    "s.cookies.get_dict('b.test'), s.cookies.list_domains())[2:]",
    "(s.get(base + '/cookie/root'), s.get(base + '/echo', cookies={'sid': 'mine'}).text)[1]",
    "(s.get(base + '/cookie/root'), s.get(base + '/echo', headers={'Cookie': 'mine=1'}).text)[1]",
    "(s.get(base + '/cookie/root'), s.cookies.clear(), s.get(base + '/echo').text)[2]",
    "(s.get(base + '/cookie/root'), list(s.cookies.items()))[1]",
    "(s.get(base + '/cookie/root'), dict(s.cookies), s.cookies.keys(), s.cookies.values(), s.cookies.list_paths())[1:]",
    "(setattr(s, 'cookies', requests.cookies.cookiejar_from_dict({'a': '1'})), s.get(base + '/echo').text)[1]",
    "(s.get(base + '/cookie/root'), json.loads(s.get(base + '/echo', stream=True).text)['headers']['Cookie'])[1]",
    "(s.get(base + '/cookie/root', stream=True).close(), s.get(base + '/echo').text)[1]",
    "__import__('pickle').loads(__import__('pickle').dumps(s.cookies)).get_dict()",
    "(s.cookies.set('k', 'v'), s.cookies.copy().get_dict(), s.cookies.pop('k'), s.cookies.get_dict())[1:]",
    "s.post(base + '/cookie/root', json={}).cookies.get_dict()",
]  # fmt: skip
_SESSION_SCENES = [
    "(setattr(s, 'auth', ('u', 'p')), s.get(base + '/echo').text)[1]",
    "s.get(base + '/echo', auth=('ü', 'p:q')).text", "s.get(base + '/echo', auth=('u', 'p', 'q')).text",
    "s.get(base.replace('//', '//u:p%40@') + '/echo').text",
    "(setattr(s, 'params', {'a': '1'}), s.get(base + '/echo', params={'b': '2'}).text)[1]",
    "(setattr(s, 'params', {'a': '1'}), s.get(base + '/echo', params={'a': None}).text)[1]",
    "(s.headers.update({'X-A': '1'}), s.get(base + '/echo').text)[1]",
    "(s.headers.update({'X-A': '1'}), s.get(base + '/echo', headers={'x-a': None}).text)[1]",
    "s.request('get', base + '/echo').request.method",
    "s.request(b'post', base + '/echo').text", "s.head(base + '/go/302').status_code",
    "s.head(base + '/echo').content", "s.options(base + '/echo').text",
    "s.send(s.get(base + '/go/302', allow_redirects=False).next).text",
    "s.send(s.prepare_request(requests.Request('GET', base + '/echo'))).text",
    "s.get(base + '/go/302', allow_redirects=False).next.url", "s.get(base + '/redirect/loop')",
    "s.get(base + '/redirect/two').history",
    "[r.url for r in s.get(base + '/redirect/two').history]",
    "[len(r.history) for r in s.get(base + '/redirect/two').history]",
    "s.get(base + '/packed/raw', stream=True).raw.read(4)",
    "s.get(base + '/packed/gzip', stream=True).raw.read(9, decode_content=True)",
    "s.get(base + '/packed/gzip', stream=True).raw.status",
    "next(s.get(base + '/packed/gzip', stream=True).iter_content(9))",
    "s.get(base + '/links', stream=True).raw.headers['x-custom']",
    "s.get(base + '/lines/text', stream=True).raw.readline()",
    "[list(r.iter_content(4)) for r in [s.get(base + '/utf8/text', stream=True)]]",
    "s.get(base + '/utf8/json', stream=True).json()", "s.get(base + '/utf8/json', stream=True).raw.tell()",
    "list(s.get(base + '/', stream=True).iter_lines())",
    "s.get(base + '/', stream=True).raw.read(decode_content=False)",
    "s.get(base + '/', stream=True).raw.getheader('content-type')",
    "s.get(base + '/', hooks={'response': lambda r, **k: setattr(r, 'mark', 7)}).mark",
    "s.post(base + '/echo', files={'f': ('n', b'x')}).json()['headers']['Content-Length']",
    "[r.request.headers['X-A'] for r in [s.post(base + '/echo', json={}, headers={'X-A': '1'})]]",
    "sorted(s.post(base + '/echo', json={}, headers={'X-A': '1'}).request.headers)",
    "s.post(base + '/echo', json={'a': 1}).request.headers['Content-Length']",
    "s.get(base + '/status/404').raise_for_status()", "type(s.get(base + '/').headers).__name__",
]  # fmt: skip


def uses():
    """Pairs of a name and code that sets `result`."""
    for path in answers():
        kind = path.split("/")[1]
        if kind in ("cookie", "go", "redirect"):
            continue
        readings = _READINGS if kind not in ("status", "links", "no-links") else _PARTS
        yield (
            "reading " + path,
            "def read(code):\n    try:\n        return repr(eval(code, {'r': r, 's': s, 'requests': requests}))\n"
            "    except Exception as error:\n        return type(error).__name__\n"
            "r = s.get(base + %r)\nresult = [read(code) for code in %r]" % (path, readings),
        )
    for path in answers():
        if path.startswith("/cookie/"):
            yield (
                path,
                "r = s.get(base + %r); result = [r.cookies.get_dict(), s.get(base + '/echo').text, len(s.cookies)]"
                % path,
            )
            yield (
                path + " kept",
                (
                    "s.get(base + '/cookie/root'); s.get(base + %r); "
                    "result = [s.get(base + '/echo').text, s.get(base + '/echo/x').text, sorted(s.cookies.get_dict())]"
                    % path
                ),
            )
        if path.startswith(("/go/", "/redirect/")) and not path.endswith(("/loop", "/port8000")):
            for call in (
                "get(base + P)",
                "post(base + P, json={'a': 1})",
                "put(base + P, data='x')",
                "head(base + P, allow_redirects=True)",
            ):
                code = (
                    "P = %r; r = s.%s; "
                    "result = [r.status_code, r.url, r.text, [h.status_code for h in r.history], r.request.body]"
                )
                yield "%s %s" % (call, path), code % (path, call)
            yield (
                "next " + path,
                (
                    "n = s.post(base + %r, data='x', allow_redirects=False).next; "
                    "result = n and [n.method, n.url, n.body]" % path
                ),
            )
    for name, value, reading in _SETTINGS:
        yield (
            "set %s" % name,
            "r = s.post(base + '/echo', json={'a': 'ä'}); r.%s = %s; result = %s" % (name, value, reading),
        )
    for part in _PICKLED:
        code = "import pickle; r = s.get(base + '/cookie/root'); result = pickle.loads(pickle.dumps(r)).%s"
        yield "pickled %s" % part, code % part
    yield "copied", "import copy; result = copy.deepcopy(s.get(base + '/')).text"
    for timeout in _TIMEOUTS:
        yield "timeout %s" % timeout, "result = s.get(base + '/', timeout=%s).status_code" % timeout
        yield "post, timeout %s" % timeout, "result = s.post(base + '/', json=1, timeout=%s).status_code" % timeout
    for url in _URLS:
        yield (
            "URL %s" % url,
            "r = s.get(%s); result = [r.url, r.json()['path'], r.json()['fields'], r.request.path_url]" % url,
        )
    for params in _PARAMS:
        for query in ("", "?q=1", "?q=%"):
            code = "r = s.get(base + '/echo%s', params=%s); result = [r.url, r.json()['fields']]" % (query, params)
            yield "params %s" % params, code
    for body in _BODIES:
        for method in ("POST", "GET", "DELETE"):
            yield "%s %s" % (method, body), "result = s.request(%r, base + '/echo', %s).text" % (method, body)
    for headers in _HEADERS:
        yield "headers %s" % headers, "result = s.get(base + '/echo', headers=%s).text" % headers
        yield "post, headers %s" % headers, "result = s.post(base + '/echo', json={'a': 1}, headers=%s).text" % headers
    for scene in _COOKIE_SCENES + _SESSION_SCENES:
        yield scene, "result = %s" % scene
