//! Weather stations and what they measure.
//!
//! Second paragraph.

#![allow(dead_code)]

mod storage;
pub mod units {
    /// Degrees.
    pub const FREEZING: f64 = 0.0;

    pub fn double(value: f64) -> f64 {
        value * 2.0
    }
}

/// The largest number of readings.
pub const MAX_READINGS: usize = 512;
pub(crate) static NAME: &str = "station";
static mut COUNTER: u32 = 0;
const _: () = assert!(MAX_READINGS > 0);

/// What can be read.
pub type Result<T> = std::result::Result<T, Error>;

/// One place that measures.
///
/// It has a name.
#[derive(Debug, Clone)]
#[serde(rename_all = "camelCase")]
pub struct Station<'a, T: Unit = Celsius>
where
    T: Copy,
{
    /// Shown to people.
    pub name: &'a str,
    #[serde(skip)]
    readings: Vec<Reading<T>>,
    pub(super) on_read: Box<dyn Fn(&T) -> bool>,
}

pub struct Meters(pub f64, u8);
pub struct Marker;

/// What went wrong.
#[derive(Debug)]
pub enum Error {
    /// Nothing there.
    Missing,
    Closed(String),
    #[error("bad")]
    Bad {
        code: u32,
    },
    Numbered = 7,
}

union Bits {
    whole: u32,
    parts: [u8; 4],
}

/// A source of readings.
pub trait Source<T>: Named + Send + 'static
where
    T: Unit,
{
    /// What is returned.
    type Item: Clone;
    const LIMIT: usize = 3;

    fn next(&mut self) -> Option<Self::Item>;

    /// Reads everything.
    fn all(&mut self) -> Vec<Self::Item> {
        Vec::new()
    }
}

impl<'a, T: Unit> Station<'a, T> {
    pub const EMPTY: usize = 0;

    /// Makes a station.
    #[must_use]
    pub fn new(name: &'a str) -> Self {
        fn check(name: &str) -> bool {
            !name.is_empty()
        }
        Self { name, readings: vec![], on_read: Box::new(|_| check("x")) }
    }

    pub async fn read<F>(&mut self, filter: F) -> Result<Reading<T>>
    where
        F: Fn(&Reading<T>) -> bool,
    {
        Err(Error::Missing)
    }
}

impl<T> Source<T> for Station<'_, T> {
    type Item = Reading<T>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error")
    }
}

impl<T> From<Vec<T>> for storage::Shelf<T> {
    fn from(items: Vec<T>) -> Self {
        Self { items }
    }
}

unsafe impl Send for Marker {}

impl<T: Display> Pretty for T {
    fn pretty(&self) -> String {
        self.to_string()
    }
}

impl Pretty for &str {
    fn pretty(&self) -> String {
        String::new()
    }
}

impl dyn Named {
    fn shout(&self) {}
}

/// Adds numbers.
#[macro_export]
macro_rules! sum {
    ($($item:expr),*) => { 0 $(+ $item)* };
}

extern "C" {
    pub fn c_read(handle: i32) -> i32;
    static C_LIMIT: i32;
}

pub(crate) unsafe extern "C" fn exported(x: *const u8) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        assert_eq!(1, 1);
    }
}
