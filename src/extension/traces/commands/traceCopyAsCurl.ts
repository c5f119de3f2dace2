import { env, l10n, window } from 'vscode';
import { curlCommand } from '../../../shared/curlCommand.ts';
import { withoutSlash } from '../../../shared/withoutSlash.ts';
import { announce } from '../../announce.ts';
import type { ExtensionCommand } from '../../services.ts';
import { invocationFor, recordedRequestOf } from '../invocationFor.ts';

/** Copies the recorded request of an invocation as a command for a shell. */
export const traceCopyAsCurl: ExtensionCommand = async (services, argument) => {
  const record = await invocationFor(services, argument, l10n.t('Copy as curl'));
  const request = await recordedRequestOf(services, record);
  const { address } = await services.server.start();
  const { command, notes } = curlCommand(withoutSlash(address), record.callee, request);
  await env.clipboard.writeText(command);
  announce(l10n.t('Copied the request of {0} as a curl command', record.callee), 3000);
  if (notes.length > 0) void window.showWarningMessage(notes.map((note) => `${note}.`).join(' '));
};
