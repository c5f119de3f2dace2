"""Shows the event that it gets, or answers as its event says."""

import base64
import json


def handler(context, event):
    body = event.body
    if event.path == "/answer":
        return eval(body.decode(), {"context": context})
    if event.path == "/headers":
        return context.Response(json.loads(body.decode()), "text", "text/plain", 200)
    return {
        "method": event.method,
        "path": event.path,
        "fields": event.fields,
        "headers": event.headers,
        "content_type": event.content_type,
        "bytes": base64.b64encode(body).decode() if isinstance(body, bytes) else None,
        "value": None if isinstance(body, bytes) else body,
    }
