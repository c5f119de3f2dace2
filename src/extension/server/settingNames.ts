/**
 * The server's messages name options of the command line. For a server that the editor runs, they name its settings in
 * their place. Whole phrases are replaced, as a Task's own texts may hold options, too.
 */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/fusionizer serve --max-depth/g, 'fusionizer.server.maxDepth'],
  [/fusionizer serve --max-workers/g, 'fusionizer.server.maxWorkers'],
  [/start it with --record none/g, 'set fusionizer.server.record to none'],
  [
    /(?:serve )?--allow-system-commands (lifts this|lets them)/g,
    'the setting fusionizer.server.allowSystemCommands $1',
  ],
  [/--allow-system-commands was given/g, 'fusionizer.server.allowSystemCommands is on'],
  [
    /Choose another one with --port, or use --port 0 for a free one/g,
    'Choose another one in fusionizer.server.port, or 0 for a free one',
  ],
  [/choose one from 1024 on with --port/g, 'choose one from 1024 on in fusionizer.server.port'],
  [
    /use --host 127\.0\.0\.1 for this machine only, or --host 0\.0\.0\.0 for/g,
    'set fusionizer.server.host to 127.0.0.1 for this machine only, or to 0.0.0.0 for',
  ],
  [/start it with --allow-host ([\w.:[\]-]+)/g, 'add $1 to fusionizer.server.allowHosts'],
  [/file with --token-file/g, 'file in fusionizer.server.tokenFile'],
  [/(folder|another one|one of your own) with --state/g, '$1 in fusionizer.server.stateFolder'],
  [/set its path with --python, or in VS Code with fusionizer/g, 'set its path in fusionizer'],
  [
    /--python (\S+) is not Python 3\.9 or newer, or cannot be run\. Name another interpreter, or leave the option out/g,
    'fusionizer.python.path is $1, which is not Python 3.9 or newer, or cannot be run. ' +
      'Name another interpreter, or empty it',
  ],
];

/** Names settings in place of the command line's options. */
export function withSettings(text: string): string {
  if (!text.includes('--')) return text;
  return PHRASES.reduce((now, [option, setting]) => now.replace(option, setting), text);
}
