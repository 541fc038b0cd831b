const größe = 'ü';

function open(path) {
  return path.
}

class Shelf {
  add(book) {
    this.books.push(
  }

  remove(book) {}
}

export const after = () => 1;

function last(first,
