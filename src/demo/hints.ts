import { withoutSlash } from '../shared/withoutSlash.ts';
import type { Application } from './applications.ts';

/** Lines to paste for a next step. They work while the demo serves, in the clone's folder. */
export function hints(address: URL, usualPort: boolean, applications: readonly Application[]): string[] {
  const base = withoutSlash(address.href);
  const fusionizer = usualPort ? 'npx fusionizer' : `npx fusionizer --server ${base}`;
  const hasPython = applications.some(({ language }) => language === 'Python');
  const python = [
    '# Send a day of your own, and see what `alert` logged',
    `curl -d 2015-12-10,32,9,-1.5,8.5,rain ${base}/ingest`,
    `${fusionizer} logs alert`,
    '# Split a Task out of its group, and fuse it again',
    `${fusionizer} split ingest`,
    `${fusionizer} fuse ingest,validate,aggregate,alert`,
  ];
  return [
    ...(hasPython ? python : []),
    '# See which Tasks run, and in which groups',
    `${fusionizer} list`,
    '# Make a Task of your own',
    `${fusionizer} init mytask --runtime nodejs`,
    `${fusionizer} deploy mytask`,
    `${fusionizer} invoke mytask -d '{"name": "me"}'`,
  ];
}
