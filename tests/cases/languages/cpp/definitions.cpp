// Wetterstation für Höhenlagen: „Ωmega“.
#include <vector>
#include "station/probe.hpp"

namespace weather::core {

using std::string;
using weather::units::Celsius;
using namespace std::chrono;
namespace fs = std::filesystem;
using Names = std::vector<string>;
template <typename T> using Box = std::unique_ptr<T>;

/// What can be measured.
template <typename T, int Size = 3>
class Probe : public Base<T>, private virtual detail::Counted {
 public:
  explicit Probe(T start) : value_(start) {}
  Probe(const Probe&) = delete;
  virtual ~Probe();

  /// Reads the value.
  virtual T read() const = 0;
  T& value() { return value_; }
  const std::string& name() const noexcept override { return name_; }
  auto size() const -> std::size_t;
  static Probe* make(int pin);
  template <class U> void put(U item);
  template <class U> Probe& operator<<(const U& item) { return *this; }
  bool operator==(const Probe& other) const;
  operator bool() const;
  friend void swap(Probe& left, Probe& right);
  using value_type = T;

  struct Range {
    int low = 0, high{9};
  };
  enum class State : unsigned char { On, Off = 2 };

 protected:
  static constexpr int kSize = Size;
  std::string name_, *alias_;
  void (*callback_)(int);
  int& counter_;
#if WITH_CLOCK
  Clock clock() { return clock_; }
#endif

 private:
  T value_{};
};

template <typename T>
void Probe<T>::put(T item) {
  auto copy = item;
  std::lock_guard<std::mutex> lock(mutex_);
}

template <> struct hash<Names> {
  size_t operator()(const Names& names) const;
};

template <typename T> concept Readable = requires(T probe) { probe.read(); };
template <typename T> T largest(T left, T right) { return left; }
template <> int largest<int>(int left, int right) { return left; }
template <typename T> constexpr bool is_probe_v = is_probe<T>::value;

inline constexpr int kMax = 3;
std::string label(int pin, const std::string& prefix = "");
auto trailing() -> int { return 1; }
std::ostream& operator<<(std::ostream& out, const Names& names);
static const char* const* kTable[] = {nullptr};

class API_EXPORT Exported : public Widget {
  Q_OBJECT
 public:
  explicit Exported(int pin);
  void run() { start(); }
};

class API_EXPORT Plain {
 public:
  void stop();
};

namespace {
int hidden;
}

typedef struct legacy_point { int x; } LegacyPoint;
union Number { int whole; double exact; };

}  // namespace weather::core

int weather::core::Station::count(int start) { return start; }
Station::Station(int pin) : pin_(pin) {}
Station::~Station() {}
Station& Station::operator=(const Station& other) { return *this; }
const Probe* Station::find(int pin) const { return nullptr; }
API_EXPORT void exported(int pin);
API_EXPORT int* exported_pointer() { return nullptr; }
extern "C" int c_function(void);

#define LIMIT 3
#define SQUARE(x) ((x) * (x))

TEST(StationTest, Counts) {
  int inside = 1;
}
TEST_CASE("reads a probe") {
  Probe probe(3);
}
