package org.example

class Blocks {
    private val size = 1

    fun run(items: List<Int>): Int {
        var total = 0
        for (item in items) {
            if (item > 0) {
                total += item
            } else if (item < -9) {
                continue
            } else {
                total--
            }
        }
        when (total) {
            1, 2 -> total = 3
            else -> {
                total = 4
            }
        }
        val label = items.map { item ->
            log(item)
            item + 1
        }
        try {
            log(label)
        } catch (e: Exception) {
            log("failed")
        } finally {
            log("done")
        }
        return total
    }

    enum class Kind {
        WIND,
        RAIN;

        fun code() = 1
    }
}

interface Shape {
    fun area(): Double
}
