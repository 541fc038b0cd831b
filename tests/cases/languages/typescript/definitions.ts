// Größen in Zentimetern, damit Umlaute vor den Definitionen stehen.
export const DEFAULT_WIDTH: number = 120;
const shelves = new Map<string, Shelf>();
let opened = 0, closed: number | undefined;
var legacy = "yes";

/**
 * A place for books.
 */
@Entity({ table: "shelves" })
export abstract class Shelf<T extends Book = Book> extends Furniture.Piece<T> implements Sized, Iterable<T> {
    static readonly kinds: string[] = ["wall", "corner"];
    #books: T[] = [];
    declare label: string;
    @Column() width?: number;
    onChange = async (book: T): Promise<void> => {
        this.#books.push(book);
    };

    constructor(
        private readonly store: Store,
        public height = 40,
        readonly depth?: number,
        plain: string = "",
    ) {
        super();
    }

    get size(): number {
        return this.#books.length;
    }

    set size(value: number) {
        this.#books.length = value;
    }

    find(title: string): T | undefined;
    find(predicate: (book: T) => boolean): T | undefined;
    // The one that does the work.
    find(wanted: unknown): T | undefined {
        function matches(book: T): boolean {
            return book === wanted;
        }
        const unseen = 1;
        return this.#books.find(matches);
    }

    @Cached
    @Logged("sum")
    async total<K extends keyof T>(key: K, ...more: K[]): Promise<number> {
        return 0;
    }

    abstract describe(): string;
    *[Symbol.iterator]() {}
}

class Corner extends Mixed(Shelf) {}
export default class extends Corner {
    turn() {}
}
const Anonymous = class extends Corner {};

/** What has a size. */
export interface Sized<T = unknown> extends Countable<T>, Named {
    readonly size: number;
    shape?: { width: number; height: number };
    resize(by: number): this;
    get area(): number;
    (key: string): number;
    new (size: number): Sized;
    [index: number]: T;
}

export type Options = {
    deep: boolean;
    onDone(error?: Error): void;
};
type Extended = Options & Partial<Sized> & { extra: string };
type Kind = "wall" | "corner";
export type Handler<E> = (event: E) => Promise<void>;

export enum Color {
    Red,
    Green = "green",
}
const enum Level { Low = 1, High }

export function open(path: string): Promise<Shelf>;
export function open(path: URL, options?: Options): Promise<Shelf>;
export async function open(path: string | URL, options?: Options): Promise<Shelf> {
    return load(path);
}
function isShelf(value: unknown): value is Shelf {
    return value instanceof Shelf;
}
function* numbers(): Generator<number> {}

export const byTitle = (left: Book, right: Book): number => left.title.localeCompare(right.title);
const later = async function (delay: number) {
    return delay;
};
export let retries: number;
export const { first, second: renamed } = pair, other = 1;

export const routes = {
    home: "/",
    book: (id: string) => `/books/${id}`,
    async load() {},
    nested: { deep: 1 },
} as const;
const theme = { dark: false } satisfies Theme;
const table = [{ notAField: 1 }];

describe("shelves", () => {
    const hidden = 1;
    const helper = () => hidden;
});

export namespace Units.Metric {
    export const centimetre = 0.01;
    export function toInches(value: number): number {
        return value;
    }
}
namespace Internal {
    let state = 0;
}
