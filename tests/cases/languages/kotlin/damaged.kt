package org.example

import java.io.File

class Damaged : Base() {
    private val name: String = "a"

    fun half(value: Int): Int {
        val x = name.
        if (x > value) {
            return 0
        }
        return 1
    }

    fun after(): Int {
        return name.
    }
}

class Later(val kind: Kind)
