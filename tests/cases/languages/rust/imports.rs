use std::fmt;
use std::collections::{HashMap, hash_map::{self, Entry as Slot}, btree_map::*};
use crate::station::Station as Place;
use super::units::*;
use self::inner::{Deep, deeper};
pub use crate::error::{Error, Result};
pub(crate) use storage::Shelf;
use {alloc::vec::Vec, core::mem::swap};
use ::serde::Serialize;
use single;
use Kind::*;
use std::io::Read as _;
extern crate libc;
extern crate alloc as memory;

mod storage;
pub mod inner {
    use super::Station;
}
#[path = "other/place.rs"]
mod moved;
