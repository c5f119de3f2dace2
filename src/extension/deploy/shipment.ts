/**
 * What a deploy loads when the first one begins: packing and reading function.yaml are most of the extension's code.
 */
export { prepareShipment } from '../../task/shipment.ts';
export { buildCommandsIn, buildCommandsOf } from './buildCommands.ts';
export { confirmBuildCommands } from './confirmBuildCommands.ts';
