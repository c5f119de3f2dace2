/** Node.js runs JavaScript only; a Task's TypeScript has to be compiled before it is deployed. */

/** Whether a file is TypeScript. */
export const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);

/** What to do about a Task whose handler is TypeScript. @param file relative to the Task's folder */
export function typeScriptAdvice(file: string): string {
  const output = file.replace(/\.([cm]?)tsx?$/, '.$1js');
  return (
    `${file} is TypeScript, which Nuclio's Node.js does not run: compile it first, such as with ` +
    `npx esbuild ${file} --bundle --platform=node --format=${output.endsWith('.mjs') ? 'esm' : 'cjs'} ` +
    `--outfile=${output}, and deploy it with ${output}`
  );
}
