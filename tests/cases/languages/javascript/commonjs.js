/** Makes a reader. */
function Reader(path, options) {
  this.path = path;
  this.options = options;
  if (!path) this.unseen = true;
}

Reader.prototype.read = function read(size) {
  return size;
};
Reader.prototype.position = 0;
Reader.create = (path) => new Reader(path);
Reader.prototype.close = async function () {};
Reader.DEFAULTS = { size: 1 };

Writer.prototype = {
  write: function (text) {},
  flush() {},
};
Object.assign(Reader.prototype, {
  rewind() {},
});

var app = exports = module.exports = {};
app.listen = function listen(port) {
  var server = this.server = port;
};

exports.open = function (path) { return new Reader(path); };
exports.close = (reader) => reader.close();
exports.Reader = Reader;
exports.raw = parsers.raw;
exports.static = require('static');
module.exports.Writer = class { end() {} };
module.exports = {
  Reader,
  version: '1.0',
  parse(text) {},
  stringify: function (value) {},
};
plain = 1;
