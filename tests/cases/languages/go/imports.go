package main

import "fmt"

import (
	"net/http"
	stats "example.org/weather/statistics/v2"
	. "example.org/weather/units"
	_ "example.org/weather/drivers"
	`example.org/weather/raw`
)

import "C"
