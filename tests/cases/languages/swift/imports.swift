import Foundation
import UIKit.UIView
@testable import Weather
import struct Weather.Station
import class Units.Meter
@_exported import Shared

#if canImport(Combine)
import Combine
#endif
