/** An extension of another language, whose server renames words: the peer of ours. */

const path = require('node:path');
const { LanguageClient } = require('vscode-languageclient/node');

exports.activate = (context) => {
  const { command, args } = require(path.join(context.extensionPath, 'server.json'));
  const client = new LanguageClient('peer', 'Peer', { command, args }, {
    documentSelector: [{ language: 'python' }],
  });
  context.subscriptions.push(client);
  return client.start();
};
