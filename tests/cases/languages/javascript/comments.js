#!/usr/bin/env node
/*!
 * The license of it.
 */
const licensed = 1;

/**
 * Adds.
 * @param {number} left
 */
function add(left, right) {}

// What it is for,
// in two lines.
exports.sum = add;

/** Stays in spite of the instruction below. */
// eslint-disable-next-line
const silenced = 1;

const query = sql`select 1`; // not of the next line
const next = 2;
