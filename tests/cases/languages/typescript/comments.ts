#!/usr/bin/env node
/** The first sentence documents. */
export function documented(): void {}

// A line comment does as well,
// also with two lines.
const counted = 1;

/** Stays in spite of the instruction below. */
// eslint-disable-next-line no-console
const silenced = console.log;

const wrong: number = ""; /* behind code */

/* far away */

const lonely = 1; // a comment behind code
const after = 2;

class Documented {
    /** Of a field. */
    field = 1;

    /** Of a decorated method. */
    @Log()
    method() {}
}
