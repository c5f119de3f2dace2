// npm runs this before `npm pack`: the package holds dist/cli.cjs and nuclio-sdk, so both are made first.
import { prepare } from './prepare.mjs';
import { checkSdk } from './sdk.mjs';

prepare();
try {
  checkSdk();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
