import React, { memo, forwardRef, useState } from "react";
import { Dialog } from "./dialog";

/** A button with a label. */
export const Button = forwardRef<HTMLButtonElement, ButtonProps>((props, ref) => {
    const [open, setOpen] = useState<boolean>(false);
    const toggle = () => setOpen(!open);
    return (
        <Dialog.Panel open={open} {...props}>
            <button ref={ref} onClick={toggle}>{props.label}</button>
            <Dialog title="Größe" />
            text
        </Dialog.Panel>
    );
});

const Row = React.memo(function Row({ item }: RowProps) {
    return <li key={item.id}>{item.name}</li>;
});

const handler = debounce(() => {});

export default function App({ children }: { children: React.ReactNode }): JSX.Element {
    return <>{children}<Row item={first} /></>;
}

type ButtonProps = { label: string };

class Panel extends React.Component<ButtonProps> {
    state = { open: false };
    render() {
        return <Button label={this.props.label} />;
    }
}

export const Watched = observer(({ store }: StoreProps) => <b>{store.size}</b>);
