// Starts `confkit lsp` and connects the editor with it. There is no telemetry.
'use strict';

const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

const LANGUAGES = ['chrystoki', 'yaml', 'dockercompose', 'dockerfile', 'shellscript', 'dotenv'];
const PATTERNS = ['**/*.conf', '**/*.ini', '**/*.service', '**/*.container'];

let client;

function serverOptions() {
  const settings = vscode.workspace.getConfiguration('confkit');
  const log = settings.get('logFile');
  return { command: settings.get('path') || 'confkit', args: ['lsp', ...(log ? ['--log-file', log] : [])] };
}

async function start() {
  client = new LanguageClient('confkit', 'confkit', serverOptions(), {
    documentSelector: [
      ...LANGUAGES.map((language) => ({ scheme: 'file', language })),
      ...PATTERNS.map((pattern) => ({ scheme: 'file', pattern })),
      { scheme: 'untitled', language: 'chrystoki' },
    ],
  });
  try {
    await client.start();
  } catch (error) {
    client = undefined;
    const said = `confkit did not start: ${error.message}. Install it with its extra "lsp", or set confkit.path.`;
    vscode.window.showErrorMessage(said);
  }
}

async function stop() {
  const running = client;
  client = undefined;
  await running?.stop();
}

async function restart() {
  await stop();
  await start();
}

async function activate(context) {
  context.subscriptions.push(
    vscode.commands.registerCommand('confkit.restart', restart),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('confkit') && restart()),
  );
  await start();
}

module.exports = { activate, deactivate: stop };
