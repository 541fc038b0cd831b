package broken

import (
	"fmt"
	"example.org/weather/
)

type Whole struct {
	Name string
	Size
}

func (w *Whole) Half(value int) {
	x := w.
	if x > value {
		fmt.Println(
	}
}

func after() string {
	return fmt.
}

type Later struct {
	Kind Kind
}

func last(a int, b
