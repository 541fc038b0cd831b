local ffi = require("ffi")
ffi.cdef[[
int probe_read(int pin);
]]
