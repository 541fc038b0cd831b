// Copyright of nobody.

import Foundation

/// What can be read.
public typealias Readings<T> = [Reading<T>]

/// The largest number of readings.
public let maxReadings: Int = 512
var counter = 0, total: Double = 1
let (first, second) = pair()
private(set) var label: String {
    get { "label" }
    set { print(newValue) }
}

/// One place that measures.
///
/// It has a name.
@MainActor
@objc(WSStation)
open class Station<T: Unit>: Place<T>, Source, Codable where T: Hashable {
    /// Shown to people.
    public let name: String
    @Published private(set) var readings: [Reading<T>] = []
    static let shared = Station(name: "shared")
    weak var delegate: (any StationDelegate)?
    lazy var cache: Cache = Cache(size: 3)
    var newest: Reading<T>? {
        readings.last
    }
    var size = 3 {
        didSet { update() }
    }
    var onRead: ((T) -> Bool)!

    /// Makes a station.
    public init(name: String, limit: Int = 3) throws {
        self.name = name
    }

    required convenience init?(coder: NSCoder) {
        nil
    }

    deinit {
        close()
    }

    // A plain comment.
    @discardableResult
    public override func read<R: Reading>(_ filter: @escaping (T) -> Bool, marks names: String...) async throws -> [R] where R.Item == T {
        func check(_ mark: String) -> Bool { !mark.isEmpty }
        struct Local {
            let count: Int
        }
        let limit = 3
        return []
    }

    class func make() -> Self { fatalError() }

    subscript(index: Int) -> Reading<T> {
        readings[index]
    }

    static func + (left: Station, right: Station) -> Station { left }

    /// What is built.
    struct Builder: Buildable {
        var name: String
    }

    enum CodingKeys: String, CodingKey {
        case name
        case readings = "values"
    }
}

/// Kinds of weather.
@frozen
indirect enum Kind: Int, Coded {
    /// It blows.
    case wind(speed: Int, Double)
    case rain, snow
    case hail = 7

    var code: String { "code" }

    func label() -> String { "label" }
}

public protocol Source: Named, AnyObject {
    associatedtype Item: Equatable
    typealias Filter = (Item) -> Bool

    var limit: Int { get }
    static var shared: Self { get set }

    init(name: String)

    /// Reads one.
    func next() throws -> Item?
    mutating func reset()
}

/// More for readings.
extension Reading: Comparable, CustomStringConvertible {
    public var description: String { "reading" }

    static func < (left: Reading, right: Reading) -> Bool { false }
}

extension Array where Element == Reading<Int> {
    func strongest() -> Element? { nil }
}

extension Station.Builder {
    mutating func rename(to name: String) { self.name = name }
}

public struct Point: Hashable {
    let x, y: Int
    @Wrapped var z: Int = 0
}

actor Counter {
    private var count = 0

    func increase() -> Int {
        count += 1
        return count
    }
}

/// Adds numbers.
public func sum<T: Numeric>(_ items: T...) -> T {
    items.reduce(0, +)
}

precedencegroup Strong {
    higherThan: Weak
}

infix operator <->: Strong
