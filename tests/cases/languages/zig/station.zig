//! Größen der Station
const std = @import("std");
const Probe = @import("probe.zig").Probe;

/// Measures.
pub const Station = struct {
    pin: i32,
    name: ?[]const u8 = null,
    const Self = @This();
    pub const limit: usize = 3;

    pub fn init(pin: i32) Self {
        var total: i32 = 1;
        for (probes, 0..) |probe, index| {
            total += probe.read(index);
        }
        while (it.next()) |item| {
            item.go();
        }
        if (found) |value| {
            use(value);
        } else |err| {
            std.log.err("{}", .{err});
        }
        return .{ .pin = pin };
    }
};

const Level = enum { low, high };
const Number = union(enum) { whole: i32, exact: f64 };
const Failure = error{ Lost, Broken };
var started: bool = false;

pub fn main() !void {
    try Station.init(limit).run();
}

test "starts" {}
