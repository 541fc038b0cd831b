package org.example
package weather

import scala.collection.mutable

/** One place that measures.
  *
  * @param name shown to people
  */
@deprecated("no", "1.0")
abstract class Station[T <: Unit](val name: String, private var readings: List[Reading[T]] = Nil, limit: Int)
    extends Place[T](name)
    with Source[T]
    with java.io.Closeable {
  self: Logging =>

  /** The newest. */
  val newest: Option[Reading[T]] = readings.headOption
  var size = 3
  lazy val cache: Cache = new Cache(size)
  protected def kind: Kind
  val (first, second) = pair()
  type Item = Reading[T]
  type Abstract <: Unit

  def this(name: String) = this(name, Nil, 3)

  // A plain comment.
  @tailrec
  override final def read[R <: Reading[T]](filter: T => Boolean, marks: String*)(implicit order: Ordering[R]): List[R] = {
    def check(mark: String): Boolean = mark.nonEmpty
    class Local(val count: Int)
    val limit = 3
    Nil
  }

  def close() {
    println("closed")
  }

  def +(other: Station[T]): Station[T] = this
  def size_=(value: Int): Unit = ()
}

/** What belongs to all. */
object Station extends Factory[Station[_]] {
  val MaxReadings = 512
  final val Freezing: Double = 0.0

  def apply(name: String): Station[Unit] = ???
  def unapply(station: Station[_]): Option[String] = Some(station.name)

  implicit val ordering: Ordering[Station[_]] = ???
  implicit class RichStation(val station: Station[_]) extends AnyVal {
    def shout: String = station.name
  }
  implicit def toName(station: Station[_]): String = station.name
}

final case class Point(x: Int, y: Int = 0) extends Shape

case object Nothing extends Shape

sealed trait Shape {
  def area: Double
  def label: String = "shape"
}

trait Functor[F[_]] extends Invariant[F] { outer =>
  def map[A, B](fa: F[A])(f: A => B): F[B]
}

package object units {
  type Celsius = Double
  val Zero: Celsius = 0
}

package inner {
  class Deep
}
