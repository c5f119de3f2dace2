import * as z from 'zod';

/** The shapes of `/-/environments`. Times are ISO 8601 strings. */

export const environmentViewSchema = z.object({
  id: z.string(),
  commands: z.array(z.string()).describe('The build commands that made it'),
  bytes: z.int().describe('What it takes on the disk'),
  usedAt: z.string(),
  uses: z.int().describe('How many functions and deploys use it now'),
});
export type EnvironmentView = z.infer<typeof environmentViewSchema>;

export const environmentsViewSchema = z.object({
  environments: z.array(environmentViewSchema),
  bytes: z.int().describe('What they take together'),
  cacheBytes: z.int().describe('What package managers downloaded for build commands'),
});
export type EnvironmentsView = z.infer<typeof environmentsViewSchema>;

export const pruneViewSchema = z.object({
  removed: z.array(environmentViewSchema),
  bytes: z.int().describe('What was freed'),
});
export type PruneView = z.infer<typeof pruneViewSchema>;
