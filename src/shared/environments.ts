import * as z from 'zod';

/** One environment: what a list of build commands installed. */
export const environmentViewSchema = z.object({
  id: z.string(),
  commands: z.array(z.string()).describe('The build commands that made it'),
  bytes: z.int().describe('What it takes on the disk'),
  usedAt: z.string(),
  uses: z.int().describe('How many functions and deploys use it now'),
});
export type EnvironmentView = z.infer<typeof environmentViewSchema>;

/** All environments, and what they take on the disk. */
export const environmentsViewSchema = z.object({
  environments: z.array(environmentViewSchema),
  bytes: z.int().describe('What they take together'),
  cacheBytes: z.int().describe('What package managers downloaded for build commands'),
  confined: z
    .boolean()
    .describe(
      'Whether build commands can write into their environment only. Otherwise programs on PATH guard the machine',
    ),
});
export type EnvironmentsView = z.infer<typeof environmentsViewSchema>;

/** What a removal of unused environments did. */
export const pruneViewSchema = z.object({
  removed: z.array(environmentViewSchema),
  bytes: z.int().describe('What was freed'),
});
export type PruneView = z.infer<typeof pruneViewSchema>;
