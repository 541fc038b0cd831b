<?php

namespace Größe;

class Shelf
{
    private int $breite = ;

    public function add(Book $book)
    {
        $this->books->
    }

    public function remove(Book $book): void
    {
        unset($this->books[$book->
    }

    public function last(): int { return 1; }
}

function open(string $path, {
    return $path;
}

function after(): void {}
