"""Cookies as requests keeps them: the standard library's jar, which knows domains, paths and ages, with a dict's ways.

Imported by the first call that has to do with cookies, as the standard library's jar brings much along.
"""

from __future__ import annotations

import copy
import time
from calendar import timegm
from collections.abc import MutableMapping
from http.cookiejar import Cookie, CookieJar
from http.cookies import Morsel
from typing import Any, Dict, Iterator, List, Mapping, Optional
from urllib.parse import urlsplit, urlunsplit

from .structures import as_in_requests


class CookieConflictError(RuntimeError):
    """Several cookies have the name. `get` takes a domain and a path to choose by."""


class Cookies(CookieJar, MutableMapping):
    """A `requests.cookies.RequestsCookieJar`: a cookie jar that is a dict of names and values, too."""

    __class__ = as_in_requests("requests.cookies", "RequestsCookieJar")

    def get(self, name, default=None, domain=None, path=None):
        """The value of the one cookie of that name. Raises CookieConflictError."""
        try:
            return self._one(name, domain, path)
        except KeyError:
            return default

    def set(self, name: str, value: Any, **attributes: Any) -> Optional[Cookie]:
        """Set a cookie; None as value removes it. `domain` and `path` say where it is sent, by default everywhere."""
        if value is None:
            self._remove(name, attributes.get("domain"), attributes.get("path"))
            return None
        cookie = _of_morsel(value) if isinstance(value, Morsel) else _cookie(name, value, **attributes)
        self.set_cookie(cookie)
        return cookie

    def keys(self) -> List[str]:  # type: ignore[override]
        return [cookie.name for cookie in self]

    def values(self) -> List[Any]:  # type: ignore[override]
        return [cookie.value for cookie in self]

    def items(self) -> List[Any]:  # type: ignore[override]
        return [(cookie.name, cookie.value) for cookie in self]

    def iterkeys(self) -> Iterator[str]:
        return iter(self.keys())

    def itervalues(self) -> Iterator[Any]:
        return iter(self.values())

    def iteritems(self) -> Iterator[Any]:
        return iter(self.items())

    def list_domains(self) -> List[str]:
        return list(dict.fromkeys(cookie.domain for cookie in self))

    def list_paths(self) -> List[str]:
        return list(dict.fromkeys(cookie.path for cookie in self))

    def multiple_domains(self) -> bool:
        """Whether two cookies have one domain; so it is in requests."""
        domains = [cookie.domain for cookie in self if cookie.domain is not None]
        return len(domains) > len(set(domains))

    def get_dict(self, domain=None, path=None) -> Dict[str, Any]:
        return {cookie.name: cookie.value for cookie in self._matching(None, domain, path)}

    def __iter__(self) -> Iterator[Cookie]:
        return CookieJar.__iter__(self)

    def __contains__(self, name: object) -> bool:
        return any(cookie.name == name for cookie in self)

    def __getitem__(self, name):
        return self._one(name, None, None)

    def __setitem__(self, name, value):
        self.set(name, value)

    def __delitem__(self, name):
        self._remove(name, None, None)

    def set_cookie(self, cookie: Cookie, *arguments: Any, **options: Any) -> None:
        if cookie.value is not None and cookie.value.startswith('"') and cookie.value.endswith('"'):
            cookie.value = cookie.value.replace('\\"', "")
        super().set_cookie(cookie, *arguments, **options)

    def update(self, other: Any = ()) -> None:  # type: ignore[override]
        if isinstance(other, CookieJar):
            for cookie in other:
                self.set_cookie(copy.copy(cookie))
        else:
            super().update(other)

    def copy(self) -> "Cookies":
        made = Cookies()
        made.set_policy(self._policy)  # type: ignore[attr-defined]
        made.update(self)
        return made

    def get_policy(self) -> Any:
        return self._policy  # type: ignore[attr-defined]

    def _matching(self, name, domain, path) -> List[Cookie]:
        return [
            cookie
            for cookie in self
            if (name is None or cookie.name == name)
            and (domain is None or cookie.domain == domain)
            and (path is None or cookie.path == path)
        ]

    def _one(self, name, domain, path):
        found = self._matching(name, domain, path)
        if not found:
            raise KeyError("name=%r, domain=%r, path=%r" % (name, domain, path))
        if len(found) > 1:
            raise CookieConflictError("There are multiple cookies with name, %r" % name)
        return found[0].value

    def _remove(self, name, domain, path) -> None:
        for cookie in self._matching(name, domain, path):
            self.clear(cookie.domain, cookie.path, cookie.name)

    def __reduce__(self):
        return _restore, (list(self), self._policy)  # type: ignore[attr-defined]


def _restore(cookies: List[Cookie], policy: Any) -> Cookies:
    jar = Cookies()
    jar.set_policy(policy)
    for cookie in cookies:
        jar.set_cookie(cookie)
    return jar


def jar_of(cookies: Any) -> Any:
    """A jar of what a handler gives: any cookie jar is one, a mapping of names and values becomes one."""
    if isinstance(cookies, CookieJar):
        return cookies
    jar = Cookies()
    for name, value in dict(cookies or {}).items():
        jar.set_cookie(_cookie(name, value))
    return jar


def merged(kept: Any, given: Any) -> Cookies:
    """The cookies of one request: the session's, and those given with it. Of one domain and path the latter win."""
    jar = Cookies()
    jar.update(jar_of(kept))
    jar.update(jar_of(given))
    return jar


def header(jar: Any, url: str, headers: Mapping[str, str]) -> Optional[str]:
    """The `Cookie` header of a request to `url`; None where no cookie is for it."""
    asking = _Asking(url, headers)
    jar.add_cookie_header(asking)
    return asking.cookie


def take(jar: Any, url: str, headers: Mapping[str, str], set_cookies: List[str]) -> None:
    """Keep the cookies that the answer to a request sets. `set_cookies` has the values of its Set-Cookie headers."""
    jar.extract_cookies(_Answer(set_cookies), _Asking(url, headers))


class _Asking:
    """A request as http.cookiejar asks about it."""

    def __init__(self, url: str, headers: Mapping[str, str]):
        parts = urlsplit(url)
        host = headers.get("Host")
        self.type = parts.scheme
        self.host = self.origin_req_host = parts.netloc
        self.unverifiable = True
        self.cookie: Optional[str] = None
        self._headers = headers
        self._url = urlunsplit((parts.scheme, host, *parts[2:])) if host else url

    def get_full_url(self) -> str:
        return self._url

    def get_host(self) -> str:
        return self.host

    def is_unverifiable(self) -> bool:
        return True

    def has_header(self, name: str) -> bool:
        return name in self._headers

    def get_header(self, name: str, default: Optional[str] = None) -> Optional[str]:
        return self._headers.get(name, default)

    def add_unredirected_header(self, name: str, value: str) -> None:
        if name == "Cookie":
            self.cookie = value


class _Answer:
    """An answer as http.cookiejar asks about it."""

    def __init__(self, set_cookies: List[str]):
        self._set_cookies = set_cookies

    def info(self) -> "_Answer":
        return self

    def get_all(self, name: str, default: Any = None) -> Any:
        return self._set_cookies if name == "Set-Cookie" else default


def _cookie(name: str, value: Any, **attributes: Any) -> Cookie:
    """A cookie of the handler's own. Without a domain it is sent everywhere."""
    fields: Dict[str, Any] = {
        "version": 0, "name": name, "value": value, "port": None, "domain": "", "path": "/", "secure": False,
        "expires": None, "discard": True, "comment": None, "comment_url": None, "rest": {"HttpOnly": None},
        "rfc2109": False,
    }  # fmt: skip
    unknown = [key for key in attributes if key not in fields]
    if unknown:
        raise TypeError("create_cookie() got unexpected keyword arguments: %s" % unknown)
    fields.update(attributes)
    return Cookie(
        **fields,
        port_specified=bool(fields["port"]),
        domain_specified=bool(fields["domain"]),
        domain_initial_dot=fields["domain"].startswith("."),
        path_specified=bool(fields["path"]),
    )


def _of_morsel(morsel: Any) -> Cookie:
    expires: Optional[int] = None
    if morsel["max-age"]:
        try:
            expires = int(time.time() + int(morsel["max-age"]))
        except ValueError:
            raise TypeError("max-age: %s must be integer" % morsel["max-age"]) from None
    elif morsel["expires"]:
        expires = timegm(time.strptime(morsel["expires"], "%a, %d-%b-%Y %H:%M:%S GMT"))
    return _cookie(
        morsel.key,
        morsel.value,
        comment=morsel["comment"],
        comment_url=bool(morsel["comment"]),
        discard=False,
        domain=morsel["domain"],
        expires=expires,
        path=morsel["path"],
        rest={"HttpOnly": morsel["httponly"]},
        secure=bool(morsel["secure"]),
        version=morsel["version"] or 0,
    )
