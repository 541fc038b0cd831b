"""What this build of llama.cpp says about devices, whatever build and machine it is."""

import os

import llama_cpp

from cloister.engine.llama import devices
from cloister.engine.llama.devices import gpu_devices


def test_every_device_of_this_build_is_read_as_it_is() -> None:
    n_devices = devices.libggml.ggml_backend_dev_count()
    found = [devices._properties(index) for index in range(n_devices)]
    (processor,) = [device for device in found if device.type == 0]
    assert processor.name == b"CPU"
    page_bytes, n_pages = os.sysconf("SC_PAGE_SIZE"), os.sysconf("SC_PHYS_PAGES")
    assert processor.memory_total == page_bytes * n_pages
    assert all(device.description and device.memory_free >= 0 for device in found)


def test_devices_are_there_exactly_when_this_build_can_use_one() -> None:
    assert bool(gpu_devices()) == llama_cpp.llama_supports_gpu_offload()
    assert all(device.name and device.free_bytes > 0 for device in gpu_devices())
