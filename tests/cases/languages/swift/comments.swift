// © nobody, Zürich 🌦

/// Documents the class.
class Comments {
    /* plain before */
    let plain = 1 // trailing

    // first line
    // second line
    let lines = 2

    /**
     Documents the function.
     */
    @objc
    func told() {
        // inside
        let local = 1 /* end */
    }

    /// Apart.

    let apart = 3
}
