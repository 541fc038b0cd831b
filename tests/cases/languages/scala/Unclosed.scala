class Earlier(val kind: Kind) {
  def first(): Kind = kind

  def half(value: Int): Int = {
    val x = first()
    println(x,
