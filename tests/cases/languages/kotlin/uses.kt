package org.example

import org.example.weather.Station

class Uses<T : Line>(private val station: Station = Station.open("a")) : Base(LIMIT) {
    @Throws(Missing::class)
    fun <R> add(line: Line, marks: IntArray?, vararg names: String): Map<String, R> {
        var total: Int = line.split().size
        val first = Reading<T>(line, this.station.name)
        val (left, right) = Pair.of("a", null)
        for (i in 0 until marks!!.size) {
            Printer.print(marks[i])
        }
        for ((key, value) in first.table) {
            value?.text = key.text
        }
        try {
            reader?.read()
        } catch (error: Missing) {
            throw IllegalStateException("x $total ${line.text}", error)
        } finally {
            super.close()
        }
        when (val kind = station.kind) {
            Kind.WIND -> deliver(kind)
            is Circle -> deliver(kind.radius)
            in LOW..HIGH, !in numbers -> deliver(0)
            else -> deliver(null)
        }
        val done: (Line) -> Int = { code -> code.size }
        val order = Comparator<Line> { a, b: Line -> compare(a, b) }
        names.filter { it.isNotEmpty() }.forEach(::println)
        val typed = fun(x: Int): Int { return x + total }
        val method = Station::flush
        val anonymous = object : Handler(total), Closeable {
            override fun handle(event: Event) = event.accept(this@Uses)
        }
        if (line is Point && line.x in range) use(line as Point)
        run<R> { left.join(right) }
        total += first plus second
        return emptyMap<String, R>()
    }
}
