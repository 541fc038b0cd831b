class Earlier {
    let kind: Kind

    func first() -> Kind {
        return kind
    }

    func half(value: Int) -> Int {
        let x = first()
        print(x,
