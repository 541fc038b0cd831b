@file:JvmName("Weather")

package org.example.weather

import java.io.Closeable

/** Degrees. */
const val FREEZING: Double = 0.0
val names = mutableListOf<String>()
var counter: Int = 0
    private set
private lateinit var handler: Handler<Reading>
val (first, second) = pair()

/** What can be read. */
typealias Readings<T> = List<Reading<T>>
typealias Filter = (Reading) -> Boolean

/**
 * One place that measures.
 *
 * @property name shown to people
 */
@Entity(name = "station")
abstract class Station<T : Unit>(
    val name: String,
    private var readings: List<Reading<T>> = emptyList(),
    limit: Int,
) : Place<T>(name), Source<T>, java.io.Closeable by storage where T : Comparable<T> {
    /** The newest. */
    val newest: Reading<T>?
        get() = readings.lastOrNull()
    var size = 3
        set(value) {
            field = value
        }
    val cache: Cache by lazy { Cache(size) }
    protected abstract val kind: Kind

    init {
        register(this)
    }

    /** Makes a station. */
    constructor(name: String) : this(name, limit = 3) {
        size = 4
    }

    // A plain comment.
    @Deprecated("no")
    override suspend fun <R : Reading<T>> read(filter: Filter, vararg marks: String): List<R> {
        fun check(mark: String) = mark.isNotEmpty()
        class Local(val count: Int)
        val limit = 3
        return emptyList()
    }

    abstract fun close()

    operator fun get(index: Int) = readings[index]

    inner class Cursor : Iterator<T> {
        override fun next(): T = TODO()
    }

    /** What belongs to all. */
    companion object : Factory<Station<*>> {
        const val MAX_READINGS = 512

        @JvmStatic
        fun open(name: String): Station<*> = TODO()
    }

    companion object Named {
        fun named() = 1
    }
}

data class Point(val x: Int, val y: Int = 0)

object Registry : Closeable {
    val stations = HashMap<String, Station<*>>()

    fun register(station: Station<*>) {
        stations[station.name] = station
    }
}

data object Nothing

enum class Kind(val code: String) : Coded {
    /** It blows. */
    WIND("w") {
        override fun label() = "wind"
    },
    RAIN("r"),
    SNOW("s");

    open fun label(): String = code
}

sealed interface Shape<out T> : Named, Comparable<Shape<*>> {
    val sides: Int
    fun area(): Double
    fun label() = "shape"

    class Circle(val radius: Double) : Shape<Double>
}

fun interface Listener {
    fun heard(event: Event)
}

@JvmInline
value class Meters(val amount: Double)

annotation class Entity(val name: String)

/** Turns the point around. */
fun Point.swap(): Point = Point(y, x)

inline fun <reified T : Any> List<Reading<T>>.strongest(crossinline by: (T) -> Int): T? = null

fun String?.orUnknown() = this ?: "unknown"

val Station<*>.label: String
    get() = name

fun main() {
    println(FREEZING)
}
