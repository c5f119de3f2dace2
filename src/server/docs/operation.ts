import type { Content, Document, OperationObject, Parameter, RequestBody, ResponseObject } from '../openapi/types.ts';
import { type Html, html, inline, prose } from './html.ts';
import { nameOf, resolve, typeOf } from './schema.ts';

/** One or more operations of one path. Those that differ only in their method are shown as one. */
export interface ShownOperation {
  path: string;
  methods: string[];
  operation: OperationObject;
}

/** The operations of a tag, in the document's order. */
export function operationsOf(document: Document, tag: string): ShownOperation[] {
  const shown: ShownOperation[] = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      if (!operation.tags.includes(tag)) continue;
      const same = shown.find((one) => one.path === path && one.operation.summary === operation.summary);
      if (same) same.methods.push(method.toUpperCase());
      else shown.push({ path, methods: [method.toUpperCase()], operation });
    }
  }
  return shown;
}

/** One operation: its description, parameters, body and answers, and a form to try it. */
export function operationSection({ path, methods, operation }: ShownOperation, document: Document): Html {
  const { parameters = [], requestBody } = operation;
  const method = methods.length > 1 ? 'ANY' : (methods[0] ?? '');
  return html`<details class="operation" id="${operation.operationId}">
<summary><span class="method ${method.toLowerCase()}">${method}</span>
<code class="path">${path}</code>
<span class="what">${operation.summary}</span></summary>
<div class="body">
${prose(operation.description)}
${requestBody && bodySection(requestBody)}
<h4>Answers</h4>
<table>${Object.entries(operation.responses).map(([status, response]) => answerRow(status, response, document))}</table>
<form data-path="${path}">
<h4>Try it</h4>
${methodField(methods)}
${parameters.map((parameter) => parameterField(parameter, document))}
${requestBody ? bodyField(requestBody.content, document) : ''}
<p><button type="submit">Send</button> <button type="button" class="stop" hidden>Stop</button></p>
<output hidden></output>
</form>
</div>
</details>
`;
}

function bodySection({ description = '', content }: RequestBody): Html {
  return html`<h4>Body</h4><p>${inline(description)} ${contents(content)}</p>`;
}

function methodField(methods: readonly string[]): Html {
  if (methods.length === 1) return html`<input type="hidden" name="method" value="${methods[0]}">`;
  return html`<label><span>Method</span><select name="method">${methods.map(option)}</select></label>`;
}

function option(text: string): Html {
  return html`<option>${text}</option>`;
}

/** All errors have the same types of body. The page shows them once, so they are left out here. */
function answerRow(status: string, response: OperationObject['responses'][string], document: Document): Html {
  const isError = '$ref' in response;
  const { description, headers, content }: ResponseObject = isError
    ? (document.components.responses[nameOf(response.$ref)] ?? { description: '' })
    : response;
  const names = Object.entries(headers ?? {}).map(
    ([name, header]) => html`<br><code>${name}</code>: ${inline(header.description)}`,
  );
  const kind = status.startsWith('2') || status === 'default' ? 'good' : 'bad';
  return html`<tr class="${kind}"><th scope="row">${status}</th>
<td>${inline(description)}${names}</td><td>${content && !isError ? contents(content) : ''}</td></tr>`;
}

function contents(content: Content): Html[] {
  return Object.entries(content).map(
    ([type, { schema }]) => html`<span class="content"><small>${type}</small> ${typeOf(schema)}</span> `,
  );
}

function parameterField(parameter: Parameter, document: Document): Html {
  const { examples, enum: choices } = resolve(parameter.schema, document.components.schemas);
  const attributes = html`name="${parameter.name}" data-in="${parameter.in}"`;
  const required = parameter.required && parameter.name !== 'path';
  const control = choices
    ? html`<select ${attributes}>${['', ...choices.map(String).filter((choice) => choice !== '')].map(option)}</select>`
    : html`<input ${attributes} autocomplete="off" spellcheck="false"${required ? html` required` : ''}
placeholder="${examples ? String(examples[0]) : ''}">`;
  const name = html`<span><code>${parameter.name}</code> <small>${parameter.in}</small></span>`;
  return html`<label>${name}${control}<small>${inline(parameter.description ?? '')}</small></label>
`;
}

function bodyField(content: Content, document: Document): Html[] {
  return Object.entries(content).map(([type, { schema }]) => {
    const fields = Object.keys(schema.properties ?? {});
    if (type === 'multipart/form-data') return html`${fields.map(fileField)}`;
    const [example] = resolve(schema, document.components.schemas).examples ?? [];
    const text = example === undefined ? '' : JSON.stringify(example, null, 2);
    const sent = type === '*/*' ? 'application/json' : type;
    return html`<label><span>Body <small>${type}</small></span>
<textarea data-in="body" data-type="${sent}" rows="4" spellcheck="false">${text}</textarea></label>`;
  });
}

function fileField(name: string): Html {
  return html`<label><span><code>${name}</code> <small>file</small></span>
<input type="file" name="${name}" data-in="form" required></label>`;
}
