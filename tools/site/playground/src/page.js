// The playground: the editor, the linter in its worker, the list of findings, and the page of the rule beside it.

import { toBytes, toText } from "./bytes.js";
import { makeEditor } from "./editor.js";
import { offset, starts } from "./positions.js";
import { fromFragment, toFragment } from "./share.js";

const DELAY = 200; // milliseconds without a keystroke before the text is linted
const SAMPLE = `Chrystoki2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
}
LunaSA Client = {
   ReceiveTimeout = 20000
   ServerName00 = hsm1.example.org;
   ServerPort00 = 1792;
   ServerHtl00 = 0;
}
HAConfiguration = {
   HAOnly = 1;
   statusTimeout = 90;
}
`;

const at = (name) => document.getElementById(`pg-${name}`);
const nameOfFile = at("name");
const names = Array.from(nameOfFile.options, (option) => option.value);
const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
const waiting = new Map();
let rules = {};
let diagnostics = [];
let last = 0;
let timer = 0;

const editor = makeEditor(at("editor"), soon, showRuleAt);

function ask(task, bytes) {
  last += 1;
  const id = last;
  worker.postMessage({ id, task, name: nameOfFile.value, bytes });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function say(text, state) {
  at("status").textContent = text;
  at("status").dataset.state = state;
}

function soon() {
  say("Linting", "busy");
  clearTimeout(timer);
  timer = setTimeout(lint, DELAY);
}

async function lint() {
  const text = editor.text();
  try {
    const found = await ask("lint", toBytes(text));
    if (text === editor.text()) show(found); // else it was changed meanwhile, and is linted again
  } catch (error) {
    say(`The linter failed: ${error.message}. Reload the page.`, "failed");
  }
}

function show(found) {
  const text = editor.shown();
  const lineStarts = starts(text);
  diagnostics = found.diagnostics.map((each) => {
    const from = offset(text, lineStarts, each.line, each.column);
    return { ...each, from, to: Math.max(from, offset(text, lineStarts, each.end_line, each.end_column)) };
  });
  editor.mark(diagnostics.map(({ from, to, severity, code, message, help }) => (
    { from, to, severity, message: `${code} ${message}${help ? ` ${help}` : ""}` }
  )));
  at("findings").replaceChildren(...diagnostics.map(item));
  at("fix").disabled = !diagnostics.some((each) => each.fix?.safe);
  const { errors, warnings, infos } = found.summary;
  const counts = [[errors, "error"], [warnings, "warning"], [infos, "info"]];
  say(found.error ?? counts.map(([number, what]) => `${number} ${what}${number === 1 ? "" : "s"}`).join(", "), "done");
  if (diagnostics.length) showRule(diagnostics[0].code);
  else at("rule").replaceChildren();
}

function item(each) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${each.line}:${each.column} ${each.code} ${each.message}${each.help ? ` ${each.help}` : ""}`;
  button.className = `pg-${each.severity}`;
  Object.assign(button.dataset, { severity: each.severity, code: each.code, line: each.line, column: each.column });
  button.addEventListener("click", () => {
    editor.go(each.from);
    showRule(each.code);
  });
  line.append(button);
  return line;
}

function showRuleAt(position) {
  const line = editor.view.state.doc.lineAt(position);
  const there = diagnostics.find((each) => each.from <= line.to && each.to >= line.from);
  if (there) showRule(there.code);
}

function showRule(code) {
  if (at("rule").dataset.code === code && at("rule").childElementCount) return;
  const page = new DOMParser().parseFromString(rules[code] ?? "", "text/html");
  const own = new URL(`../rules/${code}/`, location.href);
  for (const anchor of page.querySelectorAll(".headerlink")) anchor.remove();
  for (const each of page.querySelectorAll("[id]")) each.removeAttribute("id");
  for (const code of page.querySelectorAll("pre > code")) code.tabIndex = 0; // it scrolls
  for (const link of page.querySelectorAll("a[href]")) link.href = new URL(link.getAttribute("href"), own);
  for (const heading of page.querySelectorAll("h1")) {
    const link = document.createElement("a");
    link.href = own;
    link.append(...heading.childNodes);
    heading.replaceWith(Object.assign(document.createElement("h2"), { className: "pg-rule-title" }));
    page.querySelector(".pg-rule-title").append(link);
  }
  at("rule").replaceChildren(...page.body.childNodes);
  at("rule").dataset.code = code;
}

async function fix() {
  const before = editor.text();
  const { bytes, count } = await ask("fix", toBytes(before));
  if (before !== editor.text()) return; // typed meanwhile: nothing of it is overwritten
  editor.replace(toText(bytes));
  say(`${count} findings fixed`, "busy");
}

async function open(file) {
  nameOfFile.value = /\.ini$/i.test(file.name) ? "crystoki.ini" : "Chrystoki.conf";
  editor.load(toText(new Uint8Array(await file.arrayBuffer())));
}

function save() {
  const address = URL.createObjectURL(new Blob([toBytes(editor.text())], { type: "application/octet-stream" }));
  Object.assign(document.createElement("a"), { href: address, download: nameOfFile.value }).click();
  setTimeout(() => URL.revokeObjectURL(address));
}

async function share() {
  const fragment = await toFragment(nameOfFile.value, toBytes(editor.text()));
  history.replaceState(null, "", fragment);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is on the clipboard. It holds the whole text.", "done");
  } catch {
    say("The link is in the address bar. It holds the whole text.", "done");
  }
}

function listen() {
  at("fix").addEventListener("click", fix);
  at("save").addEventListener("click", save);
  at("share").addEventListener("click", share);
  at("open").addEventListener("change", ({ target }) => {
    if (target.files.length) open(target.files[0]);
    target.value = ""; // the same file can be opened again
  });
  nameOfFile.addEventListener("change", soon);
  const area = at("editor");
  area.addEventListener("dragover", (event) => {
    event.preventDefault();
    area.classList.add("pg-drop");
  });
  area.addEventListener("dragleave", () => area.classList.remove("pg-drop"));
  area.addEventListener("drop", (event) => {
    area.classList.remove("pg-drop");
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    event.stopPropagation();
    open(event.dataTransfer.files[0]);
  }, { capture: true });
}

// A browser asks for the icon again when the address changes, which a link to the text does; so the page keeps it.
async function keepIcon() {
  const link = document.querySelector("link[rel=icon]");
  const reader = new FileReader();
  reader.onload = () => { link.href = reader.result; };
  reader.readAsDataURL(await (await fetch(link.href)).blob());
}

worker.onmessage = ({ data }) => {
  if (data.failed) say(`Python did not start: ${data.failed}. Reload the page, or use another browser.`, "failed");
  else if (data.ready) soon();
  else {
    const { resolve, reject } = waiting.get(data.id);
    waiting.delete(data.id);
    if (data.error) reject(new Error(data.error));
    else resolve(data.answer);
  }
};
worker.onerror = (event) => say(`Python did not start: ${event.message}. Reload the page.`, "failed");

await keepIcon();
rules = await (await fetch(new URL("rules.json", import.meta.url))).json();
const shared = await fromFragment(location.hash, names);
if (shared) nameOfFile.value = shared.name;
editor.load(shared ? toText(shared.bytes) : SAMPLE);
listen();
