"""More uses for test_likeness: errors with their words and parts, prepared requests, auth objects, hooks, adapters,
iterators, files, time-outs that end a wait, .netrc, and the state of a session.
"""

_ERROR = (
    "def failing(call):\n    try:\n        return repr(call())\n    except Exception as e:\n"
    "        return [type(e).__name__, str(e).replace(base, 'BASE'), [k.__name__ for k in type(e).__mro__][:5],"
    " getattr(e, 'request', 'no') is not None, getattr(e, 'response', 'no') is not None,"
    " e.request.url if getattr(e, 'request', None) is not None and hasattr(e.request, 'url') else None]\n"
)
_ERRORS = [
    "s.get(base + '/status/404').raise_for_status()", "s.get(base + '/status/500').raise_for_status()",
    "s.post(base + '/status/418', json={}).raise_for_status()", "s.get(base + '/status/599').raise_for_status()",
    "s.get(base + '/utf8/text').raise_for_status()", "s.get(base + '/broken/json').json()",
    "s.get(base + '/empty/json').json()", "s.get(base + '/utf8/json').json(parse_float=1, nonsense=2)",
    "s.get(base + '/utf8/json').json(object_hook=lambda d: sorted(d))", "s.get(base + '/redirect/loop')",
    "s.get('/relative')", "s.get('')", "s.get('http://')", "s.get('nonsense')", "s.get('ftp://x/y')", "s.get(None)",
    "s.get(base + '/echo', headers={'X-A': 1})", "s.get(base + '/echo', headers={'X-A': '1\\n'})",
    "s.get(base + '/echo', headers={'X-A ': '1'})",
    "s.get(base + '/echo', headers=7)", "s.get(base + '/echo', headers='x')",
    "s.post(base + '/echo', json=object())", "s.post(base + '/echo', json=float('nan'))",
    "s.post(base + '/echo', json={1, 2})", "s.post(base + '/echo', data=7)",
    "s.post(base + '/echo', data=[1, 2])", "s.post(base + '/echo', data=['ab'])", "s.post(base + '/echo', data=True)",
    "s.get(base + '/echo', params=7)", "s.get(base + '/echo', params=object())", "s.get(base + '/echo', params=[1])",
    "s.get(base + '/echo', cookies=7)",  "s.get(base + '/echo', auth=7)",
    "s.get(base + '/echo', auth='user')", "s.get(base + '/echo', auth=())", "s.get(base + '/echo', auth=('u',))",
    "s.get(base + '/echo', auth=(1, 2)).json()['headers']['Authorization']",
    "s.get(base + '/echo', auth=['u', 'p']).json()['headers']['Authorization']",
    "s.get(base + '/echo', timeout='x')", "s.get(base + '/echo', timeout=0)", "s.get(base + '/echo', timeout=-1)",
    "s.get(base + '/echo', nonsense=1)", "s.get()", "s.request('GET')", "s.request('G T', base + '/echo')",
    "s.request('', base + '/echo').status_code", "s.request(None, base + '/echo')", "s.request(7, base + '/echo')",
    "s.send('x')", "s.send(None)", "s.send(requests.Request('GET', base + '/echo'))",
    "s.get(base + '/late', timeout=0.05)", "s.post(base + '/late', json={}, timeout=0.05)",
    "s.get(base + '/late', timeout=(1, 0.05))", "s.get(base + '/late', timeout=(0.05, 5)).status_code",
    "s.get(base + '/late', timeout=requests.adapters.TimeoutSauce(connect=1, read=0.05))",
    "s.get(base + '/late', timeout=5).elapsed.total_seconds() >= 0.1", "s.get(base + '/late', timeout=None).text",
    "s.get(base + '/late', stream=True, timeout=0.05)", "s.get(base + '/go/late', timeout=0.05)",
    "s.get(base + '/packed/lie').text", "s.get(base + '/packed/lie2')", "s.get(base + '/utf8/text').nothing",
    "s.get(base + '/utf8/text', verify=False).status_code",
    "s.get(base + '/utf8/text', proxies={}).status_code", "s.get(base + '/utf8/text', proxies=None).status_code",
    "s.get(base + '/utf8/text', allow_redirects=None).status_code",
    "s.get(base + '/go/302', allow_redirects=0).status_code",
    "s.get(base + '/utf8/text', stream=False).raw.closed", "s.get(base + '/utf8/text', hooks={}).status_code",
    "s.get(base + '/utf8/text', hooks={'nonsense': len}).status_code",
    "s.get(base + '/utf8/text', hooks={'response': 7})",
]  # fmt: skip
_RESPONSES = [
    "r.url", "r.history", "type(r.elapsed).__name__", "r.encoding", "r.apparent_encoding", "r.reason", "r.ok",
    "r.links", "r.cookies", "r.next", "r.is_redirect", "repr(r)", "str(r)", "bool(r)",
    "type(r).__name__", "r.__class__.__name__", "r.__class__ is requests.Response", "r.__class__.__module__",
    "isinstance(r, requests.models.Response)", "len(r.content)", "r.headers['content-length']",
    "r.headers['Content-Type']", "r.headers.get('nothing')", "'CONTENT-TYPE' in r.headers", "r.headers['nothing']",
    "type(r.headers).__name__", "isinstance(r.headers, requests.structures.CaseInsensitiveDict)",
    "r.headers == dict(r.headers)", "len(r.headers) > 3", "[k for k in r.headers if k.lower() == 'content-type']",
    "r.headers.copy() == r.headers", "list(r.headers.lower_items())[0][0].islower()", "r.request.method",
    "r.request.url", "r.request.body", "r.request.path_url", "sorted(r.request.headers.items())", "r.request.hooks",
     "r.request.headers['user-agent']", "r.request._cookies.get_dict()",
    "r.connection.__class__.__name__ != ''", "r.raw.status", "r.raw.reason", "r.raw.version", "r.raw.read()",
    "r.raw.data", "r.raw.closed", "r.raw.tell()", "r.raw.headers['content-type']", "r.raw.getheader('Content-Type')",
    "r.raw.isclosed()", "type(r.raw).__name__", "r.raw.url", "r.raw.geturl()", "r.raw.release_conn()",
    "r.iter_content(2).__class__.__name__", "list(r.iter_content(2)) == list(r.iter_content(2))",
    "list(r.iter_content())[:3]", "list(r.iter_content(chunk_size=1, decode_unicode=True))[:3]",
    "next(r.iter_lines(chunk_size=1))", "list(r.iter_lines(decode_unicode=True, delimiter='o'))",
    "list(r)[:1]", "next(iter(r))", "r.json()", "r.json(parse_int=str)", "r.text", "r.content", "r.close()",
    "(r.close(), r.text)[1]", "r.__enter__() is r", "[m for m in vars(r) if m == 'status_code']",
    "sorted(n for n in dir(requests.Response) if not n.startswith('_') and not hasattr(r, n))",
    "setattr(r, 'encoding', 'utf-16') or r.text[:3]", "r.is_permanent_redirect", "r == r", "hash(r) == hash(r)",
    "r.status_code == requests.codes.ok", "r._content_consumed", "r.headers['Date'][-3:]",
    "__import__('pickle').loads(__import__('pickle').dumps(r)).json()", "__import__('copy').copy(r).text",
    "r.apparent_encoding.lower()",
]  # fmt: skip
_SESSIONS = [
    "sorted(s.headers.items())", "s.headers['user-agent']", "s.headers.update({'X-A': '1'}) or s.get(base + '/echo').json()",
    "s.headers.clear() or s.get(base + '/echo').json()", "s.headers.pop('Accept') and s.get(base + '/echo').json()",
    "s.headers.pop('User-Agent') and s.get(base + '/echo').json()['headers'].get('User-Agent', '')[:15]",
    "s.headers.pop('Accept-Encoding') and s.get(base + '/echo').json()",
    "s.headers.update({'Connection': 'close'}) or s.get(base + '/echo').json()",
    "setattr(s, 'headers', {'X-A': '2'}) or s.get(base + '/echo').json()",

    "s.headers.update({'Content-Type': 'a/b'}) or s.post(base + '/echo', json={}).json()",
    "s.params.update({'a': '1'}) or s.get(base + '/echo').json()", "s.params", "type(s.params).__name__",
    "setattr(s, 'params', {'a': ['1', '2']}) or s.get(base + '/echo', params={'b': 3}).url",
    "setattr(s, 'params', [('a', '1')]) or s.get(base + '/echo').url",
    "setattr(s, 'params', 'a=1') or s.get(base + '/echo').url",
    "setattr(s, 'params', {'a': '1'}) or s.get(base + '/echo', params=[('b', '2')]).url",
    "setattr(s, 'params', {'a': '1'}) or s.get(base + '/echo', params='b=2').url",
    "s.verify", "s.proxies", "s.cert", "s.stream", "s.trust_env", "s.max_redirects", "s.hooks", "s.auth",
    "sorted(s.adapters)", "setattr(s, 'verify', False) or s.get(base + '/echo').status_code",
    "setattr(s, 'max_redirects', 1) or s.get(base + '/redirect/two').status_code",
    "setattr(s, 'max_redirects', 2) or s.get(base + '/redirect/two').status_code",
    "setattr(s, 'trust_env', False) or s.get(base + '/echo').json()",
    "setattr(s, 'stream', True) or s.get(base + '/utf8/text').raw.read(3)",
    "s.proxies.update({'https': 'http://127.0.0.1:1'}) or s.get(base + '/echo').status_code",
    "setattr(s, 'auth', ('u', 'p')) or s.get(base + '/echo', auth=('v', 'q')).json()['headers']['Authorization']",
    "setattr(s, 'auth', requests.auth.HTTPBasicAuth('u', 'p')) or s.get(base + '/echo').json()",
    "s.get(base + '/echo', auth=requests.auth.HTTPBasicAuth('u', 'p')).json()",
    "s.get(base + '/echo', auth=requests.auth.HTTPProxyAuth('u', 'p')).json()",
    "s.get(base + '/echo', auth=requests.auth.HTTPDigestAuth('u', 'p')).status_code",
    "s.get(base + '/echo', auth=lambda q: q.headers.update({'X-A': 'signed'}) or q).json()",
    "s.post(base + '/echo', json={'a': 1}, auth=lambda q: q.headers.update({'X-A': str(len(q.body))}) or q).json()",
    "s.get(base + '/echo', auth=lambda q: None)",
    "s.get(base + '/echo', headers={'Authorization': 'mine'}, auth=('u', 'p')).json()['headers']['Authorization']",
    "s.hooks['response'].append(lambda r, *a, **k: setattr(r, 'mark', sorted(k))) or s.get(base + '/echo').mark",
    "s.get(base + '/go/302', hooks={'response': lambda r, *a, **k: seen.append(r.status_code)}) and seen",
    "s.get(base + '/utf8/text', hooks={'response': [lambda r, *a, **k: None, lambda r, *a, **k: 7]})",
    "s.get(base + '/utf8/text', hooks={'response': lambda r, *a, **k: r.raise_for_status()}).status_code",
    "s.get(base + '/status/404', hooks={'response': lambda r, *a, **k: r.raise_for_status()})",
    "s.send(requests.Request('GET', base + '/echo').prepare()).json()",
    "s.send(s.prepare_request(requests.Request('POST', base + '/echo', json={'a': 1}))).json()",
    "s.send(s.prepare_request(requests.Request('POST', base + '/echo', data={'a': 1}, headers={'X-A': '1'}))).json()",
    "s.send(s.prepare_request(requests.Request('GET', base + '/go/302')), allow_redirects=False).status_code",
    "s.send(s.prepare_request(requests.Request('GET', base + '/late')), timeout=0.05)",
    "s.prepare_request(requests.Request('GET', base + '/echo', params={'a': 1})).url",
    "s.send(s.get(base + '/echo').request).json()", "s.send(s.get(base + '/echo').request.copy()).json()",
    "s.send(s.post(base + '/echo', json={'a': 1}).request).json()['body']",
    "s.get_adapter(base).__class__.__name__ != ''", "s.get_adapter('nonsense://')",
    "s.mount(base, requests.adapters.HTTPAdapter(max_retries=2)) or s.get(base + '/echo').status_code",
    "s.merge_environment_settings(base, {}, None, None, None)['stream']", "s.close()", "s.__enter__() is s",
    "(s.close(), s.get(base + '/echo').status_code)[1]", "isinstance(s, requests.Session)",
    "s.rebuild_method.__name__", "s.should_strip_auth(base, base)", "s.get_redirect_target(s.get(base + '/echo'))",
    "[r.status_code for r in s.resolve_redirects(s.get(base + '/go/302', allow_redirects=False), "
    "s.get(base + '/go/302', allow_redirects=False).request)]",
    "s.get(base + '/echo', cookies=requests.cookies.cookiejar_from_dict({'a': '1'})).json()",
    "s.cookies.set_cookie(requests.cookies.create_cookie('a', '1')) or s.get(base + '/echo').json()",
    "requests.utils.dict_from_cookiejar(s.get(base + '/cookie/root').cookies)",
    "requests.utils.add_dict_to_cookiejar(s.cookies, {'a': '1'}) and s.get(base + '/echo').json()",
    "s.post(base + '/echo', data=iter([b'a', b'b'])).json()", "s.post(base + '/echo', data=(c for c in [b'a', b'b'])).json()",
    "s.post(base + '/echo', data=iter([])).json()", "s.post(base + '/echo', data=iter(['a', 'ü'])).json()",
    "s.post(base + '/echo', data=__import__('io').BytesIO(b'file')).json()",

    "s.post(base + '/echo', data=__import__('io').BytesIO(b'')).json()",
    "(lambda f: f.seek(2) and s.post(base + '/echo', data=f).json())(__import__('io').BytesIO(b'file'))",
    "s.post(base + '/echo', data=open(__file__, 'rb')).json()['headers']['Content-Length'] != '0'",
    "s.put(base + '/echo', data=bytearray(b'array')).json()", "s.post(base + '/echo', data=memoryview(b'view')).json()",
    "s.post(base + '/echo', data=b'').json()", "s.patch(base + '/echo', data='ü'.encode('latin-1')).json()",
    "s.post(base + '/echo', json={'a': 1}, headers={'Content-Type': None}).json()",
    "s.post(base + '/echo', json={'a': 1}, headers={'content-type': 'x/y'}).json()",
    "s.post(base + '/echo', json={'a': 1}, headers={'Content-Length': '3'}).request.headers['Content-Length']",
    "s.post(base + '/echo', data='x', headers={'Transfer-Encoding': 'identity'}).status_code",
    "s.get(base + '/echo', headers={'Range': 'bytes=0-1', 'If-None-Match': 'x'}).status_code",
    "s.get(base + '/echo', json={'a': 1}).json()", "s.head(base + '/echo', json={'a': 1}).status_code",
    "s.delete(base + '/echo', json={'a': 1}).json()", "s.options(base + '/echo', data='x').json()",
    "s.request('PROPFIND', base + '/echo', data='x').json()", "s.request('get', base + '/echo').json()",
    "s.post(url=base + '/echo', json={'a': 1}).json()", "s.post(base + '/echo', 'data', {'a': 1}).json()",
    "s.request(method='POST', url=base + '/echo', json=[1]).json()", "s.put(base + '/echo', json={'a': 1}).json()",
    "s.post(base + '/echo', files={'f': ('n.txt', b'x', 'text/x')}).json()['body'].count('n.txt')",
    "s.post(base + '/echo', files={'f': b'x'}, data={'a': '1'}).json()['headers']['Content-Type'][:30]",
    "s.get(base + '/utf8/text', stream=True).iter_lines().__next__()",
    "[r.close() or r.raw.closed for r in [s.get(base + '/utf8/text', stream=True)]]",
    "[list(r.iter_content(2)) for r in [s.get(base + '/packed/gzip', stream=True)]][0][:2]",
    "[r.raw.read(2) + r.content for r in [s.get(base + '/utf8/text', stream=True)]]",
    "[(list(r.iter_content(3)), list(r.iter_content(3))) for r in [s.get(base + '/short/text', stream=True)]]",
    "[(list(r.iter_content(3)), r.content) for r in [s.get(base + '/short/text', stream=True)]]",
    "s.get(base + '/short/text', stream=True)._content", "s.get(base + '/short/text', stream=True).elapsed.days",
    "(lambda: [r.text for r in [s.get(base + '/short/text', stream=True)]])()",
]  # fmt: skip
_NETRC = [
    "s.get(base + '/echo').json()['headers']", "s.post(base + '/echo/netrc', json={}).json()['headers']",
    "s.get(base + '/echo', auth=('v', 'q')).json()['headers']['Authorization']",
    "s.get(base + '/echo', headers={'Authorization': 'mine'}).json()['headers']['Authorization']",
    "s.get(base.replace('//', '//x:y@') + '/echo').json()['headers']['Authorization']",
    "setattr(s, 'auth', ('w', 'r')) or s.get(base + '/echo').json()['headers']['Authorization']",
    "setattr(s, 'trust_env', False) or s.get(base + '/echo').json()['headers']['Authorization']",
    "s.get(base + '/go/302').json()['headers']", "s.post(base + '/go/307', data='x').json()['headers']",
    "s.send(requests.Request('GET', base + '/echo').prepare()).json()['headers']['Authorization']",
    "s.send(s.prepare_request(requests.Request('GET', base + '/echo'))).json()['headers']['Authorization']",
    "s.get(base.replace('127.0.0.1', 'localhost') + '/echo').json()['headers']['Authorization']",
]  # fmt: skip
_NETRC_FILES = [
    "machine 127.0.0.1 login u password p\n", "machine 127.0.0.1 login u\n", "machine other login u password p\n",
    "default login u password p\n", "nonsense\n", "", None,
]  # fmt: skip


def more_uses():
    """Pairs of a name and code that sets `result`."""
    for call in _ERRORS:
        yield "error of " + call, _ERROR + "result = failing(lambda: %s)" % call
    for way in ("get(base + '/utf8/json')", "post(base + '/echo', json={'a': 1})", "get(base + '/go/302')"):
        code = (
            "def read(code):\n    try:\n        return repr(eval(code, {'r': s.%s, 's': s, 'requests': requests}))\n"
            "    except Exception as error:\n        return [type(error).__name__, str(error)]\n"
            "result = [(code, read(code)) for code in %r]"
        )
        for at in range(0, len(_RESPONSES), 8):
            yield "%s %d" % (way, at), code % (way, _RESPONSES[at : at + 8])
    for scene in _SESSIONS:
        yield scene, "seen = []\n" + _ERROR + "result = failing(lambda: %s)" % scene
    for text in _NETRC_FILES:
        for scene in _NETRC:
            code = (
                "import os, tempfile\nfile = os.path.join(tempfile.mkdtemp(dir=os.environ['SCRATCH']), 'netrc')\n"
                "text = %r\nif text is not None: open(file, 'w').write(text)\nos.environ['NETRC'] = file\n"
                "try: result = failing(lambda: %s)\nfinally: del os.environ['NETRC']"
            )
            yield "netrc %r %s" % (text, scene), _ERROR + code % (text, scene)
