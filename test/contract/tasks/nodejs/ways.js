// Makes the calls that its event lists, one after the other: by fetch itself (`/real`), or by the session.
exports.handler = async (context, event, session) => {
  const client = event.path === '/real' ? globalThis : session;
  const outcomes = [];
  for (const call of JSON.parse(event.body.toString())) outcomes.push(await outcome(client, call));
  context.callback([200, outcomes]);
};

async function outcome(client, { method, path, headers, body, follow = false }) {
  try {
    const redirect = follow ? 'follow' : 'manual';
    const answer = await client.fetch(process.env.FUSIONIZER_URL + path, { method, headers, body, redirect });
    return {
      status: answer.status,
      reason: answer.statusText,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(await answer.arrayBuffer()).toString('base64'),
    };
  } catch (error) {
    return { error: error.name };
  }
}
