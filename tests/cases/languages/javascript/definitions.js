'use strict';

// Zählt die Bücher.
const LIMIT = 10;
let count = 0, total;
var self = module.exports;

/** A shelf. */
class Shelf extends furniture.Piece {
  static kinds = ['wall'];
  #books = [];
  label;
  onChange = (book) => { this.last = book; };

  constructor(name, { width = 1 } = {}) {
    super();
    this.name = name;
    this.width = width;
    if (width) this.skipped = true;
  }

  get size() { return this.#books.length; }
  set size(value) { this.#books.length = value; }
  static async *load(path, ...rest) {
    const local = () => path;
    function inner() {}
  }
}

export class Corner extends Shelf {}
export default class extends Corner { turn() {} }
const Named = class Inner extends Shelf {};

export function open(path, options = {}) { return path; }
export async function* lines() {}
const later = async (delay) => delay;
export const twice = function (value) { return value * 2; };
export const { first, second: renamed } = pair;
export let current = null;

export const routes = {
  home: '/',
  book: (id) => `/books/${id}`,
  async load() {},
  get cached() { return 1; },
  nested: { deep: function () {} },
};

const Button = React.forwardRef((props, ref) => <button ref={ref} />);

(function () {
  const hidden = 1;
  function helper() {}
})();
