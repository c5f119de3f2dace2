import type { Application } from './applications.ts';

/** Lines to copy for what to try next; they work while the demo serves. */
export function hints(address: URL, usualPort: boolean, applications: readonly Application[]): string[] {
  const base = address.href.replace(/\/$/, '');
  const fusionizer = usualPort ? 'npx fusionizer' : `npx fusionizer --server ${base}`;
  const hasPython = applications.some(({ language }) => language === 'Python');
  const python = [
    `curl -d '{}' ${base}/taska`,
    `curl -d 2015-12-10,32,9,-1.5,8.5,rain ${base}/ingest`,
    `${fusionizer} split ingest`,
    `${fusionizer} fuse ingest,validate,aggregate,alert`,
  ];
  return [
    ...(hasPython ? python : []),
    `${fusionizer} list`,
    `${fusionizer} get parse`,
    `${fusionizer} logs ${hasPython ? 'alert' : 'notify'}`,
    `${fusionizer} init hello --runtime nodejs && ${fusionizer} deploy hello`,
    `curl ${base}/-/setup`,
  ];
}
