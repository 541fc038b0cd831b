import { Store } from './store';

export class Reader extends base.Reader {
  async read(key, { limit, order: sort, ...rest } = {}, [first, second = 1] = []) {
    const { items, next: cursor } = await this.store.list(key, limit);
    for (const item of items) {
      if (item.isOpen?.() && sort !== Order.UP) this.cache.set(item.name, [item]);
    }
    try {
      total += new Counter(cursor).value + new time.Clock();
    } catch (error) {
      console.error(`failed: ${error.message}`, first, second, rest);
    }
  }
}

const List = ({ items }) => (
  <ul className="list">
    {items.map((item) => <Row key={item.id} {...item} />)}
    <Dialog.Panel open>text</Dialog.Panel>
  </ul>
);

for (var i = 0; i < limit; i++) log(i);
const view = { List, label: format(List) };
export { view, Reader as default };
