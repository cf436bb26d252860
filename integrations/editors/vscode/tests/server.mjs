// Starts the server with the very command of the extension, by the client library that Visual Studio Code uses, and asks
// it for what the extension asks for. Needs `confkit` on the PATH.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const protocol = require('vscode-languageserver-protocol/node');
const manifest = require('../package.json');

// What the extension hands to the client, with an editor that has the default settings.
let started;
const Module = require('node:module');
const load = Module._load;
Module._load = function (name, ...rest) {
  if (name === 'vscode') {
    const defaults = (key) => manifest.contributes.configuration.properties[`confkit.${key}`].default;
    return {
      workspace: { getConfiguration: () => ({ get: defaults }), onDidChangeConfiguration: () => ({}) },
      commands: { registerCommand: (command) => ({ command }) },
      window: { showErrorMessage: assert.fail },
    };
  }
  if (name === 'vscode-languageclient/node') {
    return {
      LanguageClient: class {
        constructor(id, title, server, client) {
          started = { id, server, client };
        }
        async start() {}
        async stop() {}
      },
    };
  }
  return load.call(this, name, ...rest);
};
const subscriptions = [];
await require('../extension.js').activate({ subscriptions });
Module._load = load;
assert.deepEqual(subscriptions[0], { command: manifest.contributes.commands[0].command });
assert.equal(started.id, 'confkit');
assert.ok(started.client.documentSelector.some((each) => each.language === manifest.contributes.languages[0].id));
assert.deepEqual(started.server, { command: 'confkit', args: ['lsp'] });

const server = spawn(started.server.command, [...started.server.args, '--stdio'], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => server.on('exit', resolve));
const connection = protocol.createProtocolConnection(
  new protocol.StreamMessageReader(server.stdout),
  new protocol.StreamMessageWriter(server.stdin),
);
connection.listen();

const { capabilities, serverInfo } = await connection.sendRequest(protocol.InitializeRequest.type, {
  processId: process.pid,
  rootUri: pathToFileURL(process.cwd()).href,
  workspaceFolders: null,
  capabilities: {
    general: { positionEncodings: ['utf-16'] },
    textDocument: { diagnostic: {}, completion: { completionItem: { snippetSupport: true } } },
    window: { showDocument: { support: true } },
  },
});
assert.equal(serverInfo.name, 'confkit');
assert.equal(capabilities.positionEncoding, 'utf-16');
await connection.sendNotification(protocol.InitializedNotification.type, {});

const uri = pathToFileURL(path.resolve('nowhere', 'Chrystoki.conf')).href;
const text = 'CardReader = {\n  RemoteCommand = 1 ;\n}\n';
const textDocument = { uri, languageId: 'chrystoki', version: 1, text };
await connection.sendNotification(protocol.DidOpenTextDocumentNotification.type, { textDocument });
const report = await connection.sendRequest(protocol.DocumentDiagnosticRequest.type, { textDocument: { uri } });
assert.equal(report.kind, 'full');
const [space] = report.items.filter((each) => each.code === 'CK103');
assert.deepEqual(space.range.start, { line: 1, character: 19 });
assert.match(space.codeDescription.href, /CK103/);

const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
const [fix] = await connection.sendRequest(protocol.CodeActionRequest.type, {
  textDocument: { uri },
  range,
  context: { diagnostics: [], only: ['source.fixAll.confkit'] },
});
assert.deepEqual(fix.edit.changes[uri].map((each) => each.newText), ['  RemoteCommand = 1;\n']);
const offered = await connection.sendRequest(protocol.CompletionRequest.type, {
  textDocument: { uri },
  position: { line: 3, character: 0 },
});
const items = Array.isArray(offered) ? offered : offered.items;
assert.ok(items.some((each) => each.label === 'HA group' && each.insertTextFormat === 2));

await connection.sendRequest(protocol.ShutdownRequest.type);
await connection.sendNotification(protocol.ExitNotification.type);
assert.equal(await ended, 0);
connection.dispose();
console.log('the server of the extension: findings, fix, completion, end');
