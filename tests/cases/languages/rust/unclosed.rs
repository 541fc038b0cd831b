struct Earlier {
    kind: Kind,
}

impl Earlier {
    fn first(&self) -> Kind {
        self.kind
    }

    fn half(&self, value: u8) -> u8 {
        let x = self.first();
        println!("{}", x,
