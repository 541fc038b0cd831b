<?php
/**
 * The file's own comment.
 */

/** Adds two numbers. */
function add(int $left, int $right): int
{
    return $left + $right; // behind code
}

// A line comment documents as well,
# in both ways of writing it.
const LIMIT = 1;

/** Stays in spite of the instruction below. */
// phpcs:ignore
const SILENCED = 2;

class Documented
{
    /** @var string[] */
    private array $names;

    /**
     * {@inheritdoc}
     */
    #[Override]
    public function names(): array {}
}
