package org.example.weather

/** Kinds of weather. */
enum Kind(val code: String) extends Coded:
  /** It blows. */
  case Wind(speed: Int) extends Kind("w")
  case Rain, Snow
  case Hail extends Kind("h")

  def label: String = code

enum Tree[+T]:
  case Leaf
  case Node(left: Tree[T], right: Tree[T])

trait Show[T]:
  def show(value: T): String
  extension (value: T) def shown: String = show(value)

given Show[Int] with
  def show(value: Int): String = value.toString

given stringShow: Show[String] with
  def show(value: String): String = value

given ordering: Ordering[Kind] = Ordering.by(_.code)

/** More for points. */
extension (point: Point)
  def swap: Point = Point(point.y, point.x)
  def scale(by: Int): Point =
    Point(point.x * by, point.y * by)

extension [T](items: List[T]) def second: T = items(1)

opaque type Meters = Double

object Meters:
  def apply(amount: Double): Meters = amount
  inline def zero: Meters = 0.0

class Station(name: String)(using logger: Logger) extends Place, Closeable derives Show:
  private val size = 3

  def read(filter: Reading => Boolean)(using Context): List[Reading] =
    val found = 3
    if found > size then
      Nil
    else
      List.empty
  end read

val topLevel: Int = 1
var counter = 2
def helper(x: Int): Int = x + 1

@main def run(): Unit =
  println(topLevel)
