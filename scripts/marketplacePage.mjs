// Makes the page of the extension, which VS Code and its Marketplace show, out of media/marketplace/README.md: with the
// table of the settings, and with its pictures inside. VS Code shows pictures from https addresses and from the page
// itself; it does not find the files of the package.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const SOURCE = path.join(root, 'media', 'marketplace', 'README.md');
const SETTINGS = '<!-- settings -->';

/**
 * @param address where the folder media/marketplace can be reached by https; without it the pictures are in the page
 * @throws Error for a page without a place for the settings, and for a picture that is not there
 */
export function marketplacePage(address) {
  const page = readFileSync(SOURCE, 'utf8');
  if (!page.includes(SETTINGS)) throw new Error(`${SOURCE} has no line ${SETTINGS}`);
  const pictureOf = (file) => (address === undefined ? dataOf(file) : new URL(file, address).href);
  return page
    .replace(SETTINGS, () => settingsTable())
    .replaceAll(/(!\[[^\]]*\]\()([^):]+\.png)\)/g, (_, before, file) => `${before}${pictureOf(file)})`);
}

const dataOf = (file) =>
  `data:image/png;base64,${readFileSync(path.join(path.dirname(SOURCE), file)).toString('base64')}`;

/** The rows are in the order of the editor's settings. */
function settingsTable() {
  const { contributes } = readJson('package.json');
  const texts = readJson('package.nls.json');
  const rows = Object.entries(contributes.configuration.properties)
    .sort(([, one], [, other]) => one.order - other.order)
    .map(([name, { default: value, markdownDescription }]) => {
      const text = markdownDescription.replace(/^%(.*)%$/, (_, key) => texts[key]);
      return `| \`${name}\` | ${shown(value)} | ${text.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`;
    });
  return ['| setting | default | what it does |', '| --- | --- | --- |', ...rows].join('\n');
}

const shown = (value) => (value === '' || value?.length === 0 ? 'empty' : `\`${value}\``);

const readJson = (file) => JSON.parse(readFileSync(path.join(root, file), 'utf8'));
