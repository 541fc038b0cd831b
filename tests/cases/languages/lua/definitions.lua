#!/usr/bin/lua
-- Wetterstation für Höhenlagen: „Ωmega“.
local M = {}
local util = require("weather.util")
local read = require "weather.probe".read
local ok, extra = pcall(require, "weather.extra")
require "weather.setup"
local first, second = 1, 2

M.defaults = {
  pin = 3,
  reader = function(pin) return pin end,
  deep = { hidden = 1 },
  ["quoted"] = 2,
}
M.version = "1.0"

--- Reads a probe.
-- @param pin number
function M.read(pin, ...)
  local value = util.scale(pin)
  require("weather.late").run(value)
  return value
end

function M.Probe:reset(now)
  self.value = 0
  self.value = now
end

local function private(a) return a end
M.twice = function(value) return value * 2 end
local half = function(value) return value / 2 end

Config = {
  key = 1,
  run = function() end,
}
started = false
function global() end

return {
  open = private,
  close = function() end,
}
