import { mkdir, readdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { ifMissing } from '../../../shared/ifMissing.ts';

/**
 * Links the packages that a Task's build commands installed into `node_modules` in its folder. `require` would find
 * them by NODE_PATH, but `import` searches only the folders above the importing file.
 * @param task the Task's folder
 * @param from folders of packages; the first one that has a package provides it
 */
export async function linkPackages(task: string, from: readonly string[]): Promise<void> {
  const target = path.join(task, 'node_modules');
  for (const dir of from) {
    for (const name of await packagesIn(dir)) {
      const link = path.join(target, ...name.split('/'));
      await mkdir(path.dirname(link), { recursive: true });
      // A junction needs no special rights on Windows. Elsewhere it is an ordinary link.
      await symlink(path.join(dir, name), link, 'junction').catch(ignoreExisting);
    }
  }
}

/** Names of packages, scoped ones as `@scope/name`. */
async function packagesIn(dir: string): Promise<string[]> {
  const names = await readdir(dir).catch(ifMissing([] as string[]));
  const packages = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) =>
        name.startsWith('@') ? (await readdir(path.join(dir, name))).map((inner) => `${name}/${inner}`) : [name],
      ),
  );
  return packages.flat();
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
