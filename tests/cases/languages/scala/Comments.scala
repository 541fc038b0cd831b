// © nobody, Zürich 🌦

/** Documents the class. */
class Comments {
  /* plain before */
  val plain = 1 // trailing

  // first line
  // second line
  val lines = 2

  /** Documents the function.
    */
  @inline
  def told(): Unit = {
    // inside
    val local = 1 /* end */
  }

  /** Apart. */

  val apart = 3
}
