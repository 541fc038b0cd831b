// © nobody, Zürich 🌦

//! The crate's own words.
//! Two lines.

// plain
const PLAIN: u8 = 1; // trailing

/// Documented
/// over two lines.
#[inline]
fn documented() {
    // inside
    let x = 1; /* in a line */
}

/** A block
 *  of words. */
struct Blocked {
    /// A field.
    field: u8, //!< not inner
}

/* apart */

fn alone() {}
