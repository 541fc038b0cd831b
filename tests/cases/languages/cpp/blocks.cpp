namespace a {

class Shape {
 public:
  int sides;
  int area() const {
    return 1;
  }
};

int run(int a) {
  for (int i : list) {
    step(i);
  }
  try {
    step(1);
  } catch (...) {
    stop();
  }
  auto f = [&] {
    step(2);
  };
  switch (a) {
    case 1:
      step(3);
      break;
  }
  return 0;
}

}  // namespace a
