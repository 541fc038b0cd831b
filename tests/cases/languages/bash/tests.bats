load test_helper

setup() {
  run true
}

@test "reads a probe" {
  run read_probe 1
}
