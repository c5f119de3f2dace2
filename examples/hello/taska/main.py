def handler(context, event, requests_session):
    host = event.headers["Fusionizer-Server-Address"]
    answer = requests_session.post(f"http://{host}:8000/taskb", json={"name": "Task A"})
    return f"taska says: {answer.text}"
