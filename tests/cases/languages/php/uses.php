<?php

#[Route('/books', methods: Method::Get)]
class BookController extends Controller implements Handles, Http\Responds
{
    use Validates;

    public function show(Request $request, ?Book $book = null, int ...$pages): Response|Http\Redirect
    {
        $title = $request->query->get('title') ?? self::DEFAULT;
        [$first, $last] = $book?->authors()->all();
        ['key' => $keyed, $plain] = $pages;
        foreach ($pages as $number => $page) {
            $total += static::$counter[$page];
        }
        foreach ($this->rows as [$left, $right]) {
            echo "$left and {$right->name}";
        }
        try {
            $found = array_map(fn (Book $each) => $each->title, Book::query()->get());
        } catch (NotFound | Http\Gone $error) {
            \Log\write($error->getMessage(), LIMIT, \PHP_EOL);
        }
        $callback = function (int $by) use ($total, &$found): void {
            global $counter;
            static $calls = 0;
            $callback($by);
        };
        if ($found instanceof Listing) {
            return parent::show(new Page($found), new \Http\Body(), Http\Status::OK, Listing::class);
        }
        $name = 'title';
        return $this->$name ?: $book->$name() ?: $class::make();
    }
}
