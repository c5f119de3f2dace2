import { env, Uri } from 'vscode';
import type { ExtensionCommand } from '../../services.ts';

/** The page opens where the user's browser is, which may be another machine than the server's. */
export const serverOpenApiPage: ExtensionCommand = async ({ server }) => {
  const { address, token } = await server.start();
  const page = Uri.parse(`${address}/-/docs`).with(token === undefined ? {} : { query: `token=${token}` });
  await env.openExternal(await env.asExternalUri(page));
};
