/*
 * Copyright of nobody.
 */
package org.example.weather;

import java.util.List;

/**
 * One place that measures.
 *
 * @param <T> the unit
 */
@Entity(name = "station")
public abstract class Definitions<T extends Unit> extends Place<T>
    implements Source<T>, java.io.Closeable {
  /** The largest number of readings. */
  public static final int MAX_READINGS = 512;

  @Inject protected List<Reading<T>> readings = new ArrayList<>();
  private double low = -40, high, table[] = {1, 2};
  volatile Handler<? super T> handler;

  static {
    register("station");
  }

  {
    high = 60;
  }

  /** Makes a station. */
  public Definitions(String name) throws IOException {
    super(name);
  }

  // A plain comment.
  @Override
  @SuppressWarnings("unchecked")
  public <R extends Reading<T>> List<R> read(Filter<R> filter, String... marks) throws IOException {
    class Local {
      int count;
    }
    int limit = 3;
    return List.of();
  }

  abstract void close();

  synchronized int[] counts()[] {
    return null;
  }

  /** What is built. */
  public static class Builder extends Base.Builder {
    String name;

    Builder name(String name) {
      this.name = name;
      return this;
    }
  }

  enum Kind implements Named, Coded {
    /** It blows. */
    WIND("w") {
      @Override
      String label() {
        return "wind";
      }
    },
    RAIN("r"),
    @Deprecated
    SNOW;

    private final String code;

    Kind() {
      this("?");
    }

    Kind(String code) {
      this.code = code;
    }

    String label() {
      return code;
    }
  }
}

/** A pair of numbers. */
record Point<N>(@NotNull N x, int y, String... rest) implements Comparable<Point<N>> {
  static final Point<Integer> ORIGIN = new Point<>(0, 0);

  Point {
    check(x);
  }

  N norm() {
    return x;
  }
}

sealed interface Shape<T> extends Named, Comparable<Shape<T>> permits Circle, Square {
  int SIDES = 4;

  double area();

  default String label() {
    return "shape";
  }

  static Shape<?> none() {
    return null;
  }
}

final class Circle implements Shape<Double> {}

/** Marks what is stored. */
@Retention(RetentionPolicy.RUNTIME)
@interface Entity {
  String PREFIX = "e";

  String name() default "";

  int[] sizes();
}
