import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Browser, chromium } from 'playwright-core';

type After = { after(fn: () => Promise<void>): void };

const QUIET =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking ' +
  '--disable-component-update --disable-sync --disable-dev-shm-usage';

/**
 * A real Chromium, ended with the test. It is found by the variable CHROMIUM, or on PATH.
 * @param hosts names that it shall find at the loopback address, as an attacker's DNS may tell it
 * @throws Error that says how to install one
 */
export async function startChromium(test: After, hosts: readonly string[] = []): Promise<Browser> {
  const rules = hosts.map((host) => `MAP ${host} 127.0.0.1`).join(',');
  const browser = await launchChromium(rules === '' ? [] : [`--host-resolver-rules=${rules}`]);
  test.after(() => browser.close());
  return browser;
}

/** The same, with arguments and an environment of its own; ended by who asked for it. */
export async function launchChromium(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const variables = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const { findChromium }: { findChromium(): string } = await import(
    new URL('../../scripts/chromium.mjs', import.meta.url).href
  );
  return chromium.launch({ executablePath: findChromium(), args: [...QUIET.split(' '), ...args], env: variables });
}

/** A web site of somebody else, on a port of its own; ended with the test. */
export async function startForeignSite(
  test: After,
  html: string,
): Promise<{ port: number; headers: http.IncomingHttpHeaders[] }> {
  const headers: http.IncomingHttpHeaders[] = [];
  const site = http.createServer((request, response) => {
    headers.push(request.headers);
    response.setHeader('Content-Type', 'text/html').end(html);
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  test.after(async () => {
    site.closeAllConnections();
    await new Promise((resolve) => site.close(resolve));
  });
  return { port: (site.address() as AddressInfo).port, headers };
}
