def handler(context, event):
    return f"Hello, {event.body['name']}!"
