export function App({ items }: Props) {
    const first = items.
    return (
        <div className=>
            {items.map((item) => <Row key={item.} />)}
        </div>
    );
}

export const Größe = () => <b>ü</b>;
