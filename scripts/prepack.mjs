// npm runs this before `npm pack`, which would pack the extension's manifest and all sources, and before `npm run
// pack`.
if (['pack', 'publish'].includes(process.env.npm_command)) {
  console.error("The package.json here is the VS Code extension's: `npm run pack` makes the npm package.");
  process.exitCode = 1;
}
