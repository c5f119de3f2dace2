// The script of the server's documentation page: it sends the request of a form and shows the answer.

/** The most that is shown of an answer, in characters: a stream may not end. */
const MAX_SHOWN = 1_000_000;

/** @param {HTMLFormElement} form */
function toRequest(form) {
  const headers = { Accept: 'application/json, */*' };
  const query = new URLSearchParams();
  let path = form.dataset.path;
  let body;
  for (const field of form.querySelectorAll('[data-in]')) {
    const { name, value } = field;
    const place = field.dataset.in;
    if (place === 'path') path = path.replace(`{${name}}`, value.split('/').map(encodeURIComponent).join('/'));
    else if (place === 'form') {
      body ??= new FormData();
      body.append(name, field.files[0]);
    } else if (value === '') continue;
    else if (place === 'query') query.set(name, value);
    else if (place === 'header') headers[name] = value;
    else {
      body = value;
      headers['Content-Type'] = field.dataset.type;
    }
  }
  const method = form.elements.namedItem('method').value;
  const takesBody = method !== 'GET' && method !== 'HEAD';
  return { url: query.size > 0 ? `${path}?${query}` : path, method, headers, body: takesBody ? body : undefined };
}

/** @param {string} text */
function pretty(text, type) {
  if (!/^application\/(problem\+)?json\b/.test(type)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** @param {HTMLFormElement} form */
async function send(form) {
  const output = form.querySelector('output');
  const stop = form.querySelector('.stop');
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  const { url, ...options } = toRequest(form);
  const head = document.createElement('pre');
  const body = document.createElement('pre');
  head.className = 'head';
  output.replaceChildren(head, body);
  output.hidden = false;
  stop.hidden = false;
  head.textContent = `${options.method} ${url} ...`;
  try {
    const began = performance.now();
    const answer = await fetch(url, { ...options, signal: controller.signal });
    const type = answer.headers.get('Content-Type') ?? '';
    const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    const duration = Math.round(performance.now() - began);
    const status = `${answer.status} ${answer.statusText} (${duration} ms)`;
    head.textContent = `${options.method} ${url}\n${status}\n${headers}`;
    output.dataset.ok = String(answer.ok);
    let text = '';
    const decoder = new TextDecoder();
    const reader = answer.body?.getReader();
    for (let part = await reader?.read(); part && !part.done && text.length < MAX_SHOWN; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      body.textContent = text;
    }
    await reader?.cancel();
    body.textContent = pretty(text, type);
  } catch (error) {
    if (!controller.signal.aborted) body.textContent = `The request failed: ${error.message}`;
  } finally {
    stop.hidden = true;
  }
}

/** Opens the operation that the fragment of the address names. */
function openNamed() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}

document.addEventListener('submit', (event) => {
  event.preventDefault();
  void send(event.target);
});
addEventListener('hashchange', openNamed);
openNamed();
