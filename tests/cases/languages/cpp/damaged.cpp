namespace a {

class Known {
  int before_;
  void unfinished(
  int after_;
};

int first(int x) { return x; }

void broken() {
  Known known;
  known.

int last() { return first(1);

template <typename T
struct End { int value; };
