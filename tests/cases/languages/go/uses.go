package main

import "example.org/weather/station"

type Report struct {
	station.Station
	lines []Line
}

func (r *Report) Add(line Line, marks ...string) (n int, err error) {
	first, second := split(line), r.next()
	var total float64 = first.Sum()
	var left, right = 1, 2
	const half = 0.5
	for i := 0; i < len(marks); i++ {
		station.Print(marks[i])
	}
	for key, value := range table {
		r.lines[key].text = value
	}
	if found, ok := index[marks[0]]; ok {
		handle(found)
	}
	switch kind := r.kind().(type) {
	case station.Kind:
		use(kind)
	case *Line:
		use(kind)
	}
	select {
	case message := <-channel:
		deliver(message)
	}
	done := func(code int) bool {
		return code > limit
	}
	box := Pair[string, Line]{Key: "a", Value: line}
	items := Map[int, string](numbers, station.Name)
	go r.flush()
	defer func() { recover() }()
	return len(items), &Failure{done, box, total * half}
}

func apply[T Number](values []T) map[string]T {
outer:
	for {
		break outer
	}
	return nil
}
