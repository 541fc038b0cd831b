package org.example

class Blocks {
  private val size = 1

  def run(items: List[Int]): Int = {
    var total = 0
    for (item <- items) {
      if (item > 0) {
        total += item
      } else {
        total -= 1
      }
    }
    total match {
      case 1 | 2 =>
        log("few")
        total = 3
      case _ => total = 4
    }
    items.foreach { item =>
      log(item)
      log(total)
    }
    total
  }
}

object Indented:
  def run(items: List[Int]): Int =
    var total = 0
    for item <- items do
      total += item
      log(total)
    if total > 3 then
      log("many")
      total -= 1
    else
      log("few")
    total

  enum Kind:
    case Wind, Rain
