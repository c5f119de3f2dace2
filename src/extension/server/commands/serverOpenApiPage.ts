import { env, Uri } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';

/** Opens the API page in the user's browser, which may be on another machine than the server. */
export const serverOpenApiPage: ExtensionCommand = async ({ server }) => {
  const { address, token } = await server.start();
  const page = Uri.parse(`${address}/-/docs`).with(token === undefined ? {} : { query: `token=${token}` });
  await env.openExternal(await env.asExternalUri(page));
};
