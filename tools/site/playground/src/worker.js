// Runs confkit in Pyodide, away from the page, which stays responsive. Everything is loaded before the first answer.

import { loadPyodide } from "./pyodide/pyodide.mjs";
import { start } from "./engine.js";

const here = new URL(".", import.meta.url);
const ready = (async () => {
  const [python, archive] = await Promise.all([
    loadPyodide({ indexURL: new URL("pyodide/", here).href }),
    fetch(new URL("confkit.zip", here)).then((answer) => {
      if (!answer.ok) throw new Error(`confkit.zip: ${answer.status}`);
      return answer.arrayBuffer();
    }),
  ]);
  return start(python, archive);
})();

ready.then(
  () => postMessage({ ready: true }),
  (error) => postMessage({ failed: String(error) }),
);

onmessage = async ({ data: { id, task, name, bytes } }) => {
  try {
    const engine = await ready;
    postMessage({ id, answer: engine[task](name, bytes) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
};
