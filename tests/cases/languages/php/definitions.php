<?php

declare(strict_types=1);

// Größen in Zentimetern.
namespace Library\Shelves;

const DEFAULT_WIDTH = 120, DEPTH = 30;
define('LEGACY', true);

/**
 * A place for books.
 */
#[Entity(table: 'shelves')]
abstract class Shelf extends Furniture implements Sized, \Countable
{
    use Notifies, Logs {
        log as private write;
    }

    public const int MOST = 10, LEAST = 1;
    /** What it is called. */
    protected ?string $label = 'höher';
    private static array $kinds = [], $other;
    public readonly int $id;
    var $old;
    public string $title {
        get => strtoupper($this->label);
    }

    #[Pure]
    public function __construct(
        private readonly Store $store,
        protected int $width = self::MOST,
        $plain = null,
    ) {
        $this->dynamic = 1;
    }

    abstract protected function describe(int|string $key, ?Book &...$more): static;

    public static function open(string $path): self
    {
        function inner(): void {}
        return new static();
    }
}

interface Sized extends Countable, Named
{
    const UNIT = 'cm';

    public function size(): int;
}

trait Logs
{
    public function log(string $line): void {}
}

enum Color: string implements HasLabel
{
    case Red = 'r';
    case Green = 'g';
    const Fallback = self::Red;

    public function label(): string
    {
        return match ($this) {
            self::Red => 'red',
            default => ucfirst($this->value),
        };
    }
}

final readonly class Point
{
    public function __construct(public int $x, public int $y) {}
}

function &numbers(array $from = []): \Generator
{
    yield 1;
}

if (!function_exists('helper')) {
    function helper(?int $x = null): ?string
    {
        return null;
    }
}

$app = new Application(__DIR__);
$listener = new class extends Listener {
    public $heard = 0;
};
$double = fn (int $x): int => $x * 2;
return $app;
