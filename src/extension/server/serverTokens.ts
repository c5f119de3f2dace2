import type { SecretStorage } from 'vscode';

/**
 * Stores the tokens of servers elsewhere in the editor's secret storage. Each token belongs to one address, so a
 * workspace that names another server does not get it.
 */
export class ServerTokens {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** @param url as written in `fusionizer.server.url` */
  async get(url: string): Promise<string | undefined> {
    return this.#secrets.get(keyOf(url));
  }

  /** @param token undefined deletes it */
  async set(url: string, token: string | undefined): Promise<void> {
    if (token === undefined) await this.#secrets.delete(keyOf(url));
    else await this.#secrets.store(keyOf(url), token);
  }
}

/** Addresses that differ only in a slash at the end are the same. */
function keyOf(url: string): string {
  return `fusionizer.server.token ${URL.canParse(url) ? new URL(url).href : url}`;
}
