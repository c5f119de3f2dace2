/** A worker's script, bundled. */
declare module 'worker:*' {
  const script: string;
  export default script;
}
