import Weather

final class Uses<T: Line>: Base, Named {
    let station: Station = Station.open("a", limit: LIMIT)

    @Throttled(seconds: 3)
    func add<R>(line: Line, _ marks: [Int]?, to names: String...) throws -> [String: R] {
        var total: Int = line.split().size
        let first = Reading<T>(line, self.station.name), last = first
        let (left, right) = Pair.of("a", nil)
        guard let found = station.find(first), let marks else {
            throw Missing.nowhere
        }
        if let value = found.value as? Weather.Value, case .some(let inner) = value.inner {
            deliver(value, inner)
        }
        if var marks = marks { marks.append(total) }
        for mark in marks where mark > total {
            Printer.print(mark)
        }
        for (key, value) in first.table {
            value?.text = key.text!
        }
        while let next = stack.popLast() {
            use(next)
        }
        do {
            try reader?.read()
        } catch let error as Missing {
            log("x \(total) \(line.text)", error)
        } catch {
            super.close()
        }
        switch station.kind {
        case .wind(let speed, _) where speed > LIMIT:
            deliver(speed)
        case let .rain(amount):
            deliver(amount)
        case Kind.snow, .hail:
            deliver(0)
        case is Circle:
            deliver(1)
        default:
            break
        }
        let done: (Line) -> Int = { code in code.size }
        let order = { (a: Line, b: Line) -> Bool in compare(a, b) }
        names.filter { !$0.isEmpty }.forEach(consume)
        names.map { name in
            name.uppercased()
        }
        let method = station.flush
        defer { station.close() }
        Task { [weak self] in
            await self?.finish(total)
        }
        let path = \Station.name
        total += first.amount ?? second
        #if DEBUG
        check(total)
        #endif
        return [String: R](minimumCapacity: total)
    }
}
