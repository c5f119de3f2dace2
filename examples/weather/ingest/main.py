"""Takes the raw record of one day, has it checked, and has it added to its month.

The body is a line of the data set (date,precipitation,temp_max,temp_min,wind,weather), or JSON
{"line": "...", "month": {...}} with the month's statistics as the answer to the day before gave them.
"""

from utils import parse_line


def handler(context, event, requests_session):
    try:
        line, month = read(event.body)
        record = parse_line(line)
    except ValueError as error:
        return 400, f"Not a weather record: {error}"

    server = f"http://{event.headers['Fusionizer-Server-Address']}:8000"
    checked = requests_session.post(f"{server}/validate", json=record)
    if not checked.ok:
        return checked.status_code, checked.text
    added = requests_session.post(f"{server}/aggregate", json={"day": checked.json(), "month": month})
    if not added.ok:
        return added.status_code, added.text
    return added.json()


def read(body) -> tuple[str, dict | None]:
    if isinstance(body, dict):
        if not isinstance(body.get("line"), str):
            raise ValueError("the JSON body has no text in 'line'")
        return body["line"], body.get("month")
    return (body if isinstance(body, str) else body.decode()), None
