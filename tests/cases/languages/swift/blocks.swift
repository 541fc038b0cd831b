import Foundation

class Blocks {
    private let size = 1

    func run(_ items: [Int]) -> Int {
        var total = 0
        for item in items {
            if item > 0 {
                total += item
            } else if item < -9 {
                continue
            } else {
                total -= 1
            }
        }
        guard total > 0 else {
            return 0
        }
        switch total {
        case 1, 2:
            total = 3
            log("few")
        default:
            total = 4
        }
        let label = items.map { item in
            log(item)
            return item + 1
        }
        do {
            try log(label)
        } catch {
            log("failed")
        }
        return total
    }

    var computed: Int {
        get {
            size
        }
        set {
            log(newValue)
        }
    }
}

enum Kind {
    case wind
    case rain
}

protocol Shape {
    func area() -> Double
}
