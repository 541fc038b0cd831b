class Earlier {
  Kind kind;

  Kind first() {
    return kind;
  }

  int half(int value) {
    int x = first();
    System.out.println(x,
