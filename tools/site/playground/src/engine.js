// confkit in Pyodide: its modules from the archive, and browser.py, which answers. The tests run this in Node too.

const DIRECTORY = "/confkit-playground";
const START = `
import sys
sys.path.insert(0, "${DIRECTORY}")
import browser
browser.lint("Chrystoki.conf", b"")  # imports what a lint needs
lambda task, name, source: getattr(browser, task)(name, source.to_bytes())
`;

export function start(python, archive) {
  python.unpackArchive(archive, "zip", { extractDir: DIRECTORY });
  const call = python.runPython(START);
  const ask = (task, name, bytes) => {
    const answer = call(task, name, bytes);
    const found = answer.toJs();
    answer.destroy();
    return found;
  };
  return {
    lint(name, bytes) {
      const [report, error] = ask("lint", name, bytes);
      return { ...JSON.parse(report), error: error ?? null };
    },
    fix(name, bytes) {
      const [after, count] = ask("fix", name, bytes);
      return { bytes: after, count };
    },
  };
}
