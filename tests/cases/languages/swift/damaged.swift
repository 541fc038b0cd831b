import Foundation

class Damaged: Base {
    private let name: String
    private let size:

    func half(value: Int) -> Int {
        let x = name.
        if x > value {
            return 0
        }
        return 1
    }

    func after() -> Int {
        return name.
    }
}

struct Later {
    let kind: Kind
}
