#include "station.hpp"

template <typename T, class... Rest>
int Station::sum(const std::vector<T>& items, int start = 1, Rest&&... rest) {
  auto total = start;
  int first{2}, *pointer = &first;
  Probe probe(items);
  std::map<std::string, int> counts;
  for (const auto& [name, value] : counts) total += value;
  for (auto it = items.begin(); it != items.end(); ++it) it->read();
  if (auto found = counts.find("a"); found != counts.end()) total = found->second;
  auto scaled = [this, factor = 2](int raw) { return raw * factor + offset_; };
  auto made = std::make_unique<Probe<int>>(3);
  auto* created = new weather::Probe(4);
  made->template read<int>(kMax);
  weather::core::reset(State::Off);
  try {
    probe.put(static_cast<double>(total));
  } catch (const std::exception& error) {
    log(error.what());
  }
  return scaled(total) + this->count_ + LIMIT;
}

void declared(int pin, Handler handler);
