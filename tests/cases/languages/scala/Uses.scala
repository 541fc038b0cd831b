package org.example

import org.example.weather.Station

class Uses[T <: Line](station: Station = Station.open("a"))(implicit log: Log) extends Base(Limit) with Named {
  @throws[Missing]("never")
  def add[R](line: Line, marks: Array[Int], names: String*)(using context: Context): Map[String, R] = {
    var total: Int = line.split().size
    val first = new Reading[T](line, this.station.name)
    val (left, right) = Pair.of("a", null)
    val Point(x, _) = point
    for (i <- 0 until marks.length; mark = marks(i) if mark > 0) {
      Printer.print(mark)
    }
    val pairs = for {
      (key, value) <- first.table
      Some(other: Line) <- find(key)
    } yield value.text -> other
    try {
      reader.read()
    } catch {
      case error: Missing => throw new IllegalStateException(s"x $total ${line.text}", error)
      case NonFatal(e) => log.warn(e)
    } finally super.close()
    station.kind match {
      case Kind.Wind(speed) if speed > Limit => deliver(speed)
      case circle @ Circle(radius, _: Int) => deliver(circle, radius)
      case head :: tail => deliver(head)
      case Some(_) | None => deliver(0)
      case found: Hail => deliver(found)
      case _ => deliver(null)
    }
    val done: Line => Int = code => code.size
    val order = (a: Line, b: Line) => compare(a, b)
    names.filter(_.nonEmpty).foreach(println)
    marks.map { mark => mark + total }
    val method = Station.flush _
    val anonymous = new Handler(total) with Closeable {
      override def handle(event: Event): Unit = event.accept(Uses.this)
    }
    if (line.isInstanceOf[Point]) use(line.asInstanceOf[Point])
    total += first plus second
    station.name = "b"
    Map.empty[String, R]
  }
}
