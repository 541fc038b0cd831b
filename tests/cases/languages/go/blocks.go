package main

func run(items []int) int {
	total := 0
	for _, item := range items {
		if item > 0 {
			total += item
		} else if item < -9 {
			continue
		} else {
			total--
		}
	}
	switch total {
	case 1, 2:
		total = 3
		fallthrough
	default:
		total = 4
	}
	go func() {
		total++
	}()
	value := Point{
		X: 1,
		Y: 2,
	}
	return value.X
}

type Point struct {
	X int
	Y int
}

type Shape interface {
	Area() float64
}
