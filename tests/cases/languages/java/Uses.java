package org.example;

import org.example.weather.Station;

class Uses<T extends Line> {
  private final Station station = Station.open("a", LIMIT);

  @Nullable
  <R> Map<String, R> add(final Line line, @Size(max = MAX) int[] marks, String... names)
      throws Missing {
    int total = line.split().size(), count;
    var first = new Reading<T>(line, this.station.name);
    final Pair<String, R> pair = Pair.of("a", null);
    for (int i = 0; i < marks.length; i++) {
      Printer.print(marks[i]);
    }
    for (Map.Entry<String, R> entry : pair.table.entrySet()) {
      entry.getValue().text = first.text;
    }
    try (Reader reader = open(names); shared) {
      reader.read();
    } catch (Missing | Closed error) {
      throw new IllegalStateException("x", error);
    } finally {
      super.close();
    }
    if (pair instanceof Entry<?, ?> found && found.ready()) {
      use(found);
    }
    if (line instanceof Point(int x, var y)) {
      use(x + y);
    }
    switch (station.kind()) {
      case WIND -> deliver(total);
      case Kind.RAIN, SNOW -> deliver(count);
      case Circle circle when circle.big() -> deliver(circle);
      default -> deliver(0);
    }
    Function<Line, Integer> done = code -> code.size();
    Comparator<Line> order = (a, b) -> compare(a, b);
    BiFunction<Line, T, R> typed = (Line left, T right) -> left.join(right);
    Runnable method = Station::flush;
    Supplier<R> maker = Reading::new;
    Object anonymous = new Handler(total) {
      @Override
      public void handle(Event event) {
        event.accept(Uses.this);
      }
    };
    Class<?> type = (Class<?>) Station.class;
    return Collections.<String, R>emptyMap();
  }
}
