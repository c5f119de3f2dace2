import { ClientError } from '../client/errors.ts';
import { FusionizerClient } from '../client/fusionizerClient.ts';
import { FusionizerError } from '../shared/errors.ts';

/** How long the program on a port may take to answer, in milliseconds. */
const PATIENCE = 1000;
/** Errors that a Fusionizer server answers with when its health cannot be read (yet). */
const ALIVE = ['unauthorized', 'forbidden', 'busy'];

/** The port is taken. The message says by whom, if it is another Fusionizer server. */
export class PortTakenError extends FusionizerError {
  /** Who has it, e.g. `another program`. */
  readonly holder: string;

  constructor(place: { host: string; port: number }, holder: string, cause: FusionizerError) {
    super(
      'port-taken',
      `Port ${place.port} of ${place.host} is in use by ${holder}. ` +
        'Choose another one with --port, or use --port 0 for a free one',
      { cause },
    );
    this.holder = holder;
  }
}

/** Makes a PortTakenError of `port-taken`, and leaves other errors. @throws always */
export async function withHolder(error: unknown, host: string, port: number): Promise<never> {
  if (!(error instanceof FusionizerError) || error.code !== 'port-taken') throw error;
  throw new PortTakenError({ host, port }, await holderOf(host, port), error);
}

async function holderOf(host: string, port: number): Promise<string> {
  const isAny = host === '0.0.0.0' || host === '::';
  const name = isAny ? '127.0.0.1' : host;
  const client = new FusionizerClient(`http://${name.includes(':') ? `[${name}]` : name}:${port}`);
  try {
    const { folder, pid } = await client.health({ signal: AbortSignal.timeout(PATIENCE) });
    return folder === null ? `another Fusionizer server (process ${pid})` : `the Fusionizer server of ${folder}`;
  } catch (error) {
    const isFusionizer = error instanceof ClientError && ALIVE.includes(error.code);
    return isFusionizer ? 'another Fusionizer server' : 'another program';
  }
}
