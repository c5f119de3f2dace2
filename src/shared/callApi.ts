import * as z from 'zod';

/** Who calls whom, counted, as it crosses the HTTP API. */

/** The longest time for which calls are counted apart, in seconds. */
export const LONGEST_WINDOW = 3600;

export const callCountSchema = z.object({
  caller: z.string().nullable().describe('Null for invocations from outside'),
  callee: z.string(),
  local: z.boolean().describe('Whether the calls stayed inside the function'),
  mode: z.enum(['sync', 'async']).describe('Whether the caller waited for the answer'),
  group: z.array(z.string()).describe("The callee's Fusion Group at the newest of these calls"),
  count: z.int(),
  failed: z.int().describe('Those without an answer, or with a status of 400 and above'),
  p50: z.number().describe('Median duration in milliseconds, exact to 5 %'),
  p95: z.number().describe('95th percentile in milliseconds, exact to 5 %'),
});
export type CallCount = z.infer<typeof callCountSchema>;

export const knownSetupSchema = z.object({
  id: z.string(),
  calls: z.int().describe('Invocations and calls while it was in force'),
  first: z.number().describe('When the first of them began, in Unix milliseconds'),
  last: z.number().describe('When the newest of them began'),
});
export type KnownSetup = z.infer<typeof knownSetupSchema>;

export const callsViewSchema = z.object({
  setup: z.string().describe('The id of the Fusion Setup in force'),
  setups: z.array(knownSetupSchema).describe('The setups that had calls, the oldest first'),
  calls: z.array(callCountSchema).describe('By the names of caller and callee, local ones first'),
});
export type CallsView = z.infer<typeof callsViewSchema>;
