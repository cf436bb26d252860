// Lints and fixes files in Pyodide, in Node: reads a JSON list of {name, source} (base64) from the file named first, and
// prints a JSON list of {lint, fixed, count}. The second argument is the archive of confkit's modules.

import { readFileSync } from "node:fs";
import { loadPyodide } from "../tools/site/playground/node_modules/pyodide/pyodide.mjs";
import { start } from "../tools/site/playground/src/engine.js";

const [files, archive] = process.argv.slice(2);
const zip = readFileSync(archive);
const engine = start(await loadPyodide(), zip.buffer.slice(zip.byteOffset, zip.byteOffset + zip.byteLength));
const results = JSON.parse(readFileSync(files, "utf8")).map(({ name, source }) => {
  const bytes = new Uint8Array(Buffer.from(source, "base64"));
  const { bytes: fixed, count } = engine.fix(name, bytes);
  return { lint: engine.lint(name, bytes), fixed: Buffer.from(fixed).toString("base64"), count };
});
process.stdout.write(JSON.stringify(results));
