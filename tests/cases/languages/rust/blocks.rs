use std::fmt;

fn run(items: &[i32]) -> i32 {
    let mut total = 0;
    for item in items {
        if *item > 0 {
            total += item;
        } else if *item < -9 {
            continue;
        } else {
            total -= 1;
        }
    }
    let label = match total {
        1 | 2 => "few",
        3 => {
            log("three");
            "three"
        }
        _ => "many",
    };
    unsafe { touch(label) };
    let add = |x| {
        x + 1
    };
    let point = Point {
        x: 1,
        y: add(2),
    };
    loop {
        break;
    }
    point.x
}

struct Point {
    x: i32,
    y: i32,
}

enum Kind {
    Wind,
    Rain(u8),
}

trait Shape {
    fn area(&self) -> f64;
}

impl Shape for Point {
    fn area(&self) -> f64 {
        0.0
    }
}
