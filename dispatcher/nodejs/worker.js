'use strict';

const path = require('node:path');
const { main } = require('./fusionizer_worker/main');

main(path.resolve(process.argv[2])).catch((error) => {
  // Its pipes are missing or broken, so no frame can report it.
  process.stderr.write(`The worker cannot run: ${error?.stack ?? error}\n`);
  process.exit(1);
});
