import "./side-effects";
import shelf from "./shelf";
import * as books from './books';
import { open, close as shut, default as Fallback } from "../lib/files.js";
import main, { type Options } from "@scope/pkg/sub";
import type { Kind, Level as Height } from "~/types";
import type Only from "./only";
import data from "./data.json" with { type: "json" };
import fs = require("node:fs");

export { one, two as second, default } from "./numbers";
export * from "./everything";
export * as tools from "./tools";
export type { Shape } from "./shape";
export { shelf };

const path = require("path");
const { join, sep: separator, posix = null } = require("./paths");
const read = require("./reader").read;
require("./register");
app.use("/books", require("./routes"));
module.exports.late = require("./late");
const settings = { parser: require("./parser") };
const lazy = () => import("./lazy");
const { Page, Frame: Box } = await import("./pages");
const dynamic = require(variable);
