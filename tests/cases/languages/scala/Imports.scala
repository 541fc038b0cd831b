package org.example.imports

import java.util.UUID
import org.example.weather._
import org.example.weather.{Station, Kind => Sort, Hidden => _, _}
import org.example.weather.{Station as Place, given, *}
import org.example.units.*
import scala.util.Try, scala.concurrent.Future
import org.example.weather.Station as Post
import cats.implicits.given
import single.Name

class Local {
  import inner.Deep
  export inner.{Near, Far as Away}
}
