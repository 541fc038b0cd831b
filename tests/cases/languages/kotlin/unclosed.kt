class Earlier(val kind: Kind) {
    fun first(): Kind {
        return kind
    }

    fun half(value: Int): Int {
        val x = first()
        println(x,
