import { Store } from "./store";

@Injectable()
export class Reader extends Base.Reader<Item> implements Closable {
    private cache: Map<string, Item[]> = new Map();

    constructor(private store: Store, @Inject(TOKEN) readonly clock: time.Clock) {
        super(store);
    }

    async read<K extends keyof Item>(key: K, { limit, order: sort, ...rest }: Query = {}): Promise<Item[K]> {
        const { items, next: cursor } = await this.store.list(key, limit);
        const [head, ...tail] = items as Item[];
        for (const item of tail) {
            if (item!.isOpen?.() && sort !== Order.Up) {
                this.cache.set(item.name, [item]);
            }
        }
        try {
            let total = head.count;
            total += new Counter(cursor).value;
            return total satisfies unknown;
        } catch (error) {
            console.error(`failed: ${error.message}`, typeof rest);
            throw error;
        }
    }
}

type Pick2<T> = { [P in keyof T]: T[P] } & Readonly<typeof defaults>;
const totals = (items: Item[], start = 0) => items.map((item) => item.count + start);
for (let i = 0; i < limit; i++) log(i);
export { totals, Reader as default };
export const view = { totals, label: format(totals) };
callback(function named(value) { return value; });
interface Visitor { visit(node: Node): Result<Node>; }
