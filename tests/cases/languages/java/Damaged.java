package org.example;

import java.util.List;

public class Damaged extends Base {
  private String name;

  int half(int value) {
    int x = name.
    if (x > value) {
      return 0;
    }
    return 1;
  }

  int after() {
    return name.;
  }
}

class Later {
  Kind kind;
}
