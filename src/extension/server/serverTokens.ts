import type { SecretStorage } from 'vscode';

/**
 * Keeps the tokens of servers elsewhere in the editor's secret storage, by address: a workspace that names another
 * server does not get them.
 */
export class ServerTokens {
  readonly #secrets: SecretStorage;

  constructor(secrets: SecretStorage) {
    this.#secrets = secrets;
  }

  /** @param url as `fusionizer.server.url` has it */
  async get(url: string): Promise<string | undefined> {
    return this.#secrets.get(keyOf(url));
  }

  /** @param token undefined forgets it */
  async set(url: string, token: string | undefined): Promise<void> {
    if (token === undefined) await this.#secrets.delete(keyOf(url));
    else await this.#secrets.store(keyOf(url), token);
  }
}

/** Addresses that differ in a slash at their end only are the same. */
function keyOf(url: string): string {
  return `fusionizer.server.token ${URL.canParse(url) ? new URL(url).href : url}`;
}
