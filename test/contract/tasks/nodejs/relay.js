// Makes the call that its event describes, and answers with the answer.
exports.handler = async (context, event, session) => {
  const call = JSON.parse(event.body.toString());
  if ('event' in call) {
    const answer = await context.platform.call_function('probe', call.event);
    return context.callback({ status: answer.status_code, headers: answer.headers, json: answer.body });
  }
  const body = call.body ? Buffer.from(call.body, 'base64') : undefined;
  const { method, headers } = call;
  const answer = await session.fetch(process.env.FUSIONIZER_URL + call.path, {
    method,
    headers,
    body,
    redirect: 'manual',
  });
  context.callback({
    status: answer.status,
    reason: answer.statusText,
    headers: Object.fromEntries(answer.headers),
    body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
  });
};
