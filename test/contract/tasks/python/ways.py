"""Makes the calls that its event lists, one after the other: by requests itself (`/real`), or by the session."""

import base64
import os

import requests


def handler(context, event, session):
    client = requests.Session() if event.path == "/real" else session
    return 200, [outcome(client, call) for call in event.body]


def outcome(client, call):
    try:
        answer = client.request(
            call["method"],
            os.environ["FUSIONIZER_URL"] + call["path"],
            headers=call.get("headers"),
            data=call.get("body", "").encode() or None,
            allow_redirects=call.get("follow", False),
        )
    except Exception as error:
        return {"error": type(error).__name__}
    return {
        "status": answer.status_code,
        "reason": answer.reason,
        "headers": {name.lower(): value for name, value in answer.headers.items()},
        "body": base64.b64encode(answer.content).decode(),
    }
