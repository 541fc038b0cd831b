import { a } from "./a";

class Blocks {
    @Input()
    name: string;
    other = 1;

    run(): void {
        if (a) {
            a();
        } else {
            this.name = "";
        }
        switch (a) {
            case 1:
                a();
                break;
            default:
                a();
        }
    }
}

interface Shape {
    width: number;
    area(): number;
}

type Pair = {
    left: string;
};

enum Level {
    Low,
    High = 2,
}

for (const each of []) {
    each();
}
