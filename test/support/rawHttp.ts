import net from 'node:net';

export interface RawAnswer {
  /** 0 if the connection ended without an answer. */
  status: number;
  /** The headers as they came, in lower case, without the status line. */
  head: string;
  body: string;
}

/** A connection on which a test can write any bytes. */
export class RawConnection {
  readonly socket: net.Socket;
  text = '';
  /** Resolves when the connection is closed. */
  readonly closed: Promise<void>;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('data', (chunk) => {
      this.text += chunk.toString('latin1');
    });
    // A server may reset a connection after malformed input. The answer before that counts.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ECONNRESET' && error.code !== 'EPIPE') throw error;
    });
  }

  static async open(url: URL): Promise<RawConnection> {
    const socket = net.connect(Number(url.port), url.hostname);
    const connection = new RawConnection(socket);
    await new Promise((resolve) => socket.once('connect', resolve));
    return connection;
  }

  get answer(): RawAnswer {
    const [top = '', ...rest] = this.text.split('\r\n\r\n');
    const [line = '', ...headers] = top.split('\r\n');
    return {
      status: Number(/^HTTP\/1\.1 (\d+)/.exec(line)?.[1] ?? 0),
      head: headers.join('\n').toLowerCase(),
      body: rest.join('\r\n\r\n'),
    };
  }

  /** Waits for a complete answer, then closes the connection. */
  async take(): Promise<RawAnswer> {
    await Promise.race([
      this.closed,
      new Promise<void>((resolve) => this.socket.on('data', () => this.#isWhole() && resolve())),
    ]);
    this.socket.destroy();
    await this.closed;
    return this.answer;
  }

  #isWhole(): boolean {
    const length = /content-length: (\d+)/.exec(this.answer.head)?.[1];
    return length !== undefined && this.answer.body.length >= Number(length);
  }
}

/** Sends bytes as they are, and waits for the answer. */
export async function sendRaw(url: URL, bytes: string | Buffer): Promise<RawAnswer> {
  const connection = await RawConnection.open(url);
  connection.socket.write(bytes);
  return connection.take();
}
