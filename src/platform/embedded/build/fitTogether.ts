import path from 'node:path';
import { execa } from 'execa';
import { cannotFuse } from '../../../shared/errors.ts';
import type { BuildProgress } from './sharedWork.ts';

/** What one Task asked for, and where it is installed. */
export interface Wanted {
  readonly task: string;
  readonly requirements: readonly string[];
  /** The interpreter of its own environment. */
  readonly python: string;
}

/** Prints the first requirement that is not met, or that a required package has itself and that is not met. */
const UNMET_SCRIPT = `
import sys
from importlib import metadata
try:
    from packaging.requirements import Requirement
except ImportError:
    from pip._vendor.packaging.requirements import Requirement
seen = set()
def check(text, of):
    requirement = Requirement(text)
    if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
        return
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        version = "none"
    if version == "none" or not requirement.specifier.contains(version, prereleases=True):
        print("%s %s%s, and %s is there" % (of, requirement.name, requirement.specifier, version))
        sys.exit(1)
    if requirement.name.lower() not in seen:
        seen.add(requirement.name.lower())
        for inner in metadata.requires(requirement.name) or []:
            check(inner, "%s %s needs" % (requirement.name, version))
for text in sys.argv[1:]:
    check(text, "it needs")
`;

/**
 * Refuses to fuse Tasks whose packages were installed together, if one of them no longer has what it asked for and has
 * when it is alone.
 * @param joined the interpreter of the common environment
 * @throws FusionizerError `setup` that names the Tasks
 */
export async function checkFit(joined: string, wanted: readonly Wanted[], progress: BuildProgress): Promise<void> {
  for (const one of wanted) {
    const unmet = await unmetIn(joined, one.requirements, progress);
    if (unmet === undefined || (await unmetIn(one.python, one.requirements, progress)) !== undefined) continue;
    const other = wanted.find(({ task }) => task !== one.task);
    if (other === undefined) continue;
    cannotFuse(
      { name: path.posix.basename(one.task) },
      { name: path.posix.basename(other.task) },
      `with the packages of both, '${path.posix.basename(one.task)}' would not have what it has alone: ${unmet}`,
    );
  }
}

async function unmetIn(
  python: string,
  requirements: readonly string[],
  progress: BuildProgress,
): Promise<string | undefined> {
  if (requirements.length === 0) return undefined;
  const asked = await execa(python, ['-c', UNMET_SCRIPT, ...requirements], {
    reject: false,
    stdin: 'ignore',
    cancelSignal: progress.signal,
  });
  progress.signal.throwIfAborted();
  const said = asked.stdout.trim();
  return asked.exitCode === 1 && said !== '' ? said : undefined;
}
