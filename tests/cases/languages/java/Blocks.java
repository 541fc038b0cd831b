package org.example;

class Blocks {
  private int size;

  int run(int[] items) {
    int total = 0;
    for (int item : items) {
      if (item > 0) {
        total += item;
      } else if (item < -9) {
        continue;
      } else {
        total--;
      }
    }
    switch (total) {
      case 1:
      case 2:
        total = 3;
        break;
      default:
        total = 4;
    }
    String label = switch (total) {
      case 3 -> "three";
      default -> {
        log("many");
        yield "many";
      }
    };
    Runnable later = () -> {
      log(label);
    };
    try {
      later.run();
    } catch (RuntimeException e) {
      log("failed");
    } finally {
      log("done");
    }
    return total;
  }

  enum Kind {
    WIND,
    RAIN;

    int code() {
      return 1;
    }
  }
}

interface Shape {
  double area();
}
