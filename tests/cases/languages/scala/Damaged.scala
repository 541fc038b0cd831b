package org.example

import java.io.File

class Damaged extends Base {
  private val name: String = "a"

  def half(value: Int): Int = {
    val x = name.
    if (x > value) {
      return 0
    }
    1
  }

  def after(): Int = {
    name.
  }
}

class Later(val kind: Kind)
