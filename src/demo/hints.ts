import { withoutSlash } from '../shared/withoutSlash.ts';
import type { Application } from './applications.ts';

/** Lines to copy for what to try next; they work while the demo serves. */
export function hints(address: URL, usualPort: boolean, applications: readonly Application[]): string[] {
  const base = withoutSlash(address.href);
  const fusionizer = usualPort ? 'npx fusionizer' : `npx fusionizer --server ${base}`;
  const hasPython = applications.some(({ language }) => language === 'Python');
  const python = [
    '# A day of your own, and what it led to in the log of `alert`',
    `curl -d 2015-12-10,32,9,-1.5,8.5,rain ${base}/ingest`,
    `${fusionizer} logs alert`,
    '# Split a Task out of its group, and fuse it again',
    `${fusionizer} split ingest`,
    `${fusionizer} fuse ingest,validate,aggregate,alert`,
  ];
  return [
    ...(hasPython ? python : []),
    '# What runs, and with what',
    `${fusionizer} list`,
    '# A Task of your own',
    `${fusionizer} init mytask --runtime nodejs`,
    `${fusionizer} deploy mytask`,
    `${fusionizer} invoke mytask -d '{"name": "me"}'`,
  ];
}
