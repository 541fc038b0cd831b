import { left } from "./left";
import { right } from

export class Größe {
    breite: number;

    höhe(): number {
        return this.
    }

    fläche(faktor: number): number {
        return this.breite * faktor;
    }
}

export function open(path: string) {
    const broken = (
}

interface Fine {
    name:
    size: number;
}

export const after = () => 1;

export function unfinished(first: string, second
