/** The version of the page. */
declare const VERSION: string, BUILD: number;
declare let current: Page | null;
export declare const limit: number;
/** Starts it. */
declare function start(page: Page): void;
export declare function stop(): void;
declare class Page {
    title: string;
    static open(url: string): Page;
}
export declare abstract class Base {
    abstract run(): void;
}
declare enum Mode { Slow, Fast }
declare interface Plugin { name: string }
declare type Name = string;

declare module "*.svg" {
    const content: string;
    export default content;
}
declare module "server" {
    export function listen(port: number): void;
    interface Request { url: string }
}
declare global {
    interface Window { cloister: Page }
    var shared: number;
}
declare namespace Tools {
    let count: number;
    namespace Inner {
        type Kind = 1;
    }
}
export as namespace Library;
export = Page;
