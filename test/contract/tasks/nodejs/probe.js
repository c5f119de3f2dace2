// Shows the event that it gets, or answers as its event says.
exports.handler = (context, event) => {
  const text = event.body.toString();
  if (event.path === '/answer') return context.callback(new Function('context', `return ${text}`)(context));
  if (event.path === '/headers')
    return context.callback(new context.Response('text', JSON.parse(text), 'text/plain', 200));
  const { method, path, fields, headers, content_type } = event;
  context.callback({ method, path, fields, headers, content_type, bytes: event.body.toString('base64'), value: null });
};
