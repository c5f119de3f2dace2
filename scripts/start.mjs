// `npm start`: installs and builds what is missing, then runs the demo. `npm start -- --exit` ends after the table.
import { prepare } from './prepare.mjs';

prepare();
await import('../dist/demo.cjs');
