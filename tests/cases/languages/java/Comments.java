// © nobody, Zürich 🌦

/** Documents the class. */
class Comments {
  /* plain before */
  int plain; // trailing

  // first line
  // second line
  int lines;

  /**
   * Documents the method.
   */
  @Override
  public String toString() {
    // inside
    return ""; /* end */
  }

  /** Apart. */

  int apart;
}
