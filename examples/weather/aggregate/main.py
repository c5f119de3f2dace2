"""Adds a day to the statistics of its month, and asks for the alerts of the day.

Keeps nothing: what is known of the month comes with the request and goes with the answer, so the result is the same
on whichever worker it is computed.
"""

from utils import add, empty


def handler(context, event, requests_session):
    day, month = event.body["day"], event.body.get("month")
    name = day["date"][:7]
    if month is None:
        month = empty(name)
    if month["month"] != name:
        return 422, f"{day['date']} is no day of the month {month['month']}"
    month = add(month, day)

    server = f"http://{event.headers['Fusionizer-Server-Address']}:8000"
    answer = requests_session.post(f"{server}/alert", json={"day": day, "month": month})
    if not answer.ok:
        return answer.status_code, answer.text
    return {"date": day["date"], "month": month, "alerts": answer.json()["alerts"]}
