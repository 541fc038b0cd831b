import './side-effects.js';
import shelf, { open, close as shut } from './shelf.js';
import * as books from '@scope/books';
import data from './data.json' with { type: 'json' };

export { default } from './one.js';
export { default as Two, three as default } from './two.js';
export * from './all.js';
export * as tools from './tools.js';

var debug = require('debug')('app');
const path = require('path'), { join, sep: separator } = require('./paths');
const read = require('./reader').read;
require('./register');
app.use('/books', require('./routes'));
exports.static = require('./static');
const settings = { parser: require('./parser') };
const load = () => import('./lazy.js');
const { Page } = await import('./pages.js');
const dynamic = require(variable);
function optional() {
  return require('./optional');
}
