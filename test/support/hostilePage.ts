/**
 * A page whose script tries, against the server at an address, what a page can try, and keeps what came of it in
 * `window.results`: for each attempt `done: ...` with what it got, or `failed: ...`.
 * @param base of the server; empty: the page's own
 * @param task to invoke
 */
export function hostilePage(base: string, task: string): string {
  return `<!doctype html><meta charset="utf-8"><title>hostile</title><body><script type="module">
const base = ${JSON.stringify(base)};
const task = ${JSON.stringify(task)};
const results = {};
const attempt = async (name, run) => {
  const patience = new Promise((resolve) => setTimeout(() => resolve('failed: nothing came of it'), 1500));
  const said = run().then((got) => 'done: ' + got, (error) => 'failed: ' + error.message);
  results[name] = await Promise.race([patience, said]);
};
const asked = (path, init) => async () => {
  const response = await fetch(base + path, { credentials: 'include', ...init });
  return response.type + ' ' + response.status + ' ' + (await response.text());
};
const zip = new FormData();
zip.append('zip_file', new Blob(['PK']), 'task.zip');
const element = (tag, attributes) => () => new Promise((resolve, reject) => {
  const made = document.createElement(tag);
  made.onload = () => resolve('loaded');
  made.onerror = () => reject(new Error('did not load'));
  Object.assign(made, attributes);
  document.body.append(made);
});
const form = (method, action, enctype) => async () => {
  const frame = document.createElement('iframe');
  frame.name = 'frame' + Math.random();
  document.body.append(frame);
  const made = document.createElement('form');
  Object.assign(made, { method, action: base + action, enctype, target: frame.name });
  const field = document.createElement('input');
  Object.assign(field, { name: '[["a","b"]]', value: '' });
  made.append(field);
  document.body.append(made);
  made.submit();
  await new Promise((resolve) => setTimeout(resolve, 300));
  throw new Error('sent blindly');
};
const framed = (path) => async () => {
  const frame = document.createElement('iframe');
  frame.src = base + path;
  await new Promise((resolve) => { frame.onload = resolve; document.body.append(frame); });
  return frame.contentDocument.body.innerText;
};
const post = { method: 'POST', body: 'x' };
await Promise.all([
  attempt('deploy', asked('/evil', { method: 'PUT', body: zip })),
  attempt('delete', asked('/' + task, { method: 'DELETE' })),
  attempt('fuse', asked('/-/setup', { method: 'PATCH', body: '[["a", "b"]]' })),
  attempt('read Tasks', asked('/-/tasks')),
  attempt('read logs', asked('/-/tasks/' + task + '/logs')),
  attempt('read the setup without credentials', asked('/-/setup', { credentials: 'omit' })),
  attempt('blind deploy', asked('/evil', { method: 'POST', body: zip, mode: 'no-cors' })),
  attempt('invoke', asked('/' + task, post)),
  attempt('invoke as text/plain', asked('/' + task, { ...post, headers: { 'Content-Type': 'text/plain' } })),
  attempt('invoke as JSON', asked('/' + task, { ...post, headers: { 'Content-Type': 'application/json' } })),
  attempt('invoke blindly', asked('/' + task, { ...post, mode: 'no-cors' })),
  attempt('invoke by GET', asked('/' + task + '/get')),
  attempt('invoke by GET blindly', asked('/' + task + '/get', { mode: 'no-cors' })),
  attempt('invoke by its long address', asked('/-/tasks/' + task + '/invoke', { ...post, mode: 'no-cors' })),
  attempt('form for an invocation', form('POST', '/' + task, 'text/plain')),
  attempt('form for a deploy', form('POST', '/evil', 'multipart/form-data')),
  attempt('form by GET', form('GET', '/' + task + '/form', 'application/x-www-form-urlencoded')),
  attempt('beacon', async () => {
    throw new Error(navigator.sendBeacon(base + '/' + task, 'x') ? 'sent blindly' : 'not sent');
  }),
  attempt('image', element('img', { src: base + '/' + task + '/image' })),
  attempt('script', element('script', { src: base + '/' + task + '/script' })),
  attempt('style', element('link', { rel: 'stylesheet', href: base + '/' + task + '/style' })),
  attempt('module', () => import(base + '/' + task + '/module').then(() => 'loaded')),
  attempt('frame of the control API', framed('/-/health')),
  attempt('frame of the documentation', framed('/-/docs')),
  attempt('frame of the Task', framed('/' + task + '/frame')),
  attempt('worker', async () => {
    const made = new Worker(base + '/' + task + '/worker');
    return new Promise((resolve, reject) => {
      made.onmessage = resolve;
      made.onerror = () => reject(new Error('did not load'));
    });
  }),
  attempt('service worker', async () => (await navigator.serviceWorker.register(base + '/' + task + '/service')).scope),
  attempt('window', async () => {
    const opened = window.open(base + '/-/health');
    // It is an empty page of our own until the other one has come.
    for (;;) {
      const text = opened.document.body?.innerText ?? '';
      if (text !== '') return text;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }),
  attempt('events', () => new Promise((resolve, reject) => {
    const source = new EventSource(base + '/-/events');
    source.onopen = () => resolve('open');
    source.onerror = () => reject(new Error('no events'));
  })),
  attempt('web socket', () => new Promise((resolve, reject) => {
    const socket = new WebSocket((base || location.origin).replace('http', 'ws') + '/-/events');
    socket.onopen = () => resolve('open');
    socket.onerror = () => reject(new Error('no socket'));
  })),
  attempt('cookie', async () => { if (document.cookie === '') throw new Error('no cookie'); return document.cookie; }),
  attempt('storage', async () => {
    localStorage.setItem('x', 'y');
    if (base !== '') throw new Error('its own only');
    return 'kept';
  }),
  attempt('parent', async () => {
    if (parent === window) throw new Error('no parent');
    return parent.document.body.innerText;
  }),
]);
window.results = results;
</script>`;
}
